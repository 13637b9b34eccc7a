"""Korean numbers against the project's reference vectors (data.md section 2)."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from members import validators

VECTORS = Path(settings.BASE_DIR).parent / "shared/data/validation/kr_validation_vectors.json"
NO_VECTORS = "the reference vectors lie beside the project, not in it"


def vectors(*path):
    """Return a list of vectors, or a single mark that skips where they are not at hand."""
    if not VECTORS.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason=NO_VECTORS))]
    found = json.loads(VECTORS.read_text(encoding="utf-8"))
    for name in path:
        found = found[name]
    return found


@pytest.mark.parametrize("case", vectors("brn", "valid"))
def test_business_numbers_are_read_in_any_writing(case):
    """S40: 사업자등록번호 with hyphens, blanks or full-width digits."""
    typed, stored = case

    assert validators.normalise_business_number(typed) == stored


@pytest.mark.parametrize("case", vectors("brn", "invalid"))
def test_wrong_business_numbers_are_refused(case):
    """S40: check digit, length and components."""
    typed, _reason = case

    with pytest.raises(ValidationError):
        validators.normalise_business_number(typed)


def test_demonstration_numbers_pass_only_where_allowed(settings):
    """S40: numbers that were never issued stay out of a real portal."""
    settings.ALLOW_DEMO_NUMBERS = True
    assert validators.normalise_business_number("000-81-00014") == "0008100014"

    settings.ALLOW_DEMO_NUMBERS = False
    with pytest.raises(ValidationError):
        validators.normalise_business_number("000-81-00014")


@pytest.mark.parametrize(
    "case", [*vectors("crn", "valid_checksum"), *vectors("crn", "valid_no_checksum")]
)
def test_corporate_numbers_need_no_check_digit(case):
    """S40: 법인등록번호 given since 2025 has none."""
    typed, stored = case

    assert validators.normalise_corporate_number(typed) == stored


@pytest.mark.parametrize("case", vectors("crn", "invalid"))
def test_wrong_corporate_numbers_are_refused(case):
    """S40."""
    typed, _reason = case

    with pytest.raises(ValidationError):
        validators.normalise_corporate_number(typed)


@pytest.mark.parametrize("case", vectors("phone", "valid"))
def test_phone_numbers_are_read_in_any_writing(case):
    """S38: country code, brackets, blanks, full-width digits."""
    typed, shown, kind = case

    digits = validators.normalise_phone(typed)

    assert digits == shown.replace("-", "")
    if kind == "mobile":
        assert validators.normalise_mobile(typed) == digits
    else:
        with pytest.raises(ValidationError):
            validators.normalise_mobile(typed)


@pytest.mark.parametrize("typed", vectors("phone", "invalid"))
def test_wrong_phone_numbers_are_refused(typed):
    """S38, S41."""
    with pytest.raises(ValidationError):
        validators.normalise_phone(typed)


@pytest.mark.parametrize("case", vectors("hs_code", "normalize"))
def test_hs_codes_are_read_with_dots_and_hyphens(case):
    """S47: H.S.CODE in any writing."""
    typed, stored = case

    assert validators.normalise_hs_code(typed) == stored


@pytest.mark.parametrize("typed", vectors("hs_code", "invalid"))
def test_wrong_hs_codes_are_refused(typed):
    """S47."""
    with pytest.raises(ValidationError):
        validators.normalise_hs_code(typed)


def test_a_lost_leading_nought_is_named_but_not_mended():
    """S47: spreadsheets drop it; the company decides."""
    with pytest.raises(ValidationError, match="0101211000"):
        validators.normalise_hs_code("101211000")
