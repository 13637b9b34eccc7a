"""Public files: whose they are, and when the public may take them (domain.md section 1)."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from cms.models import NoticePage
from cms.selectors import is_public_document
from cms.services.agencies import provision_agency_corner
from tests.client import CheckingClient
from tests.factories.cms import (
    AttachmentFactory,
    DocumentFactory,
    ImageFactory,
    NoticePageFactory,
    StandardPageFactory,
)
from tests.factories.members import MemberFactory, StaffFactory

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a rendition to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def corners(two_agencies):
    """The provisioned pages of both agencies, with their collections and rights."""
    return tuple(provision_agency_corner(agency=agency, by=None) for agency in two_agencies)


def attached(corner, *, collection=None, **fields):
    """Return a public file of an agency, attached to one of its notices."""
    document = DocumentFactory(collection=collection or corner.public_collection)
    AttachmentFactory(page=NoticePageFactory(parent=corner, **fields), document=document)
    return document


def status_of(browser, address):
    """Ask for a file, read it to its end, which closes it, and return the answer's status."""
    response = browser.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def test_a_file_of_a_live_page_is_handed_out(client, corners):
    """S10, domain 1: as an attachment, never sniffed, never shown in the window."""
    document = attached(corners[0])

    response = client.get(document.url)
    data = b"".join(response.streaming_content)

    assert response.status_code == 200
    assert data.startswith(b"%PDF")
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("case", ["unused", "draft", "unpublished", "internal", "other_name"])
def test_a_file_that_no_live_page_shows_is_not_there(client, corners, case):
    """domain 1: 404 to the public, whatever they know of its address."""
    corner = corners[0]
    document = {
        "unused": lambda: DocumentFactory(collection=corner.public_collection),
        "draft": lambda: attached(corner, draft=True),
        "unpublished": lambda: attached(corner),
        "internal": lambda: attached(corner, collection=corner.internal_collection),
        "other_name": lambda: attached(corner),
    }[case]()
    if case == "unpublished":
        NoticePage.objects.get().unpublish()
    address = document.url + "x" if case == "other_name" else document.url

    assert status_of(client, address) == 404


def test_a_page_of_one_agency_publishes_no_other_agencys_file(client, corners):
    """domain 3, 5: a file put into a page by its number stays closed."""
    foreign = DocumentFactory(collection=corners[1].public_collection)
    AttachmentFactory(page=NoticePageFactory(parent=corners[0]), document=foreign)

    assert status_of(client, foreign.url) == 404


def test_comms_may_show_an_agencys_file_on_a_page_of_the_site(client, corners, site):
    """domain 3: comms writes all pages."""
    document = DocumentFactory(collection=corners[0].public_collection)
    page = StandardPageFactory(parent=site, body=[("files", {"title": "", "files": [document]})])
    page.save_revision().publish()

    assert status_of(client, document.url) == 200


def test_staff_see_the_files_of_their_own_collections(log_in, corners, two_agencies):
    """domain 3: owner and colleague yes, another agency's officer and members no."""
    document = DocumentFactory(collection=corners[0].internal_collection)
    people = {
        StaffFactory(agency=two_agencies.a): 200,
        StaffFactory(manager=True, agency=two_agencies.a): 200,
        StaffFactory(agency=two_agencies.b): 404,
        MemberFactory(): 404,
    }

    answers = {person: status_of(log_in(person), document.url) for person in people}

    assert answers == people


def test_a_lost_file_is_404(client, corners):
    """A row without its bytes is an answer, not an error."""
    document = attached(corners[0])
    document.file.storage.delete(document.file.name)

    assert status_of(client, document.url) == 404


def test_documents_have_no_numbered_address(client, corners):
    """stack 5: Wagtail's own /documents/<id>/ is not served."""
    document = attached(corners[0])

    response = client.get(f"/documents/{document.pk}/{document.filename}")

    assert response.status_code == 404
    assert str(document.uuid) in document.url


def rendition_of(corner, *, internal=False):
    collection = corner.internal_collection if internal else corner.public_collection
    return ImageFactory(collection=collection).get_rendition("max-100x100")


def test_pictures_of_an_internal_collection_are_their_agencys_own(log_in, corners, two_agencies):
    """domain 3, 5: owner and colleague yes; another agency, members and the public no."""
    address = rendition_of(corners[0], internal=True).url
    people = {
        StaffFactory(agency=two_agencies.a): 200,
        StaffFactory(manager=True, agency=two_agencies.a): 200,
        StaffFactory(agency=two_agencies.b): 404,
        MemberFactory(): 404,
    }

    answers = {person: status_of(log_in(person), address) for person in people}

    assert answers == people
    assert status_of(CheckingClient(), address) == 404
    own = log_in(next(iter(people))).get(address)
    assert own.headers["Cache-Control"] == "private, no-store"
    b"".join(own.streaming_content)


def test_pictures_of_a_public_collection_are_everybodys(client, corners, django_assert_num_queries):
    """S10: public and cacheable, without a session; two queries."""
    address = rendition_of(corners[0]).url

    with django_assert_num_queries(2):
        response = client.get(address)
    data = b"".join(response.streaming_content)

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("image/")
    assert response.headers["Cache-Control"].startswith("public")
    assert "Cookie" not in response.headers.get("Vary", "")
    assert data


def test_only_renditions_are_served_as_pictures(client, corners):
    """security.md 2.33: no original, no other file, no way out of the folder."""
    image = rendition_of(corners[0]).image

    for address in (
        image.file.url,
        "/media/images/none.png",
        "/media/images/../private/x",
        "/media/images/%00.png",
    ):
        assert status_of(client, address) == 404


# --- what may go into a page --------------------------------------------------------------------


def form_for(person, page, **posted):
    form_class = type(page).get_edit_handler().get_form_class()
    parent = page.get_parent().specific
    return form_class(posted, instance=page, for_user=person, parent_page=parent)


@pytest.mark.parametrize("kind", ["document", "image"])
def test_the_page_form_refuses_another_agencys_file(corners, two_agencies, kind):
    """domain 3: the choosers hide it, and the form behind them refuses its number."""
    officer = StaffFactory(agency=two_agencies.a)
    own, foreign = (
        DocumentFactory(collection=corner.public_collection)
        if kind == "document"
        else ImageFactory(collection=corner.public_collection)
        for corner in corners
    )

    assert not refused_files(form_of_corner(officer, corners[0], kind, own))
    assert refused_files(form_of_corner(officer, corners[0], kind, foreign))


def form_of_corner(person, corner, kind, file):
    block = {"document": "files", "image": "picture"}[kind]
    body = {"body-count": 1, "body-0-type": block, "body-0-order": 0, "body-0-deleted": ""}
    if kind == "document":
        body |= {
            "body-0-value-title": "",
            "body-0-value-files-count": 1,
            "body-0-value-files-0-deleted": "",
            "body-0-value-files-0-order": 0,
            "body-0-value-files-0-value": file.pk,
        }
    else:
        body |= {
            "body-0-value-image": file.pk,
            "body-0-value-alternative_text": "설명",
            "body-0-value-caption": "",
        }
    page = Page.objects.get(pk=corner.pk).specific
    return form_for(
        person, page, title=page.title, slug=page.slug, introduction="소개", website="", **body
    )


def refused_files(form):
    form.is_valid()
    return "다른 기관의 파일은 쓸 수 없습니다" in str(form.non_field_errors())


def test_the_notice_form_refuses_another_agencys_attachment(log_in, corners, two_agencies):
    """domain 3: also in the rows of required documents and attachments."""
    notice = NoticePageFactory(parent=corners[0])
    foreign = DocumentFactory(collection=corners[1].public_collection)
    officer = log_in(StaffFactory(agency=two_agencies.a))
    posted = {
        "title": notice.title,
        "summary": notice.summary,
        "category": notice.category_id,
        "posted_at": "2026-01-05 09:00",
        "contact_phone": "0421234567",
        "attachments-TOTAL_FORMS": 1,
        "attachments-INITIAL_FORMS": 0,
        "attachments-0-document": foreign.pk,
        "attachments-0-label": "",
        "attachments-0-ORDER": 1,
        "required_documents-TOTAL_FORMS": 0,
        "required_documents-INITIAL_FORMS": 0,
        "questions-TOTAL_FORMS": 0,
        "questions-INITIAL_FORMS": 0,
        "body-count": 0,
    }

    response = officer.post(reverse("wagtailadmin_pages:edit", args=[notice.pk]), posted)

    assert response.status_code == 200
    assert "다른 기관의 파일은 쓸 수 없습니다" in response.content.decode()
    assert not notice.attachments.exists()


def test_witness_without_the_owner_rule_the_file_would_be_public(corners):
    """Witness: the live page does use the file; only the rule of ownership closes it."""
    foreign = DocumentFactory(collection=corners[1].public_collection)
    AttachmentFactory(page=NoticePageFactory(parent=corners[0]), document=foreign)
    assert not is_public_document(foreign)

    type(corners[1]).objects.filter(pk=corners[1].pk).update(public_collection=None)

    assert is_public_document(foreign)
