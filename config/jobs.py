"""The scheduled jobs of the portal and the runner that gives each its turn."""

import io
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command

from members.models import ScheduledJob
from members.pki.trust import TrustStoreError, trust_store
from members.services.jobs import claim_next, finish_job, register_jobs

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """One command, its arguments after a space, that may run again and again without harm."""

    command: str
    title: str
    every: timedelta
    is_used: Callable[[], bool] = lambda: True


def scans() -> bool:
    """Tell whether a scanner is set."""
    return bool(settings.CLAMAV_SOCKET)


def asks_the_register() -> bool:
    """Tell whether a key of the tax office's register is set."""
    return bool(settings.NTS_SERVICE_KEY)


def takes_joint_certificates() -> bool:
    """Tell whether there is a trust store; a broken one has a job that fails for all to see."""
    try:
        return trust_store() is not None
    except TrustStoreError:
        return True


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

JOBS = (
    Job("publish_scheduled", "예약 게시와 내림", MINUTE),
    Job("send_mail_queue", "메일 다시 보내기", MINUTE),
    Job("announce_results", "선정 결과 발표", MINUTE),
    Job("seal_access_records", "접속기록 봉인", MINUTE),
    Job("scan_held_files", "보류된 파일 악성코드 검사", 5 * MINUTE, scans),
    Job("make_missing_papers", "만들지 못한 확인증 파일 만들기", 5 * MINUTE),
    Job("send_reminders", "신청 알림 메일", HOUR),
    Job("send_notice_digest", "새 공고 안내 메일", HOUR),
    Job("expire_bundles", "서류 묶음 파기", HOUR),
    Job("fetch_revocation_lists", "인증서 폐지목록 받기", HOUR, takes_joint_certificates),
    Job("destroy_expired_join_drafts", "기한이 지난 가입 진행 자료 파기", DAY),
    Job("apply_retention", "보유기간이 지난 개인정보 파기", DAY),
    Job("reap_orphans", "주인 없는 파일 파기", DAY),
    Job("mind_originals", "원본서류 독촉과 기한 표시", DAY),
    Job("check_registry", "국세청 사업자 상태 조회", 10 * MINUTE, asks_the_register),
    Job("trust_store warn", "인증서 신뢰 저장소 유효기간 확인", DAY, takes_joint_certificates),
)


def register(*, at: datetime) -> int:
    """Write the table of the jobs in use; done at each start of a runner."""
    used = [(job.command, job.title, job.every) for job in JOBS if job.is_used()]
    return register_jobs(jobs=used, at=at)


def run_due(*, clock: Callable[[], datetime]) -> list[str]:
    """Run every job whose turn has come, one after the other, and return their names.

    One that fails keeps no other from running.
    """
    done: list[str] = []
    while (job := claim_next(at=clock())) is not None:
        finish_job(job=job, error=_run(job), at=clock())
        done.append(job.name)
    return done


def _run(job: ScheduledJob) -> str:
    """Run one job; return kind and place of its failure, or nothing."""
    try:
        call_command(*job.name.split(), stdout=io.StringIO())
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.exception("job %s failed", job.name)
        return f"{type(error).__name__} ({place.filename.rsplit('/', 1)[-1]}:{place.lineno})"
    return ""
