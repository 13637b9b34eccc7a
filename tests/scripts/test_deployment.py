"""The files of an installation (deploy/, Containerfile, compose.yaml) say what is true here."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from config import environment

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
LAUNCHERS = [*UNITS, ROOT / "Containerfile", ROOT / "compose.yaml"]


def run(*words):
    """Run a program of the machine, wherever it lies."""
    return subprocess.run(words, capture_output=True, text=True)  # noqa: S603  (fixed words)


def read(path):
    return path.read_text(encoding="utf-8")


def test_every_command_that_is_started_is_there():
    """A unit that names a command of an older release would fail on the machine only."""
    names = {
        name for path in LAUNCHERS for name in re.findall(r'manage\.py"?,? "?([a-z_]+)', read(path))
    }

    assert {"backup", "db_worker", "migrate", "run_jobs", "write_ledger"} <= names
    assert names <= get_commands().keys() | {"db_worker"}


def test_the_example_names_no_setting_that_does_not_exist():
    names = re.findall(r"^#?([A-Z_]+)=", read(DEPLOY / "portal.env.example"), re.MULTILINE)

    ours = {name for name in names if name.startswith("PORTAL_")}
    assert ours <= environment.KNOWN_PORTAL_NAMES
    assert {"SECRET_KEY", "PORTAL_ENCRYPTION_KEYS", "PORTAL_LOOKUP_KEY"} <= set(names)


def test_the_example_holds_no_secret():
    secret = re.findall(
        r"^(?:SECRET_KEY|\w*KEYS?|\w*PASSWORD)=(.+)$", read(DEPLOY / "portal.env.example"), re.M
    )

    assert secret == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_unit_runs_as_nobody_special(unit):
    """security.md 1b: least privilege; the process writes to its own data only."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(unit, encoding="utf-8")
    service = parser["Service"]

    assert service["User"] == "portal"
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
    assert service["CapabilityBoundingSet"] == ""
    assert service["EnvironmentFile"] == "/etc/portal/portal.env"


def test_the_container_runs_as_nobody_special():
    text = read(ROOT / "Containerfile")

    assert re.findall(r"^USER (\w+)", text, re.M) == ["portal"]
    assert "HEALTHCHECK" in text
    compose = read(ROOT / "compose.yaml")
    assert "read_only: true" in compose
    assert "cap_drop: [ALL]" in compose


def test_all_start_the_web_server_alike():
    """The figures of scripts/serve.py are the measured ones."""
    options = ("--blocking-threads", "16", "--backpressure", "256", "--backlog", "2048")
    serve = read(ROOT / "scripts" / "serve.py")

    for text in (read(DEPLOY / "systemd" / "portal-web.service"), read(ROOT / "Containerfile")):
        words = re.findall(r"[\w.-]+", text)
        for name, value in zip(options[::2], options[1::2], strict=True):
            assert words[words.index(name) + 1] == value
    assert "THREADS = 16" in serve
    assert '"--backpressure", "256"' in serve


def test_nginx_takes_its_file(tmp_path):
    """ASVS 12.1.1: TLS 1.2 and newer; the file is one that nginx itself accepts."""
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed: apt-get install nginx-light openssl")
    key, cert = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=portal",
        "-days", "1", "-keyout", key, "-out", cert,
    )  # fmt: skip
    site = read(DEPLOY / "nginx.conf").replace("/etc/portal/tls", str(tmp_path))
    whole = tmp_path / "nginx.conf"
    head = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\n"
    whole.write_text(f"{head}http {{ access_log off;\n{site}\n}}\n")

    done = run("nginx", "-t", "-q", "-c", whole, "-p", tmp_path)

    assert done.returncode == 0, done.stderr
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in site
