"""The closing rush from outside: many companies hand in at once, each request twice.

    make rush                          500 companies, SQLite
    make rush ARGS="--companies 50"    fewer
    DATABASE_URL=postgres://… make rush

Makes data in a folder of its own (a PostgreSQL database must be empty), starts the production
server with two workers, and trusts nothing the portal says of itself: every receipt is opened in
its company's session, fifty files are downloaded and hashed. Ends with 1 when anything is lost,
doubled or answered with 5xx.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
CSRF = "csrf"
# The first start collects and compresses the static files; later ones find them in var/rush.
READY_WITHIN = 900
FOLDER = ROOT / "var" / "rush"
PATIENCE = 120
SAMPLE = 50
RECEIPT = re.compile(r"BZA\d{7}-R\d{4}")
SHA = re.compile(r"\b[0-9a-f]{64}\b")
DOCUMENT = re.compile(r"/my/documents/[0-9a-f-]{36}/")


@dataclass
class Answer:
    """One answer of the server; status 0 means that none came."""

    status: int
    seconds: float
    location: str = ""
    body: bytes = b""


@dataclass
class Tally:
    """What the rush did."""

    answers: list[Answer] = field(default_factory=list)
    receipts: dict[str, set[str]] = field(default_factory=dict)
    hashed: int = 0
    wrong_hashes: int = 0

    def report(self, companies: int, seconds: float) -> dict[str, object]:
        """Return the figures; lost and doubled are counted from the receipts that were opened."""
        times = sorted(answer.seconds for answer in self.answers)
        numbers = [number for found in self.receipts.values() for number in found]
        return {
            "companies": companies,
            "requests": len(self.answers),
            "receipts": len(set(numbers)),
            "lost": sum(not found for found in self.receipts.values()),
            "doubled": sum(len(found) > 1 for found in self.receipts.values())
            + len(numbers)
            - len(set(numbers)),
            "5xx": sum(answer.status >= 500 or not answer.status for answer in self.answers),
            "refused": sum(answer.status not in {302, 0} for answer in self.answers),
            "p50": round(times[len(times) // 2], 3),
            "p99": round(times[min(len(times) * 99 // 100, len(times) - 1)], 3),
            "seconds": round(seconds, 2),
            "hashed": self.hashed,
            "wrong hashes": self.wrong_hashes,
        }


class Portal:
    """The server, asked over http as a browser with one session would."""

    def __init__(self, port: int, cookie_name: str) -> None:
        self.port, self.cookie_name = port, cookie_name

    def ask(self, address: str, session: str = "", form: dict[str, str] | None = None) -> Answer:
        """Send one request over a connection of its own."""
        token = secrets.token_hex(16)
        headers = {"Cookie": f"{self.cookie_name}={session}; {CSRF}={token}"}
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.monotonic()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request("GET" if form is None else "POST", address, body, headers)
            response = connection.getresponse()
            data = response.read()
        except (OSError, http.client.HTTPException):
            return Answer(0, time.monotonic() - started)
        finally:
            connection.close()
        seconds = time.monotonic() - started
        return Answer(response.status, seconds, response.getheader("Location", ""), data)


def environment(folder: Path, port: int) -> dict[str, str]:
    """Return what the server and the seeding run under."""
    return {
        **os.environ,
        "PORTAL_VAR": str(folder),
        "PORTAL_TRUST_PLAIN_LOOPBACK": "1",
        "PORTAL_ALLOW_LOAD_DATA": "1",
        "HOST": HOST,
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }


def start_server(variables: dict[str, str], port: int) -> "subprocess.Popen[bytes]":
    """Start the production server and wait until it answers."""
    command = [sys.executable, str(ROOT / "scripts/serve.py")]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log)
    portal, until = Portal(port, "session"), time.monotonic() + READY_WITHIN
    while portal.ask("/healthz").status != 200:
        if server.poll() is not None or time.monotonic() > until:
            server.terminate()
            sys.exit("The server did not start.")
        time.sleep(0.5)
    return server


def seed(variables: dict[str, str], companies: int) -> dict[str, object]:
    """Make companies with ready drafts; return what they are and their sessions."""
    secrets_file = Path(variables["PORTAL_VAR"]) / "serve.env"
    lines = secrets_file.read_text(encoding="utf-8").splitlines() if secrets_file.is_file() else []
    made = dict(line.split("=", 1) for line in lines if "=" in line)
    site = {"ALLOWED_HOSTS": HOST, "PORTAL_SITE_URL": f"http://{HOST}:{variables['PORT']}"}
    command = [sys.executable, str(ROOT / "manage.py"), "seed_load", "--json", "--notices", "1"]
    command += ["--companies", str(companies), "--drafts", str(companies)]
    done = subprocess.run(
        command, cwd=ROOT, env={**site, **made, **variables}, check=True, stdout=subprocess.PIPE
    )
    report: dict[str, object] = json.loads(done.stdout)
    return report


def rush(portal: Portal, drafts: list[dict[str, str]]) -> list[Answer]:
    """Hand every draft in twice, all at once, in no order."""
    requests = drafts * 2
    random.shuffle(requests)

    def hand_in(draft: dict[str, str]) -> Answer:
        form = {"submission_key": draft["submission_key"], "version": str(draft["version"])}
        return portal.ask(f"/apply/{draft['notice']}/submit/", draft["session"], form)

    with ThreadPoolExecutor(max_workers=len(requests)) as pool:
        return list(pool.map(hand_in, requests))


def look(portal: Portal, drafts: list[dict[str, str]], tally: Tally) -> None:
    """Open every company's list, and fifty receipts with their files."""
    for draft in drafts:
        page = portal.ask("/my/applications/", draft["session"]).body.decode()
        tally.receipts[draft["uuid"]] = set(RECEIPT.findall(page))
    for draft in random.sample(drafts, min(SAMPLE, len(drafts))):
        receipt = portal.ask(f"/my/applications/{draft['uuid']}/receipt/", draft["session"])
        known = set(SHA.findall(receipt.body.decode()))
        detail = portal.ask(f"/my/applications/{draft['uuid']}/", draft["session"]).body.decode()
        for address in set(DOCUMENT.findall(detail)):
            data = portal.ask(address, draft["session"]).body
            tally.hashed += 1
            tally.wrong_hashes += hashlib.sha256(data).hexdigest() not in known


def run(companies: int, port: int, folder: Path) -> dict[str, object]:
    """Do the whole drill and return its figures."""
    variables = environment(folder, port)
    server = start_server(variables, port)
    try:
        made = seed(variables, companies)
        portal = Portal(port, str(made["cookie_name"]))
        drafts: list[dict[str, str]] = made["drafts"]  # type: ignore[assignment]
        tally, started = Tally(), time.monotonic()
        tally.answers = rush(portal, drafts)
        seconds = time.monotonic() - started
        look(portal, drafts, tally)
        return tally.report(companies, seconds)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def is_sound(report: dict[str, object]) -> bool:
    """Tell whether nothing was lost, doubled, refused or broken."""
    bad = ("lost", "doubled", "5xx", "refused", "wrong hashes")
    expected = min(SAMPLE, int(str(report["companies"])))
    return not any(report[name] for name in bad) and report["hashed"] == expected


def clear(folder: Path) -> None:
    """Take away what an earlier rush left: its database and files, not the collected static."""
    for path in folder.glob("*"):
        if path.is_dir() and path.name != "static":
            shutil.rmtree(path)
        elif path.is_file() and "sqlite3" in path.name:
            path.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--companies", type=int, default=500)
    parser.add_argument("--port", type=int, default=8790)
    options = parser.parse_args()
    clear(FOLDER)
    report = run(options.companies, options.port, FOLDER)
    print(json.dumps(report, indent=1))
    return 0 if is_sound(report) else 1


if __name__ == "__main__":
    sys.exit(main())
