"""Writing a pinned certificate into the trust store; nothing is kept that does not load again."""

import re
import tempfile
from hashlib import sha256
from pathlib import Path
from shutil import copytree

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from members.pki.trust import TRUST_FILE, TrustStoreError, load_trust_store, name_of

PEM_MARK = b"-----BEGIN"


class PinDiffersError(Exception):
    """The file is not the certificate whose fingerprint was given; `str()` is the file's own."""


def add_to_store(*, folder: Path, kind: str, file: Path, pin: str) -> x509.Certificate:
    """Add a certificate as «root», «authority» or «responder», pinned by its SHA-256.

    `pin`: 64 hex digits, colons and blanks allowed. The store must load with it (the first root
    and authority excepted, which need each other). Raises PinDiffersError, TrustStoreError,
    ValueError for what is no certificate, OSError.
    """
    data = file.read_bytes()
    is_pem = data.lstrip().startswith(PEM_MARK)
    certificate = (
        x509.load_pem_x509_certificate(data) if is_pem else x509.load_der_x509_certificate(data)
    )
    der = certificate.public_bytes(serialization.Encoding.DER)
    own = sha256(der).hexdigest()
    if re.sub(r"[\s:]", "", pin).lower() != own:
        raise PinDiffersError(own)
    name = f"{kind}-{re.sub(r'[^a-z0-9]+', '-', name_of(certificate).lower()).strip('-')}-{own[:8]}"
    entry = f'\n[[{kind}]]\nfile = "{name}.der"\nsha256 = "{own}"\n'
    folder.mkdir(parents=True, exist_ok=True)
    listing = folder / TRUST_FILE
    written = listing.read_text("utf-8") if listing.is_file() else ""
    if own in written:
        raise TrustStoreError(f"{name_of(certificate)} is in the store already")
    _try(folder, f"{name}.der", der, written + entry)
    (folder / f"{name}.der").write_bytes(der)
    _replace(listing, written + entry)
    return certificate


def _try(folder: Path, name: str, der: bytes, listing: str) -> None:
    """Load the store as it would be, in a copy. Raises TrustStoreError."""
    if not ("[[root]]" in listing and "[[authority]]" in listing):
        return
    with tempfile.TemporaryDirectory() as place:
        trial = Path(place) / "trust"
        copytree(folder, trial)
        (trial / name).write_bytes(der)
        (trial / TRUST_FILE).write_text(listing, "utf-8")
        load_trust_store(trial)


def _replace(listing: Path, text: str) -> None:
    """Write the list beside the old one and exchange them at once: nobody reads half a list."""
    fresh = listing.with_suffix(".new")
    fresh.write_text(text, "utf-8")
    fresh.replace(listing)
