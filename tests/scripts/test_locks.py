"""What the lock files promise to whoever installs from them."""

import re
from importlib.metadata import PackageNotFoundError, metadata, requires

import check
import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

# Debian 12, Ubuntu 24.04, Debian 13, and the one to come.
PYTHONS = ("3.11.2", "3.12.3", "3.13.5", "3.14.0")


def pinned(lock):
    """Return the names in a lock file, as indexes spell them."""
    text = (settings.BASE_DIR / "requirements" / lock).read_text("utf-8")
    return {check.normalized(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}


def needs_of(name, python):
    """Return what an installed package asks for on a Python of that version."""
    conditions = {
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "extra": "",
    }
    needs = map(Requirement, requires(name) or [])
    return [need for need in needs if not need.marker or need.marker.evaluate(conditions)]


def test_locks_name_no_index_and_hold_what_is_asked_for():
    """stack.md section 9: hashes for all, no host, no folder."""
    is_good, wrong = check.check_locks()

    assert is_good, wrong


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_a_lock_is_whole_on_every_python(lock, python):
    """A lock is compiled on one Python; another may refuse a package or ask for one more."""
    names = pinned(lock)
    wrong = []
    for name in names:
        try:
            wanted = metadata(name)["Requires-Python"] or ""
        except PackageNotFoundError:
            continue  # not for this platform
        if python not in SpecifierSet(wanted):
            wrong.append(f"{name} refuses")
        missing = [n for n in needs_of(name, python) if check.normalized(n.name) not in names]
        wrong += [f"{name} asks for {need}" for need in missing]

    assert wrong == []
