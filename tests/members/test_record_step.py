"""The record as forms, and the step before every application (S37 to S48, S56 to S58)."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from members.enums import ConsentChoice, ConsentPurpose, LegalKind
from members.models import Consent, Product
from members.record_forms import RecordForms
from members.record_step import RecordStep
from members.services.consents import TextsMissingError
from members.services.record import update_record
from tests.factories.members import (
    AgencyFactory,
    ConsentFactory,
    LegalTextFactory,
    MemberFactory,
    PaperFactory,
    ProductFactory,
    legal_texts_in_force,
)
from tests.members import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return MemberFactory()


def posted(**changes):
    """Return a right record with the tick, as a browser posts it."""
    entries = {
        **steps.required_record_entries(),
        **steps.product_entries({"name": "정밀 금형"}),
        "agree_all": "on",
        **changes,
    }
    data = QueryDict(mutable=True)
    for name, value in entries.items():
        if value is not None:
            data[name] = value
    return data


def step_of(person, data=None, **kwargs):
    return RecordStep(data, company=person.company, person=person, at=timezone.now(), **kwargs)


def test_the_whole_record_is_there_beforehand(person):
    """S57: contact person, company, figures and products are prefilled."""
    legal_texts_in_force()
    product = ProductFactory(company=person.company)
    year = timezone.localdate().year - 1
    person.company.figures.create(year=year, sales_million_krw=5400, exports_thousand_usd=None)

    records = step_of(person).records

    assert records.person["name"].value() == person.name
    assert records.person["mobile"].value() == f"010-{person.mobile[3:7]}-{person.mobile[7:]}"
    assert records.company["name"].value() == person.company.name
    assert records.company["export_countries"].value() == ["VN", "US"]
    assert records.figures[f"sales_{year}"].value() == "5,400"
    assert records.products[0]["name"].value() == product.name


def test_the_login_id_cannot_be_edited(person):
    """S57: it is shown, never a field."""
    names = {name for form in step_of(person).forms[:-1] for name in getattr(form, "fields", {})}

    assert "username" not in names
    assert "business_number" not in names


def test_confirming_writes_record_and_consents(person, at):
    """S56, S58: for whom, for which notice, from where."""
    texts = legal_texts_in_force()
    agency = AgencyFactory()
    step = step_of(person, posted(), recipient=agency)

    assert step.is_valid()
    company = step.confirm(person, at, "203.0.113.7", ConsentPurpose.APPLY, agency, "BZA0000001")

    assert company.name == "한빛금속㈜"
    assert company.record_confirmed_at == at
    assert company.products.get().name == "정밀 금형"
    consents = Consent.objects.filter(company=company)
    required = {text.kind for text in texts if text.is_required} - {LegalKind.PRIVACY_POLICY}
    assert {consent.text.kind for consent in consents} == required
    assert all(
        (consent.recipient, consent.notice_code, consent.address, consent.purpose)
        == (agency, "BZA0000001", "203.0.113.7", ConsentPurpose.APPLY)
        for consent in consents
    )


def test_the_mail_consent_is_renewed_only_while_it_is_given(person, at):
    """S58: a renewal must not switch mail on again."""
    texts = {text.kind: text for text in legal_texts_in_force()}
    email = texts[LegalKind.EMAIL]
    assert email not in step_of(person).texts

    ConsentFactory(person=person, text=email, choice=ConsentChoice.AGREED)
    assert email in step_of(person).texts

    ConsentFactory(person=person, text=email, choice=ConsentChoice.WITHDRAWN)
    assert email not in step_of(person).texts


def test_without_the_tick_nothing_goes_on(person):
    """S58: 모두 재동의합니다."""
    legal_texts_in_force()

    step = step_of(person, posted(agree_all=None))

    assert not step.is_valid()
    assert "agree_all" in step.consent.errors


def test_all_errors_are_gathered_at_once(person):
    """S57: the record's and the tick's."""
    legal_texts_in_force()

    step = step_of(person, posted(agree_all=None, **{"person-name": ""}))

    assert not step.is_valid()
    assert len(step.errors) == 2


def test_without_texts_in_force_nobody_confirms(person, at):
    """S58: there is nothing to consent to."""
    step = step_of(person, posted())

    assert not step.is_valid()
    assert step.non_form_errors()
    with pytest.raises(TextsMissingError):
        step.confirm(person, at, None, ConsentPurpose.APPLY)


def test_a_text_of_tomorrow_is_not_asked_for(person, at):
    """S58: only texts in force."""
    legal_texts_in_force()
    coming = LegalTextFactory(effective_at=at + timezone.timedelta(days=1))

    assert coming not in step_of(person).texts


def test_one_more_product_is_no_submission(person):
    """S46: the button shows the same page with one more row; nothing is complained about."""
    legal_texts_in_force()

    step = step_of(person, posted(add_row="products", agree_all=None, **{"person-name": ""}))

    assert not step.is_valid()
    assert not step.errors
    assert [form["name"].value() for form in step.records.products] == ["정밀 금형", None]


@pytest.fixture
def records_of(person):
    """Return a function that gives a bundle of posted data over the person's company."""

    def bundle(data):
        return RecordForms(
            data, company=person.company, person=person, year=timezone.localdate().year
        )

    return bundle


def save(person, records, at):
    assert records.is_valid(), records.errors
    return update_record(company=person.company, person=person, forms=records, by=person, at=at)


def test_values_are_stored_bare(person, records_of, at):
    """S38, S41, S42, S44: digits, whole numbers, an address with its scheme."""
    data = posted(
        **{
            "company-homepage": "www.hanbit.example",
            "company-corporate_number": "130111-0006246",
            "company-phone": "+82 42-380-3046",
            "company-assets_million_krw": "1,234,567",
        }
    )
    data.setlist("company-export_countries", ["VN", "DE"])

    company = save(person, records_of(data), at)

    assert company.homepage == "https://www.hanbit.example"
    assert company.corporate_number == "1301110006246"
    assert company.phone == "0423803046"
    assert company.assets_million_krw == 1234567
    assert company.export_countries == ["VN", "DE"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("company-homepage", "javascript:alert(1)"),
        ("company-homepage", "ftp://example.kr"),
        ("company-founded_date", "2999-01-01"),
        ("company-employees", "-3"),
        ("company-assets_million_krw", "12.5"),
        ("company-head_office_zip", "3413"),
        ("company-email", "trade@"),
        ("company-export_countries", "EU"),
        ("person-phone", "060-700-1234"),
        ("products-0-hs_code", "9999"),
        ("products-0-certifications", "nobel"),
    ],
)
def test_impossible_values_are_refused(records_of, name, value):
    """S39, S40, S41, S42, S47: the server checks whatever the page did."""
    assert not records_of(posted(**{name: value})).is_valid()


def test_a_product_left_out_goes_and_its_papers_are_put_away(person, records_of, at):
    """S46, S47: the rows of its papers stay as history."""
    kept = ProductFactory(company=person.company, name="남는 제품")
    gone = ProductFactory(company=person.company, name="없앨 제품")
    paper = PaperFactory(company=person.company, product=gone, slot="product_proof")
    data = posted(**steps.product_entries({"key": kept.uuid.hex, "name": "남는 제품 2형"}))

    save(person, records_of(data), at)

    assert list(Product.objects.values_list("pk", "name")) == [(kept.pk, "남는 제품 2형")]
    paper.refresh_from_db()
    assert paper.product is None
    assert paper.replaced_at == at


def test_a_stranger_s_product_cannot_be_overwritten(person, records_of, at):
    """S47: a key of another company makes a product of one's own."""
    victim = ProductFactory(name="남의 제품")

    save(person, records_of(posted(**steps.product_entries(
        {"key": victim.uuid.hex, "name": "가로챈 제품"}
    ))), at)  # fmt: skip

    victim.refresh_from_db()
    assert victim.name == "남의 제품"
    assert person.company.products.get().name == "가로챈 제품"


def test_other_years_stay_as_they_are(person, records_of, at):
    """S45: the update of three years touches no older one."""
    old = timezone.localdate().year - 7
    person.company.figures.create(year=old, sales_million_krw=1, exports_thousand_usd=2)

    company = save(person, records_of(posted()), at)

    assert company.figures.get(year=old).sales_million_krw == 1
    assert company.figures.count() == 4
