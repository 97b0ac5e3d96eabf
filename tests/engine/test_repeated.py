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


def test_what_takes_long_comes_less_often() -> None:
    rests: list[float] = []

    async def for_a_while() -> None:
        ended: list[float] = []
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        async def work() -> None:
            if ended:
                rests.append(loop.time() - ended[0])
                done.set()
            await asyncio.sleep(0.02)
            ended.append(loop.time())

        task = asyncio.create_task(repeat(0.0, work, pytest.fail, share=0.2))
        await done.wait()
        task.cancel()

    asyncio.run(for_a_while())
    assert rests[0] >= 0.075
