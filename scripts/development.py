"""What a start for trying and developing does: database, demonstration, log-ins, server.

All in one process, because loading Django costs more than everything else together. PORT in the
environment changes the port.
"""

import io
import os
import sys

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from progress import step

HOST = "127.0.0.1"
PORT = os.environ.get("PORT", "8000")


def load_django() -> str:
    """Load settings and apps."""
    django.setup()
    return f"Django {django.get_version()}"


def migrate() -> str:
    """Bring the database up to date; a plan without steps is far cheaper than the command."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return "up to date"
    call_command("migrate", interactive=False, verbosity=0)
    return f"{len(plan)} migrations applied"


def load_demo() -> str:
    """Fill an empty database with the demonstration; one that holds anything stays as it is."""
    said = io.StringIO()
    call_command("load_demo", if_empty=True, stdout=said)
    return said.getvalue().strip()


def get_ready() -> None:
    """Do all steps before serving, and say where the portal is and who may log in."""
    step("Portal", load_django)
    step("Database", migrate)
    step("Demonstration", load_demo)
    print(f"\nhttp://{HOST}:{PORT}/  (staff: http://{HOST}:{PORT}/admin/)\n")
    call_command("demo_logins")
    call_command("make_demo_certs", if_missing=True)
    sys.stdout.flush()


def serve() -> None:
    """Serve until interrupted; the checks of `runserver` are those of `make check`."""
    call_command("runserver", f"{HOST}:{PORT}", use_reloader=False, skip_checks=True)
