"""Passwords (domain.md section 6): 8 to 128 characters, no composition rule."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from members.models import Company, User

COMPANY = Company(
    name="(주)한빛정밀",
    name_en="Hanbit Precision",
    business_number="1248100998",
    phone="0428209623",
)
PERSON = User(username="hanbit1", phone="0421112233", mobile="01098765432", company=COMPANY)


def refusal(password):
    """Return the codes with which a password is refused."""
    try:
        validate_password(password, PERSON)
    except ValidationError as error:
        return {each.code for each in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "우산 아래 빗소리 42",
        "wet-stone 7 stairs",
        "blau7Kiste",
        "가" * 2 + "나비가훨훨날아",
        "mvzkwpqh",
    ],
)
def test_long_enough_passwords_of_any_kind_are_taken(password):
    """domain.md 6: no composition rule, spaces allowed."""
    assert refusal(password) == set()


def test_the_lengths_are_eight_and_one_hundred_and_twenty_eight():
    """domain.md 6: 8 to 128 characters."""
    words = "젖은 돌계단 위 빗방울 " * 20

    assert refusal(words[:7]) == {"password_too_short"}
    assert refusal(words[:8]) == set()
    assert refusal(words[:128]) == set()
    assert refusal(words[:129]) == {"password_too_long"}


@pytest.mark.parametrize(
    "password",
    [
        "iloveyou1",
        "Password1",
        "qlalfqjsgh",
        "비밀번호2026!!",
        "dkssudgktpdy77",
        "TKFKDGO0486!",
        "q1w2e3r4",
    ],
)
def test_common_words_are_refused(password):
    """domain.md 6: shipped common list, also Korean words typed on a Latin keyboard."""
    assert "password_too_common" in refusal(password)


@pytest.mark.parametrize(
    "password",
    [
        "my-HANBIT1-go",
        "x1248100998y",
        "서울124-81-00998",
        "감나무9876-5432",
        "감나무2820 9623",
        "한빛정밀 최고야요",
        "hanbitprecision!",
    ],
)
def test_own_data_is_refused(password):
    """domain.md 6: ID, phone, business number, company name."""
    assert "password_personal" in refusal(password)


@pytest.mark.parametrize(
    "password", ["감나무1234길", "dcba감나무길", "길가 asdf 나무", "나무 poiu 길가"]
)
def test_sequences_are_refused(password):
    """domain.md 6: sequences."""
    assert refusal(password) == {"password_sequence"}


@pytest.mark.parametrize("password", ["감나무777길가의", "가가가나무 아래"])
def test_three_repeats_are_refused(password):
    """domain.md 6: 3 repeats."""
    assert refusal(password) == {"password_repeats"}


def test_without_a_person_only_the_password_itself_is_judged():
    """ASVS 6.2.4: commands set passwords too."""
    with pytest.raises(ValidationError):
        validate_password("password")
    validate_password("my-hanbit1-go")
