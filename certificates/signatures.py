"""Checking a signed paper by own hands: only the signature's bytes are read.

A stranger's PDF is never parsed. What counts is one signature of ours that covers every byte of
the file; anything appended, cut or changed breaks it (security.md row 19).
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from certificates.enums import SignatureState
from certificates.models import PaperSigner

# Our signatures take 12 kB; whatever claims more is none of them.
MAX_SIGNATURE_BYTES = 64 * 1024

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True)
class SignatureFinding:
    """What a PDF's last signature turned out to be, and whose."""

    state: SignatureState
    signer: PaperSigner | None = None
    signed_at: datetime | None = None


def check_signature(data: bytes) -> SignatureFinding:
    """Tell whether the last signature of a PDF is ours and covers every byte of the file."""
    ranges = list(_BYTE_RANGE.finditer(data))
    if not ranges:
        return SignatureFinding(SignatureState.NONE)
    first, length, second, rest = (int(number) for number in ranges[-1].groups())
    gap = data[first + length : second]
    if len(gap) > 2 * MAX_SIGNATURE_BYTES or gap[:1] != b"<" or gap[-1:] != b">":
        return SignatureFinding(SignatureState.BROKEN)
    try:
        found = _signer_info(bytes.fromhex(gap[1:-1].decode()))
    except (ValueError, TypeError, KeyError):
        return SignatureFinding(SignatureState.BROKEN)
    signed_data, info = found
    signer = _known_signer(signed_data)
    if signer is None:
        return SignatureFinding(SignatureState.FOREIGN)
    covers_all = first == 0 and second + rest == len(data) and length < second
    digest = hashlib.sha256(data[:length] + data[second:]).digest()
    if not covers_all or not _is_signed(info, digest, bytes(signer.cert)):
        return SignatureFinding(SignatureState.BROKEN, signer)
    return SignatureFinding(SignatureState.INTACT, signer, _signing_time(info))


def _signer_info(der: bytes) -> tuple[cms.SignedData, cms.SignerInfo]:
    """Return the one signer of a CMS; the hexadecimal gap is filled up with zeroes."""
    content = cms.ContentInfo.load(der, strict=False)
    if content["content_type"].native != "signed_data":
        raise ValueError("not signed data")
    signed_data = content["content"]
    if len(signed_data["signer_infos"]) != 1:
        raise ValueError("not one signer")
    return signed_data, signed_data["signer_infos"][0]


def _known_signer(signed_data: cms.SignedData) -> PaperSigner | None:
    """Return which of our signing certs stands in a signature."""
    prints = [
        hashlib.sha256(choice.chosen.dump()).hexdigest() for choice in signed_data["certificates"]
    ]
    return PaperSigner.objects.filter(fingerprint__in=prints).first()


def _is_signed(info: cms.SignerInfo, digest: bytes, cert: bytes) -> bool:
    """Tell whether the signed attributes hold this digest and are signed by this cert's key."""
    key = x509.load_der_x509_certificate(cert).public_key()
    try:
        attributes = {entry["type"].native: entry["values"] for entry in info["signed_attrs"]}
        if attributes["message_digest"][0].native != digest:
            return False
        # Signed as SET OF, stored under an implicit tag (RFC 5652, 5.4).
        signed = info["signed_attrs"].untag().dump()
        signature = info["signature"].native
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except (InvalidSignature, ValueError, TypeError, KeyError, IndexError):
        return False
    return True


def _signing_time(info: cms.SignerInfo) -> datetime | None:
    for entry in info["signed_attrs"]:
        if entry["type"].native == "signing_time":
            moment: datetime = entry["values"][0].native
            return moment
    return None
