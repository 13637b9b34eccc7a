"""Ask for every URL as every role and read the whole answer."""

import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.test import Client
from django.utils import timezone

from members.access import REASON
from tests.addresses import walk
from tests.client import CheckingClient
from tests.crawl.canaries import MARK
from tests.crawl.fillings import Filler, MissingRuleError, urls_of

# Capability addresses: whoever holds the long random token is shown what belongs to it.
BY_TOKEN = {"certificates:check_token"}
NOT_ASKED = {"wagtailadmin_logout", "members:logout"}
HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
SIDE_B = {"member_2", "officer_b"}
OWNERS = [("a", "member_1"), ("b", "member_2"), ("a", "waiting"), ("b", "stranger")]


@dataclass
class Report:
    """What a crawl saw."""

    role: str
    requests: int = 0
    statuses: dict = field(default_factory=lambda: defaultdict(int))
    leaks: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    bare: list = field(default_factory=list)
    patterns: set = field(default_factory=set)

    @property
    def faults(self):
        return [*self.leaks, *self.errors, *self.bare]

    def __str__(self):
        answers = " ".join(f"{status}×{count}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.role}: {len(self.patterns)} patterns, {self.requests} requests ({answers}), "
            f"{len(self.leaks)} leaks, {len(self.errors)} errors"
        )


class CrawlingClient(CheckingClient):
    """Only asks: pages are judged elsewhere, and what waits for a commit never happens."""

    def request(self, **request):
        return Client.request(self, **request)


class Crawler:
    """One role's walk. Nothing it does stays: every request is rolled back."""

    def __init__(self, world, role, *, thorough=False):
        self.world, self.role, self.thorough = world, role, thorough
        self.client = CrawlingClient(raise_request_exception=False)
        person = world.people[role]
        self.is_staff = person is not None and person.is_staff_account
        if person is not None:
            self.client.log_in(person)
            self.state_reason()
        self.cookies = self.client.cookies.copy()
        self.fillers = [Filler(world, letter=letter, company=name) for letter, name in OWNERS]
        self.report = Report(role)

    def state_reason(self):
        """Get past the question that operators answer before they see personal data."""
        session = self.client.session
        until = timezone.now() + timedelta(hours=1)
        session[REASON] = {"text": "정기 점검", "until": until.isoformat()}
        session.save()

    def walk(self, addresses=None):
        """Crawl all patterns and return the report."""
        for address in addresses or walk():
            if str(address) in NOT_ASKED:
                continue
            for url in self.urls(address):
                for method, asked in self.questions(address, url):
                    self.ask(address, method, asked)
        return self.report

    def urls(self, address):
        """All URLs when thorough; else a foreign one and, outside the admin, an own one."""
        try:
            urls = list(urls_of(address, self.fillers))
        except MissingRuleError:
            return []  # test_every_pattern_can_be_filled says so
        if self.thorough or len(urls) == 1:
            return urls
        foreign = urls[: len(urls) // 2] if self.role in SIDE_B else urls[len(urls) // 2 :]
        return foreign[:1] if address.route.startswith("admin/") else urls[:: len(urls) - 1]

    def questions(self, address, url):
        """Yield method and URL with the query strings that open further doors."""
        search = f"{url}?{urlencode({'q': MARK, 'id': self.page_of_other(), 'p': 1})}"
        is_shut_out = url.startswith("/admin/") and not self.is_staff
        if not self.thorough or is_shut_out:
            yield "get", url if address.arguments else search
            return
        yield "get", url
        yield "get", search
        yield "get", f"{url}?export=xlsx"
        yield "get", f"{url}?export=csv"
        yield "post", url

    def page_of_other(self):
        letter = "a" if self.role.endswith("_b") else "b"
        return self.world.corners[letter].pages[0].pk

    def ask(self, address, method, url):
        """Send one request inside a savepoint and judge the answer."""
        self.client.cookies = self.cookies.copy()
        is_list = "_modeladmin_" in str(address)
        data = {"export": "xlsx", "reason": "정기 점검"} if method == "post" and is_list else None
        with transaction.atomic():
            response = getattr(self.client, method)(url, data)
            body = text_of(response)
            transaction.set_rollback(True)
        self.judge(address, f"{method.upper()} {url}", response, body)

    def judge(self, address, asked, response, body):
        """Note errors and leaks; what the asker typed into the address may be echoed."""
        report = self.report
        report.requests += 1
        report.patterns.add((str(address), address.route))
        report.statuses[response.status_code] += 1
        if response.status_code >= 500 and str(address) != "readyz":
            report.errors.append(f"{self.role} {asked}: {response.status_code}")
        missing = [name for name in HEADERS if name not in response.headers]
        if missing:
            report.bare.append(f"{self.role} {asked}: no {', '.join(missing)}")
        if str(address) in BY_TOKEN:
            return
        report.leaks += [
            f"{self.role} {asked} ({response.status_code}): {canary.where}"
            for canary in self.world.aviary.leaks(body, role=self.role)
            if canary.text not in asked
        ]


def text_of(response):
    """Return everything an answer says: body, target of a redirect, cells of a spreadsheet."""
    content = response.getvalue()
    headers = " ".join(str(value) for value in response.headers.values())
    if content[:4] == b"PK\x03\x04":
        return f"{headers} {text_of_archive(content)}"
    return f"{headers} {content.decode('utf-8', errors='ignore')}"


def text_of_archive(content):
    """Return all members of a ZIP as one text: spreadsheets are ZIPs of XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return " ".join(
            name + " " + archive.read(name).decode("utf-8", errors="ignore")
            for name in archive.namelist()
        )


class TokenCrawler(Crawler):
    """An agency's own system: asks for every address of the API with its token, changing too.

    It may see what the agency's officers may see, and nothing else.
    """

    def __init__(self, world, letter):
        super().__init__(world, "anonymous")
        self.role, self.report = f"officer_{letter}", Report(f"token_{letter}")
        self.client = CrawlingClient(
            raise_request_exception=False,
            headers={
                "Authorization": f"Bearer {world.corners[letter].api_secret}",
                "Idempotency-Key": "crawled-once",
                "If-Match": "*",
            },
        )
        self.thorough = True

    def questions(self, address, url):
        yield from (("get", url), ("post", url), ("patch", url))

    def ask(self, address, method, url):
        """Send one request with an empty body inside a savepoint and judge the answer."""
        given = {} if method == "get" else {"data": "{}", "content_type": "application/json"}
        with transaction.atomic():
            response = getattr(self.client, method)(url, **given)
            body = text_of(response)
            transaction.set_rollback(True)
        self.judge(address, f"{method.upper()} {url}", response, body)
        if response.status_code >= 500:
            self.report.errors.append(f"{self.report.role} {method.upper()} {url}: 500")
