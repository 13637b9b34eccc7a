"""The history of an application, written in the transaction of each step."""

from datetime import datetime

from applications.models import Application, ApplicationEvent
from members.models import User


def record_event(
    *, application: Application, from_state: str, by: User, at: datetime, note: str = ""
) -> ApplicationEvent:
    """Write one step into the history; the new state is the application's present one."""
    return ApplicationEvent.objects.create(
        application=application,
        from_state=from_state,
        to_state=application.state,
        note=note[:500],
        at=at,
        by=by,
    )
