"""Agencies' corners, guides, notices and schedule of the demo."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from wagtail.models import Collection
from wagtail.rich_text import RichText

from cms.enums import IntakeKind, ScheduleKind
from cms.models import (
    Attachment,
    Category,
    GuideDocument,
    GuideQuestion,
    NoticePage,
    PartnerAgencyPage,
    PortalDocument,
    ProgrammeGuidePage,
    RequiredDocument,
    ScheduleEntryPage,
)
from cms.services.agencies import provision_agency_corner
from config.demo.documents import word_document, zip_of
from config.demo.source import NOTICE_OF_DEMO, Entry, day, moment, read
from members.models import Agency, User

SCHEDULE_KINDS = {label: value for value, label in ScheduleKind.choices}
Corners = dict[str, PartnerAgencyPage]
Guides = dict[str, ProgrammeGuidePage]


def load_categories() -> dict[str, Category]:
    """Create the demo's 사업구분."""
    return {
        entry["slug"]: Category.objects.update_or_create(
            slug=entry["slug"],
            defaults={
                "name": entry["name"],
                "description": entry["description"],
                "position": entry["order"],
            },
        )[0]
        for entry in read("categories")["categories"]
    }


def load_corners(*, agencies: dict[str, Agency], by: User) -> Corners:
    """Create each agency's page, group permissions and collections, with the demo's words."""
    return {
        entry["slug"]: provision_agency_corner(
            agency=agencies[entry["slug"]],
            by=by,
            introduction=entry["introduction"],
            website=entry["homepage"],
        )
        for entry in read("agencies")["agencies"]
    }


def publish(page: NoticePage | ProgrammeGuidePage | ScheduleEntryPage, *, by: User) -> None:
    """Publish through a revision, as an editor would."""
    page.save_revision(user=by).publish(user=by)


def load_guides(*, corners: Corners, categories: dict[str, Category], by: User) -> Guides:
    """Create the programme guides below their agencies."""
    guides: Guides = {}
    for entry in read("programs")["programs"]:
        page = ProgrammeGuidePage(
            title=entry["title"],
            slug=entry["slug"],
            live=False,
            category=categories[entry["category"]],
            purpose=entry["purpose"],
            target=entry["target"],
            support="\n".join(entry["support"]),
            process="\n".join(entry["process"]),
            cycle=entry["cycle"],
            contact_department=entry["contact"]["dept"],
            contact_phone=entry["contact"]["phone"],
            contact_email=entry["contact"]["email"],
        )
        page.guide_documents = [
            GuideDocument(label=item["name"], is_required=item["required"], note=item["note"])
            for item in entry["required_documents"]
        ]
        page.questions = [
            GuideQuestion(question=item["q"], answer=item["a"]) for item in entry["faq"]
        ]
        corners[entry["agency"]].add_child(instance=page)
        publish(page, by=by)
        guides[entry["slug"]] = page
    return guides


def demo_file(title: str, *, collection: Collection | None, by: User) -> PortalDocument:
    """Store one small document of the demo in an agency's public collection."""
    lines = [title, NOTICE_OF_DEMO, "이 파일은 화면을 시험해 보기 위한 것입니다."]
    if title.endswith(".zip"):
        content = zip_of({"참가신청서.docx": word_document(["참가신청서", *lines])})
        name = title
    else:
        content = word_document(lines)
        name = f"{title.rsplit('.', 1)[0]}.docx"
    document = PortalDocument(title=name, collection=collection, uploaded_by_user=by)
    document.file.save(name, ContentFile(content), save=False)
    document.file_size = len(content)
    document.save()
    return document


def notice_body(entry: Entry) -> list[tuple[str, object]]:
    """Return the body blocks of a notice of the demo."""
    body = entry["body"]
    return [
        ("heading", "지원 대상"),
        ("text", RichText(f"<p>{body['target']}</p>")),
        ("list", {"title": "지원 내용", "items": body["support"]}),
        ("heading", "모집 규모"),
        ("text", RichText(f"<p>{body['scale']}</p>")),
        ("steps", {"title": "추진 절차", "items": body["steps"]}),
        ("list", {"title": "유의 사항", "items": body["notes"]}),
    ]


def new_notice(
    entry: Entry, *, category: Category, guide: ProgrammeGuidePage | None, by_days: timedelta
) -> NoticePage:
    """Return an unsaved notice of one entry, its dates moved."""
    opens_at = moment(entry["period"]["start"], by=by_days)
    is_external = entry["intake"] == "external"
    return NoticePage(
        title=entry["title"],
        live=False,
        category=category,
        programme=guide,
        official_number=entry["number"],
        summary=entry["summary"],
        intake_kind=IntakeKind.EXTERNAL if is_external else IntakeKind.OWN,
        intake_opens_at=opens_at,
        intake_closes_at=moment(entry["period"]["end"], by=by_days),
        external_url=entry["external_url"] or "",
        rounds_allowed=12 if entry.get("rounds_allowed") else 1,
        is_certificate_offered=is_external,
        contact_department=entry["contact"]["dept"],
        contact_phone=entry["contact"]["phone"],
        contact_email=entry["contact"]["email"],
        posted_at=moment(entry["published_at"], by=by_days) or opens_at,
        view_count=entry["views"],
        body=notice_body(entry),
    )


def load_notices(
    *,
    corners: Corners,
    categories: dict[str, Category],
    guides: Guides,
    by_days: timedelta,
    by: User,
) -> list[NoticePage]:
    """Create and publish the notices with their documents and attachments."""
    notices = []
    for entry in read("notices")["notices"]:
        corner = corners[entry["agency"]]
        collection = corner.public_collection
        page = new_notice(
            entry,
            category=categories[entry["category"]],
            guide=guides.get(entry["program"]),
            by_days=by_days,
        )
        files = {
            item["name"]: demo_file(item["name"], collection=collection, by=by)
            for item in entry["attachments"]
        }
        forms = next((file for name, file in files.items() if name.endswith(".zip")), None)
        page.attachments = [Attachment(document=file) for file in files.values()]
        page.required_documents = [
            RequiredDocument(
                label=item["name"],
                is_required=item["required"],
                formats=item["formats"],
                max_mb=item["max_mb"],
                note=item["note"],
                template=forms if item["template"] else None,
            )
            for item in entry["required_documents"]
        ]
        corner.add_child(instance=page)
        publish(page, by=by)
        notices.append(page)
    return notices


def load_schedule(
    *, corners: Corners, guides: Guides, by_days: timedelta, by: User
) -> list[ScheduleEntryPage]:
    """Create the schedule entries below their agencies."""
    entries = []
    for entry in read("schedules")["schedules"]:
        page = ScheduleEntryPage(
            title=entry["title"],
            slug=entry["id"],
            live=False,
            kind=SCHEDULE_KINDS[entry["kind"]],
            starts_date=day(entry["start"], by=by_days),
            ends_date=day(entry["end"], by=by_days),
            country=entry["country"],
            city=entry["city"],
            programme=guides.get(entry["program"]),
        )
        corners[entry["agency"]].add_child(instance=page)
        publish(page, by=by)
        entries.append(page)
    return entries


def state_counts(notices: list[NoticePage], *, at: datetime) -> dict[str, int]:
    """Return how many notices are in which state, for the report."""
    counts: dict[str, int] = {}
    for notice in notices:
        label = notice.status_at(at).label
        counts[label] = counts.get(label, 0) + 1
    return counts
