"""A page's free text for other systems: as structured JSON and as HTML, addresses absolute."""

import re
from typing import Any

from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.rich_text import RichText

from cms.models import PortalDocument, PortalImage
from members.api.questions import absolute

OWN_ADDRESS = re.compile(r'\b(href|src)="(/[^"]*)"')
MAX_PICTURE = "max-1200x1200"


def body_as_json(body: StreamValue) -> list[dict[str, Any]]:
    """Return the blocks as ``{"type", "id", "value"}``; texts are HTML, files have addresses."""
    return [
        {"type": block.block_type, "id": block.id or "", "value": value_of(block.value)}
        for block in body
    ]


def body_as_html(body: StreamValue) -> str:
    """Return the blocks as the site shows them."""
    return with_absolute_addresses(str(body.render_as_block())) if body else ""


def value_of(value: Any) -> Any:
    """Return a block's value in words of JSON; no row number of ours leaves the house."""
    if isinstance(value, RichText):
        return with_absolute_addresses(str(value))
    if isinstance(value, PortalImage):
        rendition = value.get_rendition(MAX_PICTURE)
        return {
            "url": absolute(rendition.url),
            "width": rendition.width,
            "height": rendition.height,
        }
    if isinstance(value, PortalDocument):
        return file_as_json(value)
    if isinstance(value, StreamValue):
        return body_as_json(value)
    if isinstance(value, StructValue | dict):
        return {name: value_of(part) for name, part in value.items()}
    if isinstance(value, ListValue | list | tuple):
        return [value_of(part) for part in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def file_as_json(document: PortalDocument, name: str = "") -> dict[str, Any]:
    """Return a public file: name, address, bytes, kind."""
    return {
        "name": name or document.title,
        "url": absolute(document.url),
        "size": document.size_in_bytes,
        "kind": document.file_extension.lower(),
    }


def with_absolute_addresses(html: str) -> str:
    """Put the site's address before every link and picture of ours."""
    return OWN_ADDRESS.sub(lambda found: f'{found[1]}="{absolute(found[2])}"', html)
