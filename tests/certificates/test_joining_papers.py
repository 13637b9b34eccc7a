"""The papers that a company prints, stamps and posts (S31, S32, decision A9)."""

import io

import pypdf
import pytest
from django.urls import reverse

from certificates.joining_papers import cover_code_qr
from members.models import OriginalsFile
from tests.factories.members import AgencyFactory, MemberFactory

pytestmark = pytest.mark.django_db


def text_of(response):
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    assert len(reader.pages) == 1
    return reader.pages[0].extract_text().replace("\u2060", "")


@pytest.fixture
def originals(at):
    agency = AgencyFactory(name="대전 접수 기관")
    member = MemberFactory(waiting=True, company__name="한빛 <b>정밀</b>")
    file = OriginalsFile.objects.create(
        company=member.company, agency=agency, cover_code="K7M2Q9XA", created_at=at
    )
    return file, member


def test_the_consent_form_carries_the_company_s_data(originals, log_in):
    """S31: a form to download, as PDF filled with the company's data."""
    _, member = originals

    response = log_in(member).get(reverse("certificates:consent_form"))

    text = text_of(response)
    assert response["Content-Type"] == "application/pdf"
    assert "한빛 <b>정밀</b>" in text
    assert member.company.representative in text
    assert "직인" in text


def test_the_cover_sheet_carries_the_code_and_the_desk(originals, log_in):
    """S32, A9: a cover sheet with a code for the envelope, to the agency chosen."""
    _, member = originals

    text = text_of(log_in(member).get(reverse("certificates:cover_sheet")))

    assert "K7M2Q9XA" in text.replace(" ", "")
    assert "대전 접수 기관" in text
    assert "인감증명서" in text


def test_the_code_can_be_scanned():
    """A9: the desk scans the code; it is a QR code of the code alone."""
    assert cover_code_qr("K7M2Q9XA").startswith(b"<svg")


def test_a_company_without_originals_needs_no_cover(log_in):
    """S32: nothing to send, nothing to print."""
    response = log_in(MemberFactory()).get(reverse("certificates:cover_sheet"), follow=True)

    assert "봉투 표지가 필요하지 않습니다" in response.content.decode()


def test_strangers_get_no_form(client):
    """S31: only the company's own people."""
    assert client.get(reverse("certificates:consent_form")).status_code == 302


def test_my_page_leads_to_both(originals, log_in):
    """S31: the form to download."""
    _, member = originals

    page = log_in(member).get(reverse("members:membership")).content.decode()

    assert reverse("certificates:consent_form") in page
    assert reverse("certificates:cover_sheet") in page
