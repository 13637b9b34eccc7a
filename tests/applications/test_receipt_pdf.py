"""The receipt as a PDF (N6)."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from members import pdf
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(log_in, person):
    return log_in(person)


def test_the_receipt_comes_as_a_pdf(member, submitted):
    """N6: number, moment, every file's hash and the hash of the whole, to keep outside."""
    response = member.get(reverse("applications:receipt_pdf", args=[submitted.uuid]))

    reader = PdfReader(io.BytesIO(response.content))
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert response["Content-Disposition"].startswith("attachment")
    assert submitted.receipt_number in text
    assert submitted.content_hash in text
    assert all(row["sha256"] in text for row in submitted.snapshot["documents"])


def test_a_receipt_is_the_companys_own(log_in, submitted):
    """Separation: a stranger has no such receipt, in no form."""
    stranger = log_in(MemberFactory())

    assert (
        stranger.get(reverse("applications:receipt_pdf", args=[submitted.uuid])).status_code == 404
    )


def test_without_fonts_the_receipt_is_printed(member, submitted, settings, tmp_path):
    """N6: a machine that makes no PDF says what to do instead."""
    settings.PDF_FONT_DIR = tmp_path
    pdf.engine.cache_clear()

    response = member.get(reverse("applications:receipt_pdf", args=[submitted.uuid]), follow=True)

    assert "이 화면을 인쇄해 보관해 주십시오" in response.content.decode()
