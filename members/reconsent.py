"""What a renewed consent covers, and what changed since it was last given (S58)."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from members.models import Agency, Company, Consent, LegalText

PURPOSE = "지원사업 신청의 접수, 자격 확인, 심사, 결과 안내와 지원 관리"
ITEMS = "기업정보, 담당자 정보, 제품과 실적, 제출서류, 추가 질문의 답"
PERIOD = "해당 사업의 정산과 사후관리가 끝날 때까지 (관계 법령이 정한 기간이 있으면 그 기간)"
MAX_LINES = 20


@dataclass(frozen=True)
class Provision:
    """To whom the record is given, what for, what and how long; recorded with a hand-in."""

    recipient: str
    purpose: str = PURPOSE
    items: str = ITEMS
    period: str = PERIOD

    def rows(self) -> list[tuple[str, str]]:
        """The four facts as (name, value), in the order of the law."""
        return [
            ("제공받는 곳", self.recipient),
            ("이용 목적", self.purpose),
            ("제공 항목", self.items),
            ("보유 기간", self.period),
        ]


@dataclass(frozen=True)
class Renewal:
    """One text to consent to again, beside the version that was agreed to last."""

    text: LegalText
    last: Consent | None
    added: Sequence[str] = ()
    removed: Sequence[str] = ()

    @property
    def is_changed(self) -> bool:
        return self.last is not None and self.last.text_hash != self.text.content_hash


def provision_to(agency: Agency) -> Provision:
    """Return what is given to a notice's agency."""
    return Provision(recipient=agency.name)


def renewals(*, company: Company, texts: Sequence[LegalText]) -> list[Renewal]:
    """Return each text with the company's last consent to its kind and what changed; one query."""
    last_of = {
        consent.text.kind: consent
        for consent in Consent.objects.latest_of(company).agreed().select_related("text")
    }
    return [renewal(text, last_of.get(text.kind)) for text in texts]


def renewal(text: LegalText, last: Consent | None) -> Renewal:
    """Compare a text with the version behind a consent, sentence by sentence."""
    if last is None or last.text_hash == text.content_hash:
        return Renewal(text, last)
    old, new = lines_of(last.text), lines_of(text)
    added: list[str] = []
    removed: list[str] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind != "equal":
            removed += old[old_from:old_to]
            added += new[new_from:new_to]
    return Renewal(text, last, added[:MAX_LINES], removed[:MAX_LINES])


def lines_of(text: LegalText) -> list[str]:
    """Return a text's statement, headings and sentences, one a line."""
    lines = [text.statement] if text.statement else []
    for section in text.sections:
        lines += [section["heading"], *section["body"]]
    return [str(line) for line in lines]
