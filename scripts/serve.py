"""Serve the portal with production settings on this machine.

PORT (8443) and HOST (127.0.0.1) say where. Traffic is TLS with a certificate made here; with
PORTAL_TRUST_PLAIN_LOOPBACK=1 it is plain http (PORT 8000), and then only on 127.0.0.1. What the
environment gives is used (docs/operations.md); secrets that it lacks are made once for this trial
and kept in var/serve/serve.env. A real installation sets them itself.
"""

import base64
import datetime
import ipaddress
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from prepare import STAMPS, digest, is_stamped, write_stamp
from progress import step

ROOT = Path(__file__).resolve().parents[1]
# Apart from what `make run` wrote: that is encrypted under the development key.
VAR = Path(os.environ.setdefault("PORTAL_VAR", str(ROOT / "var" / "serve")))
SECRETS_FILE = VAR / "serve.env"
TLS = VAR / "tls"
IS_PLAIN = os.environ.get("PORTAL_TRUST_PLAIN_LOOPBACK", "") in {"1", "true", "yes", "on"}
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = os.environ.get("PORT", "8000" if IS_PLAIN else "8443")
MANAGE = [sys.executable, str(ROOT / "manage.py")]
STOP_AFTER_SECONDS = 20
THREADS = 16

MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "PORTAL_ENCRYPTION_KEYS": lambda: (
        f"trial:{base64.b64encode(secrets.token_bytes(32)).decode('ascii')}"
    ),
    "PORTAL_LOOKUP_KEY": lambda: secrets.token_urlsafe(32),
}


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def fill_environment() -> str:
    """Give the settings what the environment lacks; secrets stay the same from start to start."""
    kept = {}
    if SECRETS_FILE.is_file():
        lines = SECRETS_FILE.read_text(encoding="utf-8").splitlines()
        kept = dict(line.split("=", 1) for line in lines if "=" in line)
    missing = [name for name in MAKERS if name not in os.environ]
    made = {name: MAKERS[name]() for name in missing if name not in kept}
    if made:
        kept |= made
        text = "".join(f"{name}={value}\n" for name, value in kept.items())
        write_private(SECRETS_FILE, text.encode())
    for name in missing:
        os.environ[name] = kept[name]
    scheme = "http" if IS_PLAIN else "https"
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost")
    os.environ.setdefault("PORTAL_SITE_URL", f"{scheme}://127.0.0.1:{PORT}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    return f"{len(missing)} secrets of this trial" if missing else "all from the environment"


def certificate_holds(path: Path) -> bool:
    """Tell whether the local certificate is there and good for another day."""
    if not path.is_file():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    return certificate.not_valid_after_utc > tomorrow


def make_certificate() -> str:
    """Make a self-signed certificate for this machine; browsers warn about it, rightly."""
    if certificate_holds(TLS / "local.crt"):
        return "unchanged"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=365))
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("localhost"),
                    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
                    x509.IPAddress(ipaddress.ip_address("::1")),
                ]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_private(TLS / "local.key", private)
    write_private(TLS / "local.crt", certificate.public_bytes(serialization.Encoding.PEM))
    return f"made in {TLS.relative_to(ROOT) if TLS.is_relative_to(ROOT) else TLS}"


def migrate() -> str:
    """Bring the database up to date, and give an empty one the site's frame."""
    subprocess.run([*MANAGE, "migrate", "--noinput", "--verbosity=0"], check=True)
    subprocess.run([*MANAGE, "provision_site"], check=True, stdout=subprocess.DEVNULL)
    return "up to date"


def collect_static() -> str:
    """Collect, hash and compress static files, only when something of them changed."""
    stamp = VAR / "collected.json"
    inputs = digest(
        [ROOT / "static", ROOT / "requirements/run.txt", *STAMPS.glob("*.json")],
        str(VAR / "static"),
    )
    if is_stamped(stamp, inputs) and (VAR / "static" / "staticfiles.json").is_file():
        return "unchanged"
    collect = [*MANAGE, "collectstatic", "--noinput", "--clear", "--verbosity=0"]
    # The full fonts are for PDFs only, and compressing them takes longer than all the rest.
    subprocess.run([*collect, "--ignore=fonts/pdf/*"], check=True)
    write_stamp(stamp, inputs)
    return "collected"


def server_command() -> list[str]:
    """Return granian's command line."""
    command = [
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"),
        *("--host", HOST, "--port", PORT),
        *("--workers", str(min(os.cpu_count() or 1, 4)), "--respawn-failed-workers"),
        *("--http", "1", "--no-ws", "--backlog", "2048"),
        # Each thread holds a database connection; whoever comes on top waits in the backlog.
        *("--blocking-threads", str(THREADS), "--backpressure", "256"),
    ]
    if not IS_PLAIN:
        certificate = ("--ssl-certificate", str(TLS / "local.crt"))
        key = ("--ssl-keyfile", str(TLS / "local.key"))
        command += [*certificate, *key, "--ssl-protocol-min", "tls1.2"]
    return [*command, "config.wsgi:application"]


def supervise(commands: list[list[str]]) -> int:
    """Run server and task worker side by side; when one ends, or we are told to, end both."""
    processes = [subprocess.Popen(command, cwd=ROOT) for command in commands]

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        return 1
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(STOP_AFTER_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def main() -> int:
    if IS_PLAIN and HOST != "127.0.0.1":
        sys.exit("PORTAL_TRUST_PLAIN_LOOPBACK=1 serves 127.0.0.1 only; unset HOST or use TLS.")
    step("Environment", fill_environment)
    if not IS_PLAIN:
        step("Certificate", make_certificate)
    step("Database", migrate)
    step("Static files", collect_static)
    print(f"\n{'http' if IS_PLAIN else 'https'}://{HOST}:{PORT}/\n", flush=True)
    return supervise([server_command(), [*MANAGE, "db_worker"]])


if __name__ == "__main__":
    sys.exit(main())
