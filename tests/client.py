"""The test client that reads every page it gets, as a strict browser and a strict editor would.

A page of ours is refused when it holds an inline script or style, an inline handler, a template
mark that was not rendered, no language, not exactly one h1, an id twice, a reference to an id that
is not there, a picture without alternative text, a control without a label, or when it loads what
our content policy forbids. Under /admin/ the pages are Wagtail's: only template marks are looked
for there. A test that plants such marks on purpose says so: ``client.tolerates.add("marks")``.
"""

import re
from html.parser import HTMLParser
from importlib import import_module
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.test import Client, TestCase

from members import sessions

DATA_BLOCKS = {"application/json", "application/ld+json", "speculationrules"}
UNLABELLED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget")
OPAQUE = {"script", "style", "template"}
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
}  # fmt: skip
TEMPLATE_MARKS = re.compile(r"\{\{|\{%|\{#")
OWN_HOSTS = {"", "testserver", "localhost", "127.0.0.1"}


class FaultyPageError(AssertionError):
    """A page breaks a rule that every page keeps."""


class PageReader(HTMLParser):
    """Walk one document and collect what the rules ask about."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults = []
        self.ids = []
        self.references = []
        self.labels = set()
        self.controls = []
        self.headings = 0
        self.language = None
        self.policy_faults = []
        self.open_tags = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in VOID:
            self.open_tags.append(tag)
        self.note_identity(tag, attributes)
        self.check_inline(tag, attributes)
        self.check_sources(tag, attributes)
        if tag == "html":
            self.language = attributes.get("lang")
        elif tag == "h1":
            self.headings += 1
        elif tag == "img" and "alt" not in attributes:
            self.faults.append(f"picture without alt: {attributes.get('src')}")
        elif tag in {"input", "select", "textarea"}:
            self.note_control(tag, attributes)

    def handle_endtag(self, tag):
        if tag in self.open_tags:
            while self.open_tags.pop() != tag:
                pass

    def handle_data(self, data):
        if not OPAQUE.intersection(self.open_tags):
            self.check_marks(data)

    def note_identity(self, tag, attributes):
        if attributes.get("id"):
            self.ids.append(attributes["id"])
        for name in REFERENCES:
            if attributes.get(name):
                self.references += [(name, target) for target in attributes[name].split()]
        if tag == "label" and attributes.get("for"):
            self.labels.add(attributes["for"])

    def check_inline(self, tag, attributes):
        for name, value in attributes.items():
            if name.startswith("on"):
                self.faults.append(f"inline handler {name} on <{tag}>")
            if name == "style":
                self.faults.append(f"inline style on <{tag}>: {value}")
            self.check_marks(value or "")
        if tag == "style":
            self.faults.append("inline <style>")
        if (
            tag == "script"
            and "src" not in attributes
            and attributes.get("type") not in DATA_BLOCKS
        ):
            self.faults.append("inline <script>")

    def check_sources(self, tag, attributes):
        """Follow config.middleware.PUBLIC_POLICY: 'self' for everything, data: for pictures."""
        name = {"script": "src", "img": "src", "form": "action", "iframe": "src"}.get(tag)
        if tag == "link" and attributes.get("rel") in {"stylesheet", "preload", "icon"}:
            name = "href"
        source = attributes.get(name) if name else None
        if source and not is_own_address(source, data_allowed=tag == "img"):
            self.policy_faults.append(f"<{tag} {name}={source}> is against our policy")
        if tag in {"iframe", "object", "embed", "base"}:
            self.policy_faults.append(f"<{tag}> is against our policy")
        for link in ("href", "formaction"):
            if (attributes.get(link) or "").strip().lower().startswith(("javascript:", "data:")):
                self.policy_faults.append(f"{link}={attributes[link]} on <{tag}>")

    def note_control(self, tag, attributes):
        if tag == "input" and attributes.get("type", "text").lower() in UNLABELLED_INPUTS:
            return
        named = (
            "label" in self.open_tags
            or attributes.get("aria-label")
            or attributes.get("aria-labelledby")
            or attributes.get("title")
        )
        if not named:
            self.controls.append((attributes.get("id"), attributes.get("name") or tag))

    def check_marks(self, text):
        if TEMPLATE_MARKS.search(text):
            self.faults.append(f"template mark left over: {text.strip()[:80]!r}")

    def all_faults(self, *, is_document):
        """Return every fault; a fragment needs no language and no heading."""
        faults = [*self.faults, *self.policy_faults]
        if is_document and not self.language:
            faults.append("no lang on <html>")
        if is_document and self.headings != 1:
            faults.append(f"{self.headings} h1 instead of one")
        faults += [f"id {name!r} twice" for name in sorted(repeated(self.ids))]
        known = set(self.ids)
        for kind, target in self.references:
            if is_document and target not in known:
                faults.append(f"{kind} names the missing id {target!r}")
        for name, shown in self.controls:
            if name not in self.labels:
                faults.append(f"control {shown!r} without label")
        return faults


def is_own_address(source, *, data_allowed):
    """Tell whether the policy's 'self' (or data: for a picture) covers an address."""
    parts = urlsplit(source)
    if data_allowed and parts.scheme == "data":
        return True
    return parts.scheme in {"", "http", "https"} and (parts.hostname or "") in OWN_HOSTS


def repeated(names):
    """Return the names that occur more than once."""
    return {name for name in names if names.count(name) > 1}


def faults_of_page(html, *, is_admin=False, tolerates=frozenset()):
    """Return what is wrong with one HTML answer, as a list of sentences."""
    reader = PageReader()
    reader.feed(html)
    reader.close()
    is_document = html.lstrip()[:9].lower() == "<!doctype"
    faults = reader.all_faults(is_document=is_document)
    if is_admin:
        faults = [fault for fault in faults if fault.startswith("template mark")]
    if "marks" in tolerates:
        faults = [fault for fault in faults if not fault.startswith("template mark")]
    return faults


class CheckingClient(Client):
    """Django's client, which refuses faulty pages and runs what waits for the commit."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.tolerates = set()

    def request(self, **request):
        with TestCase.captureOnCommitCallbacks(execute=True):
            response = super().request(**request)
        self.check(response, path=request.get("PATH_INFO", ""))
        return response

    def check(self, response, *, path):
        """Raise FaultyPageError when an HTML answer breaks a rule of every page."""
        if response.streaming or not response.headers.get("Content-Type", "").startswith(
            "text/html"
        ):
            return
        if not response.content:
            return
        if "Content-Security-Policy" not in response.headers:
            raise FaultyPageError(f"{path}: no Content-Security-Policy")
        faults = faults_of_page(
            response.content.decode(response.charset),
            is_admin=path.startswith("/admin/"),
            tolerates=self.tolerates,
        )
        if faults:
            raise FaultyPageError(f"{path}:\n  " + "\n  ".join(faults))

    def log_in(self, user, *, address="127.0.0.1"):
        """Begin a real session, with the marks and the row that the log-in page leaves."""
        request = HttpRequest()
        request.META.update({"REMOTE_ADDR": address, "HTTP_USER_AGENT": "test"})
        request.session = import_module(settings.SESSION_ENGINE).SessionStore()
        sessions.begin(request, user=user, address=address)
        request.session.save()
        self.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
        return self
