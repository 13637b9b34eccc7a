"""issue_certificate: one number, one paper, for those who may (S59 to S62)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from certificates import pdf, services
from certificates.enums import CertificateState
from certificates.models import Certificate, IssueCounter
from members.services.files import read_file
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import CompanyFactory, MemberFactory

pytestmark = pytest.mark.django_db


def issue(notice, member, at, **kwargs):
    return services.issue_certificate(
        notice=notice, company=member.company, by=member, at=at, **kwargs
    )


def test_issue_gives_number_and_paper(notice, member, at):
    """S61: the first certificate of a notice is number 0001 of this year."""
    certificate = issue(notice, member, at)

    assert certificate.number == f"{at.astimezone().year}-{notice.code}-0001"
    assert certificate.state == CertificateState.VALID
    assert read_file(certificate.pdf).startswith(b"%PDF-1.7")
    assert certificate.pdf_sha256 == certificate.pdf.sha256


def test_everything_printed_is_copied_by_the_map(notice, at):
    """S62: 대표자, 설립일자, 주제품, 주소 and 전화번호 come from the record's fields."""
    company = CompanyFactory(
        name="주식회사 한빛",
        representative="홍길동",
        founded_date=date(2001, 2, 3),
        main_product="금형",
        head_office_road="대전광역시 서구 둔산로 100",
        head_office_detail="5층",
        phone="0421234567",
    )
    certificate = issue(notice, MemberFactory(company=company), at)

    assert certificate.printed_company == {
        "company_name": "주식회사 한빛",
        "representative": "홍길동",
        "founded_date": date(2001, 2, 3),
        "business_number": company.business_number,
        "industry": company.industry,
        "main_product": "금형",
        "address": "대전광역시 서구 둔산로 100 5층",
        "phone": "042-123-4567",
        "is_provisional": False,
    }
    assert certificate.notice_title == notice.title


def test_second_issue_returns_the_same_certificate(notice, member, at):
    """S61: asking again gives the same number and the same bytes."""
    first = issue(notice, member, at)
    member.company.name = "이름을 바꾼 기업"
    member.company.save()

    second = issue(notice, member, at + timedelta(minutes=5))

    assert (second.pk, read_file(second.pdf)) == (first.pk, read_file(first.pdf))
    assert Certificate.objects.count() == 1


def test_another_company_gets_0002_and_another_notice_its_own_0001(notice, member, at):
    """S61: numbers count per notice; every notice needs its own issue."""
    other_notice = NoticePageFactory(external=True)
    issue(notice, member, at)

    second = issue(notice, MemberFactory(), at)
    elsewhere = issue(other_notice, member, at)

    assert second.number.endswith(f"{notice.code}-0002")
    assert elsewhere.number.endswith(f"{other_notice.code}-0001")


def test_year_turns_in_seoul(site, member):
    """S61: 2026-12-31 15:00 UTC is the new year in Seoul; each year counts from 0001."""
    notice = NoticePageFactory(
        external=True, rolling=True, intake_opens_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    before = datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC)

    old = issue(notice, MemberFactory(), before)
    new = issue(notice, member, before + timedelta(seconds=1))

    assert old.number == f"2026-{notice.code}-0001"
    assert new.number == f"2027-{notice.code}-0001"
    assert (old.issued_date, new.issued_date) == (date(2026, 12, 31), date(2027, 1, 1))


def test_same_company_across_the_year_turn_keeps_one_valid(site, member):
    """S61: the turn of the year gives no second valid certificate."""
    notice = NoticePageFactory(
        external=True, rolling=True, intake_opens_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    before = datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC)

    first = issue(notice, member, before)
    second = issue(notice, member, before + timedelta(days=1))

    assert first.pk == second.pk


@pytest.mark.parametrize(
    ("traits", "words"),
    [
        ({"coming": True}, "접수가 시작되면"),
        ({"closed": True}, "접수가 마감되어"),
        ({"stopped": True}, "접수가 마감되어"),
        ({"is_certificate_offered": False}, "발급하지 않는 공고"),
        ({"live": False}, "게시가 끝난 공고"),
    ],
)
def test_issue_refuses_when_the_notice_gives_none(site, member, at, traits, words):
    """S59: only while 진행 and with the switch on; no number is taken."""
    notice = NoticePageFactory(external=True, **traits)

    with pytest.raises(services.IssueRefusedError, match=words):
        issue(notice, member, at)

    assert not Certificate.objects.exists()
    assert not IssueCounter.objects.filter(last_number__gt=0).exists()


def test_issue_at_the_closing_minute(site, at):
    """S59: half-open period; 18:00:00 is out, 17:59:59.999 is in."""
    notice = NoticePageFactory(external=True)
    late, in_time = MemberFactory(), MemberFactory()

    issue(notice, in_time, notice.intake_closes_at - timedelta(milliseconds=1))
    with pytest.raises(services.IssueRefusedError):
        issue(notice, late, notice.intake_closes_at)


@pytest.mark.parametrize("state", ["waiting", "refused", "suspended", "left"])
def test_issue_refuses_who_is_no_member(notice, at, state):
    """S64: only provisional and full members take certificates."""
    company = CompanyFactory(**{state: True})

    with pytest.raises(services.IssueRefusedError):
        issue(notice, MemberFactory(company=company), at)


def test_provisional_member_gets_a_marked_certificate(notice, at):
    """S32: decision A7: a provisional member may, and the paper is marked 임시."""
    certificate = issue(notice, MemberFactory(provisional=True), at)

    assert certificate.is_provisional


def test_notice_may_demand_full_members(site, at):
    """S32: decision A7: a notice may demand 정식회원."""
    notice = NoticePageFactory(external=True, full_members_only=True)

    with pytest.raises(services.IssueRefusedError, match="정식회원만"):
        issue(notice, MemberFactory(provisional=True), at)


def test_notice_may_refuse_missing_originals(site, at):
    """S33: decision A8: missing originals refuse, warn or are ignored, per notice."""
    member = MemberFactory(provisional=True)
    refusing = NoticePageFactory(external=True, refuses_missing_originals=True)
    warning = NoticePageFactory(external=True)

    with pytest.raises(services.IssueRefusedError, match="원본서류"):
        issue(refusing, member, at + timedelta(minutes=1))

    assert issue(warning, member, at + timedelta(minutes=1)).is_valid


def test_issue_without_fonts_takes_no_number(notice, member, at, settings, tmp_path):
    """S59: without the Korean fonts nothing is issued and no number is lost."""
    settings.PDF_FONT_DIR = tmp_path

    with pytest.raises(pdf.PaperUnavailableError):
        issue(notice, member, at)

    assert not Certificate.objects.exists()


def test_crash_between_number_and_paper_is_healed_under_the_number(notice, member, at, monkeypatch):
    """S61: the number is kept and the paper made later under it."""
    with monkeypatch.context() as broken:
        broken.setattr("certificates.papers.render_certificate", out_of_disk)
        certificate = issue(notice, member, at)
    assert certificate.pdf is None

    made = services.make_missing_papers(at=at)

    healed = Certificate.objects.get()
    assert made == 1
    assert (healed.number, healed.pk) == (certificate.number, certificate.pk)
    assert read_file(healed.pdf).startswith(b"%PDF")


def out_of_disk(certificate):
    raise OSError("No space left on device")


def test_second_issue_heals_a_missing_paper(member, at, notice):
    """S61: asking again for a certificate without file makes the file, not a number."""
    certificate = CertificateFactory(
        notice=notice, company=member.company, without_paper=True, pdf_sha256=""
    )

    again = issue(notice, member, at)

    assert again.pk == certificate.pk
    assert again.pdf is not None


def test_revoked_number_stays_taken(notice, member, at):
    """S61: a revoked number is never reused."""
    CertificateFactory(
        notice=notice,
        company=member.company,
        revoked=True,
        number=f"{at.astimezone().year}-{notice.code}-0001",
    )
    IssueCounter.objects.create(notice=notice, year=at.astimezone().year, last_number=1)

    assert issue(notice, member, at).number.endswith("-0002")


def test_revoked_without_leave_is_final(notice, member, at):
    """S61: where the officer did not allow it, no new certificate is issued."""
    CertificateFactory(notice=notice, company=member.company, revoked=True, may_issue_again=False)

    with pytest.raises(services.IssueRefusedError, match="담당 기관이 확인증을 폐기"):
        issue(notice, member, at)


# --- the walls in the database ------------------------------------------------------------------


def refused_by_database(**changes):
    certificate = CertificateFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**changes)


def test_number_is_unique(site):
    """S61: constraint."""
    number = CertificateFactory().number

    refused_by_database(number=number)


def test_one_valid_certificate_per_company_and_notice(site):
    """S61: constraint certificate_one_valid."""
    certificate = CertificateFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateFactory(company=certificate.company, notice=certificate.notice)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "revoked"},
        {"state": "lost"},
        {"pdf_sha256": ""},
        {"pdf": None},
        {"pdf_sha256": "A" * 64},
    ],
)
def test_half_states_are_refused(site, changes):
    """S61: an end has its time and person, a paper has its hash."""
    refused_by_database(**changes)


def test_counter_is_one_per_notice_and_year(notice):
    """S61: constraint issue_counter_once."""
    IssueCounter.objects.create(notice=notice, year=2026)

    with pytest.raises(IntegrityError), transaction.atomic():
        IssueCounter.objects.create(notice=notice, year=2026)
