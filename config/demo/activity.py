"""A few applications and certificates, made by the services that companies use."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.enums import ApplicationState
from applications.models import Application
from applications.services.drafts import attach_document, confirm_record, start_application
from applications.services.moves import move_application
from applications.services.submissions import submit_application
from certificates.pdf import PaperUnavailableError
from certificates.services.issue import issue_certificate
from cms.enums import IntakeKind
from cms.models import NoticePage
from config.demo.documents import pdf_document, word_document, zip_of
from config.demo.source import NOTICE_OF_DEMO
from members.enums import ConsentChoice, ConsentPurpose
from members.models import Agency, Company, LegalText, User
from members.services.consents import record_consents

APPLICANTS = (
    "gasangrobotics",
    "siyeonbiotech",
    "samplecosmetic",
    "mouiprecision",
    "ondemopet",
)
STATES_SHOWN = (
    None,
    ApplicationState.UNDER_CHECK,
    ApplicationState.ACCEPTED,
)


class Reconsent:
    """The record step of somebody who changed nothing and agreed again to everything."""

    def __init__(self, *, person: User, company: Company, at: datetime) -> None:
        self.person, self.company = person, company
        self.texts = LegalText.objects.in_force_at(at).to_consent()

    def confirm(
        self,
        *,
        by: User,
        at: datetime,
        address: str | None,
        purpose: ConsentPurpose,
        recipient: Agency | None,
        notice_code: str,
    ) -> None:
        record_consents(
            company=self.company,
            person=self.person,
            choices=dict.fromkeys(self.texts, ConsentChoice.AGREED),
            purpose=purpose,
            at=at,
            address=address,
            recipient=recipient,
            notice_code=notice_code,
            way="demo",
        )


def paper(label: str, formats: list[str]) -> SimpleUploadedFile:
    """Return a small file of a kind that the row takes."""
    lines = [label, NOTICE_OF_DEMO]
    if "pdf" in formats:
        return SimpleUploadedFile(f"{label}.pdf", pdf_document())
    if "docx" in formats:
        return SimpleUploadedFile(f"{label}.docx", word_document(lines))
    return SimpleUploadedFile(f"{label}.zip", zip_of({f"{label}.docx": word_document(lines)}))


def apply(*, notice: NoticePage, person: User, at: datetime) -> Application:
    """Take one company through the whole way, from the start to the receipt."""
    company = person.company
    if company is None:
        raise ValueError(f"{person} belongs to no company")
    application = start_application(notice=notice, company=company, by=person, at=at)
    confirm_record(
        application=application,
        step=Reconsent(person=person, company=company, at=at),
        by=person,
        at=at,
        address=None,
    )
    for row in notice.required_documents.all():
        if row.is_required:
            attach_document(
                application=application,
                key=UUID(str(row.key)),
                upload=paper(row.label.replace("/", "·"), row.accepted_formats),
                seen=None,
                by=person,
                at=at,
            )
    application.refresh_from_db()
    return submit_application(
        application=application,
        submission_key=application.submission_key,
        version=application.version,
        by=person,
        waited=lambda: timedelta(0),
    )


def load_activity(*, at: datetime) -> str:
    """Make applications in several states and certificates; return what was made."""
    people = [User.objects.get(username=username) for username in APPLICANTS]
    officer = User.objects.get(username="djbeaofficer")
    open_notices = NoticePage.objects.live().open_at(at).order_by("pk")
    own = list(
        open_notices.filter(intake_kind=IntakeKind.OWN, agency__code="djbea", rounds_allowed=1)[:2]
    )
    external = open_notices.filter(intake_kind=IntakeKind.EXTERNAL).first()
    made = 0
    for notice in own:
        for person, state in zip(people, (*STATES_SHOWN, None, None), strict=True):
            application = apply(notice=notice, person=person, at=at)
            made += 1
            for target in path_to(state):
                move_application(application=application, to=target, by=officer, at=at, reason="")
    issued = 0
    if external is not None:
        issued = sum(issue(notice=external, person=person, at=at) for person in people[:3])
    return f"신청 {made}, 확인증 {issued}"


def path_to(state: ApplicationState | None) -> list[ApplicationState]:
    """Return the moves that lead from the receipt to a state."""
    if state is None:
        return []
    if state == ApplicationState.UNDER_CHECK:
        return [state]
    return [ApplicationState.UNDER_CHECK, state]


def issue(*, notice: NoticePage, person: User, at: datetime) -> int:
    """Issue one certificate; 0 where the machine lacks what a paper needs."""
    if person.company is None:
        return 0
    try:
        issue_certificate(notice=notice, company=person.company, by=person, at=at)
    except PaperUnavailableError:
        return 0
    return 1
