"""How values are written: fixed examples, and properties over many values."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members import formatting
from members.formatting import SEOUL

CLOSING = datetime(2019, 3, 29, 18, 0, tzinfo=SEOUL)
MIDNIGHT = datetime(2019, 4, 1, 0, 0, tzinfo=SEOUL)

digits = st.text(alphabet="0123456789", min_size=0, max_size=15)
moments = st.integers(min_value=0, max_value=100 * 366 * 24 * 60).map(
    lambda minutes: datetime(2000, 1, 1, tzinfo=SEOUL) + timedelta(minutes=minutes)
)


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (formatting.format_date, "2019-03-11"),
        (formatting.format_long_date, "2019년 3월 11일(월)"),
        (formatting.format_document_date, "2019. 3. 11."),
    ],
)
def test_dates_have_three_forms(write, expected):
    """S13: lists, prose and documents each write a day their way."""
    assert write(date(2019, 3, 11)) == expected


def test_moments_are_written_on_the_clock_of_seoul():
    """S13: a moment kept in UTC is shown as it is in Seoul."""
    moment = datetime(2019, 3, 10, 15, 30, tzinfo=UTC)

    assert formatting.format_datetime(moment) == "2019-03-11 00:30"


def test_a_closing_at_midnight_is_the_end_of_the_day_before():
    """S13: decision A14, 00:00 is shown as 24:00 of the day before."""
    assert formatting.format_closing(MIDNIGHT) == "2019-03-31 24:00"


def test_a_period_shows_the_minute_of_its_closing():
    """S13: the opening of a whole day is written without a time."""
    opening = datetime(2019, 3, 11, tzinfo=SEOUL)

    assert formatting.format_period(opening, CLOSING) == "2019-03-11 ~ 2019-03-29 18:00"


def test_a_period_without_closing_is_rolling():
    """S13: rolling programmes have no closing."""
    assert formatting.format_period(CLOSING, None) == "2019-03-29 18:00부터 상시"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (CLOSING - timedelta(days=3), "3일 남음"),
        (CLOSING.replace(hour=0), "오늘 마감"),
        (CLOSING - timedelta(minutes=1), "오늘 마감"),
        (CLOSING, "마감"),
    ],
)
def test_days_left_counts_days_of_seoul(at, expected):
    """S15: the closing minute itself is closed already."""
    assert formatting.format_days_left(CLOSING, at) == expected


def test_days_left_takes_midnight_as_the_end_of_the_last_day():
    """S13: on 31 March a closing at 24:00 is today's."""
    noon = datetime(2019, 3, 31, 12, 0, tzinfo=SEOUL)

    assert formatting.format_days_left(MIDNIGHT, noon) == "오늘 마감"


@given(closing=moments, before=st.timedeltas(timedelta(seconds=1), timedelta(days=400)))
def test_an_open_period_never_reads_as_closed(closing, before):
    """S15: whatever the moment, before the closing there is time left."""
    assert formatting.format_days_left(closing, closing - before) != "마감"


@given(moment=moments)
def test_a_closing_names_the_last_day_that_counts(moment):
    """S13: the day written is the day of the last moment within the period."""
    assert formatting.format_closing(moment)[:10] == formatting.last_day(moment).isoformat()


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "0B"), (1023, "1023B"), (335_872, "328KB"), (1_258_291, "1.2MB"), (20 << 20, "20MB")],
)
def test_sizes_are_short(size, expected):
    """S10: attached files show their size beside the name."""
    assert formatting.format_size(size) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0212345678", "02-1234-5678"),
        ("021234567", "02-123-4567"),
        ("0423803046", "042-380-3046"),
        ("042 820 9623", "042-820-9623"),
        ("01012345678", "010-1234-5678"),
        ("0111234567", "011-123-4567"),
        ("07012345678", "070-1234-5678"),
        ("050512345678", "0505-1234-5678"),
        ("15660566", "1566-0566"),
        ("118", "118"),
        ("+82 42 380 3046", "+82 42 380 3046"),
    ],
)
def test_telephone_numbers_get_hyphens(typed, expected):
    """S8, S38: known shapes are hyphenated, others are left alone."""
    assert formatting.format_phone(typed) == expected


@given(number=digits)
def test_a_written_telephone_number_keeps_its_digits(number):
    """S38: formatting changes hyphens only, and a second time nothing."""
    written = formatting.format_phone(number)

    assert formatting.digits_only(written) == number
    assert formatting.format_phone(written) == written


@given(number=st.text(alphabet="0123456789", min_size=10, max_size=10))
def test_a_business_number_is_written_3_2_5(number):
    """S28, S40: ten digits come as 3-2-5 and read back the same."""
    written = formatting.format_business_number(number)

    assert [len(part) for part in written.split("-")] == [3, 2, 5]
    assert formatting.digits_only(written) == number


@pytest.mark.parametrize("broken", ["", "123", "12345678901", "없음"])
def test_a_broken_number_is_left_as_it_came(broken):
    """S40: nothing stored is hidden by formatting it."""
    assert formatting.format_business_number(broken) == broken
    assert formatting.format_corporate_number(broken) == broken


def test_a_corporate_number_is_written_6_7():
    """S40: 법인등록번호 as 6-7 digits."""
    assert formatting.format_corporate_number("1601110000001") == "160111-0000001"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", ""),
        ("김", "김"),
        ("김철", "김*"),
        ("홍길동", "홍*동"),
        ("남궁길동", "남**동"),
        ("John Smith", "J*** S****"),
    ],
)
def test_names_are_masked_in_the_middle(name, expected):
    """S52: a name that is only hinted at."""
    assert formatting.mask_name(name) == expected


@given(name=st.text(alphabet="가나다라마바사홍길동", min_size=2, max_size=12))
def test_a_masked_name_shows_at_most_its_ends(name):
    """S52: as long as before, and nothing between the ends."""
    masked = formatting.mask_name(name)

    assert len(masked) == len(name)
    assert set(masked[1:-1]) <= {"*"}
    assert "*" in masked


@pytest.mark.parametrize(
    ("number", "expected"),
    [("01012345678", "010-****-5678"), ("15660566", "******66"), ("118", "***")],
)
def test_telephone_numbers_are_masked(number, expected):
    """S53: enough to recognise one's own number."""
    assert formatting.mask_phone(number) == expected


@given(number=digits)
def test_a_masked_telephone_number_hides_digits(number):
    """S53: at least three digits are hidden, of short numbers all."""
    shown = formatting.digits_only(formatting.mask_phone(number))

    assert len(number) - len(shown) >= min(3, len(number))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("hong@example.kr", "ho***@example.kr"),
        ("abc@example.kr", "a***@example.kr"),
        ("longlocalpart@example.kr", "lo***********@example.kr"),
        ("no-at-sign", "**********"),
    ],
)
def test_addresses_are_masked(address, expected):
    """S52: enough to recognise one's own address."""
    assert formatting.mask_email(address) == expected


@given(local=st.text(alphabet="abcdefgh.0123", min_size=1, max_size=30))
def test_a_masked_address_shows_two_characters_at_most(local):
    """S52: the domain stays, the local part does not."""
    masked, _, domain = formatting.mask_email(f"{local}@example.kr").rpartition("@")

    assert domain == "example.kr"
    assert len(masked.replace("*", "")) <= 2


@given(number=st.text(alphabet="123456789", min_size=10, max_size=10))
def test_a_masked_business_number_hides_its_serial(number):
    """S52: the last five digits are hidden."""
    assert formatting.mask_business_number(number) == f"{number[:3]}-{number[3:5]}-*****"


def test_a_broken_business_number_is_masked_whole():
    """S52: what cannot be read is not shown either."""
    assert formatting.mask_business_number("12-34") == "*****"


def test_thousands_are_separated():
    """S42: amounts read with separators."""
    assert formatting.format_thousands(1_234_567) == "1,234,567"


def test_a_naive_moment_is_seoul_time():
    """S13: a value without a zone is Seoul's already."""
    naive = datetime(2019, 3, 11, 9, 0, tzinfo=UTC).replace(tzinfo=None)

    assert formatting.format_datetime(naive) == "2019-03-11 09:00"
