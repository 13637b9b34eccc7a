"""Agencies, staff and companies of the demo."""

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from config.demo.source import Entry, read
from members.enums import (
    AgencyRole,
    ConsentChoice,
    ConsentPurpose,
    JoinRoute,
    MembershipState,
    ProductCertification,
    RegistryState,
    StaffRole,
)
from members.models import (
    Agency,
    AgencyName,
    Company,
    LegalText,
    MembershipEvent,
    Product,
    User,
    YearlyFigures,
)
from members.services.agencies import create_agency
from members.services.consents import record_consents
from members.services.staff import create_staff

PASSWORD = "daejeon-export-demo"  # noqa: S105  (invented; the loader refuses production)
AGENCY_ROLES = {label[:2]: value for value, label in AgencyRole.choices}
CERTIFICATIONS = {label: value for value, label in ProductCertification.choices}
STAFF = (
    ("djbeaofficer", "박담당", StaffRole.OFFICER, "djbea"),
    ("kitaofficer", "최담당", StaffRole.OFFICER, "kita"),
    ("djbeamanager", "정책임", StaffRole.MANAGER, "djbea"),
    ("commseditor", "홍편집", StaffRole.COMMS, None),
)
SHOWN_LOGINS = (
    ("정식회원 기업", "gasangrobotics"),
    ("임시회원 기업", "ondemopet"),
    ("심사 대기 기업", "saessakvirtual"),
    ("기관 담당자(대전일자리경제진흥원)", "djbeaofficer"),
    ("기관 담당자(한국무역협회)", "kitaofficer"),
    ("기관 책임자(대전일자리경제진흥원)", "djbeamanager"),
    ("홍보 담당자", "commseditor"),
    ("운영자", "portaloperator"),
)


def digits(value: str) -> str:
    return "".join(character for character in value if character.isdigit())


def load_operator(*, at: datetime) -> User:
    """Create the operator, in whose name the rest is loaded."""
    return create_staff(
        username="portaloperator",
        name="운영자",
        email="operator@portal-demo.example",
        role=StaffRole.OPERATOR,
        agency=None,
        password=PASSWORD,
        by=None,
        at=at,
    )


def load_agencies(*, by: User, at: datetime) -> dict[str, Agency]:
    """Create the agencies with their former names, and their staff."""
    agencies: dict[str, Agency] = {}
    for entry in read("agencies")["agencies"]:
        agency = create_agency(
            code=entry["slug"],
            name=entry["name"],
            role=AGENCY_ROLES[entry["role"]],
            by=by,
            at=at,
            name_en=entry["name_en"],
            department=entry["contact"]["dept"],
            phone=digits(entry["contact"]["phone"]),
            email=entry["contact"]["email"],
            position=entry["order"],
        )
        for former in entry.get("former_names", []):
            AgencyName.objects.create(agency=agency, name=former["name"])
        agencies[entry["slug"]] = agency
    for username, name, role, code in STAFF:
        create_staff(
            username=username,
            name=name,
            email=f"{username}@portal-demo.example",
            role=role,
            agency=agencies[code] if code else None,
            password=PASSWORD,
            by=by,
            at=at,
        )
    return agencies


def company_fields(entry: Entry, *, at: datetime) -> dict[str, object]:
    """Return the model fields of one company of the demo."""
    company = entry["company"]
    state = MembershipState(entry["membership"])
    is_by_cert = entry["signup_route"] == "pki"
    return {
        "business_number": digits(company["business_no"]),
        "corporate_number": digits(company["corporate_no"] or ""),
        "name": company["name_ko"],
        "name_en": company["name_en"] or "",
        "representative": company["ceo_ko"],
        "representative_en": company["ceo_en"] or "",
        "representative_sex": company["ceo_gender"],
        "founded_date": date.fromisoformat(company["founded"]),
        **addresses_of(company),
        "phone": digits(company["phone"]),
        "email": company["email"],
        "homepage": company["homepage"] or "",
        "industry": company["industry"],
        "business_type": company["business_type"],
        "main_product": company["main_product"],
        "employees": company["employees"],
        "assets_million_krw": company["assets_million_krw"],
        "export_countries": company["export_countries"],
        "membership_state": state,
        "membership_changed_at": at,
        "membership_reason": "시연용 상태입니다." if state == MembershipState.REFUSED else "",
        "join_route": JoinRoute.SIGNING_CERT if is_by_cert else JoinRoute.PAPERS,
        "originals_due_since": at if entry.get("originals_due") else None,
        "registry_state": (
            RegistryState.CLOSED if entry.get("registry_state") else RegistryState.UNKNOWN
        ),
        "joined_at": at - timedelta(days=90),
        "record_confirmed_at": at - timedelta(days=60),
    }


def addresses_of(company: Entry) -> dict[str, object]:
    """Return the model fields of a company's head office and factory."""
    head, factory = company["head_office"], company["factory"] or {}
    return {
        "head_office_zip": head["zip"],
        "head_office_road": head["road"],
        "head_office_detail": head["detail"],
        "factory_zip": factory.get("zip", ""),
        "factory_road": factory.get("road", ""),
        "factory_detail": factory.get("detail", ""),
    }


def load_person(entry: Entry, *, company: Company, password: str) -> User:
    """Create the master of one company; `password` is hashed already."""
    manager = entry["manager"]
    has_left = company.membership_state == MembershipState.LEFT
    person = User(
        username=entry["username"],
        password=password,
        name=manager["name_ko"],
        name_en=manager["name_en"],
        email=manager["email"],
        department=manager["department"],
        position=manager["position"],
        phone=digits(manager["phone"]),
        company=company,
        is_company_master=not has_left,
        is_active=not has_left,
    )
    person.set_mobile(digits(manager["mobile"]))
    person.save()
    return person


def load_products_and_figures(entry: Entry, *, company: Company) -> None:
    Product.objects.bulk_create(
        Product(
            company=company,
            position=position,
            name=item["name_ko"],
            name_en=item["name_en"] or "",
            hs_code=item["hs_code"],
            description=item["description_ko"] or "",
            description_en=item["description_en"] or "",
            certifications=[CERTIFICATIONS[label] for label in item["certifications"]],
        )
        for position, item in enumerate(entry["products"])
    )
    sales = {item["year"]: item["value"] for item in entry["company"]["sales_million_krw"]}
    exports = {item["year"]: item["value"] for item in entry["company"]["exports_thousand_usd"]}
    YearlyFigures.objects.bulk_create(
        YearlyFigures(
            company=company,
            year=year,
            sales_million_krw=sales[year],
            exports_thousand_usd=exports.get(year),
        )
        for year in sorted(sales)
    )


def load_companies(*, agencies: dict[str, Agency], at: datetime) -> list[Company]:
    """Create the companies with their master, products, figures, consents and history."""
    texts = list(LegalText.objects.in_force_at(at).to_consent())
    receivers = [agencies["djbea"], agencies["kita"]]
    # Hashing is slow on purpose; one hash serves all the invented people.
    password = make_password(PASSWORD)
    companies = []
    for index, entry in enumerate(read("companies")["companies"]):
        company = Company.objects.create(
            originals_agency=(
                receivers[index % 2] if entry["signup_route"] == "document" else None
            ),
            **company_fields(entry, at=at),
        )
        person = load_person(entry, company=company, password=password)
        load_products_and_figures(entry, company=company)
        record_consents(
            company=company,
            person=person,
            choices=dict.fromkeys(texts, ConsentChoice.AGREED),
            purpose=ConsentPurpose.JOIN,
            at=company.joined_at,
            address=None,
            way="demo",
        )
        MembershipEvent.objects.create(
            company=company, to_state=company.membership_state, at=at, reason="시연용 자료"
        )
        companies.append(company)
    return companies
