"""The closing rush from outside, small and fixed (`make rush` runs it with 500 companies)."""

import json
import os
import socket
import subprocess
import sys

import pytest
import rush
from django.conf import settings


def free_port():
    with socket.socket() as probe:
        probe.bind((rush.HOST, 0))
        return probe.getsockname()[1]


@pytest.mark.long
def test_a_small_rush_loses_and_doubles_nothing():
    """S55, issue D.5: 20 companies, each request twice, through the production server."""
    command = [sys.executable, "scripts/rush.py", "--companies", "20", "--port", str(free_port())]
    variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}

    done = subprocess.run(  # noqa: S603  (our own script with fixed arguments)
        command, cwd=settings.BASE_DIR, env=variables, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout[done.stdout.index("{") :])
    assert (report["receipts"], report["requests"], report["hashed"]) == (20, 40, 20)


@pytest.mark.parametrize(
    ("receipts", "lost", "doubled"),
    [
        ({"a": {"1"}, "b": {"2"}}, 0, 0),
        ({"a": set(), "b": {"2"}}, 1, 0),
        ({"a": {"1", "3"}, "b": {"2"}}, 0, 1),
        ({"a": {"1"}, "b": {"1"}}, 0, 1),
    ],
)
def test_the_tally_counts_what_is_lost_and_doubled(receipts, lost, doubled):
    """Issue D.5: a missing receipt, two of one company, one of two companies."""
    tally = rush.Tally(answers=[rush.Answer(302, 0.1)], receipts=receipts)

    report = tally.report(companies=2, seconds=1)

    assert (report["lost"], report["doubled"]) == (lost, doubled)


def test_a_broken_answer_is_no_success():
    """Issue D.5: no answer and 5xx count against the portal."""
    tally = rush.Tally(answers=[rush.Answer(0, 1), rush.Answer(503, 1)], receipts={"a": {"1"}})

    assert tally.report(companies=1, seconds=1)["5xx"] == 2
    assert not rush.is_sound({**tally.report(companies=1, seconds=1), "hashed": 1})
