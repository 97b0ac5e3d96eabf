"""How long a test waits for what must come. Only a test that measures time has limits of its own."""

import asyncio
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

PATIENCE_SECONDS = 120.0
"""More than the slowest machine needs: a test that passes never waits so long."""


def until(holds: Callable[[], Any], pause: Callable[[], object] = lambda: sleep(0.005)) -> Any:
    """What `holds` gives once that is true. pause: what is done meanwhile. AssertionError when it does not come."""
    deadline = monotonic() + PATIENCE_SECONDS
    while not (value := holds()):
        assert monotonic() < deadline, "it does not come"
        pause()
    return value


async def soon(holds: Callable[[], Any]) -> Any:
    """As `until`, on an event loop."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (value := holds()):
            await asyncio.sleep(0.005)
    return value


def least(seconds: Callable[[], float], limit: float, tries: int = 4) -> float:
    """The least of what `seconds` gives in a few tries, the last of which is the first within the limit.

    For what the machine may hold up once, and we never do.
    """
    taken = [seconds()]
    while taken[-1] > limit and len(taken) < tries:
        taken.append(seconds())
    return min(taken)
