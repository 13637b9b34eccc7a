"""The trust store: a folder with certificates and a trust.toml that pins each by its SHA-256.

Several roots may be in force at once. A demonstration root is refused wherever DEBUG is off, by a
mark in the certificate itself, so that no setting can let it in.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings

TRUST_FILE = "trust.toml"
POLICY_FILE = Path(__file__).with_name("policies.toml")
# Every certificate of the demonstration authority carries this organisation.
DEMO_ORGANISATION = "PORTAL-DEMO-NPKI"
WARNING_STEPS = (timedelta(days=180), timedelta(days=60), timedelta(days=14))


class TrustStoreError(Exception):
    """The trust store is not what its pins say, or may not be used here."""


@dataclass(frozen=True)
class RevocationSource:
    """Where a job fetches one list: an address of ours, never one out of a certificate."""

    url: str


@dataclass(frozen=True)
class TrustStore:
    """What we believe: roots, issuing CAs, company policies, OCSP responders."""

    roots: tuple[x509.Certificate, ...] = ()
    authorities: tuple[x509.Certificate, ...] = ()
    responders: tuple[x509.Certificate, ...] = ()
    accepted: frozenset[str] = frozenset()
    personal: frozenset[str] = frozenset()
    known: dict[str, str] = field(default_factory=dict)
    sources: tuple[RevocationSource, ...] = ()
    ocsp_urls: dict[str, str] = field(default_factory=dict)
    is_revocation_required: bool = True

    def certificates(self) -> Iterator[x509.Certificate]:
        """Yield everything that can expire."""
        yield from self.roots
        yield from self.authorities
        yield from self.responders

    def roots_at(self, at: datetime) -> list[x509.Certificate]:
        """Return the roots inside their own validity: path libraries do not look at it."""
        return [root for root in self.roots if is_valid_at(root, at)]

    def issuer_of(self, certificate: x509.Certificate) -> x509.Certificate | None:
        """Return the configured CA whose key signed a certificate."""
        for authority in self.authorities:
            try:
                certificate.verify_directly_issued_by(authority)
            except Exception:  # noqa: BLE001, S112  (any failure means: not this one)
                continue
            return authority
        return None


def is_valid_at(certificate: x509.Certificate, at: datetime) -> bool:
    """Tell whether a certificate's own dates cover a moment."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def is_demonstration(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate belongs to the demonstration authority."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return any(name.value == DEMO_ORGANISATION for name in names)


def load_trust_store(folder: Path) -> TrustStore:
    """Return the store of a folder. Raises TrustStoreError when anything differs from its pin."""
    try:
        store = _read_store(folder)
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        raise TrustStoreError(f"{folder / TRUST_FILE}: {error}") from error
    _refuse_wrong_use(store)
    return store


def _read_store(folder: Path) -> TrustStore:
    entries = tomllib.loads((folder / TRUST_FILE).read_text("utf-8"))
    policies = tomllib.loads(POLICY_FILE.read_text("utf-8"))
    known = {entry["oid"]: entry["authority"] for entry in policies["policy"]}
    accepted = {entry["oid"] for entry in policies["policy"] if entry["accepted"]}
    personal = {oid for entry in policies["person"] for oid in entry["oids"]}
    extra = set(entries.get("accept", []))
    if unknown := (extra & personal) | (extra - known.keys()):
        raise TrustStoreError(f"accept names no company policy: {sorted(unknown)}")
    return TrustStore(
        roots=tuple(_pinned(folder, entries.get("root", []))),
        authorities=tuple(_pinned(folder, entries.get("authority", []))),
        responders=tuple(_pinned(folder, entries.get("responder", []))),
        accepted=frozenset((accepted | extra) - set(entries.get("refuse", []))),
        personal=frozenset(personal),
        known=known,
        sources=tuple(RevocationSource(entry["url"]) for entry in entries.get("list", [])),
        ocsp_urls={entry["authority"]: entry["url"] for entry in entries.get("ocsp", [])},
        is_revocation_required=entries.get("revocation_required", True),
    )


def _pinned(folder: Path, entries: list[dict[str, Any]]) -> Iterator[x509.Certificate]:
    """Yield certificates whose bytes hash to their pins."""
    for entry in entries:
        der = (folder / entry["file"]).read_bytes()
        if sha256(der).hexdigest() != entry["sha256"].lower().replace(":", ""):
            raise TrustStoreError(f"{entry['file']} is not the certificate that is pinned")
        yield x509.load_der_x509_certificate(der)


def _refuse_wrong_use(store: TrustStore) -> None:
    if not store.roots or not store.authorities:
        raise TrustStoreError("a trust store needs a root and an issuing authority")
    if not settings.DEBUG and any(map(is_demonstration, store.certificates())):
        raise TrustStoreError("the demonstration authority is trusted only with DEBUG on")


def trust_folder() -> Path:
    """Return where the trust store lies, whether it exists or not."""
    return Path(settings.TRUST_DIR)


def trust_store() -> TrustStore | None:
    """Return the store in force, or None where none is set up. Raises TrustStoreError."""
    mark = trust_folder() / TRUST_FILE
    if not mark.is_file():
        return None
    return _load_once(mark.parent, mark.stat().st_mtime_ns, settings.DEBUG)


@lru_cache(maxsize=4)
def _load_once(folder: Path, changed: int, debug: bool) -> TrustStore:
    """Load a store once per change of its file and per mode."""
    return load_trust_store(folder)


def expiry_warnings(store: TrustStore, at: datetime) -> list[tuple[str, timedelta]]:
    """Return who expires within 180 days, with the tightest of the steps 180, 60 and 14 days.

    One that has expired has a step of zero.
    """
    found = []
    for certificate in store.certificates():
        left = certificate.not_valid_after_utc - at
        if left <= timedelta(0):
            found.append((name_of(certificate), timedelta(0)))
        elif steps := [step for step in WARNING_STEPS if left <= step]:
            found.append((name_of(certificate), min(steps)))
    return found


def name_of(certificate: x509.Certificate) -> str:
    """Return the common name of a certificate for people."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
