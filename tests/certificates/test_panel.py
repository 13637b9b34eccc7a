"""What a notice's page and my page show of certificates (S16)."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db

PANEL = Template("{% load certificates %}{% certificate_panel page %}")
MINE = Template("{% load certificates %}{% my_certificates viewer %}")


def panel(page, viewer=None):
    context = Context({"page": page, "viewer": viewer, "request": RequestFactory().get("/")})
    return PANEL.render(context).strip()


def test_visitor_gets_a_link_to_log_in_without_a_query(notice, django_assert_num_queries):
    """S16: the button leads a visitor to the log-in; nothing is asked of the database."""
    with django_assert_num_queries(0):
        html = panel(notice)

    address = reverse("certificates:issue", args=[notice.code])
    assert f"{reverse('members:login')}?next={address}" in html
    assert "인증서 발급" in html
    assert "csrf" not in html


def test_member_gets_the_button(notice, member):
    """S16: a member issues at once."""
    html = panel(notice, member)

    assert reverse("certificates:issue", args=[notice.code]) in html
    assert "인증서 발급" in html


def test_button_label_is_configurable(notice, member, settings):
    """S16: decision A5: the manual's word is a setting."""
    settings.CERTIFICATE_BUTTON_LABEL = "확인증 발급"

    assert "확인증 발급" in panel(notice, member)


def test_issued_certificate_is_linked(notice, member):
    """S61: one valid certificate per company and notice."""
    certificate = CertificateFactory(notice=notice, company=member.company)

    html = panel(notice, member)

    assert reverse("certificates:detail", args=[certificate.uuid]) in html
    assert certificate.number in html
    assert reverse("certificates:issue", args=[notice.code]) not in html


@pytest.mark.parametrize(
    ("traits", "words"),
    [({"closed": True}, "접수가 마감되어"), ({"coming": True}, "접수가 시작되면")],
)
def test_times_outside_the_period_are_explained(site, member, traits, words):
    """S15: outside the period there is a sentence and no button."""
    notice = NoticePageFactory(external=True, **traits)

    for viewer in (None, member):
        html = panel(notice, viewer)
        assert words in html
        assert "인증서 발급" not in html


def test_issued_certificate_stays_linked_after_closing(site, member):
    """S61: downloaded at any time."""
    notice = NoticePageFactory(external=True, closed=True)
    certificate = CertificateFactory(notice=notice, company=member.company)

    assert certificate.number in panel(notice, member)


def test_nothing_where_certificates_are_not_offered(site, member):
    """S17: own intake offers none by default."""
    notice = NoticePageFactory()

    assert panel(notice) == panel(notice, member) == panel(notice, StaffFactory()) == ""


def test_reason_is_told_to_who_may_not(site):
    """S33: a verdict is never silent."""
    notice = NoticePageFactory(external=True, full_members_only=True)

    html = panel(notice, MemberFactory(provisional=True))

    assert "정식회원만" in html
    assert reverse("members:membership") in html


def test_missing_originals_are_warned_about(notice, member):
    """S33: decision A8: warn is the default."""
    provisional = MemberFactory(provisional=True)

    html = panel(notice, provisional)

    assert "원본서류가 접수되지 않았습니다" in html
    assert "인증서 발급" in html


def test_staff_see_that_there_is_one(notice):
    """S63: staff take no certificates."""
    html = panel(notice, StaffFactory())

    assert "기업회원이 발급받을 수 있는" in html
    assert "<a " not in html


def test_revoked_without_leave_is_explained(notice, member):
    """S61: where the officer said no, the panel says so."""
    CertificateFactory(notice=notice, company=member.company, revoked=True, may_issue_again=False)

    assert "다시 발급받을 수 없습니다" in panel(notice, member)


def test_my_page_shows_the_newest_three_in_one_query(site, member, django_assert_num_queries):
    """S61: my certificates, the newest first."""
    certificates = [CertificateFactory(company=member.company) for _ in range(4)]

    with django_assert_num_queries(1):
        html = MINE.render(Context({"viewer": member}))

    assert [certificate.number in html for certificate in certificates] == [False, True, True, True]


def test_my_page_without_certificates_leads_to_the_notices(site, member):
    """S61: an empty state names the next step."""
    html = MINE.render(Context({"viewer": member}))

    assert "발급받은 확인증이 없습니다." in html
