"""Korean of texts that the program makes, and the names of countries."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

from members.countries import country_choices, country_name, country_names
from members.wording import with_object_particle

COUNTRIES = Path(settings.BASE_DIR).parent / "shared/data/countries/countries_ko.csv"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("업체명(한글)", "업체명(한글)을"),
        ("부서", "부서를"),
        ("대표 E-mail", "대표 E-mail을"),
        ("H.S.CODE", "H.S.CODE를"),
        ("", "를"),
    ],
)
def test_the_particle_follows_the_sound_of_the_word(word, expected):
    """S39: errors name the field in right Korean."""
    assert with_object_particle(word) == expected


def test_countries_are_those_of_the_reference_table():
    """S42: 249 countries with the names people use."""
    if not COUNTRIES.exists():
        pytest.skip("the reference table lies beside the project, not in it")
    with COUNTRIES.open(encoding="utf-8") as lines:
        expected = {row["alpha2"]: row["name_ko"] for row in csv.DictReader(lines)}

    assert country_names() == expected


def test_every_country_is_offered_once():
    """S42: the usual destinations go first and are not repeated."""
    offered = [code for _group, choices in country_choices() for code, _name in choices]

    assert sorted(offered) == sorted(country_names())
    assert country_name("HK") == "홍콩"
    assert country_name("??") == "??"
