"""Every operation of the API, asked as its description says and as it does not say.

Whatever is asked, the answer is one of those described and has the described shape; no request
makes the portal stumble.
"""

import json
from datetime import timedelta
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.services.throttle import LIMITS, Limit
from tests.api.conformance import faults_of, operations, values
from tests.factories.applications import ApplicationFactory
from tests.factories.cms import (
    CategoryFactory,
    NoticePageFactory,
    ProgrammeGuidePageFactory,
    RequiredDocumentFactory,
    ScheduleEntryPageFactory,
)

pytestmark = pytest.mark.django_db

ODD = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.sampled_from(["", "null", "\0", "../", "가%00"]),
)
OPERATIONS = [pytest.param(*one, id=f"{one[0]} {one[1]}") for one in operations()]


@pytest.fixture
def asking(system_of, two_agencies, monkeypatch):
    """A system with every scope, things to ask for, and no limit on asking."""
    for scope in ("api_token", "api_wrong_token", "certificate_check_address"):
        hour = timedelta(hours=1)
        monkeypatch.setitem(LIMITS, scope, Limit(10**6, hour, hour, "x"))
    CategoryFactory(slug="marketing")
    notice = NoticePageFactory(agency=two_agencies.a)
    RequiredDocumentFactory(page=notice)
    notice.save_revision().publish()
    guide = ProgrammeGuidePageFactory(agency=two_agencies.a)
    entry = ScheduleEntryPageFactory(agency=two_agencies.a)
    application = ApplicationFactory(notice=notice, submitted=True)
    system = system_of(two_agencies.a)
    system.client.raise_request_exception = False
    system.known = {
        "code": [notice.code, two_agencies.a.code, "BZA9999999"],
        "uuid": [guide.translation_key, entry.translation_key, application.uuid, uuid4()],
        "token": ["not-a-token"],
    }
    return system


def send(system, method, path, operation, draw):
    """Ask once, in a savepoint that is rolled back."""
    address = path
    for parameter in operation.get("parameters", []):
        name = parameter["name"]
        if parameter["in"] == "path":
            known = [str(value) for value in system.known[name]]
            address = address.replace(f"{{{name}}}", quote(draw(st.sampled_from(known))))
    query = draw(query_of(operation, odd=system.odd))
    if query:
        address += "?" + urlencode(query)
    headers = system.headers("*", key=f"key-{uuid4()}")
    content = operation.get("requestBody", {}).get("content", {})
    body = draw(body_of(content, odd=system.odd))
    with transaction.atomic():
        response = system.client.generic(
            method, address, body, content_type="application/json", headers=headers
        )
        transaction.set_rollback(True)
    return response, f"{method} {address} {body[:300]!r}"


def query_of(operation, *, odd):
    """Return a strategy of query parameters, fitting ones or odd ones."""
    known = {
        parameter["name"]: ODD
        if odd
        else values(parameter["schema"]).filter(lambda v: v is not None)
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
    }
    return st.fixed_dictionaries({}, optional=known)


def body_of(content, *, odd):
    """Return a strategy of bodies; files are sent by tests of their own."""
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        return st.just("")
    fitting = values(schema).map(json.dumps)
    if not odd:
        return fitting
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=6,
    )
    return st.one_of(anything.map(json.dumps), st.text(max_size=20), fitting.map(lambda b: b[:-1]))


def check(response, operation, asked):
    """Compare an answer with the description."""
    status = str(response.status_code)
    assert response.status_code < 500, asked
    assert status in operation["responses"], f"{asked}: {status} {response.content[:300]!r}"
    if status == "304" or not response.content:
        return
    content = operation["responses"][status].get("content", {})
    kind = response.headers["Content-Type"].split(";")[0]
    assert kind in content or not content, f"{asked}: {kind}"
    if kind.endswith("json"):
        told = list(faults_of(json.loads(response.content), content[kind]["schema"]))
        assert not told, f"{asked}: {told}"


def conform(asking, method, path, operation, *, odd, examples):
    asking.odd = odd

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def ask(data):
        response, asked = send(asking, method, path, operation, data.draw)
        check(response, operation, asked)

    ask()


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_answers_are_those_described(asking, method, path, operation):
    """S1, S63: a few fitting and a few odd requests of every operation."""
    conform(asking, method, path, operation, odd=False, examples=4)
    conform(asking, method, path, operation, odd=True, examples=4)


@pytest.mark.long
@pytest.mark.parametrize("odd", [False, True], ids=["fitting", "odd"])
@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_answers_are_those_described_at_length(asking, method, path, operation, odd):
    """S1, S63: the same a hundred times each."""
    conform(asking, method, path, operation, odd=odd, examples=100)
