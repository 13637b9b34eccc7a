"""The job that fills the table of revoked certificates (pki.md section 6)."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from members.models import RevocationList

pytestmark = pytest.mark.django_db


@pytest.fixture
def list_server(world):
    """A stand-in of the authority's server on the loopback: one list, and rubbish elsewhere."""
    der = world.old.revocation_list()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(der if self.path == "/authority.crl" else b"<html>")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def trusted_with(world, settings, folder, *urls):
    settings.TRUST_DIR = world.write_trust(folder)
    lines = "".join(f'\n[[list]]\nurl = "{url}"\n' for url in urls)
    file = folder / "trust.toml"
    file.write_text(file.read_text("utf-8") + lines, "utf-8")


def test_lists_come_from_the_addresses_of_the_trust_store(world, list_server, settings, tmp_path):
    trusted_with(world, settings, tmp_path, f"{list_server}/authority.crl")

    call_command("fetch_revocation_lists", stdout=StringIO())
    call_command("fetch_revocation_lists", stdout=StringIO())

    assert RevocationList.objects.get().source == f"{list_server}/authority.crl"


def test_a_failing_address_is_told_and_the_others_are_taken(world, list_server, settings, tmp_path):
    urls = (f"{list_server}/none", "ldap://dir.example/cn=crl", f"{list_server}/authority.crl")
    trusted_with(world, settings, tmp_path, *urls)
    complaints = StringIO()

    with pytest.raises(CommandError, match="2"):
        call_command("fetch_revocation_lists", stdout=StringIO(), stderr=complaints)

    assert "none: not a list" in complaints.getvalue()
    assert "ldap://dir.example" in complaints.getvalue()
    assert RevocationList.objects.count() == 1


def test_a_list_may_come_from_a_file(world, settings, tmp_path):
    trusted_with(world, settings, tmp_path / "trust")
    file = tmp_path / "authority.crl"
    file.write_bytes(world.old.revocation_list())

    call_command("fetch_revocation_lists", str(file), stdout=StringIO())

    assert RevocationList.objects.get().issuer == "MINI4 CA"


def test_without_a_trust_store_the_job_fails(settings, tmp_path):
    settings.TRUST_DIR = tmp_path

    with pytest.raises(CommandError):
        call_command("fetch_revocation_lists")
