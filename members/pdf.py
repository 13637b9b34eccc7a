"""PDFs by WeasyPrint behind one function, with nothing fetched from anywhere.

WeasyPrint and its pango libraries are imported on first use, so that a machine without them still
serves every other page (stack.md section 9). Fonts, parsed CSS and FontConfiguration are kept per
process (section 8); one lock guards them, because threads gain nothing here.
"""

import ctypes.util
import logging
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from django.conf import settings

PANGO_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "gobject-2.0", "harfbuzz-subset")
FONTS = {"regular": "PortalSans-Regular.ttf", "bold": "PortalSans-Bold.ttf"}
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


@cache
def missing_libraries() -> tuple[str, ...]:
    """Return the system libraries that WeasyPrint needs and this machine lacks."""
    return tuple(name for name in PANGO_LIBRARIES if ctypes.util.find_library(name) is None)


def missing_fonts() -> list[str]:
    """Return the Korean fonts without which nothing is printed."""
    return [name for name in FONTS.values() if not (settings.PDF_FONT_DIR / name).is_file()]


def require_parts() -> None:
    """Raise PaperUnavailableError when no PDF can be made here."""
    if missing := [*missing_libraries(), *missing_fonts()]:
        raise PaperUnavailableError(missing)


@dataclass(frozen=True)
class Engine:
    """What is made once per process and stylesheet."""

    weasyprint: Any
    fetcher: type
    font_config: Any
    stylesheet: Any


@cache
def engine(stylesheet: str) -> Engine:
    """Import WeasyPrint, read the fonts and parse a stylesheet of static/css; once per process."""
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
                raise ValueError("Nothing is fetched for a paper.")
            return URLFetcherResponse(url, self.bytes_by_name[name])

    font_config = FontConfiguration()
    fonts = {
        f"font/{style}": (settings.PDF_FONT_DIR / name).read_bytes()
        for style, name in FONTS.items()
    }
    css = (settings.BASE_DIR / "static" / "css" / stylesheet).read_text(encoding="utf-8")
    parsed = weasyprint.CSS(
        string=_FONT_FACES + css,
        font_config=font_config,
        url_fetcher=OwnBytesFetcher(fonts),
    )
    return Engine(weasyprint, OwnBytesFetcher, font_config, parsed)


def render_pdf(
    html: str,
    *,
    stylesheet: str,
    pictures: dict[str, bytes],
    variant: str | None,
    max_pages: int | None = None,
) -> bytes | None:
    """Return the PDF of a page of ours, or None when it takes more than `max_pages` sheets.

    `stylesheet`: a file of static/css; `pictures`: bytes by the name under which the page asks for
    them (``portal-own:<name>``); `variant`: WeasyPrint's, such as ``pdf/ua-1``.
    Raises PaperUnavailableError.
    """
    with _rendering:
        parts = engine(stylesheet)
        page = parts.weasyprint.HTML(
            string=html, base_url=None, url_fetcher=parts.fetcher(pictures), media_type="print"
        )
        document = page.render(
            stylesheets=[parts.stylesheet], font_config=parts.font_config, pdf_variant=variant
        )
        if max_pages is not None and len(document.pages) > max_pages:
            return None
        data: bytes = document.write_pdf(pdf_variant=variant)
        return data
