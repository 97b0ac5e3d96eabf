"""What is done again and again, whatever goes wrong in between."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

from hitpoint.errors import HitpointError


async def repeat(seconds: float, work: Callable[[], Awaitable[None]], trouble: Callable[[str], None]) -> NoReturn:
    """Do `work` for ever, so many seconds after it was last done. Cancel it to end.

    trouble: told what is raised, in words; the next time may go right.
    """
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except HitpointError as error:
            trouble(str(error))
        except Exception as error:
            trouble(f"{type(error).__name__}: {error}. Please report it.")
