"""The joining draft: nothing is lost, nothing is kept too long (S20, S34, S36)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from members.models import Company, JoinDraft, StoredFile
from members.services.join_drafts import DRAFT_LIFETIME, destroy_expired
from tests.client import CheckingClient
from tests.factories.members import MemberFactory
from tests.factories.uploads import pdf, upload_of
from tests.members import steps

pytestmark = pytest.mark.django_db


def test_back_loses_nothing():
    """S20: what was typed is there again after a step back and forth."""
    client = steps.at_step_three()

    back = client.post(steps.COMPANY, steps.joining_entries(back="1"))
    content = client.get(steps.COMPANY).content.decode()

    assert back.headers["Location"] == steps.VERIFY
    assert "한빛금속㈜" in content
    assert "3,200" in content
    assert "8480.71-0000" in content
    assert "가입서류.pdf" in content


def test_the_draft_survives_a_closed_browser():
    """S20: the cookie outlives the session and carries a token, never the entries."""
    client = steps.at_step_three()
    client.post(steps.COMPANY, steps.joining_entries(save="1"))
    cookie = client.cookies["joining"]
    again = CheckingClient()
    again.cookies["joining"] = cookie.value

    content = again.get(steps.COMPANY).content.decode()

    assert "한빛금속㈜" in content
    assert int(cookie["max-age"]) == DRAFT_LIFETIME.total_seconds()
    assert cookie["httponly"]


def test_the_answers_of_step_one_are_shown_again():
    """S22: going back to the consents finds them as given."""
    client = steps.at_step_two()

    form = client.get(steps.TERMS).context["form"]

    assert [bound.value() for bound in form] == ["agreed"] * 3 + ["declined"]


def test_the_draft_never_holds_a_password():
    """S35: neither in the values nor on the page."""
    client = steps.at_step_three()

    client.post(steps.COMPANY, steps.joining_entries(save="1"))
    shown = client.get(steps.COMPANY).content.decode()

    assert steps.PASSWORD not in str(JoinDraft.objects.get().values)
    assert steps.PASSWORD not in shown


def test_wrong_values_are_kept_on_the_page():
    """S38: a wrong number is shown as it was typed, with what to do."""
    client = steps.with_checked_id(steps.at_step_three())

    response = client.post(steps.COMPANY, steps.joining_entries(**{"person-mobile": "1234"}))

    assert "person-mobile" in steps.errors_of(response)
    assert 'value="1234"' in response.content.decode()


def test_files_survive_errors_in_other_fields():
    """S36: a paper that was sent once is not asked for again."""
    client = steps.with_checked_id(steps.at_step_three())
    client.post(steps.COMPANY, steps.joining_entries(**{"person-name": ""}))

    response = client.post(steps.COMPANY, steps.joining_entries(**{"papers-join_bundle": None}))

    assert response.headers["Location"] == steps.DONE
    assert Company.objects.get().papers.get().file.display_name == "가입서류.pdf"


def test_a_refused_file_is_named_with_its_reason_and_not_kept():
    """S36: the page says which file and why."""
    client = steps.with_checked_id(steps.at_step_three())
    entries = steps.joining_entries(
        **{"papers-join_bundle": upload_of("가짜.pdf", b"MZ no pdf at all")}
    )

    response = client.post(steps.COMPANY, entries)

    messages = steps.errors_of(response)["papers-join_bundle"]
    assert "가짜.pdf" in messages[0]
    assert not StoredFile.objects.exists()


def test_a_kept_file_can_be_dropped():
    """S36: ticked files go, and their bytes with them."""
    client = steps.at_step_three()
    client.post(steps.COMPANY, steps.joining_entries(save="1"))
    stored = StoredFile.objects.get()
    entries = {"papers-drop_join_bundle": stored.uuid.hex, "save": "1"}

    client.post(steps.COMPANY, steps.joining_entries(**entries, **{"papers-join_bundle": None}))

    assert not JoinDraft.objects.get().files.exists()
    stored.refresh_from_db()
    assert stored.destroyed_at is not None


def test_products_are_added_and_taken_away_without_scripts():
    """S46: 제품추가하기 + as a submit button, a tick to take one away."""
    client = steps.at_step_three()
    entries = steps.joining_entries(**steps.product_entries({"name": "하나"}), add_row="products")

    added = client.post(steps.COMPANY, entries)
    shown = client.get(steps.COMPANY).context["forms"].records.products
    client.post(
        steps.COMPANY,
        steps.joining_entries(
            **steps.product_entries({"name": "하나", "DELETE": "on"}, {"name": "둘"}), save="1"
        ),
    )

    assert added.headers["Location"] == f"{steps.COMPANY}#products-title"
    assert len(shown.forms) == 2
    names = [row["name"] for row in JoinDraft.objects.get().values["products"]]
    assert names == ["둘"]


def test_the_proofs_of_a_product_stay_with_it():
    """S47: 증빙서류 of each product, also after errors elsewhere."""
    client = steps.with_checked_id(steps.at_step_three())
    rows = steps.product_entries(
        {"name": "하나", "key": "aaaa1111"},
        {"name": "둘", "key": "bbbb2222", "proofs": upload_of("특허증.pdf", pdf())},
    )
    client.post(steps.COMPANY, steps.joining_entries(**rows, **{"person-name": ""}))
    rows.pop("products-1-proofs")

    client.post(steps.COMPANY, steps.joining_entries(**rows))

    product = Company.objects.get().products.get(name="둘")
    assert product.papers.get().file.display_name == "특허증.pdf"


def test_the_duplicate_check_must_be_pressed():
    """S34: 중복확인 before going on."""
    client = steps.at_step_three()

    response = client.post(steps.COMPANY, steps.joining_entries())

    assert steps.errors_of(response)["account-username"] == ["아이디 중복확인을 눌러 주십시오."]


def test_another_id_than_the_checked_one_must_be_checked_again():
    """S34: a check holds for the ID that was checked."""
    client = steps.with_checked_id(steps.at_step_three(), "otherfirm")

    response = client.post(steps.COMPANY, steps.joining_entries())

    assert "account-username" in steps.errors_of(response)


def test_the_duplicate_check_works_without_scripts():
    """S34: 중복확인 as a second submit button; the answer stands on the page that comes back."""
    client = steps.at_step_three()

    response = client.post(steps.COMPANY, steps.joining_entries(check_id="1"), follow=True)

    assert "사용할 수 있는 아이디입니다." in response.content.decode()
    assert JoinDraft.objects.get().checked_login_name == steps.LOGIN_NAME
    assert client.post(steps.COMPANY, steps.joining_entries()).headers["Location"] == steps.DONE


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("member77", "이미 쓰고 있는"),
        ("webmaster", "이미 쓰고 있는"),
        ("Hanbit77", "영문 소문자"),
        ("kim", "영문 소문자"),
    ],
)
def test_an_id_that_is_taken_or_malformed_is_not_available(name, said):
    """S34: taken whatever the case, reserved, too short."""
    MemberFactory(username="member77")
    client = steps.at_step_three()

    answer = client.post("/join/id-check/", {"id": name}).json()

    assert not answer["available"]
    assert said in answer["message"]


def test_the_duplicate_check_cannot_harvest_ids(client):
    """S34: only within a joining, and only so many times."""
    assert client.post("/join/id-check/", {"id": "member77"}).status_code == 302
    client = steps.at_step_three()

    codes = [
        client.post("/join/id-check/", {"id": f"nobody{turn:04d}"}).status_code
        for turn in range(31)
    ]

    assert codes[:30] == [200] * 30
    assert codes[30] == 429


def test_expired_drafts_are_destroyed_with_their_files(at):
    """S20: seven days after the last change nothing is left."""
    client = steps.at_step_three()
    client.post(steps.COMPANY, steps.joining_entries(save="1"))
    JoinDraft.objects.update(expires_at=at - timedelta(seconds=1))

    assert client.get(steps.COMPANY).headers["Location"] == steps.TERMS
    call_command("destroy_expired_join_drafts")

    assert not JoinDraft.objects.exists()
    assert StoredFile.objects.get().destroyed_at is not None


def test_a_living_draft_is_not_destroyed(at):
    """S20."""
    steps.at_step_three()

    assert destroy_expired(at=timezone.now()) == 0
    assert JoinDraft.objects.exists()


def test_a_draft_belongs_to_its_browser():
    """S20: another browser sees nothing of it."""
    steps.at_step_three().post(steps.COMPANY, steps.joining_entries(save="1"))

    assert CheckingClient().get(steps.COMPANY).headers["Location"] == steps.TERMS
