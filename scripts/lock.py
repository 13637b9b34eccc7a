"""Compile the lock files from pyproject.toml, requirements/node.in and package.json.

Locks hold a hash for every file and name no index: who installs may take packages from anywhere.
Give package names to raise only those: lock.py django wagtail
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = [
    "--quiet",
    "--strip-extras",
    "--allow-unsafe",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--constraint=requirements/constraints.txt",
]
RUN = "requirements/run.txt"
LOCKS = {
    RUN: ["--extra=prod", "pyproject.toml"],
    "requirements/dev.txt": [
        "--extra=prod",
        "--extra=dev",
        f"--constraint={RUN}",
        "pyproject.toml",
    ],
    "requirements/node.txt": ["requirements/node.in"],
}


def main() -> None:
    """Compile all locks; without names every version moves only as far as pyproject.toml asks."""
    raised = [f"--upgrade-package={name}" for name in sys.argv[1:]]
    environment = {**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"}
    for lock, sources in LOCKS.items():
        print(lock, flush=True)
        command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, *raised]
        subprocess.run(
            [*command, f"--output-file={lock}", *sources], cwd=ROOT, env=environment, check=True
        )
    print("package-lock.json", flush=True)
    subprocess.run(["npm", "install", "--package-lock-only"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
