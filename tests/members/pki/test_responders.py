"""OCSP over the wire with a stand-in responder, and the command of the trust store (S28 to S30)."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import time_machine
from cryptography.x509 import ocsp
from django.core.management import CommandError, call_command

from members.pki.refusals import ProofRefusedError
from members.pki.responders import RespondersFirst, ask_responder
from members.pki.revocation import RevocationEvidence
from members.pki.trust import load_trust_store
from members.pki.verifier import Submission, Verifier
from tests.members.pki.world import NUMBER, answer

pytestmark = pytest.mark.django_db
TEXT = '{"brn":"1248100998"}'


class NoLists:
    def evidence(self, certificate, issuer, at):
        return RevocationEvidence()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = ocsp.load_der_ocsp_request(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked.serial_number)
        data = self.server.reply(asked.serial_number)
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def responder(reply):
    """Serve as an authority's responder; yields its address and the serials it was asked about."""
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.reply, server.asked = reply, []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/", server.asked
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def store_asking(world, tmp_path):
    """Return a function that makes a store whose old generation has this responder."""

    def make(url):
        folder = world.write_trust(tmp_path / "asking")
        listing = folder / "trust.toml"
        name = world.old.issuer.certificate.subject.rfc4514_string()
        short = next(part[3:] for part in name.split(",") if part.startswith("CN="))
        entry = f'\n[[ocsp]]\nauthority = "{short}"\nurl = "{url}"\n'
        listing.write_text(listing.read_text("utf-8") + entry, "utf-8")
        return load_trust_store(folder)

    return make


def judge(store, holder, at):
    posted = answer(holder, TEXT)
    verifier = Verifier(store, RespondersFirst(store, NoLists()))
    submission = Submission(posted["cms"], posted["secret"])
    try:
        found = verifier.judge(submission, text=TEXT, business_number=NUMBER, at=at)
    except ProofRefusedError as refusal:
        return str(refusal.code)
    return found.revocation["by"]


def test_a_good_answer_needs_no_list_and_is_asked_for_once(world, store_asking, at):
    """S28, pki.md 6: OCSP first; the answer is kept for ten minutes."""
    with responder(lambda serial: world.old.answer(world["good"])) as (url, asked):
        store = store_asking(url)
        verdicts = [judge(store, world["good"], at), judge(store, world["good"], at)]

    assert verdicts == ["ocsp", "ocsp"]
    assert asked == [world["good"].certificate.serial_number]


def test_a_revoked_certificate_is_refused_by_the_responder(world, store_asking, at):
    """S28, pki.md 5: certificate_revoked."""
    reply = world.old.answer(world["good"], is_good=False)

    with responder(lambda serial: reply) as (url, _):
        assert judge(store_asking(url), world["good"], at) == "certificate_revoked"


@pytest.mark.parametrize("reply", [b"", b"rubbish", b"\x30\x03\x0a\x01\x03", b"x" * 70_000])
def test_an_answer_that_says_nothing_leaves_it_to_the_lists(world, store_asking, at, reply):
    """S28, pki.md 6: without an answer and without a list nothing is accepted."""
    with responder(lambda serial: reply) as (url, _):
        assert judge(store_asking(url), world["good"], at) == "revocation_unknown"


def test_an_answer_about_another_certificate_is_none(world, store_asking, at):
    """S28, pki.md 6: the certID is compared."""
    with responder(lambda serial: world.old.answer(world["other"])) as (url, _):
        assert judge(store_asking(url), world["good"], at) == "revocation_unknown"


def test_a_responder_that_is_down_or_elsewhere_is_not_waited_for(world, store_asking, at):
    """S28, pki.md 6: a short time-out; http and https only."""
    with responder(lambda serial: b"") as (url, _):
        pass

    assert judge(store_asking(url), world["good"], at) == "revocation_unknown"
    certificate, issuer = world["good"].certificate, world.old.issuer.certificate
    assert ask_responder("ldap://127.0.0.1/", certificate, issuer) is None


def test_the_command_adds_what_was_compared_a_second_way(world, tmp_path, settings, capsys):
    """Issue C, 2: command to add and list."""
    settings.TRUST_DIR = tmp_path / "store"
    files = {
        "root": world.old.root,
        "authority": world.old.issuer,
        "responder": world.old.responder,
    }
    for kind, holder in files.items():
        (tmp_path / kind).write_bytes(holder.der)
        pin = sha256(holder.der).hexdigest().upper()
        pin = ":".join(pin[place : place + 2] for place in range(0, 64, 2))
        call_command("trust_store", "add", kind, str(tmp_path / kind), pin)

    call_command("trust_store", "list")

    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.endswith("added as root")]) == 1
    assert [line.split()[0] for line in lines if "  until " in line] == [
        "root", "authority", "responder",
    ]  # fmt: skip


def test_a_file_with_another_fingerprint_is_not_added(world, tmp_path, settings):
    """Issue C, 2: SHA-256 pins."""
    settings.TRUST_DIR = tmp_path / "store"
    (tmp_path / "root.der").write_bytes(world.old.root.der)

    with pytest.raises(CommandError, match="not added"):
        call_command("trust_store", "add", "root", str(tmp_path / "root.der"), "0" * 64)

    assert not (tmp_path / "store").exists()


def test_warnings_fail_the_command_for_the_scheduler(world, tmp_path, settings, capsys):
    """Issue C, 2: warn 180, 60, 14 days before something expires."""
    settings.TRUST_DIR = world.write_trust(tmp_path / "store")

    end = world.old.issuer.certificate.not_valid_after_utc
    with (
        time_machine.travel(end - timedelta(days=10), tick=False),
        pytest.raises(CommandError, match="attention"),
    ):
        call_command("trust_store", "warn")

    assert "ends within 14 days" in capsys.readouterr().out
