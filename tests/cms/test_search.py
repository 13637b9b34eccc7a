"""Korean search: what is found, what is marked, and that it follows publishing."""

import random
import re
import unicodedata
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page

from cms.models import NoticePage, SearchEntry, SearchSynonym
from cms.search import index
from cms.search.grams import RUN, grams, normalised, phrase_of
from cms.search.marks import excerpt, marked
from cms.search.results import answers, find, search_of
from tests.factories.cms import (
    AttachmentFactory,
    NoticePageFactory,
    ProgrammeGuidePageFactory,
    ScheduleEntryPageFactory,
    StandardPageFactory,
    corner_of,
)
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db

SYLLABLES = "해외물류비지원사업특송수출상담회전시장개척단대"
LATIN = ["kotra", "fta", "FDA", "CES", "hs", "b2b", "2026", "12", "3"]


def found(words):
    return set(NoticePage.objects.filter(answers(search_of(words))).values_list("title", flat=True))


# --- tokens -------------------------------------------------------------------------------------


def test_tokens_are_pairs_of_syllables_and_whole_latin_words():
    """S10: 물류비 is found as 물류, 류비 and by its last syllable."""
    assert grams("해외물류비 B2B 3차") == ["해외", "외물", "물류", "류비", "비", "b2b", "3", "차"]
    assert phrase_of("물류비").tokens == ("물류", "류비")
    assert phrase_of("지원KOTRA").tokens == ("지원", "원", "kotra")
    assert phrase_of("비").is_open
    assert phrase_of("!?") is None


def test_decomposed_syllables_are_the_same_words(two_agencies):
    """S10: a title typed on a Mac comes decomposed, and so do questions."""
    NoticePageFactory(agency=two_agencies.a, title=unicodedata.normalize("NFD", "해외물류비"))

    assert len(found("물류")) == len(found(unicodedata.normalize("NFD", "물류"))) == 1


# --- generated questions ------------------------------------------------------------------------


def text_of(rng, words):
    """Return words of syllables, Latin letters and digits, with particles and marks between."""
    parts = [
        rng.choice(LATIN)
        if rng.random() < 0.2
        else "".join(rng.choices(SYLLABLES, k=rng.randint(1, 6)))
        for _ in range(words)
    ]
    return "".join(part + rng.choice([" ", " ", ", ", "·", "(", ") ", "-"]) for part in parts)


def pages_of(rng, agency, count):
    pages = [
        NoticePageFactory(
            agency=agency, title=text_of(rng, 3)[:200], summary=text_of(rng, 20)[:280]
        )
        for _ in range(count)
    ]
    entries = SearchEntry.objects.in_bulk([page.pk for page in pages])
    return {
        page.pk: normalised("\n".join([page.title, page.code, entries[page.pk].text]))
        for page in pages
    }


def truth(texts, words):
    """Return the pages that hold every word: syllables as substrings, Latin words by prefix."""

    def holds(text, word):
        if re.fullmatch(r"[가-힣]+", word):
            return word in text
        return any(run[0].startswith(word) for run in RUN.finditer(text))

    return {key for key, text in texts.items() if all(holds(text, word) for word in words)}


def question_of(rng, texts):
    """Return one to three words: most of them cut out of a text, some invented."""
    words = []
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3])):
        run = rng.choice(list(RUN.finditer(rng.choice(list(texts.values())))))[0]
        if rng.random() < 0.15:
            run = "".join(rng.choices(SYLLABLES, k=3))
        if re.fullmatch(r"[가-힣]+", run):
            start = rng.randrange(len(run))
            words.append(run[start : start + rng.randint(1, 4)])
        else:
            words.append(run[: rng.randint(1, len(run))])
    return words


def compare(agency, questions, pages):
    rng = random.Random(20260301)  # noqa: S311  (the same questions every time)
    texts = pages_of(rng, agency, pages)
    hits = 0
    for _ in range(questions):
        words = question_of(rng, texts)
        expected = truth(texts, words)
        asked = search_of(" ".join(words))
        answered = NoticePage.objects.filter(pk__in=texts).filter(answers(asked))
        assert set(answered.values_list("pk", flat=True)) == expected, words
        hits += bool(expected)
    assert questions // 2 < hits <= questions


def test_generated_questions_find_exactly_what_holds_them(two_agencies):
    """S10, issue B 5.2: 60 questions, each answer equal to a count of substrings."""
    compare(two_agencies.a, 60, 25)


@pytest.mark.long
def test_a_thousand_generated_questions(two_agencies):
    """S10, issue B 5.2: 1,000 questions, each answer equal to a count of substrings."""
    compare(two_agencies.a, 1000, 120)


@pytest.mark.parametrize(
    "words",
    ["\"';--", "' OR 1=1", 'a"b', "%", "*", "물류*", "(", "NOT", "near(a b)", "\\", "\x00물"],
)
def test_no_question_breaks_the_database(client, two_agencies, words):
    """S10: signs that mean something to a database mean nothing here."""
    NoticePageFactory(agency=two_agencies.a, title="해외물류비 지원")

    find(search_of(words), kind="", newest_first=False, page=1)
    assert client.get("/search/", {"q": words}).status_code == 200
    assert client.get("/notices/", {"q": words}).status_code == 200


# --- every kind, in step with publishing --------------------------------------------------------


def test_search_finds_every_kind_and_counts_them(client, two_agencies):
    """S2, S3, S5, S6, S9: one question over every kind, with a tab and a count for each."""
    NoticePageFactory(agency=two_agencies.a, title="해외도자비 지원")
    ProgrammeGuidePageFactory(agency=two_agencies.b, title="길잡이", purpose="도자비를 줄입니다.")
    ScheduleEntryPageFactory(agency=two_agencies.a, title="설명회", description="도자 설명")
    StandardPageFactory(title="도자 안내")
    NoticePageFactory(agency=two_agencies.a, title="도자 초안", draft=True)

    page = client.get("/search/?q=도자").content.decode()

    assert "검색 결과 <strong>4</strong>건" in page
    assert "해외<mark>도자</mark>비 지원" in page
    for label in ("전체", "사업공고", "사업안내", "연중일정"):
        assert f">{label}&nbsp;<span" in page
    only = client.get("/search/?q=도자&kind=guide").content.decode()
    assert "검색 결과 <strong>1</strong>건" in only
    assert "<mark>도자</mark>비를 줄입니다." in only


def test_a_title_weighs_more_than_a_text_and_newest_is_an_order(two_agencies):
    """S10: hits in the title come first; 최신순 goes by date."""
    now = timezone.now()
    by_title = NoticePageFactory(
        agency=two_agencies.a, title="통역 지원", posted_at=now - timedelta(days=9)
    )
    by_text = NoticePageFactory(
        agency=two_agencies.a, title="박람회", summary="현지 통역을 붙여 드립니다.", posted_at=now
    )

    def order(newest_first):
        results = find(search_of("통역"), kind="", newest_first=newest_first, page=1)
        return [hit.entry.page_id for hit in results.hits]

    assert order(newest_first=False) == [by_title.pk, by_text.pk]
    assert order(newest_first=True) == [by_text.pk, by_title.pk]


def test_attachments_documents_and_bodies_are_found(two_agencies):
    """S10: what stands on the notice is found, not its title alone."""
    notice = NoticePageFactory(
        agency=two_agencies.a,
        title="지원",
        body=[("table", {"data": [["한도", "오백만원"]], "first_row_is_table_header": False})],
    )
    AttachmentFactory(page=notice, label="참가신청서 서식")
    call_command("rebuild_search")

    assert found("오백만") == found("신청서") == {"지원"}


def test_search_follows_publishing_and_unpublishing(client, two_agencies):
    """Issue B 1: found from publishing on, with the published words, until unpublishing."""
    notice = NoticePageFactory(agency=two_agencies.a, title="처음 제목", draft=True)
    notice.save_revision().publish()
    assert "처음" in client.get("/search/?q=처음").content.decode()

    notice.title = "나중 제목"
    revision = notice.save_revision()
    assert found("나중") == set()
    revision.publish()
    assert (found("처음"), found("나중")) == (set(), {"나중 제목"})

    NoticePage.objects.get(pk=notice.pk).unpublish()
    assert find(search_of("나중"), kind="", newest_first=False, page=1).total == 0


def test_scheduling_alone_publishes_nothing_to_the_search(two_agencies):
    """Issue B 1: Wagtail reports a publishing that is only planned; the live words stay."""
    new = NoticePageFactory(agency=two_agencies.a, title="아직 비밀", draft=True)
    known = NoticePageFactory(agency=two_agencies.a, title="지금 제목")
    known.save_revision().publish()
    known = NoticePage.objects.get(pk=known.pk)
    for page, title in ((new, "아직 비밀"), (known, "다음 제목")):
        page.title = title
        page.go_live_at = timezone.now() + timedelta(days=1)
        page.save_revision().publish()

    assert found("비밀") == found("다음") == set()
    assert found("지금") == {"지금 제목"}


def test_deleting_a_branch_forgets_all_of_it(two_agencies):
    """Issue B 1: pages below a deleted page are forgotten too."""
    above = StandardPageFactory(title="한복판 안내")
    StandardPageFactory(parent=above, title="한복판 아래")

    Page.objects.get(pk=above.pk).delete()

    assert find(search_of("한복판"), kind="", newest_first=False, page=1).total == 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM cms_searchindex WHERE title MATCH '한복'")
            assert cursor.fetchall() == []


def test_a_moved_page_is_found_with_its_new_agency(two_agencies):
    """Issue B 1: moving changes the agency in the search as well."""
    notice = NoticePageFactory(agency=two_agencies.a, title="옮기는 공고")

    notice.move(corner_of(two_agencies.b), pos="last-child")

    assert SearchEntry.objects.get(page=notice).agency == two_agencies.b
    assert found(f"옮기는 {two_agencies.b.name}") == {"옮기는 공고"}


def test_what_is_taken_back_is_not_found(two_agencies):
    """Issue B 1: the search is written in the transaction of the change."""
    notice = NoticePageFactory(agency=two_agencies.a, title="되돌린 공고", draft=True)

    with transaction.atomic():
        notice.save_revision().publish()
        assert found("되돌린")
        transaction.set_rollback(True)

    assert not found("되돌린")


def test_rebuilding_finds_the_same_again(two_agencies):
    """Issue B 1: `rebuild_search` repairs whatever was lost."""
    NoticePageFactory(agency=two_agencies.a, title="해외물류비 지원")
    NoticePageFactory(agency=two_agencies.a, title="물류 초안", draft=True)
    SearchEntry.objects.all().delete()
    index.clear()
    assert not found("물류")

    call_command("rebuild_search")

    assert found("물류") == {"해외물류비 지원"}


def test_an_old_agency_name_finds_the_agency(client, two_agencies):
    """A20, S6: companies look for the name they knew."""
    two_agencies.a.former_names.create(name="대전경제통상진흥원")
    call_command("rebuild_search")

    page = client.get("/search/?q=경제통상진흥원").content.decode()

    assert corner_of(two_agencies.a).url in page


# --- words that mean the same -------------------------------------------------------------------


def test_synonyms_find_each_other(client, two_agencies):
    """Issue B 1: staff write words that mean the same; each finds the others."""
    NoticePageFactory(agency=two_agencies.a, title="해외 운송료 지원")
    SearchSynonym.objects.create(words="물류비, 운송료")

    page = client.get("/search/?q=물류비").content.decode()

    assert "해외 <mark>운송료</mark> 지원" in page
    assert found("운송") == {"해외 운송료 지원"}
    assert not found("물류")


def test_comms_edit_synonyms_and_officers_do_not(log_in, two_agencies):
    """Issue B 1: one list of words for the whole site."""
    address = "/admin/snippets/cms/searchsynonym/add/"

    response = log_in(StaffFactory(comms=True)).post(address, {"words": "배송, 운송"})

    assert response.status_code == 302
    assert SearchSynonym.objects.get().alternatives == ["배송", "운송"]
    assert log_in(StaffFactory(agency=two_agencies.a)).get(address).status_code != 200


# --- what is shown ------------------------------------------------------------------------------


def test_marks_hold_no_markup_of_the_text():
    """S10: words are marked, everything else is escaped."""
    html = marked('<b>해외물류비</b> & "KOTRA" akotra', ["물류", "kotra"])

    assert "&lt;b&gt;해외<mark>물류</mark>비&lt;/b&gt; &amp;" in html
    assert "<mark>KOTRA</mark>" in html
    assert "akotra" in html
    assert marked("그대로", []) == "그대로"


def test_an_excerpt_shows_where_the_word_stands():
    """S10: a hit far down in a text is shown with what stands around it."""
    text = "가" * 300 + " 물류비 " + "나" * 300

    assert "물류비" in excerpt(text, ["물류"])
    assert excerpt(text, ["물류"]).startswith("…")
    assert excerpt("짧은 글", ["없음"]) == "짧은 글"


def test_marked_titles_in_the_notice_list(client, two_agencies):
    """S10: the list of notices marks what was looked for and finds it in the text too."""
    NoticePageFactory(agency=two_agencies.a, title="해외물류비 지원")

    assert "해외<mark>물류</mark>비 지원" in client.get("/notices/?q=물류").content.decode()


def test_search_asks_the_database_a_fixed_number_of_times(
    client, two_agencies, django_assert_num_queries, django_assert_max_num_queries
):
    """Issue B 5.5: one hit or twenty of each kind make no difference."""

    def add(count):
        for _ in range(count):
            NoticePageFactory(agency=two_agencies.a, title="도자 공고")
            ProgrammeGuidePageFactory(agency=two_agencies.b, title="도자 안내")
            ScheduleEntryPageFactory(agency=two_agencies.a, title="도자 일정")

    add(1)
    client.get("/search/?q=도자")
    with django_assert_max_num_queries(14) as few:
        client.get("/search/?q=도자")
    add(6)

    with django_assert_num_queries(len(few)):
        page = client.get("/search/?q=도자").content.decode()
    assert page.count('class="card__title"') == 20
    assert "?q=%EB%8F%84%EC%9E%90&amp;page=2" in page


# --- the admin ----------------------------------------------------------------------------------


def test_staff_find_the_same_in_the_admin_and_only_their_own(log_in, two_agencies):
    """Issue B 1 and 3: the admin's searches find syllables inside words, within the own agency."""
    own = NoticePageFactory(agency=two_agencies.a, title="해외물류비 지원 가")
    by_text = NoticePageFactory(
        agency=two_agencies.a, title="다른 말", summary="국제물류를 돕습니다"
    )
    draft = NoticePageFactory(agency=two_agencies.a, title="국내물류비 초안", draft=True)
    foreign = NoticePageFactory(agency=two_agencies.b, title="남의물류비 공고")
    officer = log_in(StaffFactory(agency=two_agencies.a))

    for address in ("/admin/notices/results/", "/admin/pages/search/results/"):
        page = officer.get(address, {"q": "물류"}).content.decode()

        assert all(title in page for title in (own.title, by_text.title, draft.title)), address
        assert foreign.title not in page, address
