"""What is done again and again, whatever goes wrong in between."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import NoReturn

from hitpoint.errors import HitpointError


async def repeat(
    seconds: float, work: Callable[[], Awaitable[None]], trouble: Callable[[str], None], share: float = 1.0
) -> NoReturn:
    """Do `work` for ever, so many seconds after it was last done. Cancel it to end.

    trouble: told what is raised, in words; the next time may go right. share: of all time, 0 to 1, what it may take at
    most: what takes longer and longer comes less and less often.
    """
    pause = seconds
    while True:
        await asyncio.sleep(pause)
        began = monotonic()
        try:
            await work()
        except HitpointError as error:
            trouble(str(error))
        except Exception as error:
            trouble(f"{type(error).__name__}: {error}. Please report it.")
        took = monotonic() - began
        pause = max(seconds, took / share - took)
