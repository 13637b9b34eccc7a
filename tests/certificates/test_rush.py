"""Rushes on certificates: many issues through the whole stack, many guesses (`make test-long`)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from certificates import services
from certificates.models import Certificate
from certificates.services.checking import SCOPE
from members.services.files import read_file
from members.services.throttle import LIMITS, ThrottledError
from tests.client import CheckingClient
from tests.factories.applications import master_of
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory, home
from tests.factories.members import CompanyFactory, legal_texts_in_force
from tests.members import steps

pytestmark = [pytest.mark.long, pytest.mark.ci, pytest.mark.django_db(transaction=True)]

COMPANIES, NOTICES = 67, 3


def entries():
    return {
        **steps.required_record_entries(),
        **steps.product_entries({"name": "정밀 금형"}),
        "agree_all": "on",
    }


def test_two_hundred_issues_over_three_notices_through_http():
    """S61: security.md section 4: distinct, gapless, every PDF there; 0 answers of 5xx."""
    home()
    legal_texts_in_force()
    notices = NoticePageFactory.create_batch(NOTICES, external=True)
    people = [master_of(company) for company in CompanyFactory.create_batch(COMPANIES)]
    clients = [CheckingClient().log_in(person) for person in people]
    ways = [(client, notice) for client in clients for notice in notices]

    def post(way):
        client, notice = way
        try:
            again = CheckingClient()
            again.cookies = client.cookies
            address = reverse("certificates:issue", args=[notice.code])
            return again.post(address, entries()).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(post, ways))

    assert set(answers) == {302}
    year = timezone.localdate().year
    for notice in notices:
        issued = Certificate.objects.filter(notice=notice).select_related("pdf")
        numbers = sorted(issued.values_list("number", flat=True))
        assert numbers == [f"{year}-{notice.code}-{n:04d}" for n in range(1, COMPANIES + 1)]
        assert all(read_file(certificate.pdf).startswith(b"%PDF") for certificate in issued)


def test_ten_thousand_guesses_learn_nothing():
    """S60: security.md row 19: guessing codes is limited to 10 an hour and address."""
    home()
    certificate, at = CertificateFactory(), timezone.now()
    tried = 0

    for guess in range(10_000):
        try:
            services.check_by_code(
                number=certificate.number, code=f"{guess:012d}", address="203.0.113.9", at=at
            )
        except services.UnknownCertificateError:
            tried += 1
        except ThrottledError:
            continue

    assert tried == LIMITS[SCOPE].tries
