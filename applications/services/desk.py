"""What officers do at their desk beside moving states: read, note, assign, write, keep filters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from applications import emails, rules
from applications.enums import ApplicationState, BulkAct
from applications.models import (
    ApplicantMessage,
    Application,
    InternalNote,
    ReadMark,
    SavedFilter,
)
from applications.services.moves import (
    MovedMeanwhileError,
    MoveRefusedError,
    move_application,
)
from applications.services.notifying import mail_applicant
from members.models import User

MAX_BULK = 500
MAX_SAVED_FILTERS = 20


class TooManyError(Exception):
    """More than one act or one person may hold."""


class NotAColleagueError(Exception):
    """The person is not an active officer of the notice's agency."""


@dataclass
class BulkResult:
    """What a bulk act did: the changed ones, and for each other one why not."""

    done: list[Application] = field(default_factory=list)
    refused: list[tuple[Application, str]] = field(default_factory=list)


def mark_read(*, application: Application, by: User, at: datetime) -> None:
    """Note that an officer has this application before them now."""
    ReadMark.objects.update_or_create(application=application, person=by, defaults={"at": at})


@transaction.atomic
def add_note(*, application: Application, text: str, by: User, at: datetime) -> InternalNote:
    """Write an internal note; the company never reads it. Raises MoveRefusedError."""
    _require_own(application, by)
    return InternalNote.objects.create(application=application, text=text, at=at, by=by)


@transaction.atomic
def assign_application(
    *, application: Application, to: User | None, by: User, at: datetime
) -> Application:
    """Give an application to a colleague of the same agency, or to nobody; noted internally.

    Raises NotAColleagueError and MoveRefusedError.
    """
    application = Application.objects.locked(application)
    _require_own(application, by)
    if to is not None and not (
        to.is_active and rules.is_agency_staff_of(application.notice, by=to)
    ):
        raise NotAColleagueError
    if application.assignee_id == (to.pk if to else None):
        return application
    application.assignee = to
    application.save(update_fields=["assignee"])
    text = f"담당: {to.name}" if to else "담당 지정을 거두었습니다."
    InternalNote.objects.create(application=application, text=text, at=at, by=by)
    return application


@transaction.atomic
def send_message(
    *, application: Application, subject: str, text: str, by: User, at: datetime
) -> ApplicantMessage:
    """Write to the company about its application: kept with it, mailed in the same transaction.

    Raises MoveRefusedError for another agency's officer.
    """
    _require_own(application, by)
    message = ApplicantMessage.objects.create(
        application=application, subject=subject, text=text, at=at, by=by
    )
    mail_applicant(application=application, mail=emails.message_mail(message), at=at)
    return message


def act_on_many(
    *,
    applications: Sequence[Application],
    act: str,
    by: User,
    at: datetime,
    assignee: User | None = None,
    subject: str = "",
    text: str = "",
) -> BulkResult:
    """Do one thing to several applications, each in a transaction of its own.

    What cannot be done to one is told with its reason and stops none of the others. Raises
    TooManyError above MAX_BULK.
    """
    if len(applications) > MAX_BULK:
        raise TooManyError
    result = BulkResult()
    for application in applications:
        try:
            if act == BulkAct.ASSIGN:
                assign_application(application=application, to=assignee, by=by, at=at)
            elif act == BulkAct.MESSAGE:
                send_message(application=application, subject=subject, text=text, by=by, at=at)
            else:
                _move_on(application, act=act, by=by, at=at)
        except MoveRefusedError as refusal:
            result.refused.append((application, str(refusal)))
        except MovedMeanwhileError as error:
            result.refused.append((application, f"그사이 «{error.state.label}» 상태가 되었습니다."))
        except NotAColleagueError:
            result.refused.append((application, "같은 기관의 담당자에게만 맡길 수 있습니다."))
        else:
            result.done.append(application)
    return result


def _move_on(application: Application, *, act: str, by: User, at: datetime) -> None:
    target = ApplicationState.ACCEPTED if act == BulkAct.ACCEPT else ApplicationState.UNDER_CHECK
    move_application(application=application, to=target, by=by, at=at, seen=str(application.state))


@transaction.atomic
def save_filter(*, name: str, query: str, by: User, at: datetime) -> SavedFilter:
    """Keep a filter of the list under a name; the same name is replaced. Raises TooManyError."""
    kept = SavedFilter.objects.filter(person=by)
    if not kept.filter(name=name).exists() and kept.count() >= MAX_SAVED_FILTERS:
        raise TooManyError
    saved, _ = SavedFilter.objects.update_or_create(
        person=by, name=name, defaults={"query": query, "created_at": at}
    )
    return saved


def _require_own(application: Application, by: User) -> None:
    if not rules.is_agency_staff_of(application.notice, by=by):
        raise MoveRefusedError(rules.refused("다른 기관의 신청입니다."))
