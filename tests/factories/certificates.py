"""Certificates as rows; the paper itself is made by the service."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from certificates import models
from certificates.enums import CertificateState
from tests.factories.applications import master_of
from tests.factories.cms import NoticePageFactory
from tests.factories.members import CompanyFactory, StoredFileFactory


class CertificateFactory(DjangoModelFactory):
    """A valid certificate with a small stored file as its paper."""

    class Meta:
        model = models.Certificate

    class Params:
        revoked = factory.Trait(
            state=CertificateState.REVOKED,
            ended_at=factory.LazyFunction(timezone.now),
            ended_by=factory.SelfAttribute("issued_by"),
            end_reason="잘못 발급되었습니다.",
        )
        without_paper = factory.Trait(pdf=None)

    company = factory.SubFactory(CompanyFactory)
    notice = factory.SubFactory(NoticePageFactory, external=True)
    number = factory.Sequence(lambda n: f"{timezone.localdate().year}-BZA9{n:06d}-0001")
    issued_at = factory.LazyFunction(timezone.now)
    issued_date = factory.LazyFunction(timezone.localdate)
    issued_by = factory.LazyAttribute(lambda certificate: master_of(certificate.company))
    company_name = factory.SelfAttribute("company.name")
    representative = factory.SelfAttribute("company.representative")
    founded_date = factory.SelfAttribute("company.founded_date")
    business_number = factory.SelfAttribute("company.business_number")
    industry = factory.SelfAttribute("company.industry")
    main_product = factory.SelfAttribute("company.main_product")
    address = factory.LazyAttribute(
        lambda certificate: (
            f"{certificate.company.head_office_road} {certificate.company.head_office_detail}"
        )
    )
    phone = factory.SelfAttribute("company.phone")
    notice_title = factory.SelfAttribute("notice.title")
    heading = "대전광역시 수출지원사업 신청 확인증"
    sentence = "상기 업체는 대전광역시에서 시행하는 수출지원사업의 신청 가능 대상임을 확인합니다."
    issuer_name = "대전광역시 수출지원 관리시스템"
    is_provisional = factory.LazyAttribute(lambda certificate: not certificate.company.is_full)
    pdf = factory.SubFactory(StoredFileFactory, company=factory.SelfAttribute("..company"))
    pdf_sha256 = factory.LazyAttribute(
        lambda certificate: certificate.pdf.sha256 if certificate.pdf else ""
    )
