"""The fonts that a page fetches first, and the ones that certificates are set in."""

import build_fonts
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = settings.BUILD_DIR / "fonts"
CORES = ("PortalSans-Regular.woff2", "PortalSans-Bold.woff2")


def characters(name):
    return set(TTFont(FONTS / name).getBestCmap())


def test_first_visit_fetches_at_most_155_kilobytes_of_fonts():
    """ui.md section 6: both core files together stay within the budget."""
    total = sum((FONTS / name).stat().st_size for name in CORES)

    assert total <= 155_000


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_core_and_rest_together_hold_everyday_korean(style):
    """ui.md section 2.2: all of KS X 1001 is there, no character twice."""
    core = characters(f"PortalSans-{style}.woff2")
    rest = characters(f"PortalSans-{style}-rest.woff2")

    assert set(map(ord, build_fonts.ks_x_1001())) <= core | rest
    assert {point for point in core & rest if chr(point).isalnum()} == set()


@pytest.mark.parametrize("name", CORES)
def test_cut_fonts_do_not_carry_the_reserved_name(name):
    """NOTICE: Pretendard is a reserved font name, a changed font goes by another."""
    names = TTFont(FONTS / name)["name"]

    assert names.getDebugName(1) == "Portal Sans"
    assert "Pretendard" not in names.getDebugName(4) + names.getDebugName(6)
    assert "SIL Open Font License" in names.getDebugName(13)


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_pdf_fonts_hold_rare_syllables_and_hanja(style):
    """ui.md section 2.3: names on certificates come out whole."""
    held = characters(f"pdf/PortalSans-{style}.ttf")

    assert set(map(ord, "뷁쭿大田㈜㎡")) <= held


def test_syllables_are_ranked_once_each():
    ranked = build_fonts.ranked_syllables()

    assert len(ranked) == len(set(ranked)) == 1225
    assert set(ranked) <= set(build_fonts.ks_x_1001())


@pytest.mark.parametrize(
    ("wanted", "others", "expected"),
    [
        ("가", "", "U+AC00"),
        ("가각", "", "U+AC00-AC01"),
        ("가간", "", "U+AC00-AC04"),
        ("가간", "각", "U+AC00,U+AC04"),
        ("㈜가", "", "U+321C,U+AC00"),
    ],
)
def test_unicode_range_runs_over_what_nobody_has(wanted, others, expected):
    assert build_fonts.unicode_range(wanted, others) == expected
