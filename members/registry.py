"""The tax office's register of businesses (국세청, data.go.kr 15081808): one adapter.

Off where `settings.NTS_SERVICE_KEY` is empty. Only digits leave the house, nothing of an answer and
no name is logged. Numbers that begin with 000 were never issued and are not sent to the real
service.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from members.enums import RegistryState

logger = logging.getLogger(__name__)

SECONDS = 5
MAX_NUMBERS = 100
MAX_ANSWER_BYTES = 1024 * 1024
DEMO_PREFIX = "000"
STATES = {"01": RegistryState.RUNNING, "02": RegistryState.PAUSED, "03": RegistryState.CLOSED}
MATCH = "01"
GOOD = "OK"


class RegistryDownError(Exception):
    """The service does not answer, or not now; try again later."""


class RegistryRefusedError(Exception):
    """The service refused the request: its own word, such as REQUEST_DATA_MALFORMED, or a key's."""


@dataclass(frozen=True)
class RegistryAnswer:
    """What the register says of one number; `ended_date` only of closed ones."""

    state: RegistryState
    tax_type: str
    ended_date: date | None = None


@dataclass(frozen=True)
class BusinessFacts:
    """What is compared with the register: number, opening day, representative's name."""

    number: str
    opened_date: date
    representative: str


def is_registry_on() -> bool:
    """Tell whether the operator set a key."""
    return bool(settings.NTS_SERVICE_KEY)


def may_be_sent(number: str) -> bool:
    """Tell whether a number may leave the house: demonstration numbers never do."""
    return settings.ALLOW_DEMO_NUMBERS or not number.startswith(DEMO_PREFIX)


def ask_states(numbers: Sequence[str]) -> dict[str, RegistryAnswer]:
    """Return what the register says of up to 100 numbers (10 digits each).

    Raises RegistryDownError and RegistryRefusedError.
    """
    answer = _ask("status", {"b_no": list(numbers[:MAX_NUMBERS])})
    return {row["b_no"]: _answer_of(row) for row in _rows(answer) if row.get("b_no") in numbers}


def ask_match(facts: BusinessFacts) -> bool:
    """Tell whether number, opening day and representative belong together in the register.

    Raises RegistryDownError and RegistryRefusedError.
    """
    body = {
        "b_no": facts.number,
        "start_dt": f"{facts.opened_date:%Y%m%d}",
        "p_nm": facts.representative,
        **dict.fromkeys(("p_nm2", "b_nm", "corp_no", "b_sector", "b_type", "b_adr"), ""),
    }
    rows = _rows(_ask("validate", {"businesses": [body]}))
    return any(row.get("b_no") == facts.number and row.get("valid") == MATCH for row in rows)


def _ask(what: str, body: dict[str, Any]) -> dict[str, Any]:
    query = urlencode({"serviceKey": settings.NTS_SERVICE_KEY, "returnType": "JSON"})
    request = Request(  # noqa: S310  (the operator's own setting)
        f"{settings.NTS_URL}/{what}?{query}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Accept": "application/json"},
        method="POST",
    )
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            data = answer.read(MAX_ANSWER_BYTES)
    except HTTPError as error:
        with error:
            raise _refusal(error.code, error.read(MAX_ANSWER_BYTES)) from None
    except OSError as error:
        logger.warning("the business register does not answer: %s", type(error).__name__)
        raise RegistryDownError from None
    found = _parsed(data)
    if found.get("status_code") != GOOD:
        raise _refusal(200, data)
    return found


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        logger.warning("the business register answered in another shape")
        raise RegistryDownError
    return found


def _refusal(status: int, data: bytes) -> Exception:
    """Return which error an answer means; a fault of theirs is tried again later."""
    try:
        found = _parsed(data)
    except RegistryDownError as error:
        return error
    word = str(found.get("status_code") or found.get("code") or status)[:40]
    logger.warning("the business register refused: %s", word)
    return RegistryDownError() if word == "INTERNAL_ERROR" else RegistryRefusedError(word)


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    rows = answer.get("data")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _answer_of(row: dict[str, Any]) -> RegistryAnswer:
    """Return one row's meaning; an empty state means that the number is not registered."""
    ended = str(row.get("end_dt") or "")
    return RegistryAnswer(
        state=STATES.get(str(row.get("b_stt_cd") or ""), RegistryState.UNREGISTERED),
        tax_type=str(row.get("tax_type") or "")[:60],
        ended_date=_day(ended) if ended else None,
    )


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007  (a day, no clock)
    except ValueError:
        return None
