"""Who is asking (security.md ASVS 15.3.4) and whose pages they may see (domain.md section 3)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from members.access import (
    client_address,
    company_person_required,
    member_required,
    note_access,
    waited,
)
from members.enums import AccessAction
from members.models import AccessRecord
from tests.factories.members import CompanyFactory, MemberFactory, StaffFactory

FORWARDED = {"HTTP_X_FORWARDED_FOR": "10.9.9.9, 198.51.100.4, 203.0.113.7"}


def request_of(user=None, **meta):
    request = RequestFactory().get("/my/", **meta)
    request.user = user or AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.7"), (2, "198.51.100.4")]
)
def test_only_our_own_proxies_are_believed(settings, proxies, address):
    """security.md ASVS 15.3.4: the address comes from the trusted proxy count."""
    settings.TRUSTED_PROXIES = proxies

    assert client_address(request_of(**FORWARDED)) == address


def test_a_chain_shorter_than_our_proxies_is_not_believed(settings):
    """security.md ASVS 4.1.3: a forged header changes nothing."""
    settings.TRUSTED_PROXIES = 4

    assert client_address(request_of(**FORWARDED)) == "127.0.0.1"


@pytest.mark.parametrize("address", ["", "unix:", "<script>"])
def test_what_is_no_address_is_none(address):
    """A request over a local socket has no client address."""
    assert client_address(request_of(REMOTE_ADDR=address)) is None


def test_waiting_is_measured_from_the_first_middleware():
    """security.md 6: nobody is refused for our queue."""
    request = request_of()
    assert waited(request).total_seconds() == 0

    request.received_monotonic = 1e-9
    assert waited(request).total_seconds() > 0


@member_required
def members_page(request):
    return HttpResponse("기업 화면")


@company_person_required
def company_page(request):
    return HttpResponse("기업 화면")


@pytest.mark.django_db
@pytest.mark.parametrize("trait", ["provisional", None])
def test_members_pass(trait):
    """domain.md 3: provisional and full members see their own record."""
    person = MemberFactory(**({trait: True} if trait else {}))

    assert members_page(request_of(person)).content.decode() == "기업 화면"


@pytest.mark.django_db
@pytest.mark.parametrize("trait", ["waiting", "refused", "suspended"])
def test_other_states_are_led_to_their_explanation(trait):
    """domain.md 2: waiting companies may log in, see and mend the papers, nothing else."""
    person = MemberFactory(**{trait: True})

    assert members_page(request_of(person)).url == "/my/membership/"
    assert company_page(request_of(person)).status_code == 200


@pytest.mark.django_db
def test_visitors_are_asked_to_log_in():
    """domain.md 3."""
    assert members_page(request_of()).url == "/login/?next=/my/"


@pytest.mark.django_db
def test_staff_are_refused_on_company_pages():
    """domain.md 3: staff and members never have the same session rights."""
    with pytest.raises(PermissionDenied):
        members_page(request_of(StaffFactory()))


@pytest.mark.django_db
def test_access_is_noted_with_address_and_request():
    """security.md 1, art. 8: who, when, from where, whose data, what."""
    company = CompanyFactory()
    request = request_of(StaffFactory())
    request.request_id = "f00d"

    note_access(request, AccessAction.VIEW, [company], "기업 상세", reason="심사")

    record = AccessRecord.objects.get()
    assert (record.address, record.request_id, record.reason) == ("127.0.0.1", "f00d", "심사")
