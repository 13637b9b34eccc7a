"""Applications in each state; a submitted one is whole: number, snapshot and event."""

from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications import models
from applications.enums import ApplicationState
from tests.factories.cms import NoticePageFactory
from tests.factories.members import CompanyFactory, MemberFactory, StoredFileFactory


def master_of(company):
    """Return the company's master, made when it has nobody."""
    return company.people.filter(is_company_master=True).first() or MemberFactory(company=company)


def snapshot_of(application):
    """Return the copy of the record that a submission keeps, as small as tests need."""
    company, person = application.company, application.created_by
    return {
        "company": {
            "name": company.name,
            "business_number": company.business_number,
            "representative": company.representative,
        },
        "person": {"name": person.name, "email": person.email},
        "products": [],
        "figures": [],
        "notice": {"code": application.notice.code, "title": application.notice.title},
        "documents": [],
        "consents": [],
    }


class ApplicationFactory(DjangoModelFactory):
    """A draft; `submitted` and the later states are traits."""

    class Meta:
        model = models.Application

    class Params:
        handed_in = factory.Trait(
            submitted_at=factory.LazyFunction(timezone.now),
            submitted_by=factory.SelfAttribute("created_by"),
            receipt_number=factory.Sequence(lambda n: f"BZA9{n // 10_000:06d}-R{n % 10_000:04d}"),
            snapshot=factory.LazyAttribute(snapshot_of),
            record_confirmed_at=factory.LazyFunction(timezone.now),
            consented_at=factory.LazyFunction(timezone.now),
        )
        submitted = factory.Trait(handed_in=True, state=ApplicationState.SUBMITTED)
        under_check = factory.Trait(handed_in=True, state=ApplicationState.UNDER_CHECK)
        withdrawn = factory.Trait(handed_in=True, state=ApplicationState.WITHDRAWN)
        returned = factory.Trait(handed_in=True, state=ApplicationState.RETURNED)
        selected = factory.Trait(handed_in=True, state=ApplicationState.SELECTED)
        closed = factory.Trait(handed_in=True, state=ApplicationState.CLOSED)

    company = factory.SubFactory(CompanyFactory)
    notice = factory.SubFactory(NoticePageFactory)
    state = ApplicationState.DRAFT
    created_at = factory.LazyFunction(timezone.now)
    created_by = factory.LazyAttribute(lambda application: master_of(application.company))
    updated_at = factory.LazyFunction(timezone.now)


class SubmittedDocumentFactory(DjangoModelFactory):
    class Meta:
        model = models.SubmittedDocument

    class Params:
        required_document = None

    application = factory.SubFactory(ApplicationFactory)
    key = factory.LazyAttribute(
        lambda document: document.required_document.key if document.required_document else uuid4()
    )
    label = factory.LazyAttribute(
        lambda document: (
            document.required_document.label if document.required_document else "사업계획서"
        )
    )
    file = factory.SubFactory(
        StoredFileFactory, company=factory.SelfAttribute("..application.company")
    )
    uploaded_at = factory.LazyFunction(timezone.now)
    uploaded_by = factory.SelfAttribute("application.created_by")


class ApplicationEventFactory(DjangoModelFactory):
    class Meta:
        model = models.ApplicationEvent

    application = factory.SubFactory(ApplicationFactory, submitted=True)
    from_state = ApplicationState.DRAFT
    to_state = ApplicationState.SUBMITTED
    at = factory.LazyFunction(timezone.now)
    by = factory.SelfAttribute("application.created_by")
