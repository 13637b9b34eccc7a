"""Write docs/requirements.md: each row of the customer, its tests and its screen."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

ROOT = Path(settings.BASE_DIR)
ROWS = ROOT / "docs" / "requirements.toml"
PAGE = ROOT / "docs" / "requirements.md"
TESTS = ROOT / "tests"
ROW_NAME = re.compile(r"\bS\d+\b")
STATES = frozenset({"working", "planned"})

Rows = Mapping[str, Mapping[str, str]]
Naming = Mapping[str, list[str]]

HEAD = """\
# Requirements and their tests

Written by `make docs` from `requirements.toml` and the docstrings of the tests; do not edit.
A row is *working* when a test names it and passes; `make test` fails on a working row that no
test names and on a test that names a row that does not exist.

{working} of {count} rows are working.

| row | what | screen | status | tests |
|---|---|---|---|---|
"""


def read_rows() -> Rows:
    """Return the rows by name, in the file's order."""
    rows: Rows = tomllib.loads(ROWS.read_text(encoding="utf-8"))
    return rows


def test_functions(path: Path) -> Iterator[tuple[str, str]]:
    """Yield name and docstring of every test function of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, ast.get_docstring(node) or ""


def naming_tests() -> Naming:
    """Return, for every row named in a docstring, the tests that name it."""
    naming = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for name, docstring in test_functions(path):
            for row in sorted(set(ROW_NAME.findall(docstring))):
                naming[row].append(f"{path.relative_to(ROOT).as_posix()}::{name}")
    return naming


def faults(rows: Rows, naming: Naming) -> list[str]:
    """Return what is wrong between rows and tests, as sentences."""
    found = [
        f"{row}: the status {facts.get('status')!r} is none of {', '.join(sorted(STATES))}"
        for row, facts in rows.items()
        if facts.get("status") not in STATES
    ]
    found += [
        f"{row} is marked as working but no test names it"
        for row, facts in rows.items()
        if facts.get("status") == "working" and not naming.get(row)
    ]
    found += [
        f"{test} names the unknown row {row}"
        for row in naming
        if row not in rows
        for test in naming[row]
    ]
    return found


def render(rows: Rows, naming: Naming) -> str:
    """Return the page's text."""
    working = sum(facts["status"] == "working" for facts in rows.values())
    lines = [
        f"| {row} | {facts['text']} | {facts['screen']} | {facts['status']} "
        f"| {'<br>'.join(f'`{test}`' for test in naming.get(row, []))} |"
        for row, facts in rows.items()
    ]
    return HEAD.format(working=working, count=len(rows)) + "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Write docs/requirements.md from docs/requirements.toml and the tests' docstrings."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing, fail when something is wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rows, naming = read_rows(), naming_tests()
        found = faults(rows, naming)
        page = render(rows, naming)
        if not options["check"]:
            PAGE.write_text(page, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            found.append("docs/requirements.md is out of date: make docs")
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{len(rows)} rows, {len(naming)} of them named by tests")
