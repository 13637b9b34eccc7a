"""The texts a new site starts with; editors change them afterwards in the admin."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FirstText:
    """One standard page: `body` is a list of (block, value) as in cms.blocks.BodyBlock."""

    slug: str
    title: str
    introduction: str
    body: tuple[tuple[str, Any], ...] = ()
    children: tuple["FirstText", ...] = ()


MAIN_SCREEN = FirstText(
    slug="main-screen",
    title="메인화면 설명",
    introduction="첫 화면에서 할 수 있는 일을 안내합니다.",
    body=(
        ("heading", "사업공고"),
        (
            "text",
            "<p>모든 기관의 공고를 마감이 가까운 순서로 보여 줍니다. 제목을 누르면 "
            "자세한 내용과 신청정보가 나옵니다.</p>",
        ),
        ("heading", "연중일정"),
        (
            "text",
            "<p>한 해의 전시회, 무역사절단, 상담회, 교육 일정입니다. 오늘과 가장 가까운 "
            "일정부터 보이고 지난 일정은 + 뒤에 접혀 있습니다.</p>",
        ),
        ("heading", "회원 서비스"),
        (
            "text",
            "<p>기업회원은 로그인하여 지원사업을 신청하고 신청 확인증을 발급받습니다. "
            "아이디/비밀번호 찾기와 회원가입도 이곳에서 시작합니다.</p>",
        ),
        ("heading", "사업안내와 유관기관 안내"),
        ("text", "<p>기관마다 운영하는 사업과 연락처를 볼 수 있습니다.</p>"),
    ),
)
JOINING = FirstText(
    slug="joining",
    title="회원가입 및 인증",
    introduction="회원가입은 기업만 할 수 있으며 네 단계로 진행합니다.",
    body=(
        (
            "steps",
            {
                "title": "가입 순서",
                "items": ["약관동의", "기업인증", "기업정보 입력", "회원가입 완료"],
            },
        ),
        ("heading", "인증서가 있는 기업"),
        (
            "text",
            "<p>사업자등록번호를 입력하고 사업자용 공동인증서로 인증하면 바로 "
            "정식회원이 됩니다.</p>",
        ),
        ("heading", "인증서가 없는 기업"),
        (
            "list",
            {
                "title": "필요한 서류",
                "items": ["기업정보활용동의서", "사업자등록증(사본)", "인감증명서(원본)"],
            },
        ),
        (
            "text",
            "<p>스캔한 파일을 올리면 임시회원으로 이용할 수 있고, 접수 기관에 원본이 "
            "도착하면 정식회원이 됩니다. 원본을 내지 않으면 신청할 때 불이익이 있을 수 "
            "있습니다.</p>",
        ),
    ),
)
APPLYING = FirstText(
    slug="applying",
    title="공고 신청",
    introduction="접수 방법에 따라 신청하는 곳이 다릅니다.",
    body=(
        ("heading", "본 시스템 접수"),
        (
            "steps",
            {
                "title": "",
                "items": [
                    "공고에서 신청하기 누르기",
                    "가입정보 확인과 재동의",
                    "제출서류 올리기",
                    "확인하고 제출하기",
                ],
            },
        ),
        ("heading", "별도 시스템 접수"),
        (
            "text",
            "<p>공고에서 인증서 발급을 눌러 신청 확인증을 내려받은 뒤, 접수시스템으로 "
            "이동하여 확인증을 함께 제출합니다.</p>",
        ),
        ("heading", "마감된 공고"),
        (
            "text",
            "<p>접수 마감 시각이 지나면 신청할 수 없습니다. 마감 시각은 서울 시각이며 "
            "서버의 시계를 따릅니다.</p>",
        ),
    ),
)

FIRST_TEXTS: tuple[FirstText, ...] = (
    FirstText(
        slug="guide",
        title="이용안내",
        introduction="수출지원사업 관리시스템을 쓰는 방법을 세 부분으로 안내합니다.",
        children=(MAIN_SCREEN, JOINING, APPLYING),
    ),
    FirstText(
        slug="copyright",
        title="저작권정책",
        introduction="이 누리집의 자료를 이용할 때 지킬 점입니다.",
        body=(
            (
                "text",
                "<p>기관이 게시한 공고와 안내의 저작권은 해당 기관에 있습니다. 출처를 "
                "밝히면 인용할 수 있으며, 내용을 바꾸어 쓰려면 해당 기관의 허락이 필요합니다.</p>",
            ),
            (
                "text",
                "<p>화면은 범정부 UI/UX 디자인 시스템(KRDS)의 디자인 토큰을 이용하였습니다. "
                "KRDS는 공공누리 제1유형(출처표시)에 따라 이용할 수 있습니다.</p>",
            ),
        ),
    ),
    FirstText(
        slug="no-email-collection",
        title="이메일무단수집거부",
        introduction="이 누리집에 게시된 전자우편 주소의 무단 수집을 거부합니다.",
        body=(
            (
                "text",
                "<p>전자우편 주소를 자동으로 모으는 프로그램이나 그 밖의 기술적 장치로 "
                "수집하는 것을 거부하며, 이를 어기면 정보통신망법에 따라 처벌받을 수 "
                "있습니다.</p>",
            ),
        ),
    ),
    FirstText(
        slug="accessibility",
        title="웹 접근성 안내",
        introduction="누구나 불편 없이 이용할 수 있도록 만들고 있습니다.",
        body=(
            (
                "text",
                "<p>한국형 웹 콘텐츠 접근성 지침 2.2와 WCAG 2.2 AA를 목표로 합니다. 화면 "
                "위쪽의 화면 설정에서 글자 크기와 고대비 화면을 고를 수 있고, 모든 기능을 "
                "키보드만으로 쓸 수 있습니다.</p>",
            ),
            (
                "text",
                "<p>이용에 어려움이 있으면 아래쪽의 시스템 오류신고 및 이용지원 요청 번호로 "
                "알려 주십시오.</p>",
            ),
        ),
    ),
)
