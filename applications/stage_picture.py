"""The stages of an application as a picture: server-made SVG, the same facts stand beside it."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

STEP = 120
RADIUS = 14
MIDDLE = 28
HEIGHT = 76


def stage_picture(names: Sequence[str], *, current: int, ended: str = "") -> SafeString:
    """Return the SVG of a row of stages; `current` counts from 1, `ended` names an early end.

    Colours come from the stylesheet by class; the whole picture has one text for readers.
    """
    width = STEP * len(names)
    told = f"{len(names)}단계 가운데 {current}단계: {ended or names[current - 1]}"
    lines = format_html_join(
        "",
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>',
        (
            (
                "stages__line stages__line--done" if number < current else "stages__line",
                STEP * number - STEP // 2 + RADIUS,
                MIDDLE,
                STEP * number + STEP // 2 - RADIUS,
                MIDDLE,
            )
            for number in range(1, len(names))
        ),
    )
    dots = format_html_join(
        "",
        '<circle class="{0}" cx="{1}" cy="{2}" r="{3}"/>'
        '<text class="stages__number" x="{1}" y="{4}">{5}</text>'
        '<text class="stages__name" x="{1}" y="{6}">{7}</text>',
        (
            (
                class_of(number, current=current, ended=ended),
                STEP * number - STEP // 2,
                MIDDLE,
                RADIUS,
                MIDDLE + 5,
                number,
                HEIGHT - 8,
                ended if ended and number == current else name,
            )
            for number, name in enumerate(names, start=1)
        ),
    )
    return format_html(
        '<svg class="stages" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        width,
        HEIGHT,
        told,
        lines,
        dots,
    )


def class_of(number: int, *, current: int, ended: str) -> str:
    """Return the classes of one stage's dot."""
    if number < current:
        return "stages__dot stages__dot--done"
    if number > current:
        return "stages__dot"
    return "stages__dot stages__dot--ended" if ended else "stages__dot stages__dot--current"
