"""The planted strings, and who may ever read one.

A canary is letters and digits only, so that it looks the same in HTML, JSON, a file name, a slug
and a spreadsheet cell. Searching is case-insensitive.
"""

from dataclasses import dataclass

MARK = "zqcanary"
"""Every canary begins with this; searching the site for it finds them all."""


@dataclass(frozen=True)
class Canary:
    """One string: what it was planted in, and the roles that may read it."""

    text: str
    where: str
    readers: frozenset[str]


class Aviary:
    """All canaries of a world."""

    def __init__(self):
        self.canaries = []

    def plant(self, where, *readers, text=None):
        """Return a new string to plant in `where`, which only `readers` may see."""
        text = text or f"{MARK}{len(self.canaries):03d}x"
        self.canaries.append(Canary(text, where, frozenset(readers)))
        return text

    def leaks(self, body, *, role):
        """Return the canaries in a body that this role must not see."""
        body = body.lower()
        if MARK not in body and not any(c.text.isdigit() for c in self.canaries):
            return []
        return [c for c in self.canaries if role not in c.readers and c.text in body]
