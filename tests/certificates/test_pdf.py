"""The paper: read back, looked at by machine, and fed with hostile texts (S60)."""

import io
import socketserver
import threading
import unicodedata
from datetime import UTC, date, datetime

import pypdf
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from certificates import pdf, printing
from certificates.models import Certificate
from certificates.printing import keep_words, long_date, one_line, printed_paper
from cms.models import NoticePage


def certificate_of(**changes):
    """An unsaved certificate: the paper comes from the row alone."""
    values = {
        "number": "2026-BZA0000005-0001",
        "notice": NoticePage(code="BZA0000005", content_type_id=1),
        "notice_title": "2026 대전 유럽1차 시장개척단 모집 공고",
        "issued_at": datetime(2026, 3, 14, 1, 2, tzinfo=UTC),
        "issued_date": date(2026, 3, 14),
        "company_name": "주식회사 한빛정밀",
        "representative": "홍길동",
        "founded_date": date(2011, 5, 2),
        "business_number": "1234567891",
        "industry": "제조업",
        "main_product": "자동차 부품용 정밀 베어링",
        "address": "대전광역시 유성구 테크노2로 100, 한빛빌딩 3층",
        "phone": "042-123-4567",
        "heading": "대전광역시 수출지원사업 신청 확인증",
        "sentence": "상기 업체는 대전광역시에서 시행하는 수출지원사업의 신청 가능 대상임을 "
        "확인합니다.",
        "issuer_name": "대전광역시 수출지원 관리시스템",
    }
    return Certificate(**{**values, **changes})


def read(data):
    return pypdf.PdfReader(io.BytesIO(data))


def squeezed(text):
    """Text without what a layout may add or lose: spaces, line ends, joiners."""
    return "".join(text.replace(printing.WORD_JOINER, "").split())


def text_of(reader):
    return "\n".join(page.extract_text() for page in reader.pages)


def test_paper_says_what_the_manual_shows():
    """S60: number, date, eight fields, notice, sentence, long date and issuer, in this order."""
    certificate = certificate_of()

    text = squeezed(text_of(read(pdf.render_certificate(certificate))))

    places = [text.index(squeezed(part)) for part in printed_paper(certificate).texts[:-1]]
    assert places[:4] == sorted(places[:4])
    assert places[4:] == sorted(places[4:])
    assert "발행번호2026-BZA0000005-0001발행일2026-03-14" in text
    assert "사업자등록번호123-45-67891" in text
    assert "2026년03월14일" in text
    assert certificate.check_code in text.replace("-", "")


def test_paper_is_one_tagged_a4_page_in_korean_with_two_fonts():
    """S60: A4, PDF/UA marks, title, language, both weights embedded, under 60 kB."""
    data = pdf.render_certificate(certificate_of())

    reader = read(data)
    fonts = {font for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    embedded = [
        font["/DescendantFonts"][0]["/FontDescriptor"].get("/FontFile2")
        for font in (found.get_object() for found in fonts)
    ]
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.trailer["/Root"]["/Lang"] == "ko"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert reader.metadata.title == "신청 확인증 2026-BZA0000005-0001"
    assert reader.metadata.author == "대전광역시 수출지원 관리시스템"
    assert len(embedded) == 2
    assert all(embedded)
    assert len(data) < 60_000


def test_provisional_paper_carries_the_mark():
    """S60: 임시 is printed where the member was provisional, and nowhere else (decision A7)."""
    marked = text_of(read(pdf.render_certificate(certificate_of(is_provisional=True))))
    plain = text_of(read(pdf.render_certificate(certificate_of())))

    assert "임시" in marked
    assert "임시" not in plain


def test_two_renders_are_equal():
    """S60: the row alone makes the paper."""
    certificate = certificate_of()

    assert pdf.render_certificate(certificate) == pdf.render_certificate(certificate)


def test_longest_columns_fit_on_one_page():
    """S60: every column full of wide letters still gives one page with all of the text."""
    wide = {
        name: "뷁" * Certificate._meta.get_field(name).max_length
        for name in (
            "company_name", "representative", "industry", "main_product", "address",
            "notice_title", "heading", "sentence", "issuer_name",
        )
    }  # fmt: skip
    certificate = certificate_of(**wide, is_provisional=True)

    reader = read(pdf.render_certificate(certificate))

    assert len(reader.pages) == 1
    assert text_of(reader).count("뷁") >= sum(map(len, wide.values()))


KOREAN = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
# The 4,888 Chinese characters of KS X 1001.
HANJA = st.builds(
    lambda row, cell: bytes((row, cell)).decode("euc_kr"),
    st.integers(0xCA, 0xFD),
    st.integers(0xA1, 0xFE),
)
LATIN = st.characters(min_codepoint=0x20, max_codepoint=0xFF)
ROUGH = st.one_of(KOREAN, KOREAN, HANJA, LATIN, st.sampled_from(" <>&'\"/\\{}%㈜㎡-_."))


def tried_with(examples):
    return tried(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
    )


def stays_on_its_page(name, address, person):
    certificate = certificate_of(
        company_name=one_line(name) or "한빛", address=one_line(address), representative=person
    )

    reader = read(pdf.render_certificate(certificate))

    assert len(reader.pages) == 1
    assert squeezed(person) in squeezed(text_of(reader))


RANDOM_TEXTS = (
    st.text(ROUGH, max_size=120),
    st.text(ROUGH, max_size=400),
    st.text(KOREAN, min_size=1, max_size=50).map(lambda name: f"<b>{name}</b>"),
)


@tried_with(15)
@given(*RANDOM_TEXTS)
def test_random_names_never_overflow(name, address, person):
    """S60: random names and addresses stay text, on one page."""
    stays_on_its_page(name, address, person)


@pytest.mark.long
@tried_with(1_000)
@given(*RANDOM_TEXTS)
def test_a_thousand_random_names_never_overflow(name, address, person):
    """S60: security.md row 30: 1,000 random names."""
    stays_on_its_page(name, address, person)


@pytest.mark.parametrize(
    "name", ["Ünïcode 社名 韓國", "شركة", "😀 회사", "𠀀䌇", "각ᄀ", "a" * 120]
)
def test_foreign_letters_leave_the_page_whole(name):
    """S60: letters that the font lacks show as a box and move nothing else."""
    data = pdf.render_certificate(certificate_of(company_name=one_line(name)))

    assert len(read(data).pages) == 1


@pytest.fixture
def listener():
    """A server on loopback that notes every visit."""
    visits = []

    class Note(socketserver.BaseRequestHandler):
        def handle(self):
            visits.append(self.request.recv(200))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Note) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], visits
        server.shutdown()


def hostile_names(port, secret):
    address = f"http://127.0.0.1:{port}/x"
    return [
        f'<img src="{address}">',
        f'<link rel="stylesheet" href="{address}">',
        f'<link rel=attachment href="{secret.as_uri()}">',
        f'<link rel=attachment href="{address}">',
        f"<style>@import url({address});</style>",
        f'<div style="background:url({address})">',
        f'<object data="{secret.as_uri()}"></object><embed src="{address}">',
        f'<base href="{address}"><svg><image href="{address}"/></svg>',
        f'"><iframe src="{address}"></iframe>',
        '</title><meta http-equiv="refresh" content="0">',
        "{{ settings.SECRET_KEY }}{% load static %}",
        f"{secret.as_uri()}",
    ]


def test_hostile_texts_fetch_nothing_and_stay_text(listener, tmp_path):
    """S60: security.md rows 29 and 30: nothing fetched, nothing attached, shown as text."""
    port, visits = listener
    secret = tmp_path / "canary.txt"
    secret.write_text("CANARY-IN-A-FILE")

    for name in hostile_names(port, secret):
        certificate = certificate_of(company_name=name, address=name, notice_title=name)
        data = pdf.render_certificate(certificate)
        reader = read(data)

        assert squeezed(name) in squeezed(text_of(reader))
        assert not reader.attachments
        assert b"CANARY-IN-A-FILE" not in data
        assert "/EmbeddedFiles" not in str(reader.trailer["/Root"])
    assert visits == []


def test_markup_of_ours_would_fetch_nothing_either(listener, tmp_path):
    """S60: even unescaped markup reaches no address: the fetcher knows own names only."""
    port, visits = listener
    secret = tmp_path / "canary.txt"
    secret.write_text("CANARY-IN-A-FILE")

    for markup in hostile_names(port, secret):
        data = pdf.render_one_page(f"<title>t</title><p>{markup}</p>", {})
        assert b"CANARY-IN-A-FILE" not in (data or b"")
        assert not read(data).attachments
    assert visits == []


def test_control_and_direction_characters_are_not_printed():
    """S60: a name cannot turn the writing direction or hide letters."""
    assert one_line("한빛\u202e정밀\u0000\n주식회사\u200b\ufeff") == "한빛정밀 주식회사"
    assert one_line(unicodedata.normalize("NFD", "한빛")) == "한빛"


def test_words_hold_together():
    """S60: words are not broken in the middle; monsters may be."""
    assert keep_words("확인 합니다") == "확\u2060인 합\u2060니\u2060다"
    assert keep_words("가" * 100) == "가" * 100


def test_long_date_has_two_digits():
    """S60: 2019년 03월 14일."""
    assert long_date(date(2019, 3, 4)) == "2019년 03월 04일"


def test_missing_parts_are_named(settings, tmp_path):
    """S60: without the Korean fonts no boxes are printed instead of Hangul."""
    settings.PDF_FONT_DIR = tmp_path

    with pytest.raises(pdf.PaperUnavailableError, match=r"PortalSans-Regular\.ttf"):
        pdf.require_parts()
