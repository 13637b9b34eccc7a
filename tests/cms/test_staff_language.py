"""The admin speaks Korean: no English word is left on a screen that staff use (S63)."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from cms.models import Category, NoticePage
from tests.factories.cms import (
    AttachmentFactory,
    DocumentFactory,
    ImageFactory,
    NoticePageFactory,
    RequiredDocumentFactory,
)
from tests.factories.members import StaffFactory

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a rendition to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")
# Names, kinds of files, units, keys and abbreviations that Koreans write in Latin letters too.
ALLOWED = (
    " avif api bza csv docx gif heic hs html https hwp hwpx ics id jpeg jpg kb mb otp pdf png qr "
    "rss svg tiff utc webp xlsx zip ctrl alt shift esc tab enter cmd mod home end http www kr co "
    "mail e-mail web url regional-marketing "
)
# Wagtail writes these into its templates: two for screen readers alone, and an empty value.
WRITTEN_INTO_TEMPLATES = {"Search", "Actions", "None"}
SILENT = {"script", "style", "template", "code", "kbd", "svg"}
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-label")


class Reader(HTMLParser):
    """Collect what a page shows or says: texts, spoken attributes, labels of the menu."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.silent, self.said, self.data = [], [], None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in SILENT:
            self.silent.append(tag)
            self.data = attributes.get("id") if tag == "script" else None
        if tag not in SILENT:
            self.said += [attributes[name] for name in SPOKEN if attributes.get(name)]
            if tag == "input" and attributes.get("type") in {"submit", "button"}:
                self.said.append(attributes.get("value") or "")

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent:
            self.said.append(data)
        elif self.data == "wagtail-sidebar-props":
            self.said += re.findall(
                r'"label": "([^"]*)"', json.dumps(json.loads(data), ensure_ascii=False)
            )


def english_on(html):
    """Return the sentences of a page that hold English words."""
    reader = Reader()
    reader.feed(html)
    return sorted(
        {
            " ".join(said.split())
            for said in reader.said
            if said.strip() not in WRITTEN_INTO_TEMPLATES
            and any(
                f" {word.lower()} " not in ALLOWED for word in WORD.findall(without_names(said))
            )
        }
    )


def without_names(text):
    """Leave out addresses, log-in names, file names and codes."""
    return re.sub(r"\S*[@/_.\d#]\S*|«[^»]*»", " ", text)


@pytest.fixture
def notice(two_agencies):
    """A published notice with a revision waiting, rows and files."""
    notice = NoticePageFactory(agency=two_agencies.a, title="해외전시회 참가기업 모집")
    RequiredDocumentFactory(page=notice, label="참가신청서")
    Category.objects.update(name="지역산업마케팅", slug="1")
    AttachmentFactory(page=notice)
    editor = StaffFactory(agency=two_agencies.a)
    for title in ("해외전시회 모집", "해외전시회 참가 모집"):
        notice.title = title
        notice.save_revision(user=editor, log_action=True)
    return NoticePage.objects.get(pk=notice.pk)


def screens_of_writing(notice):
    page, parent = notice.pk, notice.get_parent().pk
    pages = "wagtailadmin_pages"
    return [
        reverse("wagtailadmin_home"),
        "/admin/notices/", "/admin/programmes/", "/admin/schedule/",
        reverse("wagtailadmin_explore", args=[parent]),
        reverse(f"{pages}:add_subpage", args=[parent]),
        reverse(f"{pages}:add", args=["cms", "noticepage", parent]),
        reverse(f"{pages}:add", args=["cms", "scheduleentrypage", parent]),
        reverse(f"{pages}:add", args=["cms", "programmeguidepage", parent]),
        *(reverse(f"{pages}:{name}", args=[page]) for name in (
            "edit", "delete", "unpublish", "history", "usage", "workflow_history", "move",
        )),
        reverse(f"{pages}:revisions_compare", args=[page, "earliest", "latest"]),
        reverse("cms_staff:intake", args=[notice.code]),
        reverse("cms_staff:clone", args=[notice.code]),
        f"/admin/pages/{parent}/?q=없는말",
        f"/admin/bulk/wagtailcore/page/delete/?id={page}",
        f"/admin/bulk/wagtailcore/page/publish/?id={page}",
        "/admin/documents/", "/admin/documents/multiple/add/", "/admin/images/",
        "/admin/images/add/", "/admin/account/", "/admin/reports/locked/",
        "/admin/reports/workflow/", "/admin/reports/workflow_tasks/", "/admin/reports/aging-pages/",
    ]  # fmt: skip


CHOOSERS = [
    "/admin/choose-page/?page_type=cms.programmeguidepage",
    "/admin/documents/chooser/",
    "/admin/images/chooser/",
    "/admin/choose-external-link/",
    "/admin/choose-email-link/",
]
OPERATORS = [
    "/admin/agencies/", "/admin/staff/", "/admin/legal-texts/", "/admin/outbox/",
    "/admin/access-records/", "/admin/companies/", "/admin/joining/", "/admin/originals/",
    "/admin/applications/", "/admin/certificates/", "/admin/settings/cms/portalsettings/",
    "/admin/snippets/cms/category/", "/admin/snippets/cms/category/add/", "/admin/workflows/list/",
    "/admin/collections/", "/admin/reports/site-history/", "/admin/reason/", "/admin/corners/",
]  # fmt: skip


def html_of(response):
    """Return a page, or the one that a chooser's answer carries."""
    if "json" in response.headers["Content-Type"]:
        return response.json()["html"]
    return response.text


def faults_of(browser, addresses):
    """Return address and sentences of every screen with English on it."""
    found = {}
    for address in addresses:
        response = browser.get(address, follow=True)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        if left := english_on(html_of(response)):
            found[address] = left
    return found


def test_the_screens_of_writing_are_korean(log_in, notice, two_agencies):
    """S63: lists, forms, history, comparison, deletion, files, reports, as an officer."""
    ImageFactory(collection=two_agencies.a.page.public_collection, title="사진")
    DocumentFactory(collection=two_agencies.a.page.public_collection, title="공고문")
    browser = log_in(StaffFactory(agency=two_agencies.a))

    found = faults_of(browser, [*screens_of_writing(notice), *CHOOSERS])

    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_the_operators_screens_are_korean(log_in, notice):
    """S63: accounts, agencies, texts, mails, records, settings."""
    browser = log_in(StaffFactory(operator=True))
    browser.post(reverse("members_admin:reason"), {"reason": "정기 점검"})

    found = faults_of(browser, OPERATORS)

    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_the_words_of_scripts_are_korean(log_in):
    """S63: autosave and its faults are told by scripts, from a catalogue of their own."""
    words = log_in(StaffFactory()).get("/admin/jsi18n/").text

    for sentence in ("Changes have been autosaved.", "A network error occurred."):
        # The catalogue writes Hangul as escapes: «자동…», «연결…».
        assert re.search(rf'"{re.escape(sentence)}": "\\u(c790|c5f0)', words)


def test_the_reader_finds_english():
    """Witness: a sentence, a spoken attribute and a menu label in English are found."""
    props = '<script id="wagtail-sidebar-props">{"label": "Help me"}</script>'
    html = f'<p>공고 <b title="Close it">PDF</b> Save draft</p>{props}<code>English</code>'

    assert english_on(html) == ["Close it", "Help me", "Save draft"]
