"""Mails to the people of a company, through the outbox, in the caller's transaction."""

from contextlib import suppress
from datetime import datetime

from applications.emails import MailText
from applications.models import Application
from members.models import User
from members.services.outbox import InvalidRecipientError, add_mail


def mail_person(*, person: User, mail: MailText, at: datetime) -> None:
    """Write a mail to one person; somebody without a usable address gets none.

    A hand-in must not fail because a mail address is wrong: the receipt's page stays.
    """
    with suppress(InvalidRecipientError):
        add_mail(
            kind=mail.kind,
            to=person.email,
            subject=mail.subject,
            template=mail.template,
            context=mail.context,
            at=at,
            company=person.company,
            stop_url=str(mail.context.get("stop_url", "")),
        )


def mail_applicant(*, application: Application, mail: MailText, at: datetime) -> None:
    """Write a mail to the person who handed in; to the master where that person has left."""
    person = application.submitted_by or application.created_by
    if not person.is_active:
        master = application.company.people.filter(is_company_master=True, is_active=True).first()
        person = master or person
    mail_person(person=person, mail=mail, at=at)
