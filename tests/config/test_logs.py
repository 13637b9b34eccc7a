"""Log lines: JSON, the request's name, nothing that names a person (ASVS 16.2.1, 16.2.5)."""

import json
import logging

import pytest

from config.logs import JsonFormatter, request_id

SECRETS = ("kim@planted.example", "010-9876-5432", "비밀번호planted")


@pytest.fixture
def lines():
    """What the formatter writes for everything that is logged."""
    found = []

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(self.format(record))

    handler = Keep()
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield found
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_line_says_when_with_zone_where_and_which_request(lines, client):
    """ASVS 16.2.2: the answer's X-Request-ID is the one of the lines."""
    answer = client.get("/no-such-page/")

    (line,) = [json.loads(line) for line in lines if "no-such-page" in line]
    assert line["request"] == answer["X-Request-ID"]
    assert line["at"].endswith("+09:00")
    assert (line["level"], line["logger"]) == ("WARNING", "django.request")


def test_an_error_is_told_by_kind_and_place_without_its_text(lines):
    """ASVS 16.2.5: a database quotes the row that it refused; the log does not."""
    try:
        int(f"Key (email)=({SECRETS[0]}) already exists, {SECRETS[1:]}")
    except ValueError:
        logging.getLogger("members").exception("a step failed")

    (line,) = lines
    assert not [secret for secret in SECRETS if secret in line]
    told = json.loads(line)
    assert told["error"] == "ValueError"
    assert told["trace"][-1].startswith("test_logs.py:")


def test_nothing_in_a_message_forges_a_second_line(lines):
    """ASVS 16.4.1: line breaks and terminal escapes stay text inside one line."""
    logging.getLogger("members").warning("name %s", 'x"}\r\n{"level": "INFO"}\x1b[31m')

    (line,) = lines
    assert "\n" not in line
    assert "\x1b" not in line
    assert json.loads(line)["message"].endswith("\x1b[31m")


@pytest.mark.django_db
def test_what_a_visitor_types_is_in_no_line(lines, client, site):
    """ASVS 14.2.1, 16.2.5: failed log-ins, searches for accounts and bad forms leave no trace."""
    client.post("/login/", {"username": SECRETS[0], "password": SECRETS[2]})
    client.post("/find/id/", {"name": "김시험", "email": SECRETS[0], "mobile": SECRETS[1]})
    client.post("/join/", {"email": SECRETS[0], "phone": SECRETS[1]})

    assert not [line for line in lines for secret in SECRETS if secret in line]


def test_a_line_is_json_outside_of_a_request(lines):
    request_id.set("")
    logging.getLogger("jobs").warning("no request")

    assert "request" not in json.loads(lines[0])
