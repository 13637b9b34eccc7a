"""Many numbers at once: pasted or as xlsx, within the person's scope (N2)."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from certificates import bulk
from certificates.selectors import found_among
from members.models import AccessRecord
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_and_foreign(two_agencies):
    return [
        CertificateFactory(notice=NoticePageFactory(external=True, agency=agency))
        for agency in two_agencies
    ]


def sheet(*rows):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    target = io.BytesIO()
    workbook.save(target)
    return SimpleUploadedFile("목록.xlsx", target.getvalue())


def test_pasted_lists_are_read_as_people_paste_them():
    """S61: one a line, code after comma, tab or semicolon; headings and empty lines left out."""
    text = (
        "발행번호,확인코드\n2026-bza0000001-0001\n\n"
        "2026-BZA0000001-0002\tabcd-efgh-jkmn\n2026-BZA0000001-0001\n2026-BZA0000001-0003; X"
    )

    assert bulk.entries_of_text(text) == [
        ("2026-BZA0000001-0001", ""),
        ("2026-BZA0000001-0002", "ABCDEFGHJKMN"),
        ("2026-BZA0000001-0003", "X"),
    ]


def test_too_many_are_refused():
    """S61: 500 at once."""
    with pytest.raises(bulk.TooManyEntriesError):
        bulk.entries_of_text("\n".join(f"N{number}" for number in range(501)))


def test_own_by_number_and_foreign_by_code_only(
    two_agencies, own_and_foreign, django_assert_num_queries
):
    """S63: another agency's certificate is seen only with the code that its paper shows."""
    own, foreign = own_and_foreign
    officer = StaffFactory(agency=two_agencies.a)
    entries = [
        (own.number, ""), (foreign.number, ""), (foreign.number, "2" * 12),
        (foreign.number, foreign.check_code), ("2020-BZA0000001-0001", ""),
    ]  # fmt: skip

    with django_assert_num_queries(2):
        found = found_among(entries, user=officer)

    assert [certificate for _, certificate in found] == [own, None, None, foreign, None]


def test_screen_shows_and_records_what_was_seen(log_in, two_agencies, own_and_foreign):
    """S66: the answer as a table; whose data was shown stands in the access record."""
    own, foreign = own_and_foreign
    client = log_in(StaffFactory(agency=two_agencies.a))

    page = client.post(
        reverse("certificates_admin:bulk_check"), {"numbers": f"{own.number}\n{foreign.number}"}
    )

    assert own.company_name in page.text
    assert foreign.company_name not in page.text
    assert "확인되지 않음" in page.text
    assert AccessRecord.objects.get().subjects == [f"company:{own.company.uuid}"]


def test_a_spreadsheet_is_read_too(log_in, two_agencies, own_and_foreign):
    """S66: number in the first column, code in the second."""
    own, foreign = own_and_foreign
    upload = sheet(
        ["발행번호", "확인코드"], [own.number, None], [foreign.number, foreign.check_code]
    )

    page = log_in(StaffFactory(agency=two_agencies.a)).post(
        reverse("certificates_admin:bulk_check"), {"file": upload}
    )

    assert own.company_name in page.text
    assert foreign.company_name in page.text


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_broken_files_are_told_apart(log_in, two_agencies, data):
    """S66: never an error page."""
    page = log_in(StaffFactory(agency=two_agencies.a)).post(
        reverse("certificates_admin:bulk_check"), {"file": SimpleUploadedFile("목록.xlsx", data)}
    )

    assert page.status_code == 200
    assert "확인 결과" not in page.text


def test_nothing_given_is_told(log_in, two_agencies):
    """S66: an empty form says what to do."""
    page = log_in(StaffFactory(agency=two_agencies.a)).post(
        reverse("certificates_admin:bulk_check"), {"numbers": ""}
    )

    assert "붙여 넣거나" in page.text


def test_comms_may_not(log_in, site):
    """S63: communication staff have nothing to do with certificates."""
    answer = log_in(StaffFactory(comms=True)).get(reverse("certificates_admin:bulk_check"))

    assert answer.status_code in {302, 403}
