"""The paper of a certificate as a PDF, by members.pdf."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from certificates.models import Certificate, PaperVersion
from certificates.printing import (
    PrintedPaper,
    check_site_qr,
    printed_paper,
    qr_svg,
    sample_paper,
)
from members import pdf
from members.pdf import (
    Engine,
    PaperUnavailableError,
    missing_fonts,
    missing_libraries,
    require_parts,
)
from members.services.files import read_file

__all__ = [
    "PaperOverflowError",
    "PaperUnavailableError",
    "engine",
    "missing_fonts",
    "missing_libraries",
    "pictures_of",
    "render_certificate",
    "render_one_page",
    "render_sample",
    "require_parts",
]

STYLESHEET = "certificate.css"
# From roomy to dense: the first in which the paper keeps to one page is taken.
DENSITIES = ("roomy", "close", "dense", "tiny")


class PaperOverflowError(Exception):
    """The texts do not fit on one page even at the smallest size."""


def engine() -> Engine:
    """Return what is made once per process for certificates."""
    return pdf.engine(STYLESHEET)


def render_certificate(certificate: Certificate) -> bytes:
    """Return the PDF of a certificate, from its row alone (S60): one A4 page, tagged, Korean.

    Raises PaperUnavailableError, and PaperOverflowError for texts longer than any column allows.
    """
    paper = printed_paper(certificate, joined=True)
    return render_paper(paper, pictures_of(certificate.paper, qr=qr_svg(certificate)))


def render_sample(version: PaperVersion, *, at: datetime) -> bytes:
    """Return a test PDF in a version's texts and seal, marked 견본; unsigned, without a number."""
    paper = sample_paper(version, at=at, joined=True)
    return render_paper(paper, pictures_of(version, qr=check_site_qr()))


def pictures_of(version: PaperVersion | None, *, qr: bytes) -> dict[str, bytes]:
    """Return a paper's pictures by the names under which its page asks for them."""
    if version is None or version.seal is None:
        return {"qr": qr}
    return {"qr": qr, "seal": read_file(version.seal)}


def render_paper(paper: PrintedPaper, pictures: dict[str, bytes]) -> bytes:
    """Return the PDF of these texts, in the roomiest layout that keeps to one page."""
    for density in DENSITIES:
        html = render_to_string("pdf/certificate.html", {"paper": paper, "density": density})
        if (data := render_one_page(html, pictures)) is not None:
            return data
    raise PaperOverflowError(paper.number)


def render_one_page(html: str, pictures: dict[str, bytes]) -> bytes | None:
    """Return the PDF of a page, or None when it takes more than one sheet.

    `pictures`: bytes by the name under which the page asks for them (``portal-own:<name>``).
    """
    return pdf.render_pdf(
        html,
        stylesheet=STYLESHEET,
        pictures=pictures,
        variant=settings.CERTIFICATE_PDF_VARIANT,
        max_pages=1,
    )
