"""What a search costs at 20,000 notices: CPU of one question, nothing judged by the clock."""

import random
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from cms.enums import SearchKind
from cms.models import SearchEntry
from cms.search import index
from cms.search.grams import grams
from cms.search.results import find, search_of
from cms.services.search import UNDATED
from tests.factories.cms import agency_with_corner

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

NOTICES = 20_000
ROUNDS = 20
SYLLABLES = "가나다라마바사아자차카타파하고노도로모보소오조초코토포호구누두루무부수우주추쿠투푸후"
# Each of these stands in about one entry of twenty, as in a few years of notices.
TOPICS = [
    "해외물류비",
    "국제특송을",
    "수출상담회",
    "지식재산",
    "통번역비용",
    "지원사업을",
    "무역보험료",
    "원산지",
]
SHARE = 0.05
QUESTIONS = ("물류", "물류비 지원", "특송", "상담", "비", "없는말씀", "kotra")


def text_of(rng):
    """Return about 940 characters: invented words, now and then one of the topics."""
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 6))) for _ in range(190)]
    for topic in TOPICS:
        if rng.random() < SHARE:
            words[rng.randrange(len(words))] = topic
    return " ".join(words)


def fill():
    """Write entries of about 940 characters, as publishing would."""
    rng = random.Random(7)  # noqa: S311  (the same texts every time)
    agency = agency_with_corner()
    root = Page.get_first_root_node()
    now = timezone.now()
    start = Page.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    pages = [
        Page(
            pk=start + number,
            title=f"공고 {number}",
            slug=f"bench-{number}",
            path=f"{root.path}Z{number:07d}",
            depth=3,
            url_path=f"/bench-{number}/",
            content_type_id=root.content_type_id,
            locale_id=root.locale_id,
        )
        for number in range(NOTICES)
    ]
    Page.objects.bulk_create(pages, batch_size=500)
    SearchEntry.objects.bulk_create(
        (
            SearchEntry(
                page_id=page.pk,
                kind=SearchKind.NOTICE,
                agency=agency,
                title=page.title,
                text=text_of(rng),
                dated_at=now - timedelta(minutes=number),
            )
            for number, page in enumerate(pages)
        ),
        batch_size=500,
    )
    for entry in SearchEntry.objects.filter(dated_at__gt=UNDATED, pk__gte=start).iterator():
        index.put(key=entry.pk, title=grams(entry.title), body=grams(entry.text))


def cpu_of(function):
    function()
    started, waited = time.process_time(), time.perf_counter()
    for _ in range(ROUNDS):
        function()
    return (
        (time.process_time() - started) / ROUNDS * 1000,
        (time.perf_counter() - waited) / ROUNDS * 1000,
    )


def test_search_costs(capsys, site):
    """Issue B 5.2: CPU per question at 20,000 notices, by fit and by date, beside a LIKE scan."""
    fill()
    lines = [f"{connection.vendor}: {NOTICES:,} entries; CPU of this process / elapsed, ms"]
    for question in QUESTIONS:
        asked = search_of(question)
        by_fit = cpu_of(lambda: find(asked, kind="", newest_first=False, page=1))  # noqa: B023
        by_date = cpu_of(lambda: find(asked, kind="", newest_first=True, page=1))  # noqa: B023
        scan = cpu_of(
            lambda: SearchEntry.objects.filter(text__icontains=question).count()  # noqa: B023
        )
        count = find(asked, kind="", newest_first=True, page=1).count
        lines.append(
            f"{question:10} {count:6} hits  fit {by_fit[0]:6.1f}/{by_fit[1]:6.1f}  "
            f"date {by_date[0]:6.1f}/{by_date[1]:6.1f}  scan {scan[0]:6.1f}/{scan[1]:6.1f}"
        )
    with capsys.disabled():
        print("\n" + "\n".join(lines))
