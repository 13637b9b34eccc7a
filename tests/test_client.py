"""The checking client refuses what it says it refuses."""

import pytest
from django.conf import settings

from members.models import LoginSession
from members.sessions import is_alive
from tests.client import faults_of_page
from tests.factories.members import MemberFactory

PAGE = """<!doctype html><html lang="ko"><head><title>제목</title></head>
<body><h1>제목</h1>{}</body></html>"""


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<script>alert(1)</script>", "inline <script>"),
        ("<style>p{color:red}</style>", "inline <style>"),
        ('<p style="color:red">가</p>', "inline style on <p>"),
        ('<p onclick="go()">가</p>', "inline handler onclick"),
        ("<p>{{ name }}</p>", "template mark left over"),
        ('<a href="{% url %}">가</a>', "template mark left over"),
        ("<h1>또</h1>", "2 h1 instead of one"),
        ('<p id="a"></p><p id="a"></p>', "id 'a' twice"),
        ('<img src="/a.png">', "picture without alt"),
        ('<input name="word">', "control 'word' without label"),
        ('<label for="x">가</label>', "for names the missing id 'x'"),
        ('<p aria-describedby="a b">가</p>', "aria-describedby names the missing id 'a'"),
        ('<script src="https://cdn.example/a.js"></script>', "is against our policy"),
        ('<a href="javascript:go()">가</a>', "href=javascript:go()"),
        ('<form action="https://other.example/"></form>', "is against our policy"),
        ('<iframe src="/a/"></iframe>', "<iframe> is against our policy"),
    ],
)
def test_faulty_page_is_refused(part, fault):
    """S7: pages keep to the frame's rules (house style, section 3.4)."""
    faults = faults_of_page(PAGE.format(part))

    assert any(fault in found for found in faults)


@pytest.mark.parametrize(
    "part",
    [
        '<script type="application/json" id="rows">{"a": {"b": 1}}</script>',
        '<label>이름 <input name="word"></label>',
        '<label for="word">이름</label><input id="word" name="word">',
        '<input type="hidden" name="token"><button type="submit">보내기</button>',
        '<img src="/a.png" alt=""><img src="data:image/png;base64,AA" alt="그림">',
        '<a href="https://intake.example/">접수시스템 이동</a>',
    ],
)
def test_proper_page_passes(part):
    assert faults_of_page(PAGE.format(part)) == []


def test_missing_language_is_refused():
    assert faults_of_page("<!doctype html><html><h1>가</h1></html>") == ["no lang on <html>"]


def test_fragment_needs_neither_language_nor_heading():
    assert faults_of_page("<li>8480</li>") == []


def test_admin_page_is_read_for_template_marks_only():
    faults = faults_of_page(PAGE.format("<script>go()</script><p>{{ x }}</p>"), is_admin=True)

    assert faults == ["template mark left over: '{{ x }}'"]


@pytest.mark.django_db
def test_log_in_begins_a_live_listed_session(client):
    """domain.md 6: the session carries the marks by which it idles out."""
    member = MemberFactory()

    client.log_in(member)

    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert LoginSession.objects.get().session_key == key
    assert is_alive(client.session, user=member)
