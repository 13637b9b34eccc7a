"""Pages under the real tree: Home → AgencyList → PartnerAgency → notices, guides, entries."""

import io
from datetime import timedelta

import factory
import wagtail_factories
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image
from wagtail.models import Collection, Page

from cms import models
from cms.enums import IntakeKind, MemberLevel, OriginalsPolicy, QuestionKind, ScheduleKind
from cms.services.agencies import provision_agency_corner
from cms.services.search import index_page
from tests.factories.members import SMALL_PDF, AgencyFactory


def start_of_minute():
    """Return the present moment without seconds, as a notice's times are."""
    return timezone.now().replace(second=0, microsecond=0)


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = models.Category
        django_get_or_create = ["slug"]

    slug = factory.Sequence(lambda n: f"category-{n}")
    name = factory.LazyAttribute(lambda category: f"구분 {category.slug}")


class PageFactory(wagtail_factories.PageFactory):
    """A page that was published; `draft` never was."""

    class Meta:
        model = Page
        abstract = True
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(live=False, first_published_at=None, last_published_at=None)

    title = factory.Sequence(lambda n: f"시연 페이지 {n}")
    slug = factory.Sequence(lambda n: f"page-{n}")
    live = True
    first_published_at = factory.LazyFunction(timezone.now)
    last_published_at = factory.SelfAttribute("first_published_at")

    @factory.post_generation
    def found(self, create, extracted, **kwargs):
        """Make a published page findable, as publishing does."""
        if create and self.live:
            index_page(page=self)


def home():
    """Return the site's home page, which every test database holds."""
    return models.HomePage.objects.get()


def agency_list():
    """Return the page below which every agency's corner lies."""
    return models.AgencyListPage.objects.get()


class StandardPageFactory(PageFactory):
    class Meta:
        model = models.StandardPage

    parent = factory.LazyFunction(home)
    introduction = "이용 방법을 안내합니다."


class AnnouncementPageFactory(PageFactory):
    class Meta:
        model = models.AnnouncementPage

    parent = factory.LazyFunction(models.AnnouncementListPage.objects.get)
    title = factory.Sequence(lambda n: f"시스템 안내 {n}")
    introduction = factory.Sequence(lambda n: f"시스템 이용에 대한 소식 {n}입니다.")


class PartnerAgencyPageFactory(PageFactory):
    class Meta:
        model = models.PartnerAgencyPage

    parent = factory.LazyFunction(agency_list)
    agency = factory.SubFactory(AgencyFactory)
    title = factory.SelfAttribute("agency.name")
    slug = factory.SelfAttribute("agency.code")
    introduction = "수출을 돕는 기관입니다."


def corner_of(agency):
    """Return an agency's page, made when it has none."""
    found = models.PartnerAgencyPage.objects.filter(agency=agency).first()
    return found or PartnerAgencyPageFactory(agency=agency)


def agency_with_corner(**fields):
    """Return an agency with its page, collections and rights, as an operator makes it."""
    agency = AgencyFactory(**fields)
    provision_agency_corner(agency=agency, by=None)
    return agency


class AgencyOwnedPageFactory(PageFactory):
    """A child of an agency's page: give `agency` or `parent`, or neither for a new agency."""

    class Meta:
        abstract = True

    class Params:
        agency = None

    parent = factory.LazyAttribute(
        lambda page: corner_of(page.agency) if page.agency else PartnerAgencyPageFactory()
    )


class NoticePageFactory(AgencyOwnedPageFactory):
    """An open notice with own intake; it closes in two weeks."""

    class Meta:
        model = models.NoticePage

    class Params:
        coming = factory.Trait(
            intake_opens_at=factory.LazyFunction(lambda: start_of_minute() + timedelta(days=3))
        )
        closed = factory.Trait(
            intake_closes_at=factory.LazyFunction(lambda: start_of_minute() - timedelta(days=1))
        )
        closing_soon = factory.Trait(
            intake_closes_at=factory.LazyFunction(lambda: start_of_minute() + timedelta(hours=30))
        )
        rolling = factory.Trait(intake_closes_at=None)
        stopped = factory.Trait(
            stopped_early_at=factory.LazyFunction(lambda: start_of_minute() - timedelta(hours=1)),
            stop_reason="예산이 모두 쓰였습니다.",
        )
        external = factory.Trait(
            intake_kind=IntakeKind.EXTERNAL, external_url="https://intake.example/apply"
        )
        full_members_only = factory.Trait(member_level=MemberLevel.FULL)
        refuses_missing_originals = factory.Trait(originals_policy=OriginalsPolicy.REFUSE)

    title = factory.Sequence(lambda n: f"동남아 시장개척단 모집 공고 {n}")
    slug = None
    category = factory.SubFactory(CategoryFactory, slug="marketing")
    summary = "해외 시장을 개척할 기업을 모집합니다."
    intake_kind = IntakeKind.OWN
    intake_opens_at = factory.LazyFunction(lambda: start_of_minute() - timedelta(days=7))
    intake_closes_at = factory.LazyFunction(lambda: start_of_minute() + timedelta(days=14))
    is_certificate_offered = factory.LazyAttribute(
        lambda notice: notice.intake_kind == IntakeKind.EXTERNAL
    )
    contact_department = "수출지원팀"
    contact_phone = "0428209623"
    posted_at = factory.LazyFunction(start_of_minute)


class RequiredDocumentFactory(DjangoModelFactory):
    class Meta:
        model = models.RequiredDocument

    class Params:
        optional = factory.Trait(is_required=False)

    page = factory.SubFactory(NoticePageFactory)
    label = factory.Sequence(lambda n: f"사업계획서 {n}")


class NoticeQuestionFactory(DjangoModelFactory):
    """A required question with one line of text; `kind` and `options` make it another."""

    class Meta:
        model = models.NoticeQuestion

    class Params:
        optional = factory.Trait(is_required=False)

    page = factory.SubFactory(NoticePageFactory)
    kind = QuestionKind.TEXT
    label = factory.Sequence(lambda n: f"참가 목적 {n}")


class ProgrammeGuidePageFactory(AgencyOwnedPageFactory):
    class Meta:
        model = models.ProgrammeGuidePage

    title = factory.Sequence(lambda n: f"해외 물류비 지원사업 {n}")
    category = factory.SubFactory(CategoryFactory, slug="marketing")
    purpose = "수출 물류비 부담을 덜어 드립니다."
    target = "대전 소재 중소기업"
    support = "국제특송비 지원\n해상운송비 지원"


class ScheduleEntryPageFactory(AgencyOwnedPageFactory):
    class Meta:
        model = models.ScheduleEntryPage

    class Params:
        past = factory.Trait(
            starts_date=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=40)),
            ends_date=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=38)),
        )

    title = factory.Sequence(lambda n: f"하노이 상담회 {n}")
    kind = ScheduleKind.MEETING
    starts_date = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=20))
    ends_date = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=22))


class CollectionFactory(wagtail_factories.CollectionFactory):
    name = factory.Sequence(lambda n: f"모음 {n}")
    parent = factory.LazyFunction(Collection.get_first_root_node)


class DocumentFactory(DjangoModelFactory):
    """A Wagtail document; to the public it is not there until a live page uses it."""

    class Meta:
        model = models.PortalDocument

    class Params:
        data = SMALL_PDF

    title = factory.Sequence(lambda n: f"공고문 {n}")
    file = factory.LazyAttribute(
        lambda document: ContentFile(document.data, f"{document.title}.pdf")
    )
    collection = factory.SubFactory(CollectionFactory)


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Attachment

    page = factory.SubFactory(NoticePageFactory)
    document = factory.SubFactory(DocumentFactory)
    label = "공고문"


class ImageFactory(DjangoModelFactory):
    """A one-colour PNG of 32 × 32 pixels."""

    class Meta:
        model = models.PortalImage

    title = factory.Sequence(lambda n: f"사진 {n}")
    file = factory.LazyAttribute(lambda image: ContentFile(small_png(), f"{image.title}.png"))
    collection = factory.SubFactory(CollectionFactory)


def small_png():
    """Return the bytes of a small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (32, 32), "#0b50d0").save(buffer, "PNG")
    return buffer.getvalue()
