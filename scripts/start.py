"""Start the portal for trying and developing; the server starts itself anew when a file changes.

This process only watches: it loads next to nothing, and runs itself once more with
development.py, which does the work. Style sheets and scripts are bundled anew when one of them
changes.
"""

import importlib
import os
import sys
import traceback
from pathlib import Path

from django.utils import autoreload
from prepare import StepFailedError, build_bundles
from progress import step

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "static"
FIRST_START = ROOT / "var" / "first-start"


def watch_sources(sender: autoreload.BaseReloader, **kwargs: object) -> None:
    """Have style sheets and scripts watched as well as Python and templates."""
    for pattern in ("**/*.css", "**/*.js"):
        sender.watch_dir(STATIC, pattern)


def bundle_again(sender: autoreload.BaseReloader, file_path: Path, **kwargs: object) -> bool:
    """Build the front end when a source of it changed; the server need not start anew for that."""
    if STATIC not in file_path.parents:
        return False
    try:
        step("Style sheets and scripts", build_bundles)
    except StepFailedError as error:
        print(f"failed\n{error}")
    return True


def serve() -> None:
    """Get ready and serve until interrupted.

    A mistake made while serving waits for its correction, as Django's own server does; one at the
    first start ends the program, for nobody may be there to correct it.
    """
    is_first = FIRST_START.exists()
    FIRST_START.unlink(missing_ok=True)
    try:
        # Loaded here and not above: the watching process would load all of Django for nothing.
        development = importlib.import_module("development")
        development.get_ready()
    except Exception:
        if is_first:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)  # sys.exit would end this thread only
        raise
    development.serve()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    if os.environ.get(autoreload.DJANGO_AUTORELOAD_ENV) != "true":
        FIRST_START.touch()
    # Python knows scripts/ only; the apps lie one folder up.
    sys.path.insert(0, str(ROOT))
    autoreload.autoreload_started.connect(watch_sources)
    autoreload.file_changed.connect(bundle_again)
    autoreload.run_with_reloader(serve)
