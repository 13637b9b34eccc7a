"""The template tags of the page frame and the components, as templates use them."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from members.formatting import SEOUL
from members.templatetags import portal


class CompanyForm(forms.Form):
    login_id = forms.CharField(label="아이디", help_text="영문 소문자와 숫자로 6~20자")
    sex = forms.ChoiceField(
        label="대표자 성별", choices=[("M", "남자"), ("F", "여자")], widget=forms.RadioSelect
    )
    assets = forms.IntegerField(label="자산규모")
    assets.unit = "백만원"
    paper = forms.FileField(label="인증서류")
    paper.allowed_types = ("pdf", "zip")
    paper.max_bytes = 20 * 1024 * 1024
    paper.max_count = 3
    agree = forms.BooleanField(label="모두 재동의합니다")
    route = forms.CharField(widget=forms.HiddenInput, required=False)


def render(source, *, path="/", **values):
    request = RequestFactory().get(path)
    return Template("{% load portal %}" + source).render(Context({"request": request, **values}))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ at|krdate }}", "2019-03-11"),
        ("{{ at|krdate_long }}", "2019년 3월 11일(월)"),
        ("{{ at|krdate_document }}", "2019. 3. 11."),
        ("{{ at|krdatetime }}", "2019-03-11 00:30"),
        ("{{ midnight|krclosing }}", "2019-03-31 24:00"),
        ("{{ at|krperiod:midnight }}", "2019-03-11 00:30 ~ 2019-03-31 24:00"),
        ("{{ at|krperiod }}", "2019-03-11 00:30부터 상시"),
        ("{{ size|filesize_ko }}", "328KB"),
        ("{{ size|thousands }}", "335,872"),
        ('{{ "3052012345"|business_number }}', "305-20-12345"),
        ('{{ "1601110000001"|corporate_number }}', "160111-0000001"),
        ('{{ "0423803046"|phone }}', "042-380-3046"),
        ('{{ "홍길동"|masked_name }}', "홍*동"),
        ('{{ "01012345678"|masked_phone }}', "010-****-5678"),
        ('{{ "hong@example.kr"|masked_email }}', "ho***@example.kr"),
        ('{{ "3052012345"|masked_business_number }}', "305-20-*****"),
    ],
)
def test_filters_write_values(source, expected):
    """S10, S13, S40: every filter writes as members.formatting does."""
    values = {
        "at": datetime(2019, 3, 10, 15, 30, tzinfo=UTC),
        "midnight": datetime(2019, 4, 1, tzinfo=SEOUL),
        "size": 335_872,
    }

    assert render(source, **values) == expected


@pytest.mark.parametrize(
    "name",
    [
        "krdate",
        "krdate_long",
        "krdate_document",
        "krdatetime",
        "krclosing",
        "krperiod",
        "filesize_ko",
        "thousands",
        "business_number",
        "corporate_number",
        "phone",
        "masked_name",
        "masked_phone",
        "masked_email",
        "masked_business_number",
    ],
)
def test_filters_write_nothing_for_nothing(name):
    """S39: optional values that were left out leave no trace."""
    assert getattr(portal, name)(None) == ""


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, "", ""),
        (date(2019, 3, 11), "", '<time datetime="2019-03-11">2019-03-11</time>'),
        (date(2019, 3, 11), "long", '<time datetime="2019-03-11">2019년 3월 11일(월)</time>'),
        (
            datetime(2019, 4, 1, tzinfo=SEOUL),
            "",
            '<time datetime="2019-04-01T00:00+09:00">2019-04-01 00:00</time>',
        ),
        (
            datetime(2019, 4, 1, tzinfo=SEOUL),
            "closing",
            '<time datetime="2019-04-01T00:00+09:00">2019-03-31 24:00</time>',
        ),
        (
            datetime(2019, 4, 1, tzinfo=SEOUL),
            "date",
            '<time datetime="2019-04-01">2019-04-01</time>',
        ),
    ],
)
def test_time_element_carries_the_iso_value(value, kind, expected):
    """S13: people read Korean time, machines the ISO value of Seoul."""
    assert portal.time_element(value, kind) == expected


def test_days_left_of_a_rolling_intake():
    """S13: without a closing nothing runs out."""
    assert portal.days_left(None) == "상시"
    assert portal.days_left(timezone.now() - timedelta(minutes=1)) == "마감"


def test_query_with_keeps_the_other_parameters():
    """S10: turning a page keeps every filter."""
    found = render("{% query_with page=3 %}", path="/notices/?state=open&agency=a&page=2")

    assert found == "?state=open&amp;agency=a&amp;page=3"


def test_query_with_drops_the_page_when_a_filter_changes():
    """S10: another filter begins at the first page."""
    found = render('{% query_with state="" agency="b" %}', path="/notices/?state=open&page=2")

    assert found == "?agency=b"


@pytest.mark.django_db
def test_query_with_works_inside_an_include_with_only():
    """S10: components get their own names only, and the request all the same."""
    request = RequestFactory().get("/notices/?state=open")
    page = Paginator(range(30), 10).page(1)

    source = '{% include "components/pagination.html" with page_obj=page only %}'
    found = Template(source).render(RequestContext(request, {"page": page}))

    assert 'href="?state=open&amp;page=2"' in found
    assert found.count('aria-current="page"') == 1


def test_query_without_takes_one_value_off():
    """S10: one of two values of a filter goes, the other stays."""
    found = render('{% query_without "agency" "a" %}', path="/notices/?agency=a&agency=b&page=2")

    assert found == "?agency=b"


def test_query_tags_work_without_a_request():
    """S10: a template rendered for a mail has no query to keep."""
    template = Template('{% load portal %}{% query_with page=2 %} {% query_without "a" "b" %}')

    assert template.render(Context()) == "?page=2 ?"


def test_page_numbers_leave_gaps():
    """S10: the first, the last and the neighbours."""
    page = Paginator(range(300), 10).page(7)
    gap = page.paginator.ELLIPSIS

    assert portal.page_numbers(page) == [1, gap, 6, 7, 8, gap, 30]


def test_main_menu_marks_the_present_entry():
    """S7: 사업공고 has a child of the same name, and both are marked on a notice."""
    found = render(
        "{% main_menu as entries %}{% for entry in entries %}{% if entry.is_current %}"
        "{{ entry.item.label }}:{% for child in entry.children %}{{ child.item.label }} "
        "{{ child.is_current }}{% endfor %}{% endif %}{% endfor %}",
        path="/notices/BZA0000005/",
    )

    assert found == "사업공고:사업공고 True"


def test_my_menu_marks_the_nearest_entry():
    """S57: a page below /my/ marks its own entry, not the front of the section."""
    found = render(
        "{% my_menu as entries %}{% for entry in entries %}{% if entry.is_current %}"
        "{{ entry.item.label }}{% endif %}{% endfor %}",
        path="/my/applications/",
    )

    assert found == "신청 내역"


def test_menu_without_a_request_marks_nothing():
    """S7: an error page made without a request has a menu all the same."""
    template = Template("{% load portal %}{% main_menu as entries %}{{ entries|length }}")

    assert template.render(Context()) == "6"


def test_messages_are_not_read_without_a_cookie():
    """S1: anonymous pages touch no session."""
    request = RequestFactory().get("/")

    found = portal.page_messages(RequestContext(request))

    assert found == []
    assert not hasattr(request, "session")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("login_id", "input"),
        ("sex", "group"),
        ("paper", "file"),
        ("agree", "checkbox"),
        ("route", "hidden"),
    ],
)
def test_field_kind(name, kind):
    """S34-S47: every kind of control has its own shape."""
    assert portal.field_kind(CompanyForm()[name]) == kind


def test_field_unit_is_shown_beside_the_control():
    """S42: 자산규모 is counted in 백만원."""
    found = render_to_string("components/field.html", {"field": CompanyForm()["assets"]})

    assert '<span class="field__unit">백만원</span>' in found


def test_a_wrong_field_is_described_by_its_help_and_its_error():
    """S34: screen readers hear both; the control is marked as invalid."""
    form = CompanyForm({})

    found = render_to_string("components/field.html", {"field": form["login_id"], "hint": "다시"})

    assert 'aria-describedby="id_login_id_hint id_login_id_helptext id_login_id_error"' in found
    assert 'aria-invalid="true"' in found
    for part in ("hint", "helptext", "error"):
        assert found.count(f'id="id_login_id_{part}"') == 1


def test_error_links_go_to_the_controls():
    """S34-S47: every error of the page once, in its order; groups lead to their first option."""
    form = CompanyForm({})
    form.add_error(None, "두 값이 맞지 않습니다.")

    links = portal.error_links(form)

    assert [link.target for link in links] == [
        "",
        "id_login_id",
        "id_sex_0",
        "id_assets",
        "id_paper",
        "id_agree",
    ]


def test_error_links_of_a_formset_name_every_row():
    """S46: errors of all rows, and of the set as a whole."""
    rows = forms.formset_factory(CompanyForm, min_num=1, validate_min=True)
    data = {"p-TOTAL_FORMS": "1", "p-INITIAL_FORMS": "0", "p-0-assets": "x"}
    formset = rows(data, prefix="p")

    targets = [link.target for link in portal.error_links(formset)]

    assert "id_p-0-assets" in targets


def test_error_links_of_a_bundle_walk_all_of_its_forms():
    """S20: a page of several forms has one summary."""
    rows = forms.formset_factory(CompanyForm, extra=0)
    data = {"p-TOTAL_FORMS": "1", "p-INITIAL_FORMS": "0", "p-0-assets": "x"}
    bundle = SimpleNamespace(
        forms=[CompanyForm({}), rows(data, prefix="p")],
        non_form_errors=lambda: ["모두 틀렸습니다."],
    )

    targets = [link.target for link in portal.error_links(bundle)]

    assert targets[:2] == ["", "id_login_id"]
    assert "id_p-0-assets" in targets


def test_upload_limits_are_told_before_choosing():
    """S36, S55: types, size and count stand beside the control."""
    limits = portal.upload_limits(CompanyForm()["paper"])

    assert limits.text == "파일 형식: PDF, ZIP · 파일당 20MB 이하 · 최대 3개"
    assert limits.types == ("pdf", "zip")


def test_named_cells_refuse_a_row_of_another_length():
    """S65: a table's row must fit its columns."""
    assert portal.named_cells(["a", "b"], ["가", "나"]) == [("가", "a"), ("나", "b")]
    with pytest.raises(ValueError, match="zip"):
        portal.named_cells(["a"], ["가", "나"])
