"""The numbers and formats of the upload policy; docs/limits.md is tested equal to them."""

from collections.abc import Collection
from dataclasses import dataclass

MIB = 1024 * 1024

MAX_FILE_BYTES = 20 * MIB
MAX_IMAGE_PIXELS = 50_000_000
MAX_DISPLAY_NAME = 255

MAX_ZIP_MEMBERS = 100
MAX_ZIP_UNPACKED_BYTES = 100 * MIB
MAX_ZIP_RATIO = 100

# Word processors pack many small parts; the sum is bounded as for archives.
MAX_OFFICE_PARTS = 5_000
MAX_OFFICE_UNPACKED_BYTES = 100 * MIB
MAX_OFFICE_RELATIONS_BYTES = MIB
# What is unpacked of one PDF to look into it, and of one HWP: never its pages or pictures whole.
MAX_PDF_OBJECTS_BYTES = 32 * MIB
MAX_PDF_STREAMS = 100_000
MAX_PDF_ESCAPES = 100_000
MAX_HWP_UNPACKED_BYTES = 100 * MIB
MAX_SCRIPT_BYTES = MIB


@dataclass(frozen=True)
class Format:
    """One kind of file: its name in the database, its endings and what people call it."""

    kind: str
    extensions: tuple[str, ...]
    label: str


FORMATS: dict[str, Format] = {
    entry.kind: entry
    for entry in (
        Format("pdf", ("pdf",), "PDF"),
        Format("hwp", ("hwp",), "HWP"),
        Format("hwpx", ("hwpx",), "HWPX"),
        Format("docx", ("docx",), "DOCX"),
        Format("xlsx", ("xlsx",), "XLSX"),
        Format("png", ("png",), "PNG"),
        Format("jpg", ("jpg", "jpeg"), "JPG"),
        Format("webp", ("webp",), "WEBP"),
        Format("gif", ("gif",), "GIF"),
        Format("zip", ("zip",), "ZIP"),
    )
}
KIND_OF_EXTENSION = {
    extension: entry.kind for entry in FORMATS.values() for extension in entry.extensions
}

APPLICATION_FORMATS = ("pdf", "hwp", "hwpx", "docx", "xlsx", "png", "jpg", "zip")
JOINING_FORMATS = ("pdf", "jpg", "png", "zip")
PROOF_FORMATS = ("pdf", "jpg", "png", "zip")
PICTURE_FORMATS = ("png", "jpg", "webp", "gif")


def format_labels(formats: Collection[str]) -> str:
    """Return the formats as people read them: «PDF, HWP, ZIP»."""
    return ", ".join(entry.label for kind, entry in FORMATS.items() if kind in formats)


def accept_attribute(formats: Collection[str]) -> str:
    """Return the value of a file input's `accept`: «.pdf,.jpg,.jpeg»."""
    endings = (
        ending for kind, entry in FORMATS.items() if kind in formats for ending in entry.extensions
    )
    return ",".join(f".{ending}" for ending in endings)
