"""The operator's list of scheduled jobs, registered in `members.staff_lists`."""

from django.utils import timezone

from members.enums import StaffRole
from members.formatting import format_datetime
from members.models import ScheduledJob
from members.viewsets import ScopedModelAdmin, column, moment


class ScheduledJobAdmin(ScopedModelAdmin):
    """예약 작업: what runs by itself, and when it last did."""

    model = ScheduledJob
    base_url_path = "jobs"
    menu_label = "예약 작업"
    menu_icon = "time"
    menu_item_name = "jobs"
    what = "예약 작업"
    roles = frozenset({StaffRole.OPERATOR})
    holds_personal_data = False
    list_display = ("title", "name", "period", "state", "succeeded", "failure", "due")
    succeeded = moment("succeeded_at", "마지막 성공")
    due = moment("due_at", "다음 차례")
    ordering = ("name",)
    inspect_view_fields = ["title", "name", "period", "state", "succeeded", "failure", "due"]

    @column("주기")
    def period(self, row: ScheduledJob) -> str:
        minutes = int(row.every.total_seconds() // 60)
        if minutes % 1440 == 0:
            return f"{minutes // 1440}일"
        return f"{minutes // 60}시간" if minutes % 60 == 0 else f"{minutes}분"

    @column("상태")
    def state(self, row: ScheduledJob) -> str:
        at = timezone.now()
        if row.is_running_at(at):
            return "실행 중"
        if row.is_late_at(at):
            return "늦음: 작업 실행기(run_jobs)가 떠 있는지 확인해 주십시오"
        if row.is_failing:
            return "실패"
        return "정상" if row.succeeded_at else "아직 실행 전"

    @column("마지막 실패")
    def failure(self, row: ScheduledJob) -> str:
        return f"{format_datetime(row.failed_at)} {row.last_error}" if row.failed_at else ""
