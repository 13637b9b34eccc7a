"""Real server processes (granian) on the test's own database and files, for rushes and kills."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from config.load_data import session_cookie

WORKERS, THREADS = 2, 8
READY_TRIES, BETWEEN_TRIES = 600, 0.1
ANSWER_WITHIN = 120
# Any 32 letters: the cookie and what is posted have to agree.
TOKEN = "t" * 32


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    location: str


@dataclass(frozen=True)
class Browser:
    """One person at the server: a session, and a connection for each question."""

    port: int
    cookies: str

    def get(self, address):
        return self.ask("GET", address)

    def post(self, address, entries):
        return self.ask("POST", address, urlencode({**entries, "csrfmiddlewaretoken": TOKEN}))

    def ask(self, method, address, body=None):
        line = HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_WITHIN)
        headers = {"Cookie": self.cookies, "Host": "127.0.0.1"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            line.request(method, address, body, headers)
            answer = line.getresponse()
            return Answer(answer.status, answer.read(), answer.headers.get("Location", ""))
        finally:
            line.close()


class Server:
    """A running server; `browser_of` opens a session of a person."""

    def __init__(self, process, port):
        self.process, self.port = process, port

    def browser_of(self, person):
        return Browser(self.port, f"session={session_cookie(person)}; csrf={TOKEN}")

    def wait_until_ready(self):
        """Return when /healthz answers; fail when the process ends or never answers."""
        anybody = Browser(self.port, "")
        for _ in range(READY_TRIES):
            assert self.process.poll() is None, "the server ended"
            try:
                if anybody.get("/healthz").status == 200:
                    return
            except OSError:
                Event().wait(BETWEEN_TRIES)
        raise AssertionError("the server does not answer")


@contextmanager
def real_server():
    """Start granian with production settings on this test's database; end it afterwards.

    Only for tests that commit (`django_db(transaction=True)`).
    """
    port = free_port()
    command = [
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--no-ws", "--http", "1"),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--backlog", "1024"),
        *("--log-level", "warning", "config.wsgi:application"),
    ]
    with subprocess.Popen(  # noqa: S603  (our own server)
        command, cwd=settings.BASE_DIR, env=environment(port)
    ) as process:
        try:
            server = Server(process, port)
            server.wait_until_ready()
            yield server
        finally:
            process.terminate()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(port):
    """Return the environment under which a server shares keys, database and files with the test."""
    served = connection.settings_dict["NAME"]
    keys = ",".join(f"{name}:{key}" for name, key in settings.ENCRYPTION_KEYS.items())
    shared = {
        "DJANGO_SETTINGS_MODULE": "tests.server_settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "PORTAL_ENCRYPTION_KEYS": keys,
        "PORTAL_LOOKUP_KEY": settings.LOOKUP_KEY,
        "PORTAL_SITE_URL": f"http://127.0.0.1:{port}",
        "PORTAL_TRUST_PLAIN_LOOPBACK": "1",
        "PORTAL_VAR": str(settings.VAR_DIR),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SERVED_DATABASE": str(served),
    }
    if url := os.environ.get("DATABASE_URL"):
        shared["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{served}"))
    return {**os.environ, **shared}
