"""Export records by consent: request out, result in, seen by the company (S27, S66)."""

import hashlib
import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from members.enums import AccessAction, ConsentChoice, ConsentPurpose, LegalKind
from members.models import (
    AccessRecord,
    Consent,
    LegalText,
    StatisticsRequest,
    VerifiedExports,
    YearlyFigures,
)
from members.services import statistics as services
from tests.factories.members import MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db
MONTHS = {"first_month": date(2025, 1, 1), "last_month": date(2025, 12, 1)}


def member_who(choice, at, **words):
    """Return a member whose last answer on company information is this."""
    member = MemberFactory(**words)
    text, _ = LegalText.objects.get_or_create(
        kind=LegalKind.COMPANY_INFO, version="1.0",
        defaults={"title": "기업정보 제공", "effective_at": at, "is_published": True},
    )  # fmt: skip
    Consent.objects.create(
        company=member.company, person=member, text=text, text_hash=text.content_hash,
        choice=choice, purpose=ConsentPurpose.JOIN, at=at,
    )  # fmt: skip
    return member


def withdraw(member, at):
    text = LegalText.objects.get(kind=LegalKind.COMPANY_INFO, version="1.0")
    Consent.objects.create(
        company=member.company, person=member, text=text, text_hash=text.content_hash,
        choice=ConsentChoice.WITHDRAWN, purpose=ConsentPurpose.MY_PAGE, at=at,
    )  # fmt: skip


@pytest.fixture
def operator():
    return StaffFactory(operator=True)


@pytest.fixture
def made(at, operator):
    """A request over one agreeing company."""
    member = member_who(ConsentChoice.AGREED, at)
    request = services.make_request(**MONTHS, reason="성과 측정", by=operator, at=at)
    return request, member


def result_csv(code, *rows, encoding="utf-8-sig"):
    """Return a result file; a row is (month, business number, dollars)."""
    lines = [
        "요청번호,기준년월,사업자등록번호,업체명,HS부호,목적국(ISO2),신고건수,"
        "수출금액(USD, FOB),중량(kg),구분".replace("(USD, FOB)", "(USD)")
    ]
    lines += [f'{code},{month},{number},한빛,8471,VN,1,"{amount}",10,직수출'
              for month, number, amount in rows]  # fmt: skip
    return "\r\n".join(lines).encode(encoding)


def test_only_live_consents_are_handed_over(at, operator):
    """S27: request file out, with live consent only."""
    agreed = member_who(ConsentChoice.AGREED, at)
    member_who(ConsentChoice.DECLINED, at)
    gone = member_who(ConsentChoice.AGREED, at)
    withdraw(gone, at + timedelta(minutes=1))
    member_who(ConsentChoice.AGREED, at, company__left=True)

    request = services.make_request(**MONTHS, reason="성과 측정", by=operator, at=at)

    lines = services.request_file(request).decode("utf-8-sig").splitlines()
    assert lines[0] == "요청번호,사업자등록번호,시작년월,종료년월,동의일시,동의문판"
    assert len(lines) == 2
    assert lines[1].startswith(f"{request.code},{agreed.company.business_number},202501,202512,")


def test_a_second_click_makes_no_second_request(at, made, operator):
    """S27: one act, one hand-over."""
    with pytest.raises(services.RequestedAlreadyError):
        services.make_request(**MONTHS, reason="성과 측정", by=operator, at=at)

    assert StatisticsRequest.objects.count() == 1


def test_without_any_consent_nothing_is_made(at, operator):
    """S27: live consent only."""
    with pytest.raises(services.NobodyConsentedError):
        services.make_request(**MONTHS, reason="성과 측정", by=operator, at=at)

    assert not StatisticsRequest.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_dollars_become_thousands_beside_what_was_stated(at, made, operator, encoding):
    """S66, data.md 3.3: USD to 천불 half-up; raw hash kept; never overwritten."""
    request, member = made
    number = member.company.business_number
    YearlyFigures.objects.create(company=member.company, year=2025, exports_thousand_usd=900)
    data = result_csv(
        request.code, ("202503", number, "1,000"), ("2025-04", number, "499.5"),
        ("202505", number, "0.5"), encoding=encoding,
    )  # fmt: skip

    report = services.take_result(made=request, data=data, kind="csv", by=operator, at=at)

    assert (report.companies, report.rows, report.refused_rows) == (1, 3, 0)
    assert services.verified_by_year(member.company) == {2025: 2}
    assert YearlyFigures.objects.get().exports_thousand_usd == 900
    request.refresh_from_db()
    assert request.result_hash == hashlib.sha256(data).hexdigest()


def test_a_spreadsheet_is_read_too(at, made, operator):
    """S66, data.md 3.3: result.csv or xlsx."""
    request, member = made
    book = Workbook()
    book.active.append(list(services.RESULT_HEADINGS))
    book.active.append(
        [request.code, 202503, int(member.company.business_number), "한빛", "8471", "VN", 1, 5000,
         10, "직수출"]
    )  # fmt: skip
    target = io.BytesIO()
    book.save(target)

    report = services.take_result(
        made=request, data=target.getvalue(), kind="xlsx", by=operator, at=at
    )

    assert report.rows == 1
    assert report.companies + report.refused_rows == 1


def test_rows_without_a_live_consent_are_turned_away(at, made, operator):
    """S27, data.md 3.3: reject rows without a live consent."""
    request, member = made
    withdraw(member, at + timedelta(minutes=1))
    stranger = MemberFactory()
    data = result_csv(
        request.code,
        ("202503", member.company.business_number, "5000"),
        ("202503", stranger.company.business_number, "5000"),
    )

    report = services.take_result(made=request, data=data, kind="csv", by=operator, at=at)

    assert (report.companies, report.refused_rows) == (0, 2)
    assert not VerifiedExports.objects.exists()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("202412", "x", "1"), "기간 밖"),
        (("2025", "x", "1"), "읽을 수 없습니다"),
        (("202501", "x", "많음"), "읽을 수 없습니다"),
        (("202501", "x", "-1"), "올바르지 않습니다"),
        (("202501", "x", "NaN"), "올바르지 않습니다"),
    ],
)
def test_a_broken_row_refuses_the_whole_file(at, made, operator, row, told):
    """S66: all or nothing, the row is named."""
    request, member = made
    good = ("202501", member.company.business_number, "5000")
    data = result_csv(request.code, good, row)

    with pytest.raises(services.ResultRefusedError, match=told) as caught:
        services.take_result(made=request, data=data, kind="csv", by=operator, at=at)

    assert str(caught.value).startswith("3번째 줄")
    assert not VerifiedExports.objects.exists()


@pytest.mark.parametrize("data", [b"", b"a,b\r\n", b"\xff\xfe\x00", "요청번호\r\n".encode()])
def test_other_files_are_refused(at, made, operator, data):
    """S66: the contract of data.md 3.3."""
    request, _ = made

    for kind in ("csv", "xlsx"):
        with pytest.raises(services.ResultRefusedError):
            services.take_result(made=request, data=data, kind=kind, by=operator, at=at)


def test_a_result_is_taken_once(at, made, operator):
    """S66: one result a request."""
    request, _ = made
    data = result_csv(request.code)
    services.take_result(made=request, data=data, kind="csv", by=operator, at=at)

    with pytest.raises(services.ResultTakenError):
        services.take_result(made=request, data=data, kind="csv", by=operator, at=at)


def test_the_operator_does_it_on_screens_and_is_on_record(at, operator, log_in):
    """S27, S66: each hand-over recorded."""
    member = member_who(ConsentChoice.AGREED, at)
    client = log_in(operator)
    client.post(reverse("members_admin:reason"), {"reason": "성과 측정 업무"})

    client.post(
        reverse("members_admin:statistics_create"),
        {"first_month": "2025-01", "last_month": "202512", "reason": "2025년 성과 측정"},
    )
    request = StatisticsRequest.objects.get()
    file = client.post(reverse("members_admin:statistics_download", args=[request.uuid]))
    upload = SimpleUploadedFile(
        "result.csv", result_csv(request.code, ("202503", member.company.business_number, "5000"))
    )
    client.post(reverse("members_admin:statistics_result", args=[request.uuid]), {"file": upload})
    page = client.get(reverse("statistics_modeladmin_inspect", args=[request.uuid]))

    assert member.company.business_number in file.content.decode()
    record = AccessRecord.objects.get(action=AccessAction.EXPORT)
    assert record.subjects == [f"company:{member.company.uuid}"]
    assert record.reason == "2025년 성과 측정"
    assert VerifiedExports.objects.get().thousand_usd == 5
    assert "기업 1곳" in page.content.decode()


def test_others_than_the_operator_are_kept_out(log_in):
    """S27: the operator's alone."""
    for person in (StaffFactory(comms=True), MemberFactory()):
        answer = log_in(person).get(reverse("members_admin:statistics_create"))

        assert answer.status_code in {302, 403, 404}


def test_the_company_sees_what_was_handed_over_and_only_its_own(at, made, operator, log_in):
    """S27: each hand-over visible to the company; self-reported beside verified figures."""
    request, member = made
    other = MemberFactory()
    YearlyFigures.objects.create(company=member.company, year=2025, exports_thousand_usd=900)
    data = result_csv(request.code, ("202503", member.company.business_number, "7000"))
    services.take_result(made=request, data=data, kind="csv", by=operator, at=at)

    own = log_in(member).get(reverse("members:hand_overs")).content.decode()
    others = log_in(other).get(reverse("members:hand_overs")).content.decode()

    assert "성과 측정" in own
    assert "900" in own
    assert "확인된 수출액" in own
    assert "제공한 내역이 없습니다" in others
