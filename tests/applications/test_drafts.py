"""The draft: begin, papers in and out, two tabs, shared by the company."""

import pytest

from applications.models import Application, SubmittedDocument
from applications.services import drafts
from applications.services.drafts import (
    NotADraftError,
    PaperChangedError,
    StartRefusedError,
    TooManyUploadsError,
    UnknownPaperError,
    attach_document,
    remove_document,
    start_application,
)
from members.models import StoredFile
from members.uploads import UploadRefusedError
from tests.applications.conftest import hand_in, pdf
from tests.factories.applications import SubmittedDocumentFactory, master_of
from tests.factories.cms import NoticePageFactory
from tests.factories.members import CompanyFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(notice):
    """The required document of the notice."""
    return notice.required_documents.get(is_required=True)


def attach(draft, row, upload, *, seen=None, by=None, at=None):
    return attach_document(
        application=draft,
        key=row.key,
        upload=upload,
        seen=seen,
        by=by or draft.created_by,
        at=at or draft.created_at,
    )


def test_start_application_begins_a_draft(draft, company, person):
    """S17: a draft of the company, in round 1, with its first event."""
    assert draft.is_draft
    assert (draft.company, draft.created_by, draft.round) == (company, person, 1)
    assert draft.events.get().to_state == "draft"


def test_start_application_again_returns_the_draft(draft, notice, company, person, at):
    """S17: a second press, or a colleague, finds the same draft."""
    again = start_application(notice=notice, company=company, by=person, at=at)

    assert again.pk == draft.pk


def test_start_application_after_handing_in_is_refused(submitted, notice, company, person, at):
    """S55: one live application per company and notice."""
    with pytest.raises(StartRefusedError, match=submitted.receipt_number):
        start_application(notice=notice, company=company, by=person, at=at)


@pytest.mark.parametrize("trait", ["closed", "coming", "stopped", "external"])
def test_start_application_only_to_an_open_own_intake(site, at, trait):
    """S15, S16, S18: closed, coming and external notices begin nothing."""
    company = CompanyFactory()

    with pytest.raises(StartRefusedError):
        start_application(
            notice=NoticePageFactory(**{trait: True}), company=company, by=master_of(company), at=at
        )

    assert not Application.objects.exists()


def test_attach_document_keeps_the_old_file_as_replaced(draft, row, at):
    """S55: replacing keeps what was there; the version of the draft grows."""
    first = attach(draft, row, pdf("첫째.pdf"))
    second = attach(draft, row, pdf("둘째.pdf"), seen=first.uuid)

    first.refresh_from_db()
    assert first.replaced_at is not None
    assert list(draft.documents.current()) == [second]
    assert Application.objects.get(pk=draft.pk).version == draft.version + 2


def test_attach_document_copies_key_and_label(draft, row, notice):
    """Domain 5.2: nothing of ours points at a row that editors may remove."""
    document = attach(draft, row, pdf())
    notice.required_documents.all().delete()

    document.refresh_from_db()
    assert (document.key, document.label) == (row.key, row.label)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("계획서.exe", b"MZ\x90\x00", "extension"),
        ("계획서.pdf", b"MZ\x90\x00 not a pdf", "type_mismatch"),
        ("빈파일.pdf", b"", "empty"),
        ("계획서.html", b"<script>alert(1)</script>", "extension"),
    ],
)
def test_attach_document_refuses_and_keeps_the_others(draft, row, name, data, code):
    """security.md 5: a refused file is not stored and the others stay where they are."""
    other = SubmittedDocumentFactory(application=draft)
    stored_before = StoredFile.objects.count()

    with pytest.raises(UploadRefusedError, match=name) as refusal:
        attach(draft, row, pdf(name, data))

    assert refusal.value.code == code
    assert list(draft.documents.current()) == [other]
    assert StoredFile.objects.count() == stored_before


def test_attach_document_takes_only_the_formats_of_the_row(draft, notice):
    """S55: the accepted types are the row's own."""
    row = notice.required_documents.get(formats=["pdf"])

    with pytest.raises(UploadRefusedError, match="PDF"):
        attach(draft, row, pdf("소개.zip", b"PK\x03\x04"))


def test_attach_document_keeps_to_the_size_of_the_row(draft, row):
    """S55: the limit is the row's own, in MiB."""
    row.max_mb = 1
    row.save()

    with pytest.raises(UploadRefusedError) as refusal:
        attach(draft, row, pdf(data=b"%PDF-1.4\n" + b"0" * 1024 * 1024))

    assert refusal.value.code == "too_large"


def test_attach_document_in_two_tabs_warns_the_second(draft, row):
    """security.md 2, row 4: the later save is warned and nothing is lost silently."""
    first = attach(draft, row, pdf("첫째.pdf"))

    with pytest.raises(PaperChangedError):
        attach(draft, row, pdf("둘째.pdf"), seen=None)

    assert list(draft.documents.current()) == [first]
    refused = StoredFile.objects.exclude(pk=first.file_id).get()
    assert refused.destroyed_at is not None


def test_attach_document_to_an_unknown_row_is_refused(draft, submitted):
    """Domain 5.2: a key that the notice does not ask for."""
    with pytest.raises(UnknownPaperError):
        attach_document(
            application=draft,
            key=draft.uuid,
            upload=pdf(),
            seen=None,
            by=draft.created_by,
            at=draft.created_at,
        )


def test_attach_document_after_handing_in_is_refused(ready, row):
    """S65: a colleague handed it in meanwhile."""
    document = ready.documents.get(key=row.key)
    hand_in(ready)

    with pytest.raises(NotADraftError):
        attach(ready, row, pdf(), seen=document.uuid)


def test_uploads_of_one_application_are_bounded(draft, row, monkeypatch):
    """ASVS 2.1.3: old files stay, so their number has a limit."""
    monkeypatch.setattr(drafts, "MAX_UPLOADS_PER_APPLICATION", 1)
    attach(draft, row, pdf())

    with pytest.raises(TooManyUploadsError):
        attach(draft, row, pdf())


def test_remove_document_keeps_it_as_replaced(draft, row, at):
    """S55: a file taken out of the draft is not handed in and not lost."""
    document = attach(draft, row, pdf())

    remove_document(application=draft, document=document, at=at)
    remove_document(application=draft, document=document, at=at)

    assert not draft.documents.current().exists()
    assert SubmittedDocument.objects.get().replaced_at == at


def test_a_draft_is_shared_by_the_persons_of_the_company(draft, row):
    """Issue D.1: a colleague goes on where the first person stopped."""
    colleague = MemberFactory(company=draft.company, colleague=True)

    document = attach(draft, row, pdf(), by=colleague)

    assert document.uploaded_by == colleague
    assert (
        start_application(
            notice=draft.notice, company=draft.company, by=colleague, at=draft.created_at
        )
        == draft
    )
