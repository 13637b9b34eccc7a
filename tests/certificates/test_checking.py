"""진위확인 by anyone: code, QR token, file; limited, and telling no more than the paper (N2)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from certificates import services
from certificates.services.checking import FILE_SCOPE, SCOPE
from members.services.files import read_file
from members.services.throttle import LIMITS, ThrottledError
from tests.factories.certificates import CertificateFactory
from tests.factories.members import CompanyFactory, StoredFileFactory

pytestmark = pytest.mark.django_db

CHECK = "/check/"


@pytest.fixture
def certificate(site):
    company = CompanyFactory(representative="홍길동")
    return CertificateFactory(company=company)


def ask(client, certificate, **changes):
    posted = {"number": certificate.number, "code": certificate.check_code, **changes}
    return client.post(CHECK, posted)


def test_anybody_checks_by_number_and_code(client, certificate):
    """S60: number and printed code show the facts of the paper, the representative masked."""
    body = ask(client, certificate).content.decode()

    assert "유효한 확인증입니다" in body
    for text in (certificate.number, certificate.company_name, certificate.address):
        assert text in body
    assert "홍*동" in body
    assert "홍길동" not in body


def test_code_is_taken_as_people_type_it(client, certificate):
    """S60: small letters, spaces and hyphens do not matter."""
    code = certificate.check_code.lower()
    typed = f" {code[:4]} {code[4:8]}-{code[8:]}"

    assert "유효한" in ask(client, certificate, code=typed, number=certificate.number.lower()).text


def test_wrong_code_and_unknown_number_answer_alike(client, certificate):
    """S60: the answer does not tell which numbers exist."""
    wrong_code = ask(client, certificate, code="2" * 12)
    unknown = ask(client, certificate, number="2020-BZA0000001-0001")

    words = "발행번호와 확인코드가 맞는 확인증이 없습니다."
    assert words in wrong_code.text
    assert words in unknown.text


def test_empty_and_short_entries_are_explained(client, certificate):
    """S60: what is missing is named at its field."""
    page = ask(client, certificate, number="", code="ABC")

    assert "발행번호를 입력해 주십시오." in page.text
    assert "확인코드 12자리" in page.text


def test_ended_certificates_say_so_with_the_day_and_without_the_reason(client, site):
    """S61: revoked and replaced are told with their dates, not with their reasons."""
    revoked = CertificateFactory(revoked=True, end_reason="내부 사유")
    replaced = CertificateFactory(
        state="replaced", ended_at=timezone.now(), ended_by=revoked.issued_by
    )

    first, second = ask(client, revoked).text, ask(client, replaced).text

    assert "폐기된 확인증입니다." in first
    assert timezone.localdate().isoformat() in first
    assert "내부 사유" not in first
    assert "재발급으로 대체된 확인증입니다." in second
    assert "유효한 확인증입니다" not in first + second


def test_qr_address_shows_the_same(client, certificate):
    """S60: the QR code's token alone is enough."""
    body = client.get(reverse("certificates:check_token", args=[certificate.check_token])).text

    assert certificate.number in body
    assert "홍길동" not in body


def test_unknown_token_is_404(client, site):
    """S60: a made-up QR code is told so."""
    page = client.get(reverse("certificates:check_token", args=["0" * 32]))

    assert page.status_code == 404
    assert "확인되지 않는 확인증입니다" in page.text


def test_wrong_codes_are_limited_per_address(client, certificate):
    """S60: 10 wrong tries an hour; the eleventh is refused even with the right code."""
    for _ in range(LIMITS[SCOPE].tries):
        ask(client, certificate, code="2" * 12)

    page = ask(client, certificate)

    assert LIMITS[SCOPE].tries == 10
    assert page.status_code == 429
    assert "잠시 확인할 수 없습니다" in page.text


def test_wrong_tokens_count_as_tries(certificate, at):
    """S60: guessing tokens is limited like guessing codes."""
    for _ in range(LIMITS[SCOPE].tries):
        with pytest.raises(services.UnknownCertificateError):
            services.check_by_token(token="f" * 32, address="203.0.113.5", at=at)

    with pytest.raises(ThrottledError):
        services.check_by_token(token=certificate.check_token, address="203.0.113.5", at=at)


def test_limit_ends_after_an_hour_and_right_checks_do_not_count(certificate, at):
    """S60: an office may check as many papers as it likes."""
    particulars = {"number": certificate.number, "code": certificate.check_code}
    for _ in range(30):
        services.check_by_code(**particulars, address="203.0.113.6", at=at)
    for _ in range(10):
        with pytest.raises(services.UnknownCertificateError):
            services.check_by_code(
                number=certificate.number, code="2" * 12, address="203.0.113.6", at=at
            )

    later = at + timedelta(hours=1)
    found = services.check_by_code(**particulars, address="203.0.113.6", at=later)

    assert found == certificate


def test_file_is_known_by_its_hash(client, certificate):
    """S61: the PDF itself proves itself, byte for byte."""
    data = read_file(certificate.pdf)

    good = client.post(CHECK, {"way": "file", "file": SimpleUploadedFile("확인증.pdf", data)})
    bad = client.post(CHECK, {"way": "file", "file": SimpleUploadedFile("확인증.pdf", data + b" ")})

    assert certificate.number in good.text
    assert "한 글자도 다르지 않습니다" in good.text
    assert "발급한 파일과 다릅니다" in bad.text
    assert certificate.number not in bad.text


def test_no_file_and_a_large_file_are_explained(client, site):
    """S61: nothing chosen, or far larger than any paper."""
    nothing = client.post(CHECK, {"way": "file"})
    large = client.post(
        CHECK, {"way": "file", "file": SimpleUploadedFile("a.pdf", bytes(2 * 1024 * 1024 + 1))}
    )

    assert "첨부해 주십시오" in nothing.text
    assert "파일이 너무 큽니다" in large.text


def test_files_are_limited_per_address(site, at):
    """S61: reading files costs; 30 an hour and address."""
    for _ in range(LIMITS[FILE_SCOPE].tries):
        services.check_file(data=b"x", address="203.0.113.7", at=at)

    with pytest.raises(ThrottledError):
        services.check_file(data=b"x", address="203.0.113.7", at=at)


def test_other_private_files_are_not_found_by_hash(client, site):
    """S61: only papers of certificates are looked for."""
    stored = StoredFileFactory(data=b"%PDF-1.7 somebody's application")

    data = read_file(stored)
    page = client.post(CHECK, {"way": "file", "file": SimpleUploadedFile("a.pdf", data)})

    assert "발급한 파일과 다릅니다" in page.text


def test_check_answers_are_never_cached(client, certificate):
    """S60: a result stays with whoever asked."""
    pages = [
        client.get(CHECK),
        ask(client, certificate),
        client.get(reverse("certificates:check_token", args=[certificate.check_token])),
    ]

    assert all("no-store" in page["Cache-Control"] for page in pages)
