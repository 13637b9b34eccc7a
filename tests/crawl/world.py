"""Two agencies and five companies with everything there is, and a canary in all of it.

Company 1 deals with agency A and company 2 with agency B: papers, an application, a certificate.
Company 3 waits for approval at A, company 4 deals with nobody. Company 1 also has a draft on a
notice of B, which nobody but itself may see.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Task, Workflow, WorkflowPage

from applications.bundling import make_bundle
from applications.models import (
    ApplicantMessage,
    InternalNote,
    LatePermit,
    PaperBundle,
    SavedFilter,
)
from certificates.models import PaperVersion
from cms.models import Outage
from config import jobs
from members.enums import ApiScope, PaperSlot, StaffRole
from members.models import AccessRecord
from members.services.api_tokens import issue_token
from tests.crawl.canaries import Aviary
from tests.factories.applications import (
    ApplicationEventFactory,
    ApplicationFactory,
    SubmittedDocumentFactory,
)
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import (
    AttachmentFactory,
    DocumentFactory,
    ImageFactory,
    NoticePageFactory,
    ProgrammeGuidePageFactory,
    RequiredDocumentFactory,
    ScheduleEntryPageFactory,
    agency_with_corner,
)
from tests.factories.members import (
    CompanyFactory,
    ConsentFactory,
    MemberFactory,
    OriginalsFileFactory,
    OutboxMailFactory,
    PaperFactory,
    ProductFactory,
    SecondFactorFactory,
    StaffFactory,
    StoredFileFactory,
    YearlyFiguresFactory,
    legal_texts_in_force,
)

ANONYMOUS = "anonymous"


@dataclass
class AgencyCorner:
    """One agency's things; lists, because an address is tried with each of them."""

    letter: str
    agency: object
    staff: dict = field(default_factory=dict)
    pages: list = field(default_factory=list)
    notices: list = field(default_factory=list)
    documents: list = field(default_factory=list)
    images: list = field(default_factory=list)
    collections: list = field(default_factory=list)
    late_permits: list = field(default_factory=list)
    api_tokens: list = field(default_factory=list)
    api_secret: str = ""
    saved_filters: list = field(default_factory=list)
    bundles: list = field(default_factory=list)


@dataclass
class CompanyThings:
    """One company's things."""

    company: object
    person: object
    papers: list = field(default_factory=list)
    applications: list = field(default_factory=list)
    submitted: list = field(default_factory=list)
    certificates: list = field(default_factory=list)
    originals: list = field(default_factory=list)


class World:
    """Everything the crawl needs: people by role, corners, companies, canaries."""

    def __init__(self):
        self.aviary = Aviary()
        self.texts = legal_texts_in_force()
        self.people = {ANONYMOUS: None}
        self.corners = {letter: self.make_corner(letter) for letter in ("a", "b")}
        self.companies = {
            "member_1": self.make_company("member_1", letter="a"),
            "member_2": self.make_company("member_2", letter="b"),
            "waiting": self.make_company("waiting", letter="a", waiting=True),
            "stranger": self.make_company("stranger"),
        }
        for name in ("member_1", "member_2", "waiting"):
            self.people[name] = self.companies[name].person
        # Of agency A with a second factor, and only its password given.
        self.people["half_logged_in"] = StaffFactory(agency=self.corners["a"].agency)
        SecondFactorFactory(user=self.people["half_logged_in"])
        self.people["comms"] = StaffFactory(comms=True)
        self.people["operator"] = StaffFactory(operator=True)
        for corner in self.corners.values():
            self.add_api_token(corner)
        self.make_dealings("member_1", "a")
        self.make_dealings("member_2", "b")
        self.make_bundles()
        self.make_draft_of_member_1()
        self.make_records()

    def make_corner(self, letter):
        agency = agency_with_corner(code=f"corner-{letter}", name=f"시험기관 {letter.upper()}")
        corner = AgencyCorner(letter, agency)
        for role in (StaffRole.OFFICER, StaffRole.MANAGER):
            name = f"{role}_{letter}"
            corner.staff[name] = StaffFactory(agency=agency, staff_role=role)
            if (role, letter) != (StaffRole.MANAGER, "b"):
                self.people[name] = corner.staff[name]
        self.fill_corner(corner)
        self.keep_filter(corner)
        return corner

    def keep_filter(self, corner):
        owner = f"officer_{corner.letter}"
        corner.saved_filters = [
            SavedFilter.objects.create(
                person=corner.staff[owner],
                name=self.aviary.plant(f"filter of {corner.letter}", owner),
                query="state=submitted",
                created_at=timezone.now(),
            )
        ]

    def fill_corner(self, corner):
        readers = (*corner.staff, "comms", "operator")
        agency, aviary = corner.agency, self.aviary

        def plant(where):
            return aviary.plant(f"{where} of {corner.letter}", *readers)

        live = NoticePageFactory(agency=agency)
        external = NoticePageFactory(agency=agency, external=True)
        draft = NoticePageFactory(
            agency=agency, draft=True, title=plant("draft notice"), summary=plant("draft summary")
        )
        guide = ProgrammeGuidePageFactory(agency=agency, draft=True, title=plant("draft guide"))
        entry = ScheduleEntryPageFactory(agency=agency, draft=True, title=plant("draft entry"))
        officer = corner.staff[f"officer_{corner.letter}"]
        for page in (live, draft, guide, entry):
            page.save_revision(user=officer, log_action=True)
        live.title = plant("unpublished revision")
        live.save_revision(user=officer, log_action=True)
        live.refresh_from_db()
        for notice in (live, external, draft):
            RequiredDocumentFactory(page=notice)
        self.add_files(corner, live, plant)
        corner.notices = [draft, live, external]
        corner.late_permits = [
            LatePermit.objects.create(
                notice=live,
                business_number="1048112345",
                until_at=timezone.now() + timedelta(days=30),
                reason=plant("reason of late permit"),
                granted_at=timezone.now(),
                granted_by=officer,
            )
        ]
        corner.pages = [draft, live, guide, entry, agency.page]

    def add_files(self, corner, live, plant):
        """Files of the internal collection, and one that a live page shows."""
        page = corner.agency.page
        inside, outside = page.internal_collection, page.public_collection
        hidden = DocumentFactory(
            title=plant("internal document"),
            collection=inside,
            file=ContentFile(plant("bytes of internal document").encode(), f"{plant('name')}.pdf"),
        )
        picture = ImageFactory(title=plant("internal picture"), collection=inside)
        shown = DocumentFactory(collection=outside)
        AttachmentFactory(page=live, document=shown)
        corner.documents, corner.images = [hidden, shown], [picture]
        corner.collections = [inside, outside]

    def add_api_token(self, corner):
        """A token of the agency's own system, with every scope."""
        at = timezone.now()
        token, corner.api_secret = issue_token(
            agency=corner.agency,
            label=self.aviary.plant(f"label of token of {corner.letter}", "operator")[:50],
            scopes=list(ApiScope),
            expires_at=at + timedelta(days=9),
            by=self.people["operator"],
            at=at,
        )
        corner.api_tokens = [token]

    def readers_of(self, name, letter):
        if letter is None:
            return (name, "operator")
        return (name, f"officer_{letter}", f"manager_{letter}", "operator")

    def make_company(self, name, *, letter=None, **traits):
        readers = self.readers_of(name, letter)

        def plant(where):
            return self.aviary.plant(f"{where} of {name}", *readers)

        agency = self.corners[letter].agency if letter else None
        company = CompanyFactory(
            name=plant("name"),
            representative=plant("representative"),
            head_office_road=plant("address"),
            email=f"{plant('mail')}@company.example",
            main_product=plant("main product"),
            originals_agency=agency,
            **traits,
        )
        self.aviary.plant(f"number of {name}", *readers, text=company.business_number)
        person = MemberFactory(
            company=company,
            name=plant("person"),
            email=f"{plant('mail of person')}@company.example",
            department=plant("department"),
        )
        things = CompanyThings(company, person)
        ProductFactory(company=company, name=plant("product"))
        YearlyFiguresFactory(company=company)
        ConsentFactory(person=person, text=self.texts[0])
        for slot in (PaperSlot.JOIN_BUNDLE, PaperSlot.BUSINESS_REGISTRATION):
            stored = StoredFileFactory(
                company=company,
                display_name=f"{plant('paper')}.pdf",
                data=f"%PDF-1.7 {plant('bytes of paper')}".encode(),
            )
            things.papers.append(PaperFactory(company=company, slot=slot, file=stored))
        if agency:
            things.originals.append(OriginalsFileFactory(company=company, agency=agency))
        return things

    def make_dealings(self, name, letter):
        """An application and a certificate of a company on its agency's notices."""
        things, corner = self.companies[name], self.corners[letter]
        readers = self.readers_of(name, letter)

        def plant(where):
            return self.aviary.plant(f"{where} of {name}", *readers)

        _, live, external = corner.notices
        application = ApplicationFactory(company=things.company, notice=live, submitted=True)
        application.snapshot["company"]["name"] = plant("name in snapshot")
        application.snapshot["person"]["name"] = plant("person in snapshot")
        application.save()
        ApplicationEventFactory(application=application)
        things.applications.append(application)
        staff_only = self.aviary.plant(f"note on {name}", *readers[1:])
        officer = corner.staff[f"officer_{letter}"]
        InternalNote.objects.create(
            application=application, text=staff_only, at=timezone.now(), by=officer
        )
        ApplicantMessage.objects.create(
            application=application,
            subject=plant("subject of message"),
            text=plant("message"),
            at=timezone.now(),
            by=officer,
        )
        self.add_document(things, application, plant)
        things.certificates.append(
            CertificateFactory(
                company=things.company,
                notice=external,
                company_name=plant("name on certificate"),
                representative=plant("representative on certificate"),
                pdf=StoredFileFactory(
                    company=things.company,
                    data=f"%PDF-1.7 {plant('bytes of certificate')}".encode(),
                ),
            )
        )

    def add_document(self, things, application, plant):
        row = application.notice.required_documents.first()
        things.submitted.append(
            SubmittedDocumentFactory(
                application=application,
                required_document=row,
                file=StoredFileFactory(
                    company=things.company,
                    display_name=f"{plant('submitted document')}.pdf",
                    data=f"%PDF-1.7 {plant('bytes of submitted document')}".encode(),
                ),
            )
        )

    def make_bundles(self):
        """All papers of each agency's notice in one archive, canaries and all."""
        for letter, corner in self.corners.items():
            bundle = PaperBundle.objects.create(
                notice=corner.notices[1],
                reason="점검",
                requested_at=timezone.now(),
                requested_by=corner.staff[f"officer_{letter}"],
            )
            corner.bundles = [make_bundle(bundle=bundle, at=timezone.now())]

    def make_draft_of_member_1(self):
        things = self.companies["member_1"]
        draft = ApplicationFactory(company=things.company, notice=self.corners["b"].notices[1])
        things.applications.append(draft)
        self.add_document(
            things, draft, lambda where: self.aviary.plant(f"draft's {where}", "member_1")
        )

    def make_records(self):
        """What only operators read: the outbox and the access records."""
        company = self.companies["member_2"].company
        subject = self.aviary.plant("outbox subject", "operator")
        body = self.aviary.plant("outbox body", "operator")
        self.mails = [OutboxMailFactory(company=company, subject=subject, body=body)]
        jobs.register(at=timezone.now())
        self.paper_versions = [
            PaperVersion.objects.create(
                version=1,
                heading="신청 확인증",
                sentence="신청 가능 대상임을 확인합니다.",
                issuer_name="대전광역시",
                created_at=timezone.now(),
                created_by=self.people["operator"],
            )
        ]
        self.outages = [
            Outage.objects.create(
                started_at=timezone.now() - timedelta(hours=3),
                ended_at=timezone.now() - timedelta(hours=2),
                description=self.aviary.plant("outage", "operator"),
                logged_at=timezone.now(),
                logged_by=self.people["operator"],
            )
        ]
        self.access_records = [
            AccessRecord.objects.create(
                at=timezone.now(),
                actor=self.people["officer_b"],
                actor_label=str(self.people["officer_b"]),
                action="view",
                what=self.aviary.plant("access record", "operator"),
            )
        ]

    @property
    def workflow(self):
        return Workflow.objects.first()

    @property
    def task(self):
        return Task.objects.first()

    @property
    def workflow_page(self):
        return WorkflowPage.objects.first()
