"""A new officer's tour: second factor, last year's notice again, published, extended, seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Bookmark
from cms.models import NoticePage
from tests.client import CheckingClient
from tests.factories.cms import (
    AttachmentFactory,
    NoticePageFactory,
    RequiredDocumentFactory,
    agency_with_corner,
)
from tests.factories.members import MemberFactory, StaffFactory, app_code
from tests.journeys import steps

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "신청이 늦게 시작되어 닷새 늘립니다."


def last_years_notice(agency):
    """A notice of a year ago, whose copy is open now."""
    now = timezone.now()
    notice = NoticePageFactory(
        agency=agency,
        title=f"{(now - timedelta(days=370)).year}년 해외물류비 지원사업 참가기업 모집",
        intake_opens_at=now - timedelta(days=370),
        intake_closes_at=now - timedelta(days=345),
        posted_at=now - timedelta(days=371),
    )
    RequiredDocumentFactory(page=notice, label="참가신청서")
    AttachmentFactory(page=notice)
    notice.save_revision().publish()
    return NoticePage.objects.get(pk=notice.pk)


def enrol(officer):
    """Register the authenticator app on the page and note the recovery codes."""
    officer.look("second-factor-setup")
    secret = officer.page.locator("dd code").inner_text().replace(" ", "")
    officer.fill({"code": app_code(secret)}).press("등록하기").look("recovery-codes")
    assert officer.page.locator("main li code").count() == 10
    return officer.press("적어 두었습니다. 계속하기")


def extend(officer, notice):
    """Move the closing by five days on the screen of the intake, with a reason."""
    closes_at = notice.intake_closes_at + timedelta(days=5)
    typed = timezone.localtime(closes_at).strftime(steps.CODE_FORMAT)
    officer.go(f"/admin/notice/{notice.code}/intake/")
    officer.fill({"intake_closes_at": typed})
    officer.page.keyboard.press("Escape")
    officer.fill({"reason": REASON})
    officer.press("접수 정보 바꾸기").look("intake-extended")
    notice.refresh_from_db()
    assert notice.intake_closes_at == closes_at.replace(second=0, microsecond=0)


def test_a_new_officer_publishes_from_last_years_notice(visitors, settings):
    """S63, S66: from the first log-in to the notice in list, page, feed, API and calendar."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    agency = agency_with_corner()
    old = last_years_notice(agency)
    person = StaffFactory(agency=agency)
    officer = visitors("new-officer")

    enrol(steps.log_in(officer, person.username)).look("admin-home")
    officer.go("/admin/notices/").look("notices")
    officer.go(f"/admin/notice/{old.code}/clone/").look("clone")
    officer.press("초안으로 복제하기").look("copy")
    steps.publish(officer)
    notice = agency.notices.live().exclude(pk=old.pk).get()
    extend(officer, notice)

    assert notice.title != old.title
    assert notice.required_documents.get().label == "참가신청서"
    see_it_everywhere(visitors("reader"), notice)
    assert not officer.faults, "\n".join(officer.faults)


def see_it_everywhere(reader, notice):
    """The list, the page, the feed, the API and a member's calendar agree."""
    reader.go("/notices/").look("list")
    assert notice.title in reader.text()
    reader.go(f"/notices/{notice.code}/").look("notice")
    assert "접수기간 연장" in reader.text()
    assert REASON in reader.text()
    client = CheckingClient()
    assert notice.code in client.get("/feeds/notices/").text
    closes_at = timezone.localtime(notice.intake_closes_at)
    answer = client.get(f"/api/v1/notices/{notice.code}").json()
    assert f"{closes_at:%Y-%m-%d}" in str(answer)
    member = MemberFactory()
    Bookmark.objects.keep(person=member, notice=notice, at=timezone.now())
    calendar = CheckingClient().log_in(member).get("/my/deadlines.ics").text
    assert f"DTSTART:{notice.intake_closes_at:%Y%m%dT%H%M}" in calendar
    assert not reader.faults, "\n".join(reader.faults)
