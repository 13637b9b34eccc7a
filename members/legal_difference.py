"""What a version of a legal text changes against the one before it, line by line (S23)."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from members.models import LegalText

SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class ChangedLine:
    """One line: `mark` is same, gone or new."""

    mark: str
    text: str


def version_before(text: LegalText) -> LegalText | None:
    """Return the published version of the same kind that this one follows, if any."""
    earlier = LegalText.objects.filter(kind=text.kind, is_published=True).exclude(pk=text.pk)
    if text.is_published:
        earlier = earlier.filter(effective_at__lte=text.effective_at)
    return earlier.order_by("-effective_at", "-pk").first()


def difference(before: LegalText | None, after: LegalText) -> list[ChangedLine]:
    """Return both versions' lines with what went and what came; nothing where there is none before.

    Lines that stayed are kept, so that a change is read in its place.
    """
    if before is None:
        return []
    old, new = lines_of(before), lines_of(after)
    found: list[ChangedLine] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            found += [ChangedLine(SAME, line) for line in old[old_from:old_to]]
            continue
        found += [ChangedLine(GONE, line) for line in old[old_from:old_to]]
        found += [ChangedLine(NEW, line) for line in new[new_from:new_to]]
    return found


def lines_of(text: LegalText) -> list[str]:
    """Return what a person reads of a version: title, statement, headings and paragraphs."""
    lines = [text.title, text.statement]
    for section in text.sections:
        lines.append(section.get("heading", ""))
        lines += [line for part in section.get("body", []) for line in part.splitlines()]
    return [line for line in lines if line]
