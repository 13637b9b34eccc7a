"""The main job end to end in a browser, for both kinds of intake, with and without scripts."""

import io
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from applications.models import Application
from certificates.models import Certificate
from members.enums import MembershipState
from members.models import Company
from tests.factories.cms import CategoryFactory, agency_with_corner
from tests.factories.members import MemberFactory, StaffFactory, legal_texts_in_force
from tests.journeys import steps

pytestmark = pytest.mark.django_db(transaction=True)

# S19: the manual's own sample titles.
OWN_TITLE = "국제특송 해외 물류비 지원사업 참여기업 모집"
EXTERNAL_TITLE = "2019 대전 유럽1차 시장개척단 모집 공고"
NUMBER = "124-81-00998"
DOCUMENTS = [("사업계획서", True), ("회사소개서", False)]


def words_of(pdf_bytes):
    """Return the text of a PDF without spaces: line breaks fall anywhere."""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf_bytes)).pages)
    return re.sub(r"\s+", "", text)


def printed_of(company, number):
    """Return what the certificate of a company must say (S60, S62)."""
    today = timezone.localdate()
    founded = company.founded_date
    return [
        number,
        company.name,
        company.representative,
        f"{founded:%Y}",
        "124-81-00998",
        company.industry,
        company.main_product,
        company.head_office_road,
        "042-123-4567",
        f"{today:%Y}년{today:%m}월{today:%d}일",
        "신청가능대상임을확인합니다",
    ]


@pytest.fixture
def agency(db):
    made = agency_with_corner(name="대전일자리경제진흥원", code="daejeon-agency")
    StaffFactory(username="officer1", agency=made)
    CategoryFactory(slug="marketing", name="지역산업마케팅")
    return made


def publish_both(officer, agency):
    """Publish a notice of each kind of intake and return their codes."""
    own = steps.publish_notice(officer, agency, title=OWN_TITLE, kind="own", documents=DOCUMENTS)
    external = steps.publish_notice(officer, agency, title=EXTERNAL_TITLE, kind="external")
    return own, external


def join_and_be_approved(visitor, officer, agency, tmp_path):
    """Join by papers, be approved, log in; return the company."""
    texts = legal_texts_in_force()
    visitor.go("/").look("home")
    visitor.go("/notices/").look("notices")
    steps.join_by_papers(
        visitor, agency, texts, username="hanbit01", number=NUMBER, tmp_path=tmp_path
    )
    steps.approve_joining(officer, "한빛금속㈜")
    joined = Company.objects.get(name="한빛금속㈜")
    assert joined.membership_state == MembershipState.PROVISIONAL
    steps.log_in(visitor, "hanbit01").look("my-page")
    return joined


def take_the_first_certificate(visitor, company, code):
    """Take the certificate, compare what it says, ask again; return its number."""
    visitor.go(f"/notices/{code}/").look("notice-external")
    name, paper = steps.take_certificate(visitor, code)
    number = f"{timezone.localdate().year}-{code}-0001"
    words = words_of(paper)
    missing = [part for part in printed_of(company, number) if part.replace(" ", "") not in words]
    assert missing == []
    assert name.endswith(".pdf")
    visitor.go(f"/apply/{code}/certificate/")
    assert number in visitor.text()
    assert Certificate.objects.filter(company=company).count() == 1
    visitor.go("/my/certificates/").look("my-certificates")
    return number


def read_as_officer(officer, application):
    """The officer finds the application and downloads its document."""
    officer.go("/admin/applications/").look("applications-list")
    officer.page.get_by_role("link", name=application.receipt_number).first.click()
    officer.look("application")
    _, document = officer.download("사업계획서.pdf")
    assert document.startswith(b"%PDF")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_main_job(visitors, log_in, agency, tmp_path, scripts):
    """S2, S16, S17, S19, S27, S32, S55, S59, S61: from the notice to the numbered paper."""
    officer = steps.log_in(visitors("officer"), "officer1")
    company = visitors("company", scripts=scripts)
    own, external = publish_both(officer, agency)

    joined = join_and_be_approved(company, officer, agency, tmp_path)
    receipt = steps.apply_with_documents(company, own, labels=["사업계획서"], tmp_path=tmp_path)
    application = Application.objects.get(company=joined)
    assert application.receipt_number == f"{own}-R0001"
    assert application.receipt_number in receipt
    company.go("/my/applications/").look("my-applications")
    number = take_the_first_certificate(company, joined, external)

    neighbour = visitors("neighbour", scripts=scripts)
    steps.use_session_of(neighbour, log_in(MemberFactory()))
    steps.take_certificate(neighbour, external, is_first=False)
    assert Certificate.objects.filter(number=f"{number[:-4]}0002").exists()
    read_as_officer(officer, application)

    faults = [
        f"{who.name}: {fault}" for who in (officer, company, neighbour) for fault in who.faults
    ]
    assert not faults, "\n".join(faults)
