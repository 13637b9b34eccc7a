"""Journeys drive the machine's Chromium through the real server and read every page they meet."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tests.journeys.visitor import Visitor

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
]
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
NO_BROWSER = (
    "There is no Chromium. Type: sudo apt-get install -y chromium   (Debian, Ubuntu), or: "
    ".venv/bin/python -m playwright install chromium"
)
NO_AXE = "axe-core is not there. Type: npm ci --ignore-scripts"


def machines_browser():
    """Return the path of an installed Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items):
    """Mark everything in this folder, so that `-m 'not journey'` leaves the browser out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, playwright):
    """Take the machine's browser, else Playwright's own; with neither, say what to type."""
    found = machines_browser()
    if found is None and not Path(playwright.chromium.executable_path).exists():
        pytest.fail(NO_BROWSER, pytrace=False)
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    chosen = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **chosen, "args": [*FLAGS, *as_root]}


@pytest.fixture(scope="session")
def axe_source():
    if not AXE.is_file():
        pytest.fail(NO_AXE, pytrace=False)
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def visitors(browser, live_server, axe_source, request):
    """Return a function that opens a browser of one more person; all are closed in the end."""
    opened = []

    def open_one(name, **options):
        visitor = Visitor(name, browser, live_server.url, axe_source, **options)
        opened.append(visitor)
        return visitor

    yield open_one
    for visitor in opened:
        visitor.close()
