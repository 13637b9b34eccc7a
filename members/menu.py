"""The main menu of the site, after the customer's manual (S7).

Addresses are the fixed ones of the site's address plan. They are written out because most of them
belong to apps above this one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu; an entry with children only opens them."""

    label: str
    url: str
    children: tuple["MenuItem", ...] = ()
    section: str = ""
    """The beginning of every address that belongs to this entry, where it is not `url`."""

    def holds(self, path: str) -> bool:
        """Whether the page at `path` belongs to this entry or to one of its children."""
        if self.children:
            return any(child.holds(path) for child in self.children)
        return path.startswith(self.section or self.url)


def current_item(items: tuple[MenuItem, ...], path: str) -> MenuItem | None:
    """The entry that the page at `path` belongs to; of several, the longest address wins."""
    holding = [item for item in items if item.holds(path)]
    return max(holding, key=lambda item: len(item.url), default=None)


MAIN_MENU: tuple[MenuItem, ...] = (
    MenuItem("사업공고", "/notices/", (MenuItem("사업공고", "/notices/"),)),
    MenuItem("연중일정", "/schedule/"),
    MenuItem("사업안내", "/programmes/"),
    MenuItem("유관기관 안내", "/agencies/"),
    MenuItem(
        "회원서비스",
        "/my/",
        (
            MenuItem("회원가입", "/join/terms/", section="/join/"),
            MenuItem("로그인", "/login/"),
            MenuItem("아이디/비밀번호 찾기", "/find/id/", section="/find/"),
            MenuItem("마이페이지", "/my/"),
        ),
    ),
    MenuItem(
        "이용안내",
        "/guide/",
        (MenuItem("이용안내", "/guide/"), MenuItem("공지사항", "/announcements/")),
    ),
)

MY_MENU: tuple[MenuItem, ...] = (
    MenuItem("마이페이지 홈", "/my/"),
    MenuItem("신청 내역", "/my/applications/"),
    MenuItem("신청 확인증", "/my/certificates/"),
    MenuItem("스크랩한 공고", "/my/bookmarks/"),
    MenuItem("기업정보", "/my/profile/"),
    MenuItem("제품정보", "/my/products/"),
    MenuItem("매출·수출 실적", "/my/figures/"),
    MenuItem("동의 관리", "/my/consents/"),
    MenuItem("담당자 관리", "/my/people/"),
    MenuItem("제출한 서류", "/my/papers/"),
    MenuItem("로그인 기록", "/my/sessions/"),
    MenuItem("비밀번호 바꾸기", "/my/password/"),
    MenuItem("2단계 인증", "/my/second-factor/"),
)
