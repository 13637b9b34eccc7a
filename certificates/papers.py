"""Making the paper of a certificate that already has its number."""

from datetime import datetime

from django.db import transaction

from certificates import pdf, signing
from certificates.models import Certificate
from certificates.pdf import render_certificate
from certificates.signing_keys import SigningKeyError, signing_key
from members.services.files import store_bytes


def require_parts(*, at: datetime) -> None:
    """Raise `certificates.pdf.PaperUnavailableError` when no paper can be made here and now.

    That is without the Korean fonts, the pango libraries, or a usable key where papers are signed.
    """
    pdf.require_parts()
    try:
        signing_key(at=at)
    except SigningKeyError as error:
        raise pdf.PaperUnavailableError([str(error)]) from error


def make_paper(*, certificate: Certificate, at: datetime) -> Certificate:
    """Render, store and attach the PDF once; a certificate that has one is returned as it is.

    The bytes are made outside any lock and attached under the row's: of two makers, the later
    finds the first one's file and drops its own unstored. Raises what `certificates.pdf`,
    `signing` and `signing_keys` raise; the number is kept then, and the paper is made later.
    """
    if certificate.pdf_id is not None:
        return certificate
    data, key = render_certificate(certificate), signing_key(at=at)
    if key is not None:
        data = signing.sign(data, key=key, name=certificate.issuer_name)
    with transaction.atomic():
        row = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if row.pdf_id is None:
            stored = store_bytes(
                data=data,
                display_name=f"신청확인증_{row.number}.pdf",
                kind="pdf",
                by=row.issued_by,
                company=row.company,
                at=at,
            )
            row.pdf, row.pdf_sha256 = stored, stored.sha256
            row.signer = signing.register_signer(key=key, at=at) if key else None
            row.save(update_fields=["pdf", "pdf_sha256", "signer"])
    return row
