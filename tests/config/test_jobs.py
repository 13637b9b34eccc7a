"""Scheduled jobs: each turn once, missed turns caught up, failures seen (issue G, duties)."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command, get_commands
from django.db import connection

from config import jobs
from members.models import ScheduledJob
from members.services import jobs as turns
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db

HOURLY = ("reap_orphans", "주인 없는 파일 파기", timedelta(hours=1))


def registered(at, *given):
    turns.register_jobs(jobs=given or [HOURLY], at=at)


def run(at):
    return jobs.run_due(clock=lambda: at)


def test_every_job_is_a_command(at):
    assert {job.command.split()[0] for job in jobs.JOBS} <= get_commands().keys()


def test_all_jobs_run_on_an_empty_portal(site, settings, tmp_path):
    """One command runs what is due; run again at once, nothing is due."""
    settings.TRUST_DIR = tmp_path
    first, second = StringIO(), StringIO()

    call_command("run_jobs", stdout=first)
    call_command("run_jobs", stdout=second)

    assert sorted(first.getvalue().strip().split(", ")) == sorted(
        job.command for job in jobs.JOBS if job.is_used()
    )
    assert second.getvalue() == ""
    assert list(ScheduledJob.objects.exclude(last_error="").values_list("name", "last_error")) == []


def test_a_job_waits_for_its_turn(at):
    registered(at)

    assert run(at) == ["reap_orphans"]
    assert run(at + timedelta(minutes=59)) == []
    assert run(at + timedelta(minutes=60)) == ["reap_orphans"]


def test_missed_turns_are_caught_up_once(at):
    """A machine that was off for a week runs the job once, then by its period."""
    registered(at)
    run(at)
    back = at + timedelta(days=7)

    assert run(back) == ["reap_orphans"]
    assert run(back) == []


def test_a_failing_job_keeps_no_other_from_running(at, monkeypatch):
    """The failure is kept by kind and place, without its text: that may name a person."""
    registered(at, ("verify_nothing", "없는 명령", timedelta(hours=2)), HOURLY)

    assert sorted(run(at)) == ["reap_orphans", "verify_nothing"]

    failed = ScheduledJob.objects.get(name="verify_nothing")
    assert failed.is_failing
    assert failed.last_error.startswith("CommandError (")
    assert "verify_nothing" not in failed.last_error
    assert not ScheduledJob.objects.get(name="reap_orphans").is_failing


def test_a_killed_runner_loses_its_lease_by_time(at):
    """security.md: a job that was taken and never finished is taken again after the lease."""
    registered(at)
    turns.claim_next(at=at)
    later = at + timedelta(hours=2)

    assert turns.claim_next(at=at + timedelta(minutes=29)) is None
    assert turns.claim_next(at=later) is not None


def test_an_old_runner_cannot_end_the_turn_of_a_new_one(at):
    registered(at)
    old = turns.claim_next(at=at)
    new = turns.claim_next(at=at + timedelta(hours=2))

    turns.finish_job(job=old, at=at + timedelta(hours=2, minutes=1), error="late")

    new.refresh_from_db()
    assert new.leased_until is not None
    assert new.failed_at is None


def test_a_job_that_is_gone_leaves_the_list(at):
    registered(at)

    registered(at, ("send_mail_queue", "메일", timedelta(minutes=1)))

    assert list(ScheduledJob.objects.values_list("name", flat=True)) == ["send_mail_queue"]


@pytest.mark.django_db(transaction=True)
def test_two_runners_never_get_the_same_turn(at):
    """All have read that it is due before the first takes it."""
    registered(at)
    taken = []
    everybody_has_read = threading.Barrier(8)

    def wait_before_update(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            everybody_has_read.wait(timeout=30)
        return execute(sql, params, many, context)

    def runner():
        with connection.execute_wrapper(wait_before_update):
            taken.append(turns.claim_next(at=at))
        connection.close()

    runners = [threading.Thread(target=runner) for _ in range(8)]
    for thread in runners:
        thread.start()
    for thread in runners:
        thread.join()

    assert len([job for job in taken if job is not None]) == 1
    assert len(taken) == 8


def test_the_operator_sees_what_is_late_and_what_fails(log_in, at):
    """N: the operator's page tells when each job last succeeded; nobody else sees it."""
    registered(at - timedelta(days=1), HOURLY, ("no_such", "실패하는 일", timedelta(days=2)))
    turns.finish_job(
        job=turns.claim_next(at=at - timedelta(days=1)), at=at, error="OSError (storage.py:7)"
    )

    page = log_in(StaffFactory(operator=True)).get("/admin/jobs/")
    stranger = log_in(StaffFactory(officer=True)).get("/admin/jobs/")

    text = page.content.decode()
    assert "OSError (storage.py:7)" in text
    assert "run_jobs" in text
    assert stranger.status_code in {302, 403, 404}
