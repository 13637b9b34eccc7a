"""Legal texts and values of the record as safe HTML for components."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from members.countries import country_name
from members.models import LegalText

register = template.Library()


@register.simple_tag
def legal_body(text: LegalText, heading: str = "h3") -> SafeString:
    """The whole text as HTML: each section a heading (h2 or h3) and its paragraphs."""
    tag = heading if heading in {"h2", "h3", "h4"} else "h3"
    sections = [
        (
            format_html("<{0}>{1}</{0}>", SafeString(tag), section["heading"])
            if section.get("heading")
            else SafeString(""),
            format_html_join("", "<p>{}</p>", ((line,) for line in section.get("body", []))),
        )
        for section in text.sections
    ]
    return format_html_join("", "{}{}", sections)


@register.filter
def country_names(codes: list[str]) -> str:
    """Countries by their codes as «베트남, 미국»."""
    return ", ".join(country_name(code) for code in codes)


@register.filter
def get_at(items: Sequence[Any], index: int) -> Any:
    """The item at a place of a list that runs beside another one."""
    return items[index]
