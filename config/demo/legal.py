"""Consent texts and the privacy policy of the demo."""

from datetime import datetime, timedelta

from config.demo.source import Entry, read
from members.enums import LegalKind
from members.models import LegalText, User

Section = dict[str, object]

LEGAL_KINDS = {
    "terms": LegalKind.TERMS,
    "privacy_collect": LegalKind.PRIVACY,
    "third_party": LegalKind.COMPANY_INFO,
    "marketing": LegalKind.EMAIL,
}
HEADINGS = (
    ("channels", "보내는 방법"),
    ("not_collected", "수집하지 않는 정보"),
    ("retention", "보유·이용 기간"),
    ("excluded", "동의와 관계없이 보내는 알림"),
    ("refusal", "동의를 거부할 권리"),
    ("law", "근거"),
)


def section(heading: str, *body: str) -> Section:
    """Return one section, the operating body's name put in."""
    return {"heading": heading, "body": [line.replace("{운영기관}", "대전광역시") for line in body]}


def item_sections(entry: Entry) -> list[Section]:
    """Return what is collected: required and optional items apart."""
    items = entry.get("items")
    if isinstance(items, dict):
        return [
            section("필수 항목", ", ".join(items["required"])),
            section("선택 항목", ", ".join(items["optional"])),
        ]
    return [section("항목", ", ".join(items))] if items else []


def recipient_sections(entry: Entry) -> list[Section]:
    """Return who receives and who is asked (S24)."""
    recipients = [
        section(
            f"제공받는 자: {item['name']}",
            f"목적: {item['purpose']}",
            f"항목: {', '.join(item['items'])}",
            f"보유 기간: {item['retention']}",
        )
        for item in entry.get("recipients", [])
    ]
    lookups = [
        section(
            f"조회: {item['source']}",
            item["what"],
            f"목적: {item['purpose']}",
            f"기간: {item['period']}",
        )
        for item in entry.get("lookups", [])
    ]
    return recipients + lookups


def consent_sections(entry: Entry) -> list[Section]:
    """Return the sections of a consent: its articles, or its stated matters one by one."""
    if "sections" in entry:
        return [
            section(f"{item['no']}({item['title']})", item["text"]) for item in entry["sections"]
        ]
    purpose = [section("목적", *entry["purpose"])] if "purpose" in entry else []
    rest = [
        section(heading, *(entry[key] if isinstance(entry[key], list) else [entry[key]]))
        for key, heading in HEADINGS
        if key in entry
    ]
    return purpose + item_sections(entry) + recipient_sections(entry) + rest


def privacy_policy_sections() -> list[Section]:
    """Return the privacy policy, written from the facts of the privacy consent."""
    consent = next(e for e in read("consents")["consents"] if e["kind"] == "privacy_collect")
    items = consent["items"]
    return [
        section("처리 목적", "다음 목적으로만 개인정보를 처리합니다.", *consent["purpose"]),
        section(
            "처리하는 항목",
            f"필수: {', '.join(items['required'])}",
            f"선택: {', '.join(items['optional'])}",
        ),
        section("보유 기간", consent["retention"]),
        section(
            "제3자 제공",
            "신청하거나 확인증을 받을 때 동의한 범위에서 공고를 낸 기관에 제공합니다.",
            "제공한 기록은 마이페이지의 동의 내역에서 볼 수 있습니다.",
        ),
        section(
            "안전성 확보 조치",
            "비밀번호는 알아볼 수 없게 저장하고, 연락처와 민감한 서류는 암호화합니다.",
            "담당자가 개인정보를 조회하면 시각·대상·사유를 기록합니다.",
        ),
        section(
            "정보주체의 권리",
            "언제든 열람·정정·삭제·처리 정지를 요구하고 선택 동의를 철회할 수 있습니다.",
            "마이페이지 또는 화면 아래의 이용문의로 요청합니다.",
        ),
    ]


def load_legal_texts(*, at: datetime, by: User) -> None:
    """Create the consent texts and the privacy policy, in force for a year already."""
    shared = {
        "effective_at": at - timedelta(days=365),
        "is_published": True,
        "created_by": by,
    }
    for position, entry in enumerate(read("consents")["consents"]):
        title = entry["title"].removesuffix(" 동의")
        LegalText.objects.create(
            kind=LEGAL_KINDS[entry["kind"]],
            version=entry["version"],
            title=title,
            statement=f"{title}에 동의합니다.",
            sections=consent_sections(entry),
            is_required=entry["required"],
            position=position,
            **shared,
        )
    LegalText.objects.create(
        kind=LegalKind.PRIVACY_POLICY,
        version="2026-11",
        title="개인정보 처리방침",
        sections=privacy_policy_sections(),
        is_required=False,
        position=9,
        **shared,
    )
