"""The paper as a PDF: WeasyPrint behind one function, with nothing fetched from anywhere.

WeasyPrint and its pango libraries are imported on first use, so that a machine without them still
serves every other page (stack.md section 9). Fonts, parsed CSS and FontConfiguration are kept per
process (section 8); one lock guards them, because threads gain nothing here.
"""

import ctypes.util
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any

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
from members.services.files import read_file

PANGO_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "gobject-2.0", "harfbuzz-subset")
FONTS = {"regular": "PortalSans-Regular.ttf", "bold": "PortalSans-Bold.ttf"}
# From roomy to dense: the first in which the paper keeps to one page is taken.
DENSITIES = ("roomy", "close", "dense", "tiny")
# Own bytes only; no scheme that any library would know how to fetch.
OWN = "portal-own:"

_FONT_FACES = "".join(
    f'@font-face{{font-family:"Portal Sans";font-weight:{weight};src:url("{OWN}font/{style}")}}'
    for style, weight in (("regular", 400), ("bold", 700))
)
_rendering = Lock()


class PaperUnavailableError(Exception):
    """This machine cannot make a PDF now; `missing` names the fonts and libraries it lacks."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class PaperOverflowError(Exception):
    """The texts do not fit on one page even at the smallest size."""


@cache
def missing_libraries() -> tuple[str, ...]:
    """Return the system libraries that WeasyPrint needs and this machine lacks."""
    return tuple(name for name in PANGO_LIBRARIES if ctypes.util.find_library(name) is None)


def missing_fonts() -> list[str]:
    """Return the Korean fonts without which nothing is issued."""
    return [name for name in FONTS.values() if not (settings.PDF_FONT_DIR / name).is_file()]


def require_parts() -> None:
    """Raise PaperUnavailableError when no PDF can be made here."""
    if missing := [*missing_libraries(), *missing_fonts()]:
        raise PaperUnavailableError(missing)


@dataclass(frozen=True)
class Engine:
    """What is made once per process."""

    weasyprint: Any
    fetcher: type
    font_config: Any
    stylesheet: Any


@cache
def engine() -> Engine:
    """Import WeasyPrint, read the fonts and parse the stylesheet; once per process."""
    require_parts()
    import weasyprint  # noqa: PLC0415  (raises OSError without pango; see the module's docstring)
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

    class OwnBytesFetcher(URLFetcher):
        """Answers for the given names only; everything else is refused without a look."""

        def __init__(self, bytes_by_name: dict[str, bytes]) -> None:
            super().__init__(allowed_protocols=frozenset(), allow_redirects=False)
            self.bytes_by_name = bytes_by_name

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(OWN)
            if name == url or name not in self.bytes_by_name:
                raise ValueError("Nothing is fetched for a certificate.")
            return URLFetcherResponse(url, self.bytes_by_name[name])

    font_config = FontConfiguration()
    fonts = {
        f"font/{style}": (settings.PDF_FONT_DIR / name).read_bytes()
        for style, name in FONTS.items()
    }
    css = (settings.BASE_DIR / "static" / "css" / "certificate.css").read_text(encoding="utf-8")
    stylesheet = weasyprint.CSS(
        string=_FONT_FACES + css,
        font_config=font_config,
        url_fetcher=OwnBytesFetcher(fonts),
    )
    return Engine(weasyprint, OwnBytesFetcher, font_config, stylesheet)


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
    with _rendering:
        parts = engine()
        page = parts.weasyprint.HTML(
            string=html, base_url=None, url_fetcher=parts.fetcher(pictures), media_type="print"
        )
        document = page.render(
            stylesheets=[parts.stylesheet],
            font_config=parts.font_config,
            pdf_variant=settings.CERTIFICATE_PDF_VARIANT,
        )
        if len(document.pages) > 1:
            return None
        data: bytes = document.write_pdf(pdf_variant=settings.CERTIFICATE_PDF_VARIANT)
        return data
