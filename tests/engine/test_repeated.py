import asyncio

import pytest

from hitpoint.engine.repeated import repeat
from hitpoint.errors import HostError


def test_whatever_is_raised_is_told_and_the_next_time_comes() -> None:
    raised: list[Exception] = [HostError("the host is gone."), ValueError("a bug")]
    troubles: list[str] = []
    done = asyncio.Event()

    async def work() -> None:
        if raised:
            raise raised.pop(0)
        done.set()

    async def for_a_while() -> None:
        task = asyncio.create_task(repeat(0.0, work, troubles.append))
        await done.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(for_a_while())
    assert troubles == ["the host is gone.", "ValueError: a bug. Please report it."]
