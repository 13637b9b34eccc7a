"""What the machine itself must have: the pango libraries, the venv module, a browser for journeys.

As root on Debian or Ubuntu a missing package is installed; otherwise the caller gets the one line
to type. Standard library only: this runs before any package of ours is there.
"""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Without the last one PDFs come out right, but four times slower.
PANGO_PACKAGES = {
    "libgobject-2.0.so.0": "libpango-1.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# What the suite judges papers with, beside our own libraries; the last stands in for a device.
JUDGES = {"pdfsig": "poppler-utils", "openssl": "openssl", "softhsm2-util": "softhsm2"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class MissingPackagesError(Exception):
    """The machine lacks packages that this user may not install; the text is the line to type."""


def missing_libraries() -> list[str]:
    """Return the Debian packages of the libraries that WeasyPrint would fail to load."""
    missing = set()
    for library, package in PANGO_PACKAGES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.add(package)
    return sorted(missing)


def missing_venv() -> list[str]:
    """Return the package of the venv module where Python came without it."""
    if importlib.util.find_spec("ensurepip") is not None:
        return []
    return [f"python3.{sys.version_info.minor}-venv"]


def missing_judges() -> list[str]:
    """Return the Debian packages of the independent programs that some tests ask."""
    return sorted({package for name, package in JUDGES.items() if shutil.which(name) is None})


def browser() -> str | None:
    """Return the path of a Chromium or Chrome on this machine."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def install_line(packages: list[str]) -> str:
    """Return the command that a person types to install `packages`."""
    return f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"


def can_install() -> bool:
    """Tell whether this process may install Debian packages."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    """Install Debian packages, or raise MissingPackagesError with the line to type."""
    if not can_install():
        raise MissingPackagesError(install_line(packages))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode:
            print(done.stdout[-2000:] + done.stderr[-2000:])
            raise MissingPackagesError(install_line(packages))


def install_browser(python: Path) -> str:
    """Get a browser for the journeys: Debian's package, else Playwright's own download.

    Returns what was done or the line to type; the journeys themselves fail without a browser.
    """
    if can_install():
        try:
            install(["chromium"])
        except MissingPackagesError:
            pass
        else:
            if browser():
                return "Chromium installed"
    download = [str(python), "-m", "playwright", "install", "chromium"]
    if os.geteuid() == 0:
        download.insert(4, "--with-deps")
    done = subprocess.run(download, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == 0:
        return "Playwright's Chromium downloaded"
    return f"none; journeys will fail. Type: {install_line(['chromium'])}"
