"""One JSON object a line, with the request's name and without anything that may name a person.

``{"at": "2026-11-22T15:00:00.123+09:00", "level": "ERROR", "logger": "django.request",
"message": "…", "request": "…", "error": "IntegrityError", "trace": ["record.py:105 save_record"]}``

An exception's own text is left out: a database quotes the row it refused, e-mail servers quote
addresses (security.md 1b, ASVS 16.2.5). Its kind and its places say where to look.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
MAX_MESSAGE = 2000

request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonFormatter(logging.Formatter):
    """A line break or an escape in a value cannot forge a line: JSON writes both as text."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, SEOUL).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage()[:MAX_MESSAGE],
        }
        if name := request_id.get():
            line["request"] = name
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            line["error"] = kind.__name__
            line["trace"] = [
                f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace)
            ]
        return json.dumps(line, ensure_ascii=False)
