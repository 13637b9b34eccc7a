"""The factories build what they promise, under the real tree."""

import pytest

from cms.enums import NoticeStatus
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import (
    AttachmentFactory,
    ImageFactory,
    NoticePageFactory,
    ProgrammeGuidePageFactory,
    ScheduleEntryPageFactory,
)
from tests.factories.members import CompanyFactory, MemberFactory, PaperFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("traits", "status"),
    [
        ({}, NoticeStatus.OPEN),
        ({"rolling": True}, NoticeStatus.OPEN),
        ({"closing_soon": True}, NoticeStatus.OPEN),
        ({"coming": True}, NoticeStatus.COMING),
        ({"closed": True}, NoticeStatus.CLOSED),
        ({"stopped": True}, NoticeStatus.CLOSED),
    ],
)
def test_notice_traits_give_the_status(at, traits, status):
    """S11: the traits of the factory mean 예정, 진행 and 마감."""
    notice = NoticePageFactory(**traits)

    assert notice.status_at(at) == status


def test_notices_of_one_agency_lie_below_its_page(two_agencies):
    first, second = NoticePageFactory.create_batch(2, agency=two_agencies.a)

    assert first.get_parent().pk == second.get_parent().pk == two_agencies.a.page.pk
    assert first.agency == two_agencies.a
    assert first.code != second.code


def test_everything_else_can_be_built(db):
    """Each factory passes the constraints of its table."""
    made = [
        MemberFactory(provisional=True),
        StaffFactory(manager=True),
        StaffFactory(operator=True),
        PaperFactory(),
        ProgrammeGuidePageFactory(),
        ScheduleEntryPageFactory(past=True),
        AttachmentFactory(),
        ImageFactory(),
        SubmittedDocumentFactory(application=ApplicationFactory(submitted=True)),
        CertificateFactory(company=CompanyFactory(provisional=True)),
        CertificateFactory(revoked=True),
    ]

    assert all(thing.pk for thing in made)


def test_factory_business_numbers_have_their_check_digit():
    """S40: the invented numbers pass the tax office's rule."""
    number = CompanyFactory().business_number

    weights = (1, 3, 7, 1, 3, 7, 1, 3, 5)
    weighted = [int(number[place]) * weight for place, weight in enumerate(weights)]
    total = sum(weighted) + int(number[8]) * 5 // 10
    assert (10 - total % 10) % 10 == int(number[9])
