"""Bring this tree to where a command can run, then run it.

Usage: prepare.py run|test [--] COMMAND...

`run` prepares what the portal needs, `test` what its developers need on top. Every step says what
it did and how long it took; a step whose inputs did not change does nothing and needs no network.
The command replaces this process, with the environment's programs first in its PATH.
Standard library only: this runs before any package of ours is there.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import machine
from progress import step

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
BUILD = ROOT / "var" / "build"
STAMPS = ROOT / "var" / "stamps"
BUNDLES_STAMP = STAMPS / "bundles.json"
REQUIREMENTS = {"run": ROOT / "requirements/run.txt", "test": ROOT / "requirements/dev.txt"}
OLDEST_NODE = 20
WARNINGS = {
    "Front-end packages": "WARNING: Node 20 or newer and the network are needed for them.",
    "Style sheets and scripts": "WARNING: the portal starts with unbundled files.",
    "Fonts": "WARNING: the portal starts with system fonts, and issues no certificate.",
}


class StepFailedError(Exception):
    """A program that a step started failed; the text ends with what it printed."""


def call(*command: str | Path, extra_path: Path | None = None) -> str:
    """Run a program quietly and return what it printed; its output is shown only on failure."""
    environment = dict(os.environ)
    if extra_path:
        environment["PATH"] = f"{extra_path}{os.pathsep}{environment['PATH']}"
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except OSError as error:
        raise StepFailedError(f"{words[0]}: {error.strerror}") from error
    if done.returncode:
        last_lines = "\n".join(done.stdout.splitlines()[-20:])
        raise StepFailedError(f"{' '.join(words)}\n{last_lines}")
    return done.stdout


def digest(paths: Iterable[Path], *words: str) -> str:
    """Return one hash over names and contents of files, folders taken with all they hold."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                total.update(f"{file.relative_to(ROOT)}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_stamped(stamp: Path, inputs: str) -> bool:
    """Tell whether `stamp` was written for these inputs and all it promised is still there."""
    try:
        record = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return record["inputs"] == inputs and all((ROOT / name).is_file() for name in record["outputs"])


def write_stamp(stamp: Path, inputs: str, outputs: Iterable[Path] = ()) -> None:
    """Record what was built from which inputs, with the hash of each file."""
    hashes = {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(outputs)
    }
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(json.dumps({"inputs": inputs, "outputs": hashes}, indent=1), encoding="utf-8")


def check_libraries() -> str:
    """Make sure that WeasyPrint will find pango and that an environment can be made."""
    missing = machine.missing_libraries()
    if not PYTHON.exists():
        missing += machine.missing_venv()
    if not missing:
        return "present"
    machine.install(missing)
    return f"installed {' '.join(missing)}"


def environment_version() -> str:
    """Return pyvenv.cfg's text: another Python means another set of wheels."""
    return (VENV / "pyvenv.cfg").read_text(encoding="utf-8")


def install_requirements(profile: str) -> str:
    """Make .venv and install the hash-pinned requirements of the profile."""
    made = ""
    if not PYTHON.exists():
        call(sys.executable, "-m", "venv", "--clear", VENV)
        made = ".venv made, "
    stamp = VENV / "requirements.json"
    version = environment_version()
    # The developers' set holds the whole running set, in the same versions.
    enough = {"run": ("run", "test"), "test": ("test",)}[profile]
    if any(is_stamped(stamp, digest([REQUIREMENTS[name]], version)) for name in enough):
        return "unchanged"
    pinned = REQUIREMENTS[profile]
    call(PYTHON, "-m", "pip", "install", "-q", "--no-input", "--require-hashes", "-r", pinned)
    write_stamp(stamp, digest([pinned], version))
    return f"{made}{pinned.relative_to(ROOT)} installed"


def node_folder() -> Path | None:
    """Return the folder of the machine's node and npm when they are new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    version = call(node, "--version").strip().lstrip("v")
    return Path(node).parent if int(version.split(".")[0]) >= OLDEST_NODE else None


def ensure_node() -> Path:
    """Return the folder of a usable node, taken from PyPI where the machine has none."""
    folder = node_folder()
    if folder is None:
        folder = VENV / "bin"
        if not (folder / "node").exists():
            pinned = ROOT / "requirements/node.txt"
            call(
                PYTHON, "-m", "pip", "install", "-q", "--no-input", "--require-hashes", "-r", pinned
            )
    return folder


def install_front_end_packages() -> str:
    """Install what package-lock.json pins; no package may run a script of its own."""
    inputs = digest([ROOT / "package-lock.json", ROOT / "package.json"])
    stamp = NODE_MODULES / ".installed.json"
    if is_stamped(stamp, inputs):
        return "unchanged"
    folder = ensure_node()
    call("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", extra_path=folder)
    write_stamp(stamp, inputs)
    version = call("node", "--version", extra_path=folder).strip()
    return f"package-lock.json installed with Node {version}"


def require_front_end_packages() -> None:
    """Refuse to build without what is built from."""
    if not (NODE_MODULES / ".installed.json").is_file():
        raise StepFailedError("The front-end packages are missing.")


def built_bundles() -> list[Path]:
    """Return the bundles in var/build; the fonts' style sheet is not one of them."""
    files = [*BUILD.glob("css/*.css"), *BUILD.glob("js/*.js")]
    return [path for path in files if path.name != "fonts.css"]


def build_bundles() -> str:
    """Bundle style sheets and scripts into var/build."""
    builder = ROOT / "scripts/build_frontend.mjs"
    inputs = digest([ROOT / "static", builder, ROOT / "package-lock.json"])
    if is_stamped(BUNDLES_STAMP, inputs):
        return "unchanged"
    # A built file goes before its source: what cannot be built anew must not hide the source.
    BUNDLES_STAMP.unlink(missing_ok=True)
    for path in built_bundles():
        path.unlink()
    require_front_end_packages()
    call("node", builder, ROOT / "static", BUILD, extra_path=ensure_node())
    write_stamp(BUNDLES_STAMP, inputs, built_bundles())
    return f"{len(built_bundles())} files in var/build"


def build_fonts() -> str:
    """Cut the web fonts and place the PDF fonts in var/build/fonts."""
    builder = ROOT / "scripts/build_fonts.py"
    source = NODE_MODULES / "pretendard-gov"
    inputs = digest([builder, ROOT / "scripts/syllables.txt", ROOT / "package-lock.json"])
    stamp = STAMPS / "fonts.json"
    if is_stamped(stamp, inputs):
        return "unchanged"
    require_front_end_packages()
    call(PYTHON, builder, source, BUILD)
    built = [path for path in (BUILD / "fonts").rglob("*") if path.is_file()]
    write_stamp(stamp, inputs, [*built, BUILD / "css/fonts.css"])
    return f"{len(built)} files in var/build/fonts"


def compile_messages() -> str:
    """Compile the project's own translations of Wagtail's and Django's messages."""
    catalogues = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    inputs = digest(catalogues)
    stamp = STAMPS / "messages.json"
    if is_stamped(stamp, inputs):
        return "unchanged"
    for catalogue in catalogues:
        target = catalogue.with_suffix(".mo")
        call(VENV / "bin/pybabel", "compile", "-i", catalogue, "-o", target)
    write_stamp(stamp, inputs, [catalogue.with_suffix(".mo") for catalogue in catalogues])
    return f"{len(catalogues)} catalogues compiled"


def find_judges() -> str:
    """Make sure that tests can ask programs which are not ours; without them those tests skip."""
    missing = machine.missing_judges()
    if not missing:
        return "present"
    try:
        machine.install(missing)
    except machine.MissingPackagesError as error:
        return f"missing, a few tests will skip. Type: {error}"
    return f"installed {' '.join(missing)}"


def find_browser() -> str:
    """Make sure that the browser journeys have a browser."""
    found = machine.browser()
    return Path(found).name if found else machine.install_browser(PYTHON)


def prepare(profile: str) -> None:
    """Do all steps; only the front end may fail, and only where the portal can run without it."""
    step("System libraries", check_libraries)
    step("Python packages", lambda: install_requirements(profile))
    step("Messages", compile_messages)
    for title, action in (
        ("Front-end packages", install_front_end_packages),
        ("Style sheets and scripts", build_bundles),
        ("Fonts", build_fonts),
    ):
        try:
            step(title, action)
        except StepFailedError as error:
            if profile == "test":
                raise
            print(f"failed\n{error}\n{WARNINGS[title]}", flush=True)
    if profile == "test":
        step("Programs that judge", find_judges)
        step("Browser", find_browser)


def main() -> None:
    profile, *command = sys.argv[1:]
    if command[:1] == ["--"]:
        command = command[1:]
    (ROOT / "var").mkdir(exist_ok=True)
    # Two commands at once would install into one another.
    with (ROOT / "var" / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            prepare(profile)
        except machine.MissingPackagesError as error:
            sys.exit(f"missing\nType this line, then start again:\n  {error}")
        except StepFailedError as error:
            sys.exit(f"failed\n{error}")
    if command:
        path = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "VIRTUAL_ENV": str(VENV), "PATH": path}
        os.chdir(ROOT)
        sys.stdout.flush()
        os.execvpe(shutil.which(command[0], path=path) or command[0], command, environment)


if __name__ == "__main__":
    main()
