"""Rows in bulk for measuring from outside: companies, notices, applications, ready sessions.

Every agency and every company carries a planted word that nobody else may ever be shown.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from applications.enums import ApplicationState
from applications.models import Application, ReceiptCounter, SubmittedDocument
from cms.enums import IntakeKind
from cms.models import Category, NoticePage, PartnerAgencyPage, RequiredDocument
from cms.services.agencies import provision_agency_corner
from members import sessions
from members.enums import AgencyRole, JoinRoute, MembershipState, Sex, StaffRole
from members.models import Agency, Company, LoginSession, User
from members.services.agencies import create_agency
from members.services.files import store_bytes
from members.services.staff import create_staff

DRAFT_FILE_BYTES = 200 * 1024
BUSINESS_NUMBER_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


@dataclass(frozen=True)
class Planted:
    """A word and the one who may see it."""

    word: str
    owner: str


def check_digit(first_nine: str) -> int:
    """Return the tenth digit of a business registration number (data.md section 2.1)."""
    total = sum(
        int(digit) * weight
        for digit, weight in zip(first_nine, BUSINESS_NUMBER_WEIGHTS, strict=True)
    )
    return (10 - (total + int(first_nine[8]) * 5 // 10) % 10) % 10


def business_number(serial: int) -> str:
    """Return a number of the series 000, which was never issued; serials 1 to 999,999."""
    first_nine = f"000{serial:06d}"
    return f"{first_nine}{check_digit(first_nine)}"


def planted_word(kind: str) -> str:
    return f"{kind}심은말{secrets.token_hex(5)}"


def session_cookie(user: User) -> str:
    """Return the value of a session cookie with which this person is logged in now."""
    store = SessionStore()
    now = timezone.now().isoformat()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store[sessions.STARTED] = store[sessions.SEEN] = now
    store.create()
    key = store.session_key or ""
    LoginSession.objects.create(user=user, session_key=key, started_at=timezone.now())
    return key


def make_agencies(
    count: int, *, by: User, at: datetime
) -> list[tuple[PartnerAgencyPage, User, Planted]]:
    """Create agencies with a corner, one officer each and a planted word in a draft notice."""
    made = []
    start = Agency.objects.count()
    for serial in range(start + 1, start + count + 1):
        agency = create_agency(
            code=f"load-{serial}",
            name=f"측정기관 {serial}",
            role=AgencyRole.OPERATING,
            by=by,
            at=at,
            phone="0420000000",
        )
        corner = provision_agency_corner(agency=agency, by=by)
        officer = create_staff(
            username=f"loadofficer{serial}",
            name=f"측정담당 {serial}",
            email=f"officer{serial}@load.example",
            role=StaffRole.OFFICER,
            agency=agency,
            password=secrets.token_urlsafe(16),
            by=by,
            at=at,
        )
        planted = Planted(planted_word("기관"), agency.code)
        draft = new_notice(0, category=load_category(), at=at, closes_at=None)
        draft.title, draft.live = planted.word, False
        corner.add_child(instance=draft)
        made.append((corner, officer, planted))
    return made


def load_category() -> Category:
    return Category.objects.get_or_create(slug="load", defaults={"name": "측정"})[0]


def new_notice(
    serial: int, *, category: Category, at: datetime, closes_at: datetime | None
) -> NoticePage:
    """Return an unsaved open notice of own intake with one required document."""
    notice = NoticePage(
        title=f"측정 공고 {serial}",
        category=category,
        summary="처리 속도를 재기 위한 공고입니다.",
        intake_kind=IntakeKind.OWN,
        intake_opens_at=at - timedelta(days=1),
        intake_closes_at=closes_at,
        is_certificate_offered=True,
        contact_phone="0420000000",
        posted_at=at - timedelta(days=1),
        first_published_at=at,
        last_published_at=at,
    )
    notice.required_documents = [
        RequiredDocument(label="참가신청서", formats=["pdf", "zip"], max_mb=20)
    ]
    return notice


def make_notices(
    count: int, *, corners: list[PartnerAgencyPage], at: datetime, closes_in: int | None
) -> list[NoticePage]:
    """Create live notices spread over the agencies; the first closes after `closes_in` seconds."""
    category = load_category()
    notices = []
    for serial, corner in enumerate(islice(cycle(corners), count), start=1):
        is_first = serial == 1 and closes_in is not None
        closes_at = at + (timedelta(seconds=closes_in or 0) if is_first else timedelta(days=30))
        notice = new_notice(serial, category=category, at=at, closes_at=closes_at)
        corner.refresh_from_db()
        corner.add_child(instance=notice)
        notices.append(notice)
    return notices


def new_company(serial: int, *, at: datetime) -> Company:
    """Return an unsaved full member whose name holds a planted word."""
    return Company(
        business_number=business_number(serial),
        name=planted_word("기업"),
        representative="측정대표",
        representative_sex=Sex.FEMALE,
        founded_date=at.date(),
        head_office_road="대전광역시 서구 측정로 1",
        phone="0420000000",
        email=f"company{serial}@load.example",
        industry="측정업",
        business_type="제조",
        main_product="측정품",
        employees=1,
        assets_million_krw=1,
        membership_state=MembershipState.FULL,
        membership_changed_at=at,
        join_route=JoinRoute.SIGNING_CERT,
        joined_at=at,
        record_confirmed_at=at,
    )


def make_companies(count: int, *, at: datetime) -> list[tuple[Company, User]]:
    """Create full members with their master, in bulk."""
    start = 500_000 + Company.objects.filter(business_number__startswith="0005").count()
    companies = Company.objects.bulk_create(
        new_company(start + serial, at=at) for serial in range(1, count + 1)
    )
    people = User.objects.bulk_create(
        User(
            username=f"load{company.business_number}",
            password=make_password(None),
            name="측정사람",
            email=company.email,
            department="측정팀",
            position="대리",
            company=company,
            is_company_master=True,
        )
        for company in companies
    )
    return list(zip(companies, people, strict=True))


def make_applications(
    count: int, *, members: list[tuple[Company, User]], notices: list[NoticePage], at: datetime
) -> list[Application]:
    """Create submitted applications, one per company and notice, with gapless receipts."""
    pairs = islice(((n, c, p) for n in notices for c, p in members), count)
    numbers: dict[int, int] = {}
    rows = []
    for notice, company, person in pairs:
        numbers[notice.pk] = numbers.get(notice.pk, 0) + 1
        rows.append(
            Application(
                company=company,
                notice=notice,
                state=ApplicationState.SUBMITTED,
                receipt_number=f"{notice.code}-R{numbers[notice.pk]:04d}",
                snapshot={"company": {"name": company.name}},
                created_at=at,
                created_by=person,
                updated_at=at,
                submitted_at=at,
                submitted_by=person,
            )
        )
    made = Application.objects.bulk_create(rows, batch_size=500)
    ReceiptCounter.objects.bulk_create(
        ReceiptCounter(notice_id=pk, last_number=last) for pk, last in numbers.items()
    )
    return made


def make_drafts(
    count: int, *, members: list[tuple[Company, User]], notice: NoticePage, at: datetime
) -> list[Application]:
    """Create drafts that can be handed in as they are, each with a file of 200 KiB of its own."""
    row = notice.required_documents.get()
    drafts = []
    for company, person in members[:count]:
        draft = Application.objects.create(
            company=company,
            notice=notice,
            record_confirmed_at=at,
            consented_at=at,
            created_at=at,
            created_by=person,
            updated_at=at,
        )
        stored = store_bytes(
            data=b"%PDF-1.7\n" + secrets.token_bytes(DRAFT_FILE_BYTES),
            display_name=f"{row.label}.pdf",
            kind="pdf",
            by=person,
            company=company,
            at=at,
        )
        SubmittedDocument.objects.create(
            application=draft,
            key=row.key,
            label=row.label,
            file=stored,
            uploaded_at=at,
            uploaded_by=person,
        )
        drafts.append(draft)
    return drafts
