"""ClamAV over its socket (INSTREAM), the one adapter to a scanner.

Off where `settings.CLAMAV_SOCKET` is empty. The setting is a path of a Unix socket or `host:port`.
Protocol (clamd): ``zINSTREAM\\0``, then pieces as 4 bytes of length (big endian) and bytes, then a
length of 0; the answer is ``stream: OK\\0`` or ``stream: <name> FOUND\\0``.
"""

import logging
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

logger = logging.getLogger(__name__)

COMMAND = b"zINSTREAM\0"
PIECE = 64 * 1024
# Whoever uploads waits no longer than this; a slower scanner has the file held.
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 10.0
MAX_ANSWER = 4096


class ScannerDownError(Exception):
    """The scanner does not answer, or not in its own words; the file has to wait."""


@dataclass(frozen=True)
class ScanResult:
    """What the scanner says: `signature` is what it found, empty for a clean file."""

    signature: str

    @property
    def is_clean(self) -> bool:
        return not self.signature


def is_scanner_on() -> bool:
    """Tell whether the operator named a scanner."""
    return bool(settings.CLAMAV_SOCKET)


def scan(file: BinaryIO) -> ScanResult:
    """Send a file to the scanner and return its word; the file is left at its beginning.

    Raises ScannerDownError on no connection, no answer in time, or an answer of another shape.
    """
    file.seek(0)
    try:
        with _connection() as channel:
            channel.sendall(COMMAND)
            while piece := file.read(PIECE):
                channel.sendall(struct.pack(">I", len(piece)) + piece)
            channel.sendall(struct.pack(">I", 0))
            answer = _answer(channel)
    except OSError as error:
        logger.warning("the scanner does not answer: %s", type(error).__name__)
        raise ScannerDownError from error
    finally:
        file.seek(0)
    return _result(answer)


@contextmanager
def _connection() -> Iterator[socket.socket]:
    place = settings.CLAMAV_SOCKET
    if place.startswith("/"):
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        channel.settimeout(CONNECT_SECONDS)
        target: str | tuple[str, int] = place
    else:
        host, _, port = place.rpartition(":")
        channel = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        channel.settimeout(CONNECT_SECONDS)
        target = (host, int(port))
    with channel:
        channel.connect(target)
        channel.settimeout(ANSWER_SECONDS)
        yield channel


def _answer(channel: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < MAX_ANSWER:
        piece = channel.recv(MAX_ANSWER)
        if not piece:
            break
        answer += piece
    return answer


def _result(answer: bytes) -> ScanResult:
    text = answer.rstrip(b"\0\n").decode(errors="replace")
    head, _, word = text.rpartition(" ")
    if text == "stream: OK":
        return ScanResult("")
    if word == "FOUND" and head.startswith("stream: "):
        return ScanResult(head.removeprefix("stream: ")[:100])
    logger.warning("the scanner answered in other words")
    raise ScannerDownError
