"""Run every check but the tests, and say in one line each how it went.

Usage: check.py [--fix | --accept-secrets | NAME...]
Without names all checks run; a failing one shows what it printed. `--fix` lets the tools that can
mend files do so instead.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import tomllib
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MANAGE = [sys.executable, "manage.py"]
# The tools lie beside the interpreter, whether or not its environment is the active one.
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
# These hold nothing but hashes.
NO_SECRETS_IN = r"(requirements/.*\.txt|package-lock\.json|\.secrets\.baseline)$"
BASELINE = ROOT / ".secrets.baseline"

Command = list[str]
Outcome = tuple[bool, str]


def tracked(*patterns: str) -> list[str]:
    """Return the files of the tree that git knows or would take, deleted ones left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in sorted(set(done.stdout.splitlines())) if (ROOT / name).is_file()]


def run(*commands: Command, environment: dict[str, str] | None = None) -> Outcome:
    """Run programs one after the other; the outcome is good when all of them end well."""
    printed = []
    is_good = True
    for command in commands:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PATH": PATH, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        is_good &= done.returncode == 0
        printed.append(done.stdout)
    return is_good, "".join(printed)


def check_templates() -> Outcome:
    pages = tracked("templates/*.html")
    return run(
        ["djade", "--target-version", "5.2", "--check", *pages],
        ["djhtml", "--tabwidth", "2", "--check", *pages],
        ["djlint", "--lint", "--quiet", *pages],
    )


def check_secrets() -> Outcome:
    """Look for secrets beyond those that were looked at and found harmless (.secrets.baseline).

    The baseline holds hashes only; `check.py --accept-secrets` writes it anew.
    """
    known = {
        (file, entry["hashed_secret"])
        for file, entries in json.loads(BASELINE.read_text(encoding="utf-8"))["results"].items()
        for entry in entries
    }
    found = [
        f"{file}:{entry['line_number']}: {entry['type']}"
        for file, entries in sorted(suspicions().items())
        for entry in entries
        if (file, entry["hashed_secret"]) not in known
    ]
    return not found, "\n".join(found)


def suspicions() -> dict[str, list[dict[str, Any]]]:
    """Return by file what looks like a secret; passwords in tests are those of invented people."""
    tests = set(tracked("tests"))
    results: dict[str, list[dict[str, Any]]] = {}
    for words in (
        ["--disable-plugin", "KeywordDetector", *sorted(tests)],
        sorted(set(tracked()) - tests),
    ):
        done = subprocess.run(
            ["detect-secrets", "scan", "--exclude-files", NO_SECRETS_IN, *words],
            cwd=ROOT,
            env={**os.environ, "PATH": PATH},
            capture_output=True,
            text=True,
            check=True,
        )
        results |= json.loads(done.stdout)["results"]
    return results


def accept_secrets() -> None:
    """Write the baseline: whatever is there now was looked at by a person."""
    results = {
        file: [{"type": e["type"], "hashed_secret": e["hashed_secret"]} for e in entries]
        for file, entries in sorted(suspicions().items())
    }
    BASELINE.write_text(json.dumps({"results": results}, indent=1) + "\n", encoding="utf-8")


def check_locks() -> Outcome:
    """Locks name no host and no folder, hash every file and hold what pyproject.toml asks for."""
    wrong = []
    for name in tracked("requirements/*.txt", "package-lock.json", ".npmrc"):
        for number, line in enumerate((ROOT / name).read_text().splitlines(), start=1):
            if re.search(r'"resolved"|^\s*--[a-gi-z]|registry\s*=|file:/', line):
                wrong.append(f"{name}:{number}: {line.strip()}")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for lock, wanted in (
        ("run.txt", [*project["dependencies"], *extras["prod"]]),
        ("dev.txt", [*project["dependencies"], *extras["prod"], *extras["dev"]]),
    ):
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        pins = {normalized(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
        if text.count("\n    --hash=") < len(pins):
            wrong.append(f"requirements/{lock}: a package without a hash")
        names = {package_name(entry) for entry in wanted}
        wrong += [f"requirements/{lock}: {name} is missing" for name in sorted(names - pins)]
    return not wrong, "\n".join(wrong)


def package_name(entry: str) -> str:
    """Return the name at the beginning of a requirement."""
    return normalized(re.split(r"[<>=\[; ]", entry)[0])


def normalized(name: str) -> str:
    """Return a package name as indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def check_deployment() -> Outcome:
    """Django's own checks under production settings, with secrets made up for the moment."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "PORTAL_ENCRYPTION_KEYS": f"check:{b64encode(secrets.token_bytes(32)).decode()}",
        "PORTAL_LOOKUP_KEY": secrets.token_urlsafe(32),
        "PORTAL_SITE_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
    }
    # An empty var/: what a trial left in the real one, such as demonstration keys, is not judged.
    with tempfile.TemporaryDirectory() as folder:
        environment["PORTAL_VAR"] = folder
        return run(
            [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], environment=environment
        )


CHECKS: dict[str, Callable[[], Outcome]] = {
    "format": lambda: run(["ruff", "format", "--check", "--output-format", "concise", "."]),
    "lint": lambda: run(["ruff", "check", "--output-format", "concise", "."]),
    "types": lambda: run(["mypy"]),
    "imports": lambda: run(["lint-imports", "--no-logo", "--cache-dir", "var/import-linter"]),
    "templates": check_templates,
    "idioms": lambda: run(
        ["django-upgrade", "--target-version", "5.2", "--check", *tracked("*.py")]
    ),
    "migrations": lambda: run([*MANAGE, "makemigrations", "--check", "--dry-run"]),
    "deployment": check_deployment,
    "requirements": lambda: run([*MANAGE, "trace_requirements", "--check"]),
    "secrets": check_secrets,
    "locks": check_locks,
    "shell": lambda: run(["bash", "-n", ".ci/run"]),
}
FIXES: list[Callable[[], Outcome]] = [
    lambda: run(["ruff", "check", "--fix", "."], ["ruff", "format", "."]),
    lambda: run(["djade", "--target-version", "5.2", *tracked("templates/*.html")]),
    lambda: run(["djhtml", "--tabwidth", "2", *tracked("templates/*.html")]),
]


def timed(name: str) -> tuple[str, bool, str, float]:
    started = time.monotonic()
    is_good, printed = CHECKS[name]()
    return name, is_good, printed, time.monotonic() - started


def main() -> int:
    names = sys.argv[1:]
    if names == ["--fix"]:
        for fix in FIXES:
            print(fix()[1], end="")
        return 0
    if names == ["--accept-secrets"]:
        accept_secrets()
        return 0
    unknown = sorted(set(names) - set(CHECKS))
    if unknown:
        print(f"No such check: {', '.join(unknown)}. There are: {', '.join(CHECKS)}.")
        return 2
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(timed, names or CHECKS))
    for name, is_good, printed, _ in results:
        if not is_good:
            print(f"--- {name} ---\n{printed.rstrip()}\n")
    for name, is_good, _, seconds in results:
        print(f"{name:<14}{'passed' if is_good else 'FAILED'} ({seconds:.1f} s)")
    return 0 if all(is_good for _, is_good, _, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
