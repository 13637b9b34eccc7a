"""The site's own words of the demo: announcements, banners, words that mean the same."""

from datetime import datetime, timedelta
from typing import Any

from wagtail.rich_text import RichText

from cms.models import (
    AnnouncementListPage,
    AnnouncementPage,
    HomeBanner,
    HomePage,
    SearchSynonym,
)
from config.demo.source import NOTICE_OF_DEMO
from members.models import User

SYNONYMS = (
    "물류비, 운송비, 운송료, 배송비",
    "박람회, 전시회",
    "시장개척단, 무역사절단, 수출상담단",
    "통역, 통번역",
    "인증서, 확인증",
)
BANNERS = (
    ("접수 중인 사업공고 보기", "지금 신청할 수 있는 공고만 모았습니다.", "/notices/?state=open"),
    (
        "필요한 지원으로 찾기",
        "물류, 마케팅처럼 지원별로 봅니다.",
        "/programmes/?by=need",
    ),
    ("처음 오셨습니까?", "가입부터 신청까지 순서대로 안내합니다.", "/guide/"),
)

Block = tuple[str, Any]
# (title, summary, days ago, pinned, body)
ANNOUNCEMENTS: tuple[tuple[str, str, int, bool, tuple[Block, ...]], ...] = (
    (
        "정기 점검으로 잠시 이용할 수 없습니다",
        "매월 둘째 일요일 새벽 2시부터 4시까지 점검합니다.",
        3,
        True,
        (
            (
                "table",
                {
                    "data": [
                        ["구분", "시간", "이용할 수 없는 것"],
                        ["정기 점검", "둘째 일요일 02:00~04:00", "모든 화면"],
                        ["서류 검사 점검", "둘째 일요일 04:00~04:30", "서류 올리기"],
                    ],
                    "first_row_is_table_header": True,
                    "first_col_is_header": True,
                    "table_caption": "점검 시간",
                },
            ),
            (
                "call_out",
                {
                    "title": "점검 시간에 마감되는 공고는",
                    "text": RichText("<p>기관이 접수기간을 늘리고 공고에 표시합니다.</p>"),
                },
            ),
        ),
    ),
    (
        "신청 확인증의 진위확인 방법을 안내합니다",
        "확인증에 적힌 발행번호와 확인번호로 누구나 확인할 수 있습니다.",
        12,
        False,
        (
            (
                "steps",
                {
                    "title": "확인하는 순서",
                    "items": ["진위확인 화면 열기", "발행번호와 확인번호 적기", "결과 보기"],
                },
            ),
        ),
    ),
    (
        "매출과 수출 실적을 새로 적어 주십시오",
        "해가 바뀌면 최근 3년의 실적을 한 번 고쳐 주셔야 합니다.",
        25,
        False,
        (
            (
                "question",
                {
                    "question": "결산이 끝나지 않았습니다.",
                    "answer": RichText("<p>가결산 금액을 적고, 확정되면 고쳐 주십시오.</p>"),
                },
            ),
        ),
    ),
)


def load_site_words(*, home: HomePage, by: User, at: datetime) -> int:
    """Publish the demo's announcements and banners; return how many announcements there are."""
    parent = AnnouncementListPage.objects.get()
    for title, summary, days, is_pinned, body in ANNOUNCEMENTS:
        page = AnnouncementPage(
            title=title,
            slug=f"demo-{days}",
            live=False,
            introduction=summary,
            posted_at=at - timedelta(days=days),
            is_pinned=is_pinned,
            body=[*body, ("text", RichText(f"<p>{NOTICE_OF_DEMO}</p>"))],
        )
        parent.add_child(instance=page)
        page.save_revision(user=by).publish(user=by)
    home.banners = [HomeBanner(title=title, text=text, url=url) for title, text, url in BANNERS]
    home.save_revision(user=by).publish(user=by)
    SearchSynonym.objects.bulk_create(SearchSynonym(words=words) for words in SYNONYMS)
    return len(ANNOUNCEMENTS)
