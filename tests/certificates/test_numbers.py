"""Issue numbers: the pattern of settings and what people type (decision A6)."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from certificates import numbers


def test_number_has_the_shape_of_the_manual():
    """S61: year, notice code and order of issue."""
    assert numbers.format_number(year=2019, code="BZA0000005", order=1) == "2019-BZA0000005-0001"


def test_order_widens_after_9999():
    """S61: numbers never run out."""
    assert numbers.format_number(year=2026, code="BZA0000005", order=10_000).endswith("-10000")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{year}-{code}", "{order} is missing"),
        ("{code}/{order}", "{year} is missing"),
        ("{year}-{code}-{order}-{company}", "cannot be used"),
        ("{year}-{code}-{order:zz}", "cannot be used"),
        ("{year}-{code.upper}-{order", "cannot be used"),
        ("{year}-{code}-{order:040d}", "longer than 40"),
    ],
)
def test_broken_patterns_are_named(pattern, words):
    """S61: a pattern that could give one number twice is refused."""
    assert words in " ".join(numbers.pattern_problems(pattern))


def test_other_patterns_are_possible():
    """S61: the pattern is set by tokens."""
    assert not numbers.pattern_problems("제{year}-{order:06d}호 {code}")


def test_check_refuses_a_broken_pattern(settings):
    """S61: the start fails before a number is given."""
    settings.CERTIFICATE_NUMBER_PATTERN = "{code}-{order}"

    with pytest.raises(SystemCheckError, match=r"certificates\.E001"):
        call_command("check")


@pytest.mark.parametrize(
    "typed",
    [
        "2026-BZA0000005-0001",
        " 2026-bza0000005-0001 ",
        "2026–BZA0000005–0001",
        "2026 － BZA0000005 － 0001",
        "２０２６-ＢＺＡ0000005-0001",
    ],
)
def test_typed_numbers_are_tidied(typed):
    """S61: what people type still finds the certificate."""
    assert numbers.tidy_number(typed) == "2026-BZA0000005-0001"


def test_codes_are_shown_in_groups_and_typed_at_will():
    """S60: the 12 characters of the paper."""
    assert numbers.show_code("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"
    assert numbers.tidy_code(" abcd efgh-jkmn ") == "ABCDEFGHJKMN"
