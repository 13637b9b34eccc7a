"""The member's way: record, re-consent, issue, done page, list, detail, download (S56 to S62)."""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates import services
from certificates.models import Certificate
from members.enums import ConsentPurpose
from members.models import Consent
from members.services.files import read_file
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import MemberFactory, ProductFactory, legal_texts_in_force
from tests.members import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(site):
    return legal_texts_in_force()


def address_of(notice):
    return reverse("certificates:issue", args=[notice.code])


def record_entries(**changes):
    """Return a right record with the one tick, as a browser posts it."""
    return {
        **steps.required_record_entries(),
        **steps.product_entries({"name": "정밀 금형"}),
        "agree_all": "on",
        **changes,
    }


def test_screen_is_prefilled_and_asks_for_one_consent(log_in, notice, member, texts):
    """S57: the record is shown for checking; S58: one tick for all consents; S59: the button."""
    page = log_in(member).get(address_of(notice))

    body = page.content.decode()
    assert page.status_code == 200
    assert member.company.name in body
    assert "모두 재동의합니다." in body
    assert "동의 후 확인증 발행" in body
    assert not Certificate.objects.exists()


def test_post_issues_and_the_done_page_downloads(log_in, notice, member, texts, at):
    """S59: re-consent, then the certificate; the PDF downloads by itself and by a link."""
    client = log_in(member)

    answer = client.post(address_of(notice), record_entries(), follow=True)

    certificate = Certificate.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("certificates:done", args=[certificate.uuid])
    body = answer.content.decode()
    assert certificate.number in body
    assert "<auto-download>" in body
    pdf = client.get(reverse("certificates:download", args=[certificate.uuid]))
    assert pdf.content == read_file(certificate.pdf)
    assert pdf["Content-Type"] == "application/pdf"
    assert "attachment" in pdf["Content-Disposition"]
    assert "no-store" in pdf["Cache-Control"]


def test_post_writes_record_and_consents_for_the_agency(log_in, notice, member, texts, at):
    """S56: the record is updated; S58: every consent is renewed with the notice as purpose."""
    log_in(member).post(address_of(notice), record_entries(**{"company-main_product": "새 금형"}))

    consents = Consent.objects.filter(company=member.company)
    assert {consent.purpose for consent in consents} == {ConsentPurpose.CERTIFICATE}
    assert {consent.recipient_id for consent in consents} == {notice.agency_id}
    assert {consent.notice_code for consent in consents} == {notice.code}
    assert Certificate.objects.get().main_product == "새 금형"


def test_without_the_tick_nothing_is_issued(log_in, notice, member, texts, at):
    """S58: no consent, no certificate; what was typed stays."""
    posted = record_entries(**{"company-main_product": "새 금형"})
    del posted["agree_all"]

    page = log_in(member).post(address_of(notice), posted)

    assert page.status_code == 200
    assert "새 금형" in page.content.decode()
    assert not Certificate.objects.exists()


def test_second_visit_leads_to_the_certificate(log_in, notice, member, texts, at):
    """S61: a valid certificate is shown instead of a second way to it."""
    certificate = CertificateFactory(notice=notice, company=member.company)

    answer = log_in(member).get(address_of(notice))

    assert answer.url == reverse("certificates:detail", args=[certificate.uuid])


@pytest.mark.parametrize(
    ("traits", "words"),
    [
        ({"closed": True}, "접수가 마감되어"),
        ({"coming": True}, "접수가 시작되면"),
        ({"is_certificate_offered": False}, "발급하지 않는 공고"),
    ],
)
def test_too_early_too_late_and_not_offered_are_explained(log_in, member, texts, traits, words):
    """S59: the page says why and leads back."""
    notice = NoticePageFactory(external=True, **traits)

    page = log_in(member).get(address_of(notice))

    assert page.status_code == 403
    assert words in page.content.decode()


def test_missing_fonts_answer_503_in_korean(log_in, notice, member, texts, settings, tmp_path):
    """S59: a machine that cannot make PDFs says so before it takes a number."""
    settings.PDF_FONT_DIR = tmp_path

    page = log_in(member).get(address_of(notice))

    assert page.status_code == 503
    assert page["Retry-After"] == "600"
    assert "지금은 확인증을 만들 수 없습니다" in page.content.decode()


def test_worker_mode_waits_on_a_page_that_refreshes(log_in, member, notice, settings, monkeypatch):
    """S59: where the task worker makes papers, the download waits for it."""
    settings.CERTIFICATE_PAPER_BY_WORKER = True
    queued = []
    worker = SimpleNamespace(enqueue=queued.append)
    monkeypatch.setattr("certificates.services.issue.make_paper_later", worker)
    certificate = CertificateFactory(
        notice=notice, company=member.company, without_paper=True, pdf_sha256=""
    )

    page = log_in(member).get(reverse("certificates:download", args=[certificate.uuid]))

    assert (page.status_code, page["Refresh"]) == (503, "3")
    assert queued == [certificate.pk]


def test_download_heals_a_missing_paper(log_in, member, notice):
    """S61: a number without file gets its file when it is asked for."""
    certificate = CertificateFactory(
        notice=notice, company=member.company, without_paper=True, pdf_sha256=""
    )

    pdf = log_in(member).get(reverse("certificates:download", args=[certificate.uuid]))

    certificate.refresh_from_db()
    assert pdf.status_code == 200
    assert pdf.content == read_file(certificate.pdf)


def test_damaged_file_is_not_handed_out(log_in, member, notice):
    """S61: bytes that are not the issued ones stay here."""
    certificate = CertificateFactory(notice=notice, company=member.company)
    certificate.pdf.content.storage.delete(certificate.pdf.content.name)

    page = log_in(member).get(reverse("certificates:download", args=[certificate.uuid]))

    assert page.status_code == 503


@pytest.mark.parametrize("name", ["detail", "done", "download", "print", "reissue"])
def test_owner_and_colleague_may_and_a_stranger_may_not(log_in, notice, name, texts):
    """S61: a certificate belongs to its company; for others it is not there."""
    owner = MemberFactory()
    colleague = MemberFactory(company=owner.company, colleague=True)
    certificate = services.issue_certificate(
        notice=notice, company=owner.company, by=owner, at=timezone.now()
    )
    address = reverse(f"certificates:{name}", args=[certificate.uuid])

    answers = [log_in(person).get(address).status_code for person in (owner, colleague)]
    stranger = log_in(MemberFactory()).get(address)

    assert answers == [200, 200]
    assert stranger.status_code == 404


def test_visitors_are_led_to_the_log_in(client, notice):
    """S63: every page of certificates but the check page needs a log-in."""
    answer = client.get(address_of(notice))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("members:login"))


def test_list_shows_own_certificates_in_a_fixed_number_of_queries(
    log_in, member, site, django_assert_num_queries
):
    """S61: one query more or less for no number of certificates; strangers' are not listed."""
    client = log_in(member)
    other = CertificateFactory()
    CertificateFactory(company=member.company)
    client.get(reverse("certificates:list"))
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(reverse("certificates:list"))
    CertificateFactory.create_batch(2, company=member.company)

    with django_assert_num_queries(QUERIES_OF_LIST):
        page = client.get(reverse("certificates:list"))

    assert len(re.findall("PDF 다운로드", page.content.decode())) == 3
    assert other.number not in page.content.decode()


QUERIES_OF_LIST = 7


def test_empty_list_names_the_next_step(log_in, member, site):
    """S61: without certificates the list leads to the notices."""
    page = log_in(member).get(reverse("certificates:list"))

    assert "발급받은 확인증이 없습니다." in page.content.decode()


def test_print_page_says_what_the_paper_says(log_in, member, notice, texts):
    """S60: the same texts as a page to print."""
    ProductFactory(company=member.company)
    certificate = services.issue_certificate(
        notice=notice, company=member.company, by=member, at=timezone.now()
    )

    body = log_in(member).get(reverse("certificates:print", args=[certificate.uuid]))

    for text in (certificate.number, certificate.company_name, certificate.sentence):
        assert text in body.content.decode()
