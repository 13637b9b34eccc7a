"""Rushes on certificates: many issues through the whole stack, many guesses (`make test-long`)."""

import io
from concurrent.futures import ThreadPoolExecutor

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from certificates import services
from certificates.models import Certificate, IssueCounter
from certificates.services.checking import SCOPE
from members.services.throttle import LIMITS, ThrottledError
from tests.factories.applications import master_of
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory, home
from tests.factories.members import CompanyFactory, legal_texts_in_force
from tests.members import steps
from tests.servers import real_server

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

NOTICES, AT_ONCE = 3, 32


def entries():
    return {
        **steps.required_record_entries(),
        **steps.product_entries({"name": "정밀 금형"}),
        "agree_all": "on",
    }


def each_at_once(function, things):
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(pool.map(function, things))


@pytest.mark.parametrize("companies", [pytest.param(8, marks=pytest.mark.ci), 67])
def test_parallel_issues_over_three_notices_through_real_servers(companies):
    """S61: security.md section 4: distinct, gapless, every PDF opens and holds its number."""
    home()
    legal_texts_in_force()
    notices = NoticePageFactory.create_batch(NOTICES, external=True)
    people = [master_of(company) for company in CompanyFactory.create_batch(companies)]

    with real_server() as server:
        browsers = [server.browser_of(person) for person in people]
        ways = [(browser, notice) for browser in browsers for notice in notices]
        issued = each_at_once(
            lambda way: (
                way[0].post(reverse("certificates:issue", args=[way[1].code]), entries()).status
            ),
            ways,
        )
        rows = list(Certificate.objects.select_related("company"))
        owner = {
            person.company_id: browser for person, browser in zip(people, browsers, strict=True)
        }
        papers = each_at_once(
            lambda row: owner[row.company_id].get(
                reverse("certificates:download", args=[row.uuid])
            ),
            rows,
        )

    assert set(issued) == {302}
    year = timezone.localdate().year
    for notice in notices:
        numbers = sorted(row.number for row in rows if row.notice_id == notice.pk)
        assert numbers == [f"{year}-{notice.code}-{n:04d}" for n in range(1, companies + 1)]
        assert IssueCounter.objects.get(notice=notice).last_number == companies
    assert all(row.number in text_of(paper) for row, paper in zip(rows, papers, strict=True))


def text_of(paper):
    assert paper.status == 200
    page = pypdf.PdfReader(io.BytesIO(paper.body)).pages[0]
    return "".join(page.extract_text().split()).replace("\u2060", "")


@pytest.mark.ci
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
