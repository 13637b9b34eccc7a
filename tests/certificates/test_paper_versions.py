"""The paper's texts and seal as versions, with a look and a test PDF before they count (N2)."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certificates import services
from certificates.models import PaperVersion
from certificates.selectors import paper_texts
from certificates.services import paper_versions
from members.services.files import read_file
from tests.factories.cms import small_png
from tests.factories.members import MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db

TEXTS = {
    "heading": "대전광역시 수출지원사업 참가 확인증",
    "sentence": "위 기업은 수출지원사업에 참가할 수 있음을 확인합니다.",
    "issuer_name": "대전광역시장",
}


@pytest.fixture
def operator(db):
    return StaffFactory(operator=True)


def draft(operator, at, **changes):
    picture = SimpleUploadedFile("직인.png", small_png(), "image/png")
    values = {"texts": TEXTS, "seal": picture, "keeps_seal": False, "by": operator, "at": at}
    return paper_versions.draft_paper_version(**{**values, **changes})


def test_without_a_version_the_manuals_words_are_printed(site, at):
    """S60: title, sentence and issuer of the manual, for this city."""
    texts = paper_texts(at=at)

    assert texts.heading == "대전광역시 수출지원사업 신청 확인증"
    assert texts.sentence == (
        "상기 업체는 대전광역시에서 시행하는 수출지원사업의 신청 가능 대상임을 확인합니다."
    )
    assert texts.issuer_name == "대전광역시 수출지원 관리시스템"


def test_a_version_counts_from_when_it_is_put_in_force(notice, member, operator, at):
    """S60: drafts print nothing; papers issued before keep their texts."""
    before = services.issue_certificate(notice=notice, company=member.company, by=member, at=at)
    version = draft(operator, at)
    assert paper_texts(at=at).version is None
    paper_versions.put_in_force(version=version, by=operator, at=at)
    other = MemberFactory()

    after = services.issue_certificate(
        notice=notice, company=other.company, by=other, at=at + timedelta(seconds=1)
    )

    before.refresh_from_db()
    assert (before.heading, before.paper) == ("대전광역시 수출지원사업 신청 확인증", None)
    assert (after.heading, after.paper) == (TEXTS["heading"], version)
    page = pypdf.PdfReader(io.BytesIO(read_file(after.pdf))).pages[0]
    text = "".join(page.extract_text().split())
    assert "참가확인증" in text
    assert "직인생략" not in text
    assert len(page.images) == 1


def test_a_version_in_force_is_never_changed(operator, at):
    """S60: it is followed by the next one."""
    version = draft(operator, at)
    paper_versions.put_in_force(version=version, by=operator, at=at)

    with pytest.raises(paper_versions.AlreadyInForceError):
        paper_versions.put_in_force(version=version, by=operator, at=at)

    following = draft(operator, at, seal=None, keeps_seal=True)
    assert (following.version, following.seal) == (2, version.seal)


def test_operator_writes_looks_and_puts_in_force(log_in, operator, site):
    """S60: new version, preview, test PDF marked 견본, put in force."""
    client = log_in(operator)
    picture = SimpleUploadedFile("seal.png", small_png(), "image/png")

    client.post(reverse("certificates_admin:paper_create"), {**TEXTS, "seal": picture})
    version = PaperVersion.objects.get()
    detail = client.get(reverse("paper-versions_modeladmin_inspect", args=[version.version]))
    sample = client.get(reverse("certificates_admin:paper_sample", args=[version.version]))
    client.post(reverse("certificates_admin:paper_start", args=[version.version]))

    version.refresh_from_db()
    text = pypdf.PdfReader(io.BytesIO(sample.content)).pages[0].extract_text()
    assert TEXTS["issuer_name"] in detail.text
    assert "견본" in text
    assert "0000-BZA0000000-0000" in text
    assert version.effective_at is not None


def test_a_seal_must_be_a_png(log_in, operator, site):
    """S60: anything else is refused in words."""
    page = log_in(operator).post(
        reverse("certificates_admin:paper_create"),
        {**TEXTS, "seal": SimpleUploadedFile("seal.png", b"<svg onload=alert(1)>")},
    )

    assert page.status_code == 200
    assert not PaperVersion.objects.exists()


@pytest.mark.parametrize("role", ["officer", "manager", "comms"])
def test_only_the_operator_has_these_screens(log_in, site, operator, at, role):
    """S63: the city's seal is the operator's."""
    version = draft(operator, at)
    client = log_in(StaffFactory(**{role: True}))

    answers = [
        client.get(reverse("paper-versions_modeladmin_index")),
        client.get(reverse("certificates_admin:paper_create")),
        client.get(reverse("certificates_admin:paper_sample", args=[version.version])),
        client.post(reverse("certificates_admin:paper_start", args=[version.version])),
    ]

    assert all(answer.status_code in {302, 403} for answer in answers)
    version.refresh_from_db()
    assert version.effective_at is None
