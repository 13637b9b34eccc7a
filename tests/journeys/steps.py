"""The parts of the main job, as people do them on screen."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import TimeoutError as NotThereError

from tests.factories.members import PASSWORD
from tests.factories.uploads import pdf
from tests.members.steps import required_record_entries

CODE_FORMAT = "%Y-%m-%d %H:%M"


def log_in(visitor, username, password=PASSWORD):
    """Log in on the page, with ID and password."""
    visitor.go("/login/").fill({"username": username, "password": password}).press("로그인하기")
    return visitor


def use_session_of(visitor, client):
    """Give a browser the session that a test client has."""
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    visitor.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": visitor.address}]
    )
    return visitor


def in_seoul(**shift):
    """Return a moment from now in the shape the admin's date fields take."""
    return (timezone.localtime() + timedelta(**shift)).strftime(CODE_FORMAT)


def publish_notice(officer, agency, *, title, kind, documents=()):
    """Write a notice in Wagtail's admin and publish it; return its code."""
    officer.go(f"/admin/pages/add/cms/noticepage/{agency.page.pk}/")
    entries = {
        "title": title,
        "summary": "수출 초보기업의 해외 물류비를 지원합니다.",
        "intake_kind": kind,
        "intake_opens_at": in_seoul(days=-1),
        "intake_closes_at": in_seoul(days=20),
        "contact_phone": "042-820-9623",
        "posted_at": in_seoul(days=-2),
    }
    if kind == "external":
        entries["external_url"] = "https://intake.example/apply"
    officer.fill(entries)
    officer.page.locator('[name="category"]').select_option(index=1)
    for row, (label, is_required) in enumerate(documents):
        add_document_row(officer, row)
        officer.fill({f"required_documents-{row}-label": label})
        if not is_required:
            officer.page.locator(f'[name="required_documents-{row}-is_required"]').uncheck()
    officer.look(f"notice-{kind}-written")
    publish(officer)
    notice = agency.notices.get(title=title)
    officer.look(f"notice-{kind}-published")
    return notice.code


def add_document_row(officer, row):
    """Press «add» until row number `row` is there: the form's own script may not listen yet."""
    count = officer.page.locator("#id_required_documents-TOTAL_FORMS")
    label = officer.page.locator(f'[name="required_documents-{row}-label"]')
    for _ in range(10):
        if int(count.input_value()) <= row:
            officer.page.locator("#id_required_documents-ADD").click()
        try:
            label.wait_for(timeout=1500)
        except NotThereError:
            continue
        return
    raise AssertionError(f"Row {row} of the required documents did not appear.")


def publish(officer):
    """Open the menu beside «save» and press publish."""
    page = officer.page
    # The calendar of a date field stays over the buttons until something else is pressed.
    page.evaluate("document.body.dispatchEvent(new MouseEvent('mousedown', {bubbles: true}))")
    button = page.locator('button[name="action-publish"]')
    if not button.is_visible():
        page.locator(
            "footer .w-dropdown__toggle, footer [data-w-dropdown-target=toggle]"
        ).last.click()
    button.click()
    page.wait_for_url("**/admin/pages/**")
    page.wait_for_load_state("load")


def join_by_papers(visitor, agency, texts, *, username, number, tmp_path):
    """Walk the four steps of joining by papers (S20 to S50)."""
    bundle = tmp_path / "가입서류.pdf"
    bundle.write_bytes(pdf())
    visitor.go("/join/terms/").look("join-1-terms")
    for text in texts:
        if text.kind != "privacy_policy":
            choice = "agreed" if text.is_required else "declined"
            visitor.put(f"text_{text.uuid.hex}", choice)
    visitor.press("다음으로").look("join-2-verify")
    assert "한국무역통계진흥원에 제공합니다" in visitor.text()
    visitor.put("business_number", number)
    choose_agency(visitor, agency)
    visitor.press("인증없이 가입하기").look("join-3-company")
    visitor.put("account-username", username)
    visitor.press("중복확인")
    visitor.page.get_by_text("사용할 수 있는 아이디").first.wait_for()
    visitor.fill({"account-password": PASSWORD, "account-password_again": PASSWORD})
    visitor.fill(required_record_entries())
    visitor.fill({"papers-join_bundle": str(bundle)})
    visitor.fill({"products-0-name": "정밀 금형", "products-0-hs_code": "8480710000"})
    visitor.look("join-3-filled")
    visitor.press("가입완료").look("join-4-done")
    return visitor


def choose_agency(visitor, agency):
    visitor.put("agency", agency.code)


def approve_joining(officer, company_name):
    """Look at the papers and approve the company (S32)."""
    officer.go("/admin/joining/").look("joining-list")
    officer.page.get_by_role("link", name=company_name).first.click()
    officer.page.wait_for_load_state("load")
    officer.look("joining-company")
    officer.press("승인")
    officer.look("joining-approved")
    return officer


def apply_with_documents(visitor, code, *, labels, tmp_path):
    """Apply to a notice with own intake (S55 to S58); return the receipt number."""
    visitor.go(f"/notices/{code}/").look("notice-own")
    visitor.press("신청하기").look("apply-start")
    visitor.press("신청서 작성 시작하기")
    visitor.look("apply-tasks")
    visitor.go(f"/apply/{code}/record/").look("apply-record")
    confirm_record(visitor)
    visitor.press("저장하고 계속하기").look("apply-documents")
    for label in labels:
        path = tmp_path / f"{label}.pdf"
        path.write_bytes(pdf())
        row = visitor.page.locator(
            "section.row", has=visitor.page.get_by_role("heading", name=label)
        )
        row.locator('input[type="file"]').set_input_files(str(path))
        row.get_by_role("button", name="파일 올리기").click()
        wait_for_upload(visitor, row)
    visitor.look("apply-documents-there")
    visitor.press("다음: 확인 후 제출").look("apply-check")
    visitor.press("신청서 제출하기").look("apply-receipt")
    return visitor.text()


def wait_for_upload(visitor, row):
    """Wait until a file is kept: told beside its control, or by the next page without scripts."""
    if visitor.scripts:
        row.locator('[data-mood="good"]').wait_for()
    visitor.page.wait_for_load_state("load")


def confirm_record(visitor):
    """Tick the one box of the re-consent."""
    visitor.page.locator('[name$="agree_all"]').check()


def take_certificate(visitor, code, *, is_first=True):
    """Issue the certificate of a notice with external intake (S59); the page offers the PDF."""
    visitor.go(f"/apply/{code}/certificate/")
    if is_first:
        visitor.look("certificate-record")
    else:
        visitor.fill(required_record_entries())
    confirm_record(visitor)
    if visitor.scripts:
        with visitor.page.expect_download() as waiting:
            visitor.press("동의 후 확인증 발행")
        paper = waiting.value
        found = paper.suggested_filename, paper.path().read_bytes()
    else:
        visitor.press("동의 후 확인증 발행")
        found = visitor.download("확인증 다운로드")
    if is_first:
        visitor.look("certificate-done")
    return found
