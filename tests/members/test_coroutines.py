"""Libraries that speak asyncio only, called where an event loop runs already."""

import asyncio

import pytest

from members.coroutines import run_to_end


async def answer():
    await asyncio.sleep(0)
    return 42


async def fail():
    raise KeyError("ours")


def in_a_running_loop(function):
    async def call():
        return function()

    return asyncio.run(call())


def test_coroutine_runs_with_and_without_a_loop():
    """A running loop in the thread changes nothing, and errors come through."""
    assert run_to_end(answer) == 42
    assert in_a_running_loop(lambda: run_to_end(answer)) == 42
    with pytest.raises(KeyError):
        run_to_end(fail)
