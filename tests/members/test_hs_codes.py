"""HS codes: our own table, the search, the official file, words that staff edit (S48, S49)."""

import csv
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from members.hs.own_table import own_headings, own_names
from members.hs.search import HsStanding, find_codes, standing_of
from members.models import HsCode, HsEdition, HsSynonym, Product
from members.services.hs_codes import provide_synonyms
from tests.client import CheckingClient
from tests.factories.hs import UNITS, master_file, take_small_files, units_file
from tests.factories.members import MemberFactory, ProductFactory, StaffFactory
from tests.members import steps

OFFICIAL = Path(settings.BASE_DIR).parent / "shared/data/hs"


@pytest.fixture
def small(monkeypatch):
    take_small_files(monkeypatch)


def load(path, **options):
    call_command("load_hs_codes", str(path), verbosity=0, **options)
    return HsEdition.objects.current()


# --- our own table ----------------------------------------------------------------------------


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="no ../shared/data/hs")
def test_our_table_has_every_chapter_and_heading_and_none_beyond():
    """S49: 97 chapters and 1,228 headings, as the official list has them."""
    with (OFFICIAL / "hs_ko_20260101.csv").open(encoding="utf-8-sig") as rows:
        official = {row["code"] for row in csv.DictReader(rows) if int(row["level"]) <= 4}

    assert set(own_names()) == official
    assert len(own_headings()) == 1_228
    assert len(official) == 1_325


def test_our_names_are_short_and_say_something():
    """S49: no name is empty, a bare «기타», or given twice."""
    korean = [names[0] for names in own_names().values()]

    assert all(name and name != "기타" for name in korean)
    assert max(len(name) for name in korean) <= 40
    assert len(set(korean)) == len(korean)


# --- the search -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("2616", "2616"),
        ("2616.10-0000", "2616"),
        ("８４７１", "8471"),
        ("노트북", "8471"),
        ("화장품", "3304"),
        ("SPECTROMETERS", "9027"),
        ("콜타르", "2706"),
        ("철강 슬래그", "2618"),
    ],
)
def test_our_table_is_found_by_code_and_by_words(query, code):
    """S49: digits in any writing, words in Korean or English."""
    assert code in [hit.entry.code for hit in find_codes(query, edition=None)[:1_228]]


@pytest.mark.django_db
def test_an_empty_search_lists_every_heading_by_pages():
    """S49: an empty query lists everything, in pages, each with its chapter."""
    client = CheckingClient()

    page = client.get("/hs/")
    last = client.get("/hs/rows/", {"page": "62"}).json()

    assert "1228" in page.content.decode().replace(",", "")
    assert "HS_CODE" in page.content.decode()
    assert (last["count"], last["pages"], last["page"]) == (1_228, 62, 62)
    assert last["rows"][-1]["path"].startswith("예술품·골동품 > 골동품")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", [{"q": "없는말"}, {"page": "x"}, {"under": "%"}, {"q": "\0"}, {"q": "기" * 500}]
)
def test_any_question_is_answered(asked):
    """S49: nothing found, or nonsense, is a page too."""
    client = CheckingClient()

    assert client.get("/hs/", asked).status_code == 200
    assert client.get("/hs/rows/", asked).json()["pages"] >= 1


@pytest.mark.django_db
def test_the_search_drills_down_and_shows_the_path(small, tmp_path):
    """S49: 4 to 6 to 10 digits; a line called «기타» is shown below what it belongs to."""
    load(units_file(tmp_path))
    client = CheckingClient()

    headings = client.get("/hs/rows/", {"q": "노트북"}).json()
    six = client.get("/hs/rows/", {"under": "8471"}).json()
    ten = client.get("/hs/rows/", {"under": "8471.41"}).json()

    assert headings["rows"][0]["below"] == 6
    assert headings["rows"][0]["path"] == "기계류 > 자동자료처리기계와 그 단위기기"
    assert [row["written"] for row in six["rows"]] == ["8471.30", "8471.41"]
    assert ten["rows"][-1] == {
        "code": "8471419000",
        "written": "8471.41-9000",
        "path": "자동자료처리기계와 그 단위기기 > 그 밖의 자동자료처리기계 > 기타",
        "below": 0,
    }
    assert "공공누리 제1유형" in ten["source"]
    assert "8471.30" in client.get("/hs/", {"under": "8471"}).content.decode()


@pytest.mark.django_db
def test_everyday_words_find_official_names(small, tmp_path, log_in):
    """S49: staff teach the search a word; comms may, an officer may not."""
    edition = load(units_file(tmp_path))
    word = {"word": "랩탑", "meaning": "휴대용 자동자료처리기계"}
    address = "/admin/hs-synonyms/create/"

    refused = log_in(StaffFactory(officer=True)).post(address, word)
    saved = log_in(StaffFactory(comms=True)).post(address, word)

    assert refused.status_code in {302, 403}
    assert saved.status_code == 302
    assert HsSynonym.objects.filter(word="랩탑").exists()
    found = find_codes("랩탑", edition=edition)[:5]
    assert [hit.entry.code for hit in found] == ["847130", "8471300000"]


@pytest.mark.django_db
def test_first_words_are_given_once():
    """S49: what staff changed stays."""
    HsSynonym.objects.all().delete()
    given = provide_synonyms()
    HsSynonym.objects.filter(word="노트북").update(meaning="장부")

    assert given > 30
    assert provide_synonyms() == 0
    assert HsSynonym.objects.get(word="노트북").meaning == "장부"


# --- what a company may give ------------------------------------------------------------------


@pytest.mark.django_db
def test_a_code_is_checked_as_far_as_the_list_goes(small, tmp_path):
    """S48: by its heading at first; in full once an edition is loaded."""
    codes = ["8471", "8471300000", "8471999999", "8469", "7701"]
    known, unverified, unknown = HsStanding.KNOWN, HsStanding.UNVERIFIED, HsStanding.UNKNOWN

    before = standing_of(codes)
    load(units_file(tmp_path))
    after = standing_of(codes)

    assert list(before.values()) == [known, unverified, unverified, unknown, unknown]
    assert list(after.values()) == [known, known, unknown, unknown, unknown]


@pytest.mark.django_db
def test_the_form_says_what_it_could_not_check(log_in):
    """S48: a code without a heading is refused; a finer one is marked 미확인."""
    member = MemberFactory()
    client = log_in(member)
    wrong = client.post("/my/products/", steps.product_entries({"name": "금형", "hs_code": "8469"}))
    right = client.post(
        "/my/products/", steps.product_entries({"name": "금형", "hs_code": "8480.71"})
    )

    assert "HS 코드표에 없는 번호입니다." in wrong.content.decode()
    assert right.status_code == 302
    assert Product.objects.get().hs_code == "848071"
    page = client.get("/my/products/").content.decode()
    assert "미확인" in page
    assert 'value="8480.71"' in page
    assert 'href="/hs/"' in page


# --- the official file ------------------------------------------------------------------------


@pytest.mark.django_db
def test_both_layouts_are_taken_in(small, tmp_path):
    """S48: five sheets, or one table as CSV in cp949; six digits left out are added."""
    units = load(units_file(tmp_path))
    by_units = set(units.codes.values_list("code", flat=True))
    master = load(master_file(tmp_path, encoding="cp949"))

    assert str(units.base_date) == "2026-01-01"
    assert by_units >= {"84", "8471", "84714", "847130", "8471300000", "848071"}
    assert units.codes.get(code="847130").is_derived
    assert units.codes.get(code="84").name == "기계류"
    assert str(master.base_date) == "2027-01-01"
    assert master.codes.get(code="8471419000").path.startswith("컴퓨터·노트북")
    assert HsEdition.objects.filter(is_current=True).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([("8471300000", "가", "a"), ("8471300000", "나", "b")], "두 번"),
        ([("84-71", "가", "a")], "숫자가 아닙니다"),
        ([("8471300000", "", "")], "빈 줄"),
        ([], "10자리 코드가 0개"),
    ],
)
def test_a_wrong_file_changes_nothing(small, tmp_path, lines, said):
    """S48: all or nothing, and every reason is told."""
    load(units_file(tmp_path))
    before = list(HsCode.objects.order_by("pk").values_list("pk", "code"))

    with pytest.raises(CommandError, match=said):
        load(master_file(tmp_path, lines=lines))

    assert list(HsCode.objects.order_by("pk").values_list("pk", "code")) == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_another_file_is_refused(tmp_path, name):
    """S48: an unknown layout is not guessed at."""
    (tmp_path / name).write_bytes(b"a,b\n1,2\n")

    with pytest.raises(CommandError, match="등록하지 않았습니다"):
        load(tmp_path / name)

    assert not HsEdition.objects.exists()


@pytest.mark.django_db
def test_a_dry_run_reports_and_takes_everything_back(small, tmp_path, capsys):
    """S48: what would be done is told, and nothing is."""
    call_command("load_hs_codes", str(units_file(tmp_path)), dry_run=True)

    assert "확인만 했습니다" in capsys.readouterr().out
    assert not HsEdition.objects.exists()


@pytest.mark.django_db
def test_a_removed_code_is_flagged_at_its_company(small, tmp_path, log_in, capsys):
    """S48: the product keeps its code until the company chooses another."""
    member = MemberFactory()
    ProductFactory(company=member.company, hs_code="8480710000")
    stranger = MemberFactory()
    ProductFactory(company=stranger.company, hs_code="8471300000")
    load(units_file(tmp_path))
    capsys.readouterr()
    lines = [line for line in UNITS["HS10단위"] if not line[0].startswith("8480")]

    call_command("load_hs_codes", str(master_file(tmp_path, lines=lines)))
    report = capsys.readouterr().out

    product = member.company.products.get()
    assert product.hs_code == "8480710000"
    assert product.hs_code_gone_at <= timezone.now()
    assert stranger.company.products.get().hs_code_gone_at is None
    assert "다시 골라야 하는 제품 1개(기업 1곳)" in report
    assert "HS 코드를 다시 골라 주십시오." in log_in(member).get("/my/").content.decode()
    assert "HS 코드를 다시" not in log_in(stranger).get("/my/").content.decode()


@pytest.mark.django_db
def test_one_edition_is_current():
    """S48: the database holds it."""
    day = timezone.now()
    HsEdition.objects.create(base_date="2026-01-01", loaded_at=day, row_count=1, is_current=True)

    with pytest.raises(IntegrityError):
        HsEdition.objects.create(
            base_date="2027-01-01", loaded_at=day, row_count=1, is_current=True
        )
