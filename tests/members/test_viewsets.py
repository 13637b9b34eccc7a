"""The scoped base class closes what wagtail-modeladmin leaves open (stack.md section 4)."""

import io

import openpyxl
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404
from django.urls import reverse
from wagtail.models import ReferenceIndex

from members.enums import AccessAction
from members.list_filters import ListFilter
from members.models import AccessRecord, Company, OriginalsFile, StoredFile
from members.services.throttle import LIMITS
from members.staff_lists import CompanyAdmin, MembersGroup, OperationGroup
from members.viewsets import ScopedModelAdmin
from tests.factories.members import AgencyFactory, CompanyFactory, MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db

COMPANIES = reverse("companies_modeladmin_index")
MARK = "표식기업"


@pytest.fixture
def officer():
    return StaffFactory()


@pytest.fixture
def desk(log_in, officer):
    """The officer's browser."""
    return log_in(officer)


@pytest.fixture
def own(officer):
    return CompanyFactory(name="우리기업", originals_agency=officer.agency)


@pytest.fixture
def foreign():
    """Another agency's company, with marks where leaks have been seen."""
    agency = AgencyFactory(name="표식기관")
    company = CompanyFactory(name=MARK, originals_agency=agency)
    MemberFactory(company=company, username="leaktest1")
    return company


def export(desk, reason="실적 보고", kind="xlsx", query=""):
    return desk.post(COMPANIES + query, {"export": kind, "reason": reason})


@pytest.mark.parametrize("action", ["inspect", "edit", "delete"])
def test_single_rows_start_from_the_scope(desk, foreign, action):
    """stack.md 4.1: instance views take the default manager: ours do not."""
    address = reverse(f"companies_modeladmin_{action}", args=[foreign.uuid])

    assert desk.get(address).status_code == 404
    assert desk.post(address).status_code == 404


@pytest.mark.parametrize("address", ["1", "abc", "00000000-0000-0000-0000-000000000000"])
def test_rows_are_addressed_by_uuid(desk, own, address):
    """domain.md 4: UUID in addresses, never a row number."""
    assert desk.get(reverse("companies_modeladmin_inspect", args=[address])).status_code == 404
    assert desk.get(reverse("companies_modeladmin_inspect", args=[own.pk])).status_code == 404


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_rows_are_changed_by_services_only(desk, own, action):
    """House style 3.3: state changes are services; the forms of modeladmin stay shut."""
    answer = desk.post(reverse(f"companies_modeladmin_{action}", args=[own.uuid]), {"name": "x"})

    assert answer.status_code == 302
    assert answer.url == reverse("wagtailadmin_home")
    assert Company.objects.get().name == "우리기업"


def test_the_create_form_stays_shut(desk):
    """security.md 2.35: no mass assignment through a stock form."""
    answer = desk.post(reverse("companies_modeladmin_create"), {"name": "x"})

    assert answer.url == reverse("wagtailadmin_home")


@pytest.mark.parametrize(
    "query",
    [
        "people__username__startswith=leak",
        "people__password__regex=.",
        "originals_agency__name__contains=표식",
        "pk=1",
        "membership_state__regex=.",
    ],
)
def test_parameters_are_no_keyhole(desk, own, foreign, query):
    """stack.md 4: stock modeladmin hands every parameter to the database."""
    MemberFactory(company=own, username="ordinary1")

    page = desk.get(f"{COMPANIES}?{query}").content.decode()

    assert "우리기업" in page
    assert MARK not in page


def test_declared_filters_and_search_work(desk, own, officer):
    """S63: lists with filters and search."""
    CompanyFactory(name="임시기업", provisional=True, originals_agency=officer.agency)

    filtered = desk.get(f"{COMPANIES}?membership_state__exact=provisional").getvalue().decode()
    found = desk.get(f"{COMPANIES}?q={own.business_number}").content.decode()

    assert "임시기업" in filtered
    assert "우리기업" not in filtered
    assert "우리기업" in found
    assert "임시기업" not in found
    assert AccessRecord.objects.filter(action=AccessAction.SEARCH).count() == 1


def test_broken_filters_lead_back_to_the_list(desk):
    """security.md 16.5: never a 5xx."""
    for query in (
        "o=99.x",
        "p=abc",
        "membership_state__isnull=perhaps",
        "q=%00",
        "p=999",
        "membership_state__exact=%00",
    ):
        assert desk.get(f"{COMPANIES}?{query}").status_code in {200, 302}


@pytest.mark.parametrize("entry", ["originals_agency", "name", "originals_agency__name"])
def test_filters_that_list_other_agencies_values_are_refused_at_start(entry):
    """stack.md 4.3: a foreign-key filter lists every related object."""
    admin = type("Leaking", (CompanyAdmin,), {"list_filter": (entry,)})

    with pytest.raises(Exception, match=r"would list|has no field"):
        admin()


def test_a_scope_that_nobody_wrote_shows_nothing(officer):
    """domain.md 3: closed by default."""

    class Forgotten(ScopedModelAdmin):
        model = StoredFile

    rows = Forgotten().scoped(StoredFile.objects.all(), officer)

    assert not rows.exists()
    assert str(rows.query.where)


def test_the_history_asks_like_every_view(rf, officer, foreign, own):
    """stack.md 4.2: stock history has no check at all."""

    class WithHistory(CompanyAdmin):
        base_url_path = "histories"
        history_view_enabled = True

    admin = WithHistory()
    request = rf.get("/")
    request.user = officer

    with pytest.raises(Http404):
        admin.history_view(request, instance_pk=str(foreign.uuid))


def test_rows_stay_out_of_the_reference_index():
    """domain.md 3: usage pages name no applicants."""
    for model in (Company, OriginalsFile):
        assert not ReferenceIndex.is_indexed(model)


def test_model_permissions_are_not_offered_to_groups():
    """domain.md 3: rights follow the role, a group cannot widen them."""
    for group in (MembersGroup(), OperationGroup()):
        assert not group.get_permissions_for_registration().exists()


def test_an_inactive_person_sees_nothing(officer, own):
    """domain.md 1: a deactivated user has no session; the scope says so too."""
    officer.is_active = False
    admin = CompanyAdmin()

    assert not admin.permission_helper.user_can_list(officer)
    assert not admin.scoped(Company.objects.all(), officer).exists()


# --- exports --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("reason", ["", " ", "가"])
def test_an_export_needs_a_reason(desk, own, kind, reason):
    """security.md 2.49: mass download: reason asked."""
    answer = export(desk, reason=reason, kind=kind)

    assert answer.status_code == 400
    assert "사유" in answer.content.decode()
    assert not AccessRecord.objects.exists()


def test_an_export_by_address_alone_is_refused(desk, own):
    """security.md 2.49: no link downloads by itself."""
    assert desk.get(f"{COMPANIES}?export=xlsx").status_code == 400


def test_an_export_holds_the_own_rows_as_text(desk, own, foreign):
    """security.md 2.32: cells typed as text, no formula cells."""
    Company.objects.filter(pk=own.pk).update(name='=HYPERLINK("http://evil.example","x")')

    answer = export(desk)

    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    (headings, row) = sheet.iter_rows()
    assert [cell.value for cell in headings][:3] == [
        "업체명(한글)",
        "사업자등록번호",
        "대표자명(한글)",
    ]
    assert row[0].data_type == "s"
    assert row[0].value.startswith("=HYPERLINK")
    assert "정식회원" in [cell.value for cell in row]
    record = AccessRecord.objects.get()
    assert (record.action, record.reason) == (AccessAction.EXPORT, "실적 보고")
    assert record.subjects == [f"company:{own.uuid}"]


def test_a_csv_neutralises_formulas(desk, own):
    """security.md 2.32: = + - @ tab CR prefixed."""
    Company.objects.filter(pk=own.pk).update(name="=1+1", representative="＝2+2")

    text = export(desk, kind="csv").getvalue().decode("utf-8-sig")

    assert text.splitlines()[1].startswith("'=1+1,")
    assert ",'＝2+2," in text


def test_an_export_keeps_the_filters(desk, own, officer):
    """S63: what is filtered is what is exported."""
    CompanyFactory(name="임시기업", provisional=True, originals_agency=officer.agency)

    text = (
        export(desk, kind="csv", query="?membership_state__exact=provisional").getvalue().decode()
    )

    assert "임시기업" in text
    assert "우리기업" not in text


def test_exports_are_limited(desk, own):
    """security.md ASVS 2.4.1."""
    for _ in range(LIMITS["export_staff"].tries):
        export(desk, kind="csv")

    assert export(desk, kind="csv").status_code == 429


def test_an_export_has_a_korean_name(log_in, officer, own, time_machine):
    """security.md ASVS 5.4.1: RFC 6266."""
    time_machine.move_to("2026-11-22 09:00:00+09:00", tick=False)

    answer = export(log_in(officer))

    assert "%EA%B8%B0%EC%97%85_20261122.xlsx" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_the_misconfigured_filter_error_names_the_class():
    """A developer finds the place."""
    with pytest.raises(ImproperlyConfigured, match=r"Leaking\.list_filter 'originals_agency'"):
        type("Leaking", (CompanyAdmin,), {"list_filter": ("originals_agency",)})()


# --- filters with choices of their own ------------------------------------------------------------


class ByCity(ListFilter):
    title = "지역"
    parameter_name = "city"

    def lookups(self, request, model_admin):
        return [("daejeon", "대전"), ("seoul", "서울")]

    def queryset(self, request, queryset):
        return (
            queryset.filter(head_office_road__startswith=self.value()) if self.value() else queryset
        )


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [(["seoul"], "seoul"), (["x", "daejeon"], "daejeon"), (["busan"], ""), ([], "")],
)
def test_a_filter_takes_only_what_it_offers(rf, typed, chosen):
    """security.md 2.34: no value of another agency by typing it."""
    params = {"city": typed} if typed else {}

    found = ByCity(rf.get("/"), params, Company, None)

    assert found.value() == chosen
    assert params == {}


def test_a_filter_offers_its_choices_with_addresses(rf):
    """S63: filters keep the rest of the address."""

    class View:
        def get_query_string(self, changes):
            return f"?{changes}"

    found = ByCity(rf.get("/"), {"city": ["seoul"]}, Company, None)

    choices = list(found.choices(View()))
    assert [(choice["display"], choice["selected"]) for choice in choices] == [
        ("모두", False),
        ("대전", False),
        ("서울", True),
    ]
    assert choices[0]["query_string"] == "?{'city': None}"
