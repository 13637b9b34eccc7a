"""Schedule entries as iCalendar (RFC 5545), for people's own calendars."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings

from cms.models import ScheduleEntryPage
from members.countries import country_name

LINE_BYTES = 75
STAMP = "%Y%m%dT%H%M%SZ"


def calendar_of(entries: Iterable[ScheduleEntryPage], *, name: str, at: datetime) -> str:
    """Return a calendar of entries; `at` dates what was never published."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Export Support Portal//Annual Schedule//KO",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "X-WR-TIMEZONE:Asia/Seoul",
    ]
    for entry in entries:
        lines.extend(event_lines(entry, at))
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def event_lines(entry: ScheduleEntryPage, at: datetime) -> Iterator[str]:
    """Yield an entry as whole days; the end of a day event is the day after its last."""
    changed_at = (entry.last_published_at or at).astimezone(UTC)
    country = country_name(entry.country) if entry.country and entry.country != "KR" else ""
    place = " ".join(part for part in (country, entry.city) if part)
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.translation_key}@{settings.SITE_URL.split('//')[-1]}"
    yield f"DTSTAMP:{changed_at:{STAMP}}"
    yield f"LAST-MODIFIED:{changed_at:{STAMP}}"
    yield f"DTSTART;VALUE=DATE:{entry.starts_date:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.ends_date + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(entry.title)}"
    yield f"CATEGORIES:{escaped(entry.get_kind_display())}"
    yield f"DESCRIPTION:{escaped(description_of(entry))}"
    if place:
        yield f"LOCATION:{escaped(place)}"
    yield f"URL:{settings.SITE_URL}{entry.url}"
    yield "END:VEVENT"


def description_of(entry: ScheduleEntryPage) -> str:
    """Return agency, text and the notice that an entry leads to."""
    lines = [entry.agency.name, entry.description]
    if entry.notice is not None and entry.notice.live:
        lines.append(f"관련 공고: {settings.SITE_URL}{entry.notice.url}")
    return "\n".join(line for line in lines if line)


def escaped(text: str) -> str:
    """Write a text value as RFC 5545 3.3.11 asks."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\n").replace("\n", "\\n").replace("\r", "")


def folded(line: str) -> str:
    """Break a line after 75 bytes, never inside a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > LINE_BYTES:
            pieces.append(piece)
            piece, size = "", 1  # the space before a continued line counts
        piece += character
        size += width
    return "\r\n ".join([*pieces, piece])
