"""Checking certificates from other systems: the same answer and limit as the check page (N2)."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from certificates import services
from certificates.enums import CertificateState
from certificates.models import Certificate
from members.access import client_address
from members.api.problems import ProblemError, documented, throttled
from members.formatting import mask_name
from members.services.throttle import ThrottledError

router = Router(tags=["certificates"])


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
