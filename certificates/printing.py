"""What stands on the paper, as plain text (S60, S62); the PDF and its HTML twin share it."""

import base64
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO

import segno
from django.conf import settings

from certificates.models import Certificate, PaperVersion
from certificates.numbers import show_code
from cms.models import NoticePage
from members.formatting import day_in_seoul, format_business_number, format_date

WORD_JOINER = "\u2060"
# Longer words than a line are broken wherever the line ends; joining them costs time for nothing.
LONGEST_JOINED = 24

PROVISIONAL_MARK = "임시"
PROVISIONAL_NOTE = "임시: 원본서류가 접수되기 전에 발급된 확인증입니다."
SAMPLE_MARK = "견본"
SAMPLE_NOTE = "견본: 효력이 없는 시험용 확인증입니다."

_WORD = re.compile(r"\S+")
# Controls, surrogates, unassigned, private; line separators; and what turns the writing direction
# or hides letters. Joiners inside a name are none of a company's business.
_DROPPED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def one_line(text: str) -> str:
    """Return text as it may be printed: NFC, one line, no control or direction characters."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(char for char in spaced if unicodedata.category(char) not in _DROPPED).strip()


def keep_words(text: str) -> str:
    """Return text whose words a layout without `word-break: keep-all` does not break."""
    return _WORD.sub(_joined, text)


def _joined(match: re.Match[str]) -> str:
    word = match.group()
    return word if len(word) > LONGEST_JOINED else WORD_JOINER.join(word)


def long_date(day: date) -> str:
    """Return a date as the paper's signature line writes it: 2026년 03월 14일."""
    return f"{day.year}년 {day.month:02d}월 {day.day:02d}일"


def check_address(certificate: Certificate) -> str:
    """Return the address that the QR code holds."""
    return f"{settings.SITE_URL}/check/{certificate.check_token}/"


def company_rows(certificate: Certificate) -> list[tuple[str, str]]:
    """Return the eight fields of S60 in their order, as (label, printed value)."""
    return [
        ("업체명", certificate.company_name),
        ("대표자", certificate.representative),
        ("설립일자", format_date(certificate.founded_date)),
        ("사업자등록번호", format_business_number(certificate.business_number)),
        ("업종", certificate.industry),
        ("주제품", certificate.main_product),
        ("주소", certificate.address),
        ("전화번호", certificate.phone),
    ]


@dataclass(frozen=True)
class PrintedPaper:
    """Every text of one paper, in the order of reading."""

    title: str
    author: str
    number: str
    issued_date: str
    heading: str
    mark: str
    mark_note: str
    notice: str
    rows: list[tuple[str, str]]
    sentence: str
    long_date: str
    issuer_name: str
    check_code: str
    check_site: str
    issued_iso: str
    has_seal: bool = False

    @property
    def texts(self) -> list[str]:
        """Every text that a reader of the paper must find on it."""
        values = [value for _, value in self.rows]
        return [
            self.number,
            self.issued_date,
            self.heading,
            self.notice,
            *values,
            self.sentence,
            self.long_date,
            self.issuer_name,
            self.check_code,
        ]


def printed_paper(certificate: Certificate, *, joined: bool = False) -> PrintedPaper:
    """Return the texts of a certificate's paper, from its row alone.

    `joined`: words hold together by U+2060, for the PDF; the HTML twin has CSS for that.
    """
    shaped = keep_words if joined else str
    notice = f"{certificate.notice_title} ({certificate.notice.code})"
    return PrintedPaper(
        title=f"신청 확인증 {certificate.number}",
        author=certificate.issuer_name,
        number=certificate.number,
        issued_date=format_date(certificate.issued_date),
        heading=shaped(certificate.heading),
        mark=PROVISIONAL_MARK if certificate.is_provisional else "",
        mark_note=PROVISIONAL_NOTE if certificate.is_provisional else "",
        notice=shaped(notice),
        rows=[(label, shaped(value)) for label, value in company_rows(certificate)],
        sentence=shaped(certificate.sentence),
        long_date=long_date(certificate.issued_date),
        issuer_name=shaped(certificate.issuer_name),
        check_code=show_code(certificate.check_code),
        check_site=f"{settings.SITE_URL}/check/",
        issued_iso=certificate.issued_at.isoformat(timespec="seconds"),
        has_seal=bool(certificate.paper and certificate.paper.seal_id),
    )


def sample_paper(version: PaperVersion, *, at: datetime, joined: bool = False) -> PrintedPaper:
    """Return a paper of invented data in a version's texts, marked 견본; it has no number."""
    certificate = Certificate(
        number="0000-BZA0000000-0000",
        notice=NoticePage(code="BZA0000000", content_type_id=0),
        notice_title="해외 시장개척단 참가기업 모집 공고",
        issued_at=at,
        issued_date=day_in_seoul(at),
        company_name="주식회사 견본정밀",
        representative="홍길동",
        founded_date=date(2011, 4, 5),
        business_number="0000000000",
        industry="제조업",
        main_product="자동차 부품용 정밀 베어링",
        address="대전광역시 유성구 시연로 1, 견본빌딩 3층",
        phone="042-000-0000",
        heading=version.heading,
        sentence=version.sentence,
        issuer_name=version.issuer_name,
        paper=version,
        check_code="0" * 12,
        check_token="0" * 32,
    )
    paper = printed_paper(certificate, joined=joined)
    return replace(paper, mark=SAMPLE_MARK, mark_note=SAMPLE_NOTE)


def check_site_qr() -> bytes:
    """Return the QR code of the check page itself, for samples."""
    return _qr(f"{settings.SITE_URL}/check/")


def qr_svg(certificate: Certificate) -> bytes:
    """Return the QR code of the check address as an SVG picture."""
    return _qr(check_address(certificate))


def _qr(address: str) -> bytes:
    code = segno.make(address, error="m", micro=False)
    picture = BytesIO()
    code.save(picture, kind="svg", border=0, omitsize=True, svgclass=None, lineclass=None)
    return picture.getvalue()


def data_address(data: bytes, content_type: str) -> str:
    """Return a small picture as a data address, so that it needs no address of its own."""
    return f"data:{content_type};base64,{base64.b64encode(data).decode()}"
