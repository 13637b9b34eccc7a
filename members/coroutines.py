"""Libraries that only speak asyncio, called from code that does not.

`asyncio.run` fails in a thread that has a running loop already: a browser's driver in tests, an
asynchronous server, a notebook.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_to_end(start: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Return what a coroutine returns, or raise what it raises; a running loop does not matter.

    `start` makes the coroutine. It runs in a thread and a loop of its own, so it must not use the
    database: connections belong to threads.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="coroutine") as pool:
        return pool.submit(lambda: asyncio.run(start())).result()
