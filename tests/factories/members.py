"""People, agencies and companies: invented, with business numbers that pass their check digit."""

import base64
import hashlib
from datetime import date, timedelta
from uuid import uuid4

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from django_otp.oath import TOTP
from factory.django import DjangoModelFactory

from members import models
from members.encryption import lookup_hash
from members.enums import (
    AgencyRole,
    ConsentChoice,
    ConsentPurpose,
    JoinRoute,
    LegalKind,
    MembershipState,
    PaperSlot,
    PaperState,
    RegistryState,
    Sex,
    StaffRole,
)
from members.one_time_codes import new_secret
from members.services.agencies import grant_role
from members.services.staff_groups import make_agency_groups

PASSWORD = "우산 아래 빗소리 42"
SMALL_PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def business_number_of(sequence):
    """Return the n-th invented business number, with a right check digit."""
    digits = f"{101 + sequence % 699:03d}81{sequence % 9_999 + 1:04d}"
    weights = (1, 3, 7, 1, 3, 7, 1, 3, 5)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    total += int(digits[8]) * 5 // 10
    return digits + str((10 - total % 10) % 10)


class AgencyFactory(DjangoModelFactory):
    """An agency with its two groups, as create_agency makes them."""

    class Meta:
        model = models.Agency

    class Params:
        lead = factory.Trait(role=AgencyRole.LEAD)
        related = factory.Trait(role=AgencyRole.RELATED)
        by_approval = factory.Trait(publishes_itself=False)
        retired = factory.Trait(is_active=False)

    code = factory.Sequence(lambda n: f"agency-{n}")
    name = factory.Sequence(lambda n: f"시연경제진흥원 {n}호")
    role = AgencyRole.OPERATING
    department = "수출지원팀"
    phone = "0421234567"
    email = factory.LazyAttribute(lambda agency: f"{agency.code}@agency.example")
    address = "대전광역시 유성구 시연로 1"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        agency = model_class(*args, **kwargs)
        make_agency_groups(agency)
        agency.save()
        return agency


class CompanyFactory(DjangoModelFactory):
    """A company; full member by default."""

    class Meta:
        model = models.Company

    class Params:
        waiting = factory.Trait(membership_state=MembershipState.WAITING)
        refused = factory.Trait(
            membership_state=MembershipState.REFUSED, membership_reason="서류를 읽을 수 없습니다."
        )
        provisional = factory.Trait(
            membership_state=MembershipState.PROVISIONAL,
            originals_due_since=factory.LazyFunction(timezone.now),
        )
        suspended = factory.Trait(membership_state=MembershipState.SUSPENDED)
        left = factory.Trait(membership_state=MembershipState.LEFT)
        gone_out_of_business = factory.Trait(registry_state=RegistryState.CLOSED)

    business_number = factory.Sequence(business_number_of)
    corporate_number = factory.Sequence(lambda n: f"160111{n:07d}")
    name = factory.Sequence(lambda n: f"한빛정밀 {n}")
    name_en = factory.Sequence(lambda n: f"Hanbit Precision {n}")
    representative = factory.Sequence(lambda n: f"김대표{n}")
    representative_en = "Kim Daepyo"
    representative_sex = Sex.FEMALE
    founded_date = date(2011, 4, 5)
    head_office_zip = "34134"
    head_office_road = "대전광역시 유성구 대학로 99"
    head_office_detail = "2층"
    phone = factory.Sequence(lambda n: f"042{2_000_000 + n:07d}")
    email = factory.Sequence(lambda n: f"office{n}@company.example")
    industry = "제조업"
    business_type = "금속 가공"
    main_product = "정밀 금형"
    employees = 24
    assets_million_krw = 3_200
    export_countries = factory.LazyFunction(lambda: ["VN", "US"])
    membership_state = MembershipState.FULL
    membership_changed_at = factory.LazyFunction(timezone.now)
    join_route = JoinRoute.PAPERS
    joined_at = factory.LazyFunction(timezone.now)


class PersonFactory(DjangoModelFactory):
    """What members and staff have in common."""

    class Meta:
        model = models.User
        abstract = True

    class Params:
        inactive = factory.Trait(is_active=False)
        temporary_password = factory.Trait(
            must_change_password=True,
            temporary_password_expires_at=factory.LazyFunction(
                lambda: timezone.now() + timedelta(hours=24)
            ),
        )

    name = factory.Sequence(lambda n: f"이담당{n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@person.example")
    phone = "0421112222"
    mobile = factory.Sequence(lambda n: f"010{20_000_000 + n:08d}")
    mobile_hash = factory.LazyAttribute(lambda person: lookup_hash(person.mobile))
    password = factory.django.Password(PASSWORD)
    password_changed_at = factory.LazyFunction(timezone.now)


class MemberFactory(PersonFactory):
    """A contact person of a company; its master by default, a colleague with `colleague=True`."""

    class Params:
        colleague = factory.Trait(is_company_master=False)
        waiting = factory.Trait(company__waiting=True)
        refused = factory.Trait(company__refused=True)
        provisional = factory.Trait(company__provisional=True)
        suspended = factory.Trait(company__suspended=True)

    username = factory.Sequence(lambda n: f"member{n}")
    name_en = "Lee Damdang"
    department = "해외영업팀"
    position = "과장"
    company = factory.SubFactory(CompanyFactory)
    is_company_master = True


class StaffFactory(PersonFactory):
    """An officer by default; `manager`, `comms` and `operator` are traits."""

    class Meta:
        model = models.User
        skip_postgeneration_save = True

    class Params:
        officer = factory.Trait(staff_role=StaffRole.OFFICER)
        manager = factory.Trait(staff_role=StaffRole.MANAGER)
        comms = factory.Trait(staff_role=StaffRole.COMMS, agency=None)
        operator = factory.Trait(staff_role=StaffRole.OPERATOR, agency=None)

    username = factory.Sequence(lambda n: f"staff{n}")
    agency = factory.SubFactory(AgencyFactory)
    staff_role = StaffRole.OFFICER

    @factory.post_generation
    def groups_of_role(self, create, extracted, **kwargs):
        """Grant the role as an operator does: group, assignment, history."""
        if not create:
            return
        grant_role(user=self, role=self.staff_role, agency=self.agency, by=None, at=timezone.now())


class SecondFactorFactory(DjangoModelFactory):
    """A second factor in use; `app_code` gives what the app would show."""

    class Meta:
        model = models.SecondFactor

    user = factory.SubFactory(StaffFactory)
    secret = factory.LazyFunction(new_secret)
    created_at = factory.LazyFunction(timezone.now)
    confirmed_at = factory.LazyFunction(timezone.now)


def app_code(secret, *, at=None):
    """Return the code that an authenticator app shows now, or at a moment."""
    clock = TOTP(base64.b32decode(secret))
    clock.time = (at or timezone.now()).timestamp()
    return f"{clock.token():06d}"


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = models.Product

    company = factory.SubFactory(CompanyFactory)
    position = factory.Sequence(lambda n: n)
    name = factory.Sequence(lambda n: f"정밀 금형 {n}형")
    name_en = factory.Sequence(lambda n: f"Precision mould {n}")
    hs_code = "8480"


class YearlyFiguresFactory(DjangoModelFactory):
    class Meta:
        model = models.YearlyFigures

    company = factory.SubFactory(CompanyFactory)
    year = factory.Sequence(lambda n: timezone.localdate().year - 1 - n % 3)
    sales_million_krw = 5_400
    exports_thousand_usd = 820


class StoredFileFactory(DjangoModelFactory):
    """A private file whose bytes lie in the private storage, unencrypted."""

    class Meta:
        model = models.StoredFile

    class Params:
        data = SMALL_PDF

    display_name = factory.Sequence(lambda n: f"사업계획서 {n}.pdf")
    kind = "pdf"
    content = factory.LazyAttribute(lambda stored: ContentFile(stored.data, "upload"))
    sha256 = factory.LazyAttribute(lambda stored: hashlib.sha256(stored.data).hexdigest())
    size = factory.LazyAttribute(lambda stored: len(stored.data))
    company = factory.SubFactory(CompanyFactory)
    created_at = factory.LazyFunction(timezone.now)


class PaperFactory(DjangoModelFactory):
    class Meta:
        model = models.Paper

    class Params:
        redo = factory.Trait(state=PaperState.REDO, reason="흐려서 읽을 수 없습니다.")

    company = factory.SubFactory(CompanyFactory)
    slot = PaperSlot.BUSINESS_REGISTRATION
    file = factory.SubFactory(StoredFileFactory, company=factory.SelfAttribute("..company"))
    sent_at = factory.LazyFunction(timezone.now)


class OriginalsFileFactory(DjangoModelFactory):
    class Meta:
        model = models.OriginalsFile

    company = factory.SubFactory(CompanyFactory)
    agency = factory.SubFactory(AgencyFactory)
    cover_code = factory.LazyFunction(lambda: uuid4().hex[:12].upper())
    created_at = factory.LazyFunction(timezone.now)


class LegalTextFactory(DjangoModelFactory):
    """A published text in force; `optional` is the mail consent."""

    class Meta:
        model = models.LegalText

    class Params:
        optional = factory.Trait(
            kind=LegalKind.EMAIL, is_required=False, title="이메일 수신 동의", position=4
        )
        unpublished = factory.Trait(is_published=False)

    kind = LegalKind.TERMS
    version = factory.Sequence(lambda n: f"1.{n}")
    title = "이용약관"
    statement = factory.LazyAttribute(lambda text: f"{text.title}에 동의합니다.")
    sections = factory.LazyFunction(
        lambda: [{"heading": "제1조(목적)", "body": ["이 약관은 시연용 가상 자료입니다."]}]
    )
    effective_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))
    is_published = True


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = models.Consent

    person = factory.SubFactory(MemberFactory)
    company = factory.SelfAttribute("person.company")
    text = factory.SubFactory(LegalTextFactory)
    text_hash = factory.LazyAttribute(lambda consent: consent.text.content_hash)
    choice = ConsentChoice.AGREED
    purpose = ConsentPurpose.JOIN
    at = factory.LazyFunction(timezone.now)
    address = "127.0.0.1"


class OutboxMailFactory(DjangoModelFactory):
    class Meta:
        model = models.OutboxMail

    kind = "test"
    to = "office@company.example"
    subject = "접수 안내"
    body = "접수되었습니다."
    message_id = factory.LazyFunction(lambda: f"<{uuid4()}@portal.example>")
    created_at = factory.LazyFunction(timezone.now)
    send_after = factory.LazyFunction(timezone.now)


def legal_texts_in_force():
    """Create one text of every kind and return them in the order they are asked."""
    shown = [
        (LegalKind.TERMS, "이용약관", True),
        (LegalKind.PRIVACY, "개인정보 수집·이용", True),
        (LegalKind.COMPANY_INFO, "기업정보의 제공·활용", True),
        (LegalKind.EMAIL, "이메일 수신", False),
        (LegalKind.PRIVACY_POLICY, "개인정보 처리방침", True),
    ]
    return [
        LegalTextFactory(kind=kind, title=title, is_required=is_required, position=position)
        for position, (kind, title, is_required) in enumerate(shown, start=1)
    ]
