"""Checking certificates from other systems (N2).

Anybody with number and code: the same answer and limit as the check page. An agency's own system
with its token: many at once, those of its own notices by number alone.
"""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from certificates import services
from certificates.enums import CertificateState
from certificates.models import Certificate
from certificates.numbers import tidy_code, tidy_number
from certificates.selectors import found_among
from members.access import client_address
from members.api.answers import own_answer
from members.api.problems import ProblemError, documented, throttled
from members.api.tokens import caller, needs
from members.enums import AccessAction, ApiScope
from members.formatting import mask_name
from members.services.access_records import record_access
from members.services.throttle import ThrottledError

router = Router(tags=["certificates"])
own_router = Router(tags=["own certificates"])
CHECKS_AT_ONCE = 100


class CheckIn(Schema):
    """The number and the code that stand on the paper."""

    number: str = Field(max_length=60, examples=["2026-BZA0000005-0001"])
    code: str = Field(max_length=30, examples=["ABCD-EFGH-JKMN"])


class CheckOut(Schema):
    """What the paper shows, the representative masked."""

    number: str
    state: CertificateState
    issued_date: date
    ended_at: datetime | None
    is_provisional: bool
    notice_code: str
    notice_title: str
    company_name: str
    representative: str
    founded_date: date
    business_number: str
    industry: str
    main_product: str
    address: str
    phone: str


class OwnCheckIn(Schema):
    """A certificate of an own notice needs no code; any other only counts with the right one."""

    number: str = Field(max_length=60, examples=["2026-BZA0000005-0001"])
    code: str = Field("", max_length=30, examples=["ABCD-EFGH-JKMN"])


class OwnChecksIn(Schema):
    entries: list[OwnCheckIn] = Field(min_length=1, max_length=CHECKS_AT_ONCE)


class OwnCheckOut(Schema):
    """`certificate` is null where there is none, or none that this agency may see."""

    number: str
    certificate: CheckOut | None


class OwnChecksOut(Schema):
    items: list[OwnCheckOut]


@router.post(
    "/check",
    response={200: CheckOut, **documented(400, 404, 422, 429)},
    summary="Check a certificate by its number and printed code",
)
def check(request: HttpRequest, payload: CheckIn) -> CheckOut:
    """Answer whether a certificate is valid; 10 wrong pairs an hour and address are allowed."""
    try:
        certificate = services.check_by_code(
            number=payload.number,
            code=payload.code,
            address=client_address(request),
            at=timezone.now(),
        )
    except services.UnknownCertificateError as error:
        detail = "발행번호와 확인코드가 맞는 확인증이 없습니다."
        raise ProblemError(404, "unknown_certificate", detail) from error
    except ThrottledError as error:
        raise throttled(error, at=timezone.now()) from error
    return shown(certificate)


def shown(certificate: Certificate) -> CheckOut:
    """Return what a stranger may know of a certificate."""
    return CheckOut(
        number=certificate.number,
        state=CertificateState(certificate.state),
        issued_date=certificate.issued_date,
        ended_at=certificate.ended_at,
        is_provisional=certificate.is_provisional,
        notice_code=certificate.notice.code,
        notice_title=certificate.notice_title,
        company_name=certificate.company_name,
        representative=mask_name(certificate.representative),
        founded_date=certificate.founded_date,
        business_number=certificate.business_number,
        industry=certificate.industry,
        main_product=certificate.main_product,
        address=certificate.address,
        phone=certificate.phone,
    )


@own_router.post(
    "/check",
    auth=needs(ApiScope.CERTIFICATES),
    response={200: OwnChecksOut, **documented(400, 401, 403, 422, 429)},
    url_name="own_certificates_check",
    summary="확인증 여러 건 확인",
)
def check_own(request: HttpRequest, payload: OwnChecksIn) -> HttpResponse:
    """Answer for each number in its order; what the agency may not see looks like nothing."""
    account, _ = caller(request)
    entries = [(tidy_number(entry.number), tidy_code(entry.code)) for entry in payload.entries]
    found = found_among(entries, user=account)
    companies = list(dict.fromkeys(row.company for _, row in found if row))
    if companies:
        record_access(
            actor=account,
            action=AccessAction.SEARCH,
            subjects=companies,
            what=f"확인증 확인 {len(found)}건 (API)",
            at=timezone.now(),
            address=client_address(request),
        )
    items = [
        OwnCheckOut(number=number, certificate=shown(row) if row else None) for number, row in found
    ]
    return own_answer(OwnChecksOut(items=items).model_dump(mode="json"))
