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
    told = f"{len(names)}단계 가운데 {current}단계: {ended or names[current - 1]}"
    return format_html(
        '<svg class="stages" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        STEP * len(names),
        HEIGHT,
        told,
        lines_between(len(names), current=current),
        dots(names, current=current, ended=ended),
    )


def lines_between(count: int, *, current: int) -> SafeString:
    """Return the lines from dot to dot; those behind the company are marked done."""
    return format_html_join(
        "",
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>',
        (
            (
                "stages__line stages__line--done" if number < current else "stages__line",
                centre(number) + RADIUS,
                MIDDLE,
                centre(number + 1) - RADIUS,
                MIDDLE,
            )
            for number in range(1, count)
        ),
    )


def dots(names: Sequence[str], *, current: int, ended: str) -> SafeString:
    """Return a dot with number and name for each stage."""
    return format_html_join(
        "",
        '<circle class="{0}" cx="{1}" cy="{2}" r="{3}"/>'
        '<text class="stages__number" x="{1}" y="{4}">{5}</text>'
        '<text class="stages__name" x="{1}" y="{6}">{7}</text>',
        (
            (
                class_of(number, current=current, ended=ended),
                centre(number),
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


def centre(number: int) -> int:
    """Return where a stage stands from left, in units of the picture."""
    return STEP * number - STEP // 2


def class_of(number: int, *, current: int, ended: str) -> str:
    """Return the classes of one stage's dot."""
    if number < current:
        return "stages__dot stages__dot--done"
    if number > current:
        return "stages__dot"
    return "stages__dot stages__dot--ended" if ended else "stages__dot stages__dot--current"
