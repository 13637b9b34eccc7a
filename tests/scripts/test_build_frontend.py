"""What the build makes of style sheets and scripts stays small and in its place."""

import gzip
import re

import pytest
from django.conf import settings

SOURCE = settings.BASE_DIR / "static"
BUILD = settings.BUILD_DIR


def weight(*names):
    """Return the bytes that travel, compressed as a server does."""
    return sum(len(gzip.compress((BUILD / name).read_bytes(), 9)) for name in names)


@pytest.mark.parametrize("kind", ["css", "js"])
def test_every_entry_is_built_under_its_own_name(kind):
    entries = {path.name for path in (SOURCE / kind).glob(f"*.{kind}")}

    assert {path.name for path in (BUILD / kind).iterdir()} == entries


def test_style_sheets_of_a_page_stay_within_20_kilobytes():
    """ui.md section 6."""
    assert weight("css/app.css", "css/fonts.css") <= 20_000


def test_scripts_of_a_page_stay_within_15_kilobytes():
    """ui.md section 6."""
    assert weight("js/app.js") <= 15_000


def test_bundles_import_nothing_and_load_nothing_from_elsewhere():
    """security: the policy allows our own addresses only."""
    for path in [*BUILD.glob("css/*.css"), *BUILD.glob("js/*.js")]:
        text = path.read_text(encoding="utf-8")

        assert "@import" not in text
        assert re.findall(r"""(?:url\(|from)\s*["']?https?:""", text) == []


def test_pictures_named_in_bundles_exist():
    for path in BUILD.glob("css/*.css"):
        for address in re.findall(r"""url\(["']?(\.\./[^"')#?]+)""", path.read_text("utf-8")):
            place = (path.parent / address).resolve().relative_to(BUILD)

            assert (SOURCE / place).is_file() or (BUILD / place).is_file(), address
