"""A small client of the portal's API; needs nothing beyond Python itself.

python portal_client.py https://portal.example                  # notices that close this week
PORTAL_TOKEN=esp_… python portal_client.py https://portal.example "Title of a new notice"
"""

import json
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SEOUL = timezone(timedelta(hours=9))
# (method, address, headers, body) → (status, headers, body)
Fetch = Callable[[str, str, dict[str, str], bytes | None], tuple[int, dict[str, str], bytes]]


def fetch_by_urllib(
    method: str, address: str, headers: dict[str, str], body: bytes | None
) -> tuple[int, dict[str, str], bytes]:
    """Send one request; 304 and errors are answers like all others."""
    request = Request(address, data=body, headers=headers, method=method)  # noqa: S310  (own site)
    try:
        with urlopen(request, timeout=20) as answer:  # noqa: S310  (as above)
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        return error.code, dict(error.headers), error.read()


class PortalError(Exception):
    """The portal refused; `code` is for programs, str() is a Korean sentence for people."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["detail"])
        self.code, self.errors = problem["code"], problem["errors"]


class Portal:
    """Reads with ETags, so that what did not change is not sent twice; writes with a token."""

    def __init__(self, site: str, *, token: str = "", fetch: Fetch = fetch_by_urllib) -> None:
        self.site, self.token, self.fetch = site.rstrip("/"), token, fetch
        self.kept: dict[str, tuple[str, Any]] = {}

    def get(self, address: str) -> Any:
        etag, data = self.kept.get(address, ("", None))
        headers = {"If-None-Match": etag} if etag else {}
        status, answered, body = self.fetch("GET", address, headers, None)
        if status == 304:
            return data
        data = self.read(status, body)
        self.kept[address] = (answered.get("ETag", ""), data)
        return data

    def notices(self, **conditions: str) -> Iterator[dict[str, Any]]:
        """Yield every notice that fits, page by page."""
        address = f"{self.site}/api/v1/notices?{urlencode(conditions)}"
        while address:
            page = self.get(address)
            yield from page["items"]
            address = page["next"]

    def closing_within(self, days: int) -> list[dict[str, Any]]:
        """Return the open notices whose intake ends soon."""
        until = datetime.now(SEOUL) + timedelta(days=days)
        fields = "code,title,intake_closes_at,url"
        before = until.isoformat(timespec="seconds")
        return list(self.notices(state="open", closes_before=before, fields=fields))

    def write(
        self, method: str, path: str, data: dict[str, Any], *, etag: str = "", key: str = ""
    ) -> tuple[dict[str, Any], str]:
        """Change something of one's own agency; returns it with its new ETag.

        Keep `key` until there is an answer: with the same key a request may be sent again
        after a broken line, and still happens once.
        """
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key or str(uuid.uuid4()),
        }
        if etag:
            headers["If-Match"] = etag
        body = json.dumps(data).encode()
        status, answered, told = self.fetch(method, f"{self.site}/api/v1{path}", headers, body)
        return self.read(status, told), answered.get("ETag", "")

    def publish_notice(self, notice: dict[str, Any]) -> dict[str, Any]:
        """Write a notice and publish it; an agency that needs approval asks for it instead."""
        draft, etag = self.write("POST", "/agency/notices", notice)
        step = f"/agency/notices/{draft['code']}"
        try:
            return self.write("POST", f"{step}/publish", {}, etag=etag)[0]
        except PortalError as refusal:
            if refusal.code != "not_allowed":
                raise
            return self.write("POST", f"{step}/submit", {}, etag=etag)[0]

    @staticmethod
    def read(status: int, body: bytes) -> Any:
        data = json.loads(body)
        if status >= 400:
            raise PortalError(data)
        return data


def example_notice(title: str) -> dict[str, Any]:
    opens_at = datetime.now(SEOUL).replace(second=0, microsecond=0)
    return {
        "title": title,
        "summary": "누가 무엇을 받을 수 있는지 한두 문장으로 적습니다.",
        "category": "marketing",
        "contact_phone": "0420000000",
        "intake_kind": "own",
        "intake_opens_at": opens_at.isoformat(),
        "intake_closes_at": (opens_at + timedelta(days=30)).isoformat(),
        "required_documents": [{"label": "사업계획서", "formats": ["pdf", "hwp"]}],
        "body": [{"type": "text", "value": "<p>지원 내용을 적습니다.</p>"}],
    }


def main(arguments: list[str]) -> None:
    portal = Portal(arguments[0], token=os.environ.get("PORTAL_TOKEN", ""))
    if len(arguments) > 1:
        notice = portal.publish_notice(example_notice(arguments[1]))
        sys.stdout.write(f"{notice['code']} {notice['url']}\n")
        return
    for notice in portal.closing_within(7):
        sys.stdout.write(f"{notice['intake_closes_at']} {notice['title']} {notice['url']}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
