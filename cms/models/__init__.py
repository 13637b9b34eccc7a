"""Everything that is published; one module per family, all names importable from here."""

from cms.models.agencies import AgencyListPage, PartnerAgencyPage
from cms.models.announcements import AnnouncementListPage, AnnouncementPage
from cms.models.base import BasePage, Category
from cms.models.home import HomeBanner, HomePage, NoticeListPage, StandardPage
from cms.models.media import PortalDocument, PortalImage, PortalRendition
from cms.models.notice_panels import INTAKE_FIELDS
from cms.models.notice_parts import Attachment, IntakeChange, RequiredDocument
from cms.models.notice_questions import NoticeQuestion
from cms.models.notices import IDENTITY_FIELDS, NoticeCodeSeries, NoticePage
from cms.models.outages import Outage
from cms.models.programmes import (
    GuideDocument,
    GuideQuestion,
    ProgrammeGuidePage,
    ProgrammeListPage,
)
from cms.models.schedule import AnnualSchedulePage, ScheduleEntryPage
from cms.models.search import SearchEntry, SearchSynonym
from cms.models.settings import PortalSettings
from cms.models.views import ViewMark, ViewSalt

__all__ = [
    "IDENTITY_FIELDS",
    "INTAKE_FIELDS",
    "AgencyListPage",
    "AnnouncementListPage",
    "AnnouncementPage",
    "AnnualSchedulePage",
    "Attachment",
    "BasePage",
    "Category",
    "GuideDocument",
    "GuideQuestion",
    "HomeBanner",
    "HomePage",
    "IntakeChange",
    "NoticeCodeSeries",
    "NoticeListPage",
    "NoticePage",
    "NoticeQuestion",
    "Outage",
    "PartnerAgencyPage",
    "PortalDocument",
    "PortalImage",
    "PortalRendition",
    "PortalSettings",
    "ProgrammeGuidePage",
    "ProgrammeListPage",
    "RequiredDocument",
    "ScheduleEntryPage",
    "SearchEntry",
    "SearchSynonym",
    "StandardPage",
    "ViewMark",
    "ViewSalt",
]
