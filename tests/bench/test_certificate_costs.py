"""What a certificate costs: CPU against a bare render of the same page, memory over 600.

`make bench` runs this alone and prints the table; only memory is judged.
"""

import gc
import statistics
import sys
import time
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from certificates import pdf, services
from certificates.printing import printed_paper, qr_svg
from tests.factories.applications import master_of
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory, home
from tests.factories.members import CompanyFactory

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

ROUNDS = 20
ISSUES = 50
MANY = 600
MEBIBYTE = 1024 * 1024


def cpu_of(function, rounds=ROUNDS):
    function()
    started = time.process_time()
    for _ in range(rounds):
        function()
    return (time.process_time() - started) / rounds


def bare_render(certificate):
    """Render the same page by WeasyPrint with nothing of ours around it."""
    parts = pdf.engine()
    paper = printed_paper(certificate, joined=True)
    html = render_to_string("pdf/certificate.html", {"paper": paper, "density": "roomy"})
    fetcher = parts.fetcher({"qr": qr_svg(certificate)})

    def render():
        page = parts.weasyprint.HTML(string=html, url_fetcher=fetcher)
        return page.write_pdf(
            stylesheets=[parts.stylesheet], font_config=parts.font_config, pdf_variant="pdf/ua-1"
        )

    return render


def resident():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / MEBIBYTE


def test_certificate_costs(capsys):
    """S60, issue E: render, issue from end to end, check; each beside its floor."""
    home()
    certificate = CertificateFactory()
    notice = NoticePageFactory(external=True)
    people = [master_of(company) for company in CompanyFactory.create_batch(ISSUES)]
    floor = cpu_of(bare_render(certificate))
    render = cpu_of(lambda: pdf.render_certificate(certificate))
    seconds = []
    for person in people:
        started = time.perf_counter()
        services.issue_certificate(
            notice=notice, company=person.company, by=person, at=timezone.now()
        )
        seconds.append(time.perf_counter() - started)
    check = cpu_of(
        lambda: services.check_by_code(
            number=certificate.number,
            code=certificate.check_code,
            address="203.0.113.1",
            at=timezone.now(),
        )
    )
    quantiles = statistics.quantiles(seconds, n=100)

    with capsys.disabled():
        sys.stdout.write(f"\nbare WeasyPrint render  {floor * 1000:7.1f} ms CPU   1.00\n")
        sys.stdout.write(
            f"render_certificate      {render * 1000:7.1f} ms CPU   {render / floor:.2f}\n"
        )
        sys.stdout.write(
            f"check by code           {check * 1000:7.1f} ms CPU   {check / floor:.2f}\n"
        )
        sys.stdout.write(
            f"issue, end to end       p50 {quantiles[49]:.3f} s   p99 {quantiles[98]:.3f} s\n"
        )


def test_memory_stays_flat_over_600_papers(capsys):
    """S60, issue E: FontConfiguration and CSS are kept; nothing grows with the papers."""
    home()
    certificate = CertificateFactory()
    for _ in range(50):
        pdf.render_certificate(certificate)
    gc.collect()
    before = resident()

    for _ in range(MANY):
        pdf.render_certificate(certificate)
    gc.collect()

    grown = resident() - before
    with capsys.disabled():
        sys.stdout.write(f"\nmemory over {MANY} papers: {before:.0f} MiB, {grown:+.1f} MiB\n")
    assert grown < 20
