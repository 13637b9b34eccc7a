"""Facts of a page as schema.org says them, in a data block that no browser runs."""

from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import json_script
from django.utils.safestring import SafeString

from cms.models import NoticePage, PartnerAgencyPage, ScheduleEntryPage
from members.api.answers import moment
from members.api.questions import absolute
from members.models import Agency

register = template.Library()
CONTEXT = "https://schema.org"
OPENING = '<script type="application/json">'


@register.simple_tag
def structured_data(page: Any) -> SafeString | str:
    """The page as GovernmentService, Event or Organization; nothing for other pages."""
    if isinstance(page, NoticePage):
        facts = service_of(page)
    elif isinstance(page, ScheduleEntryPage):
        facts = event_of(page)
    elif isinstance(page, PartnerAgencyPage):
        facts = organization_of(page.agency, url=page.full_url, website=page.website)
    else:
        return ""
    data = {"@context": CONTEXT, **{name: value for name, value in facts.items() if value}}
    block = json_script(data, encoder=DjangoJSONEncoder)
    # json_script escapes what could end the block; only its media type is another one.
    return SafeString(block.replace(OPENING, '<script type="application/ld+json">', 1))


def organization_of(agency: Agency, *, url: str = "", website: str = "") -> dict[str, Any]:
    """Return an agency as an Organization; empty values are left out by the caller."""
    return {
        "@type": "GovernmentOrganization",
        "name": agency.name,
        "alternateName": agency.name_en,
        "telephone": agency.phone,
        "email": agency.email,
        "address": agency.address,
        "url": website or url,
    }


def provider_of(agency: Agency) -> dict[str, str]:
    return {"@type": "GovernmentOrganization", "name": agency.name}


def service_of(notice: NoticePage) -> dict[str, Any]:
    """Return a notice as a GovernmentService with the period in which companies apply."""
    return {
        "@type": "GovernmentService",
        "identifier": notice.code,
        "name": notice.title,
        "description": notice.summary,
        "serviceType": notice.category.name,
        "url": absolute(notice.url),
        "provider": provider_of(notice.agency),
        "audience": {"@type": "BusinessAudience", "name": "수출기업"},
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": notice.external_url or absolute(notice.url),
            "servicePhone": {"@type": "ContactPoint", "telephone": notice.contact_phone},
        },
        "hoursAvailable": {
            "@type": "OpeningHoursSpecification",
            "validFrom": moment(notice.intake_opens_at),
            "validThrough": moment(notice.ends_at),
        },
    }


def event_of(entry: ScheduleEntryPage) -> dict[str, Any]:
    """Return a schedule entry as an Event."""
    place = " ".join(part for part in (entry.country, entry.city) if part)
    return {
        "@type": "Event",
        "name": entry.title,
        "description": entry.description,
        "startDate": entry.starts_date.isoformat(),
        "endDate": entry.ends_date.isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "url": entry.full_url,
        "organizer": provider_of(entry.agency),
        "location": {"@type": "Place", "name": place, "address": place} if place else None,
    }
