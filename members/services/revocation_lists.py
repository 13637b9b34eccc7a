"""Keeping lists of revoked certificates: taken in whole, or not at all (pki.md section 6)."""

from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509

from members.models import RevocationList
from members.pki.revocation import issuer_hash
from members.pki.trust import TrustStore, name_of

KEEP_AFTER_END = timedelta(days=400)


class ListRefusedError(Exception):
    """A list that cannot be read, is not signed by an authority we trust, or is over."""


def take_list(*, der: bytes, source: str, trust: TrustStore, at: datetime) -> RevocationList:
    """Keep a list that one of our authorities signed; the same list twice is one row.

    `source`: where it came from, for people. Raises ListRefusedError.
    """
    try:
        found = x509.load_der_x509_crl(der)
    except ValueError as error:
        raise ListRefusedError(f"{source}: not a list in DER") from error
    signer = next(
        (
            authority
            for authority in (*trust.authorities, *trust.roots)
            if authority.subject == found.issuer and _is_signed_by(found, authority)
        ),
        None,
    )
    if signer is None:
        raise ListRefusedError(f"{source}: no authority of the trust store signed this list")
    ends_at = found.next_update_utc
    if ends_at is None or ends_at <= at:
        raise ListRefusedError(f"{source}: the list is over")
    kept, _ = RevocationList.objects.get_or_create(
        sha256=sha256(der).hexdigest(),
        defaults={
            "issuer_hash": issuer_hash(found.issuer),
            "issuer": name_of(signer),
            "source": source,
            "der": der,
            "this_update": found.last_update_utc,
            "next_update": ends_at,
            "fetched_at": at,
        },
    )
    _drop_replaced(kept)
    return kept


def _is_signed_by(found: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    key = authority.public_key()
    algorithm = found.signature_hash_algorithm
    if algorithm is None or algorithm.name == "sha1":
        return False
    try:
        return found.is_signature_valid(key)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def _drop_replaced(kept: RevocationList) -> None:
    """Take older lists of the same source out of use: they would only slow each check down."""
    older = RevocationList.objects.filter(
        issuer_hash=kept.issuer_hash, source=kept.source, this_update__lt=kept.this_update
    )
    older.filter(next_update__gt=kept.this_update).update(next_update=kept.this_update)


def purge_lists(*, at: datetime) -> int:
    """Delete lists that ended more than 400 days ago; returns how many."""
    deleted, _ = RevocationList.objects.filter(next_update__lt=at - KEEP_AFTER_END).delete()
    return deleted
