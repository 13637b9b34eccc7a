"""The list of notices and a notice's own page, in the customer's words."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cms.services import notices as services
from tests.factories.cms import (
    AttachmentFactory,
    CategoryFactory,
    DocumentFactory,
    NoticePageFactory,
    RequiredDocumentFactory,
)
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


# --- the notice list ----------------------------------------------------------------------------


def titles_in(page, notices):
    """Return the notices in the order in which the page names them, found words marked or not."""
    page = re.sub(r"</?mark>", "", page)
    return sorted((n for n in notices if n.title in page), key=lambda n: page.index(n.title))


def test_list_orders_open_first_then_by_closing(client, two_agencies):
    """S10, S11: 진행 by closing, 상시 last of them, then 예정, then 마감."""
    at = timezone.now()
    closed = NoticePageFactory(agency=two_agencies.a, closed=True)
    coming = NoticePageFactory(agency=two_agencies.a, coming=True)
    rolling = NoticePageFactory(agency=two_agencies.a, rolling=True)
    late = NoticePageFactory(agency=two_agencies.b, intake_closes_at=at + timedelta(days=30))
    soon = NoticePageFactory(agency=two_agencies.b, closing_soon=True)

    page = shown(client, "/notices/")

    expected = [soon, late, rolling, coming, closed]
    assert titles_in(page, expected) == expected
    assert "전체 <strong>5</strong>건" in page


def test_list_can_show_the_newest_first(client, two_agencies, at):
    """S10: order=newest goes by the day of posting."""
    older = NoticePageFactory(agency=two_agencies.a, posted_at=at - timedelta(days=3))
    newer = NoticePageFactory(agency=two_agencies.a, posted_at=at, closed=True)

    page = shown(client, "/notices/?order=newest")

    assert titles_in(page, [older, newer]) == [newer, older]


@pytest.mark.parametrize(
    "query",
    [
        "q=물류",
        "q=해외 물류",
        "state=open",
        "agency={agency}",
        "category=logistics",
        "kind=external",
    ],
)
def test_list_filters(client, two_agencies, query):
    """S10, S12, S16: words, state, agency, 사업구분 and kind each leave the one notice."""
    wanted = NoticePageFactory(
        agency=two_agencies.a,
        title="국제특송 해외 물류비 지원사업",
        category=CategoryFactory(slug="logistics"),
        external=True,
    )
    other = NoticePageFactory(agency=two_agencies.b, closed=True)

    page = shown(client, "/notices/?" + query.format(agency=two_agencies.a.code))

    assert titles_in(page, [wanted, other]) == [wanted]
    assert "전체 <strong>1</strong>건" in page
    assert 'class="chip"' in page


def test_list_filters_by_period(client, two_agencies):
    """S10, S13: notices whose intake touches the period; 상시 touches every later one."""
    day = timezone.localdate()
    early = NoticePageFactory(agency=two_agencies.a, title="이른 공고", closed=True)
    late = NoticePageFactory(agency=two_agencies.a, title="늦은 공고", coming=True)
    rolling = NoticePageFactory(agency=two_agencies.a, title="늘 공고", rolling=True)
    every = [early, late, rolling]

    after = shown(client, f"/notices/?since={day}")
    before = shown(client, f"/notices/?until={day}")

    assert set(titles_in(after, every)) == {late, rolling}
    assert set(titles_in(before, every)) == {early, rolling}
    assert f"접수기간(부터): {day}" in after
    assert set(titles_in(shown(client, "/notices/?since=nonsense&until=0001-01-01"), every)) == set(
        every
    )


def test_list_keeps_filters_on_the_next_page(client, two_agencies):
    """S10: 20 a page; paging keeps what was asked."""
    for _ in range(21):
        NoticePageFactory(agency=two_agencies.a)

    page = shown(client, "/notices/?state=open")

    assert page.count('class="card__title"') == 20
    assert "state=open&amp;page=2" in page
    assert shown(client, "/notices/?state=open&page=2").count('class="card__title"') == 1


def test_list_helps_when_nothing_is_found(client, two_agencies):
    """S10: says what to try, and an unknown value filters nothing instead of failing."""
    notice = NoticePageFactory(agency=two_agencies.a)

    assert "조건에 맞는 공고가 없습니다" in shown(client, "/notices/?q=없는말")
    assert notice.title in shown(client, "/notices/?state=nonsense&page=99")


# --- a notice -----------------------------------------------------------------------------------


def test_notice_shows_its_facts(client, two_agencies):
    """S10, S12, S13: 사업구분, 공고기간 with hours, 게시일, 작성자, 전화, 조회."""
    opens_at = timezone.make_aware(timezone.datetime(2026, 3, 11, 9, 0))
    notice = NoticePageFactory(
        agency=two_agencies.a,
        title="2019 대전 유럽1차 시장개척단 모집 공고",
        category=CategoryFactory(slug="regional", name="지역산업마케팅"),
        intake_opens_at=opens_at,
        intake_closes_at=opens_at.replace(month=3, day=30, hour=0),
        posted_at=opens_at,
        contact_phone="0428209623",
        view_count=1234,
    )

    page = shown(client, notice.url)

    for name, value in {
        "사업구분": "지역산업마케팅",
        "게시일": '<time datetime="2026-03-11">2026-03-11</time>',
        "작성자": f"관리자 ({two_agencies.a.name})",
        "조회": "1,234",
    }.items():
        row = page[page.index(f"<dt>{name}</dt>") :]
        assert value in row[: row.index("</div>")]
    assert "2026-03-11 09:00</time> ~ " in page
    assert "2026-03-29 24:00</time>" in page
    assert 'href="tel:0428209623">042-820-9623</a>' in page


def test_notice_lists_attachments_and_documents_before_one_starts(client, two_agencies):
    """S10, S55: files as "name [pdf, size]", required documents with their templates."""
    notice = NoticePageFactory(agency=two_agencies.a)
    AttachmentFactory(page=notice, label="공고문 전문")
    template = DocumentFactory(title="신청서 서식")
    RequiredDocumentFactory(page=notice, label="참가신청서", template=template, formats=["hwp"])

    page = shown(client, notice.url)

    assert "공고문 전문 <span" in page
    assert re.search(r"\[pdf, \d+B\]", page)
    assert "참가신청서" in page
    assert "HWP · 20MB까지" in page
    assert template.url in page


@pytest.mark.parametrize(
    ("trait", "word"), [("coming", "예정"), ("closed", "마감"), ("closing_soon", "마감임박")]
)
def test_notice_names_its_state(client, two_agencies, trait, word):
    """S11, S15: the badge is a word."""
    notice = NoticePageFactory(agency=two_agencies.a, **{trait: True})

    assert f">{word}</span>" in shown(client, notice.url)


def test_notice_shows_the_panel_of_its_kind(client, two_agencies):
    """S14, S16, S17: 신청정보 with the words and buttons of the kind of intake."""
    own = shown(client, NoticePageFactory(agency=two_agencies.a).url)
    external = shown(client, NoticePageFactory(agency=two_agencies.a, external=True).url)

    assert "신청정보" in own
    assert "신청하기" in own
    assert "본 사업은 별도의 접수시스템을 통해 접수받는 사업입니다" in external
    assert "접수시스템 이동" in external
    assert "인증서 발급" in external


def test_notice_tells_of_an_extension(client, two_agencies, at):
    """domain 5.1: «접수기간 연장» with old and new time and the reason."""
    notice = NoticePageFactory(agency=two_agencies.a)
    services.change_intake(
        notice=notice,
        changes={"intake_closes_at": notice.intake_closes_at + timedelta(days=3)},
        reason="신청 수요가 많습니다.",
        by=StaffFactory(comms=True),
        at=at,
    )

    page = shown(client, notice.url)

    assert "접수기간 연장" in page
    assert "신청 수요가 많습니다." in page


def test_notice_tells_who_changed_it_last(client, two_agencies):
    """품질관리 지침: last updated, and by which agency."""
    notice = NoticePageFactory(agency=two_agencies.a)

    page = shown(client, notice.url)

    assert "마지막 수정" in page
    assert page.index("마지막 수정") < page.rindex(two_agencies.a.name)


def test_notice_has_breadcrumbs_of_the_menu(client, two_agencies):
    """S7: 사업공고 > 사업공고, a menu with a same-named child."""
    notice = NoticePageFactory(agency=two_agencies.a)

    trail = shown(client, notice.url).split('class="breadcrumbs"')[1].split("</nav>")[0]

    assert trail.count("사업공고") >= 2
    assert 'href="/notices/"' in trail
