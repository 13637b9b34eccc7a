"""Codes of an authenticator app (TOTP, RFC 6238) and recovery codes, without a database."""

import base64
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from django_otp.oath import TOTP

SECRET_BYTES = 20
CODE_DIGITS = 6
# One step of 30 seconds on either side: clocks differ, and typing takes time.
TOLERANCE = 1
RECOVERY_CODES = 10
# No signs that are mistaken for each other; 16 of 31 are 79 random bits.
RECOVERY_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
RECOVERY_GROUPS, RECOVERY_GROUP_LENGTH = 4, 4


def new_secret() -> str:
    """Return a random secret in base32, as apps take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def otpauth_address(*, secret: str, account: str, issuer: str) -> str:
    """Return what the QR code holds (the key URI format of authenticator apps)."""
    label = quote(f"{issuer}:{account}", safe="")
    query = urlencode({"secret": secret, "issuer": issuer, "digits": CODE_DIGITS}, quote_via=quote)
    return f"otpauth://totp/{label}?{query}"


def matching_step(*, secret: str, code: str, at: datetime, after: int) -> int | None:
    """Return the 30-second step whose code this is, if it is later than step `after`."""
    if len(code) != CODE_DIGITS or not code.isascii() or not code.isdigit():
        return None
    clock = TOTP(base64.b32decode(secret), digits=CODE_DIGITS)
    clock.time = at.timestamp()
    if not clock.verify(int(code), tolerance=TOLERANCE, min_t=after + 1):
        return None
    return int(clock.t())


def new_recovery_codes() -> list[str]:
    """Return fresh codes as they are shown: ``abcd-efgh-jkmn-pqrs``."""
    return [
        "-".join(
            "".join(secrets.choice(RECOVERY_SIGNS) for _ in range(RECOVERY_GROUP_LENGTH))
            for _ in range(RECOVERY_GROUPS)
        )
        for _ in range(RECOVERY_CODES)
    ]


def as_typed(code: str) -> str:
    """Return a code without the spaces and hyphens that people type."""
    return code.replace(" ", "").replace("-", "").lower()
