"""The history of an application, written in the transaction of each step."""

from datetime import datetime

from applications.enums import ApplicationState
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


def change_state(
    application: Application, *, to: ApplicationState, by: User, at: datetime, reason: str
) -> Application:
    """Move a locked application and write the step into its history."""
    state_before = application.state
    application.state = to
    application.updated_at = at
    application.save(update_fields=["state", "updated_at"])
    record_event(application=application, from_state=state_before, by=by, at=at, note=reason)
    return application
