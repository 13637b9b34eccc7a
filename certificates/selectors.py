"""Reads over certificates, notices and companies."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from wagtail.models import Site

from certificates.models import Certificate, CertificateQuerySet, PaperVersion
from certificates.rules import issue_verdict, offer_verdict
from cms.models import NoticePage, PortalSettings
from members.enums import AGENCY_ROLES
from members.models import Agency, Company, User
from members.rules import Verdict


def last_certificate(*, notice: NoticePage, company: Company) -> Certificate | None:
    """Return the company's newest certificate of the notice, whatever its state."""
    return (
        Certificate.objects.owned_by(company)
        .filter(notice=notice)
        .order_by("-issued_at", "-pk")
        .first()
    )


def own_data_section(company: Company) -> tuple[str, list[list[object]]]:
    """Return a company's certificates for its own download."""
    rows = Certificate.objects.owned_by(company).select_related("notice").order_by("issued_at")
    return "확인증", [
        [row.number, f"{row.notice.title} · {row.get_state_display()}"] for row in rows
    ]


def certificates_visible_to(user: User) -> CertificateQuerySet:
    """Return the certificates that a member of staff sees: the own agency's, or all (operator)."""
    if user.is_active and (user.is_operator or user.is_superuser):
        return Certificate.objects.all()
    if user.is_active and user.staff_role in AGENCY_ROLES and user.agency is not None:
        return Certificate.objects.on_notices_of(user.agency)
    return Certificate.objects.none()


def found_among(
    entries: Sequence[tuple[str, str]], *, user: User
) -> list[tuple[str, Certificate | None]]:
    """Return each (number, code) entry's certificate, in order, as far as this person may see it.

    Staff see those of their own scope by number alone, any other only with its printed code; what
    they may not see looks like what does not exist. Two queries for any number of entries.
    """
    numbers = [number for number, _ in entries]
    rows = Certificate.objects.filter(number__in=numbers).select_related("company", "notice")
    by_number = {certificate.number: certificate for certificate in rows}
    own = set(certificates_visible_to(user).filter(number__in=numbers).values_list("pk", flat=True))
    return [(number, _seen(by_number.get(number), code=code, own=own)) for number, code in entries]


def _seen(certificate: Certificate | None, *, code: str, own: set[int]) -> Certificate | None:
    if certificate is None or certificate.pk in own:
        return certificate
    is_right = secrets.compare_digest(certificate.check_code.encode(), code.encode())
    return certificate if is_right else None


def companies_with_certificates(agency: Agency) -> Q:
    """Return which companies an agency sees because of a certificate on one of its notices."""
    return Q(pk__in=Certificate.objects.on_notices_of(agency).values("company"))


@dataclass(frozen=True)
class Offer:
    """What a notice's page offers one reader: the button, the certificate, or a reason.

    `url` and `label` are empty where there is nothing to press.
    """

    verdict: Verdict
    url: str = ""
    label: str = ""
    certificate: Certificate | None = None
    needs_login: bool = False


def offer_for(*, notice: NoticePage, viewer: User | None, at: datetime) -> Offer | None:
    """Return what the notice's page shows about its certificate, or None for nothing.

    An anonymous reader costs no query; a company's person costs two.
    """
    offered = offer_verdict(notice=notice, at=at)
    issue_url = reverse("certificates:issue", args=[notice.code])
    label = settings.CERTIFICATE_BUTTON_LABEL
    if viewer is None:
        if not notice.is_certificate_offered:
            return None
        if not offered.allowed:
            return Offer(offered)
        return Offer(
            offered,
            url=f"{reverse('members:login')}?next={issue_url}",
            label=label,
            needs_login=True,
        )
    if viewer.company is None:
        return Offer(offered) if notice.is_certificate_offered else None
    last = last_certificate(notice=notice, company=viewer.company)
    if last is not None and last.is_valid:
        url = reverse("certificates:detail", args=[last.uuid])
        return Offer(offered, url=url, label="발급한 확인증 보기", certificate=last)
    if not notice.is_certificate_offered:
        return None
    verdict = issue_verdict(notice=notice, company=viewer.company, last=last, at=at)
    if not verdict.allowed:
        return Offer(verdict)
    return Offer(verdict, url=issue_url, label=label)


@dataclass(frozen=True)
class PaperTexts:
    """The fixed texts of a paper issued now, and the version they come from, if any."""

    heading: str
    sentence: str
    issuer_name: str
    version: PaperVersion | None = None


def paper_texts(*, at: datetime) -> PaperTexts:
    """Return the texts in force: the newest version's, or the words of S60 for this city."""
    version = PaperVersion.objects.in_force_at(at).first()
    if version is not None:
        return PaperTexts(version.heading, version.sentence, version.issuer_name, version)
    site = Site.objects.filter(is_default_site=True).first()
    portal = PortalSettings.for_site(site) if site else PortalSettings()
    return PaperTexts(
        heading=f"{portal.city_name} 수출지원사업 신청 확인증",
        sentence=f"상기 업체는 {portal.city_name}에서 시행하는 수출지원사업의 신청 가능 대상임을 "
        "확인합니다.",
        issuer_name=portal.issuer_name,
    )
