"""Look after the trust store: list what is in it, add a certificate, warn of what ends."""

from argparse import ArgumentParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.pki.trust import (
    TrustStoreError,
    expiry_warnings,
    name_of,
    trust_folder,
    trust_store,
)
from members.pki.trust_editing import PinDiffersError, add_to_store

KINDS = ("root", "authority", "responder")


class Command(BaseCommand):
    help = "List the trust store, or add a certificate whose SHA-256 was compared a second way."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        parts.add_parser("list", help="what is trusted, until when")
        parts.add_parser("warn", help="fail when something ends within 180, 60 or 14 days")
        add = parts.add_parser("add", help="take a certificate in")
        add.add_argument("kind", choices=KINDS)
        add.add_argument("file", type=Path, help="certificate in DER or PEM")
        add.add_argument("sha256", help="its fingerprint, from another source than the file")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "add":
            self.add(options["kind"], options["file"], options["sha256"])
        else:
            self.show(must_warn=what == "warn")

    def add(self, kind: str, file: Path, pin: str) -> None:
        try:
            added = add_to_store(folder=trust_folder(), kind=kind, file=file, pin=pin)
        except PinDiffersError as error:
            raise CommandError(f"The file's SHA-256 is {error}: not added.") from error
        except (OSError, ValueError, TrustStoreError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{name_of(added)}: added as {kind}")

    def show(self, *, must_warn: bool) -> None:
        try:
            store = trust_store()
        except TrustStoreError as error:
            raise CommandError(str(error)) from error
        if store is None:
            raise CommandError("There is no trust store.")
        if not must_warn:
            for kind, found in zip(
                KINDS, (store.roots, store.authorities, store.responders), strict=True
            ):
                for certificate in found:
                    self.stdout.write(f"{kind:10}{line_of(certificate)}")
        warnings = expiry_warnings(store, timezone.now())
        for name, step in warnings:
            self.stdout.write(f"{name}: {f'ends within {step.days} days' if step else 'has ended'}")
        if must_warn and warnings:
            raise CommandError("The trust store needs attention.")


def line_of(certificate: x509.Certificate) -> str:
    """Return a certificate in one line: name, end, fingerprint."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    until = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
    return f"{name_of(certificate)}  until {until}  {sha256(der).hexdigest()}"
