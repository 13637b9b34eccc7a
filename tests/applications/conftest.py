"""A company that has done everything but hand in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications.models import Application
from applications.services.drafts import start_application
from applications.services.submissions import submit_application
from members.enums import ConsentChoice, ConsentPurpose
from members.services.consents import record_consents, texts_to_renew
from tests.factories.applications import SubmittedDocumentFactory, master_of
from tests.factories.cms import NoticePageFactory, RequiredDocumentFactory
from tests.factories.members import CompanyFactory, legal_texts_in_force

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
    b"0000000105 00000 n \ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n170\n%%EOF\n"
)


def no_wait():
    """Stand in for the time a request has been with us."""
    return timedelta(0)


def pdf(name="사업계획서.pdf", data=PDF):
    """Return an upload of a small, sound PDF."""
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def confirm(draft, *, at=None):
    """Mark the record as checked and renew the consents for a draft, as the record page does."""
    at = at or timezone.now()
    record_consents(
        company=draft.company,
        person=draft.created_by,
        choices=dict.fromkeys(texts_to_renew(company=draft.company, at=at), ConsentChoice.AGREED),
        purpose=ConsentPurpose.APPLY,
        at=at,
        address="127.0.0.1",
        recipient=draft.notice.agency,
        notice_code=draft.notice.code,
    )
    Application.objects.filter(pk=draft.pk).update(record_confirmed_at=at, consented_at=at)


def make_ready(draft, *, at=None):
    """Confirm the record and put a file into every required row; return the fresh draft."""
    confirm(draft, at=at)
    for row in draft.notice.required_documents.filter(is_required=True):
        if not draft.documents.current().filter(key=row.key).exists():
            SubmittedDocumentFactory(application=draft, required_document=row)
    return Application.objects.get(pk=draft.pk)


def hand_in(draft, *, by=None):
    """Hand in a ready draft through the service."""
    return submit_application(
        application=draft,
        submission_key=draft.submission_key,
        version=draft.version,
        by=by or draft.created_by,
        waited=no_wait,
    )


@pytest.fixture
def texts(db):
    """Every legal text in force."""
    return legal_texts_in_force()


@pytest.fixture
def notice(site):
    """An open notice with own intake and required documents."""
    made = NoticePageFactory()
    RequiredDocumentFactory(page=made, label="사업계획서")
    RequiredDocumentFactory(page=made, label="회사소개서", optional=True, formats=["pdf"])
    return made


@pytest.fixture
def company(db):
    return CompanyFactory()


@pytest.fixture
def person(company):
    return master_of(company)


@pytest.fixture
def draft(texts, notice, company, person, at):
    """A draft that was just begun."""
    return start_application(notice=notice, company=company, by=person, at=at)


@pytest.fixture
def ready(draft):
    """A draft with everything in it."""
    return make_ready(draft)


@pytest.fixture
def submitted(ready):
    """A handed-in application."""
    return hand_in(ready)
