"""How the set-up programs report: one line per step, with what it did and how long it took."""

import time
from collections.abc import Callable


def step(title: str, action: Callable[[], str]) -> None:
    """Do one step and print its result, a few words, with the seconds."""
    started = time.monotonic()
    print(f"{title} ... ", end="", flush=True)
    result = action()
    print(f"{result} ({time.monotonic() - started:.1f} s)", flush=True)
