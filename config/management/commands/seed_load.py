"""Make data for measuring from outside and print what a driver needs to know."""

import json
import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from applications.models import Application
from cms.models import NoticePage
from cms.services.site import provision_site
from config import load_data
from members.enums import StaffRole
from members.models import Company, User
from members.services.staff import create_staff


def shown_notice(notice: NoticePage) -> dict[str, Any]:
    """Return what a load generator needs to know of a notice."""
    return {
        "code": notice.code,
        "agency": notice.agency.code,
        "closes_at": notice.intake_closes_at and notice.intake_closes_at.isoformat(),
        "documents": [str(row.key) for row in notice.required_documents.all()],
    }


def shown_company(company: Company, person: User) -> dict[str, Any]:
    """Return what a load generator needs to know of a company and its person."""
    return {
        "uuid": str(company.uuid),
        "business_number": company.business_number,
        "session": load_data.session_cookie(person),
        "planted": company.name,
    }


def shown_draft(draft: Application, *, session: str) -> dict[str, Any]:
    """Return what hands a ready draft in."""
    return {
        "uuid": str(draft.uuid),
        "notice": draft.notice.code,
        "submission_key": str(draft.submission_key),
        "version": draft.version,
        "session": session,
    }


class Command(BaseCommand):
    help = "측정용 자료를 만듭니다(PORTAL_ALLOW_LOAD_DATA=1일 때만)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, default in (
            ("companies", 10),
            ("notices", 5),
            ("applications", 0),
            ("drafts", 0),
        ):
            parser.add_argument(f"--{name}", type=int, default=default)
        parser.add_argument("--agencies", type=int, default=2)
        parser.add_argument("--closes-in", type=int, default=None, help="첫 공고 마감까지의 초")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ALLOW_LOAD_DATA:
            raise CommandError("PORTAL_ALLOW_LOAD_DATA=1이 아니면 측정용 자료를 만들지 않습니다.")
        with transaction.atomic():
            report = self.make(options)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        counts = {name: len(rows) for name, rows in report.items() if isinstance(rows, list)}
        self.stdout.write(f"측정용 자료를 만들었습니다: {counts}")

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Create everything and return ids, session cookies and planted words."""
        at = timezone.now()
        operator = self.operator(at=at)
        provision_site(by=operator)
        agencies = load_data.make_agencies(options["agencies"], by=operator, at=at)
        members = load_data.make_companies(options["companies"], at=at)
        notices = load_data.make_notices(
            options["notices"],
            corners=[corner for corner, _, _ in agencies],
            at=at,
            closes_in=options["closes_in"],
        )
        applications = load_data.make_applications(
            options["applications"], members=members, notices=notices, at=at
        )
        drafts = load_data.make_drafts(options["drafts"], members=members, notice=notices[0], at=at)
        companies = [shown_company(*member) for member in members]
        return {
            "cookie_name": settings.SESSION_COOKIE_NAME,
            "operator": load_data.session_cookie(operator),
            "agencies": [
                {
                    "code": corner.agency.code,
                    "session": load_data.session_cookie(officer),
                    "planted": planted.word,
                }
                for corner, officer, planted in agencies
            ],
            "companies": companies,
            "drafts": [
                shown_draft(draft, session=company["session"])
                for draft, company in zip(drafts, companies, strict=False)
            ],
            "notices": [shown_notice(notice) for notice in notices],
            "applications": [
                {"uuid": str(row.uuid), "receipt_number": row.receipt_number}
                for row in applications
            ],
        }

    def operator(self, *, at: Any) -> User:
        """Return the operator of load data, made on the first run."""
        found = User.objects.filter(username="loadoperator").first()
        if found is not None:
            return found
        return create_staff(
            username="loadoperator",
            name="측정운영자",
            email="operator@load.example",
            role=StaffRole.OPERATOR,
            agency=None,
            password=secrets.token_urlsafe(24),
            by=None,
            at=at,
        )
