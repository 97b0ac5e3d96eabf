"""Variations of takes, for the page: what `hitpoint takes vary` does, in a process of its own at the lowest priority.

Neither the page nor control nor play loads a model for it, and what plays comes first.
"""

import asyncio
import json
import os
import secrets
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from hitpoint.errors import HostError

LONGEST_SECONDS = 300.0
"""A long take on a busy machine. Our choice."""
LOWEST = 19
"""Priority, as `nice` counts it."""
COMMAND = (sys.executable, "-m", "hitpoint.cli.main", "takes", "vary")
_SEEDS = 2**31
_BELOW_NORMAL = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)


class TakeWriter:
    """file: the take memory. config: the settings file that the daemon was given. On the page's loop."""

    def __init__(self, file: Path, config: Path | None = None) -> None:
        self._options = ("--takes", str(file), *(() if config is None else ("--config", str(config))))
        self._busy = False

    async def vary(self, name: str, amount: float, keep: str | None) -> str:
        """Have a variation written and remembered. Returns its id.

        amount: share of its notes to write anew, 0 to 1. keep: what of them stays; None for nothing. Raises HostError,
        in the command's own words, when it does not come, and while another is written.
        """
        if self._busy:
            raise HostError("a variation is being written already. Wait for that one.")
        self._busy = True
        try:
            return await self._written(name, amount, keep)
        finally:
            self._busy = False

    async def _written(self, name: str, amount: float, keep: str | None) -> str:
        options = ["--amount", f"{amount:g}", "--seed", str(secrets.randbelow(_SEEDS)), "--json"]
        options += [] if keep is None else ["--keep", keep]
        process = await asyncio.create_subprocess_exec(
            *COMMAND, name, *self._options, *options, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, creationflags=_BELOW_NORMAL,
        )  # fmt: skip
        try:
            # Not asked of the child itself, in which nothing of ours runs before it is another program.
            with suppress(OSError, AttributeError):
                os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST)
            async with asyncio.timeout(LONGEST_SECONDS):
                said, wrong = await process.communicate()
        except TimeoutError:
            raise HostError("the variation took too long, and was given up.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        try:
            return str(json.loads(said)["id"])
        except (ValueError, KeyError, TypeError):
            lines = wrong.decode(errors="replace").strip().splitlines()
            why = lines[-1].removeprefix("hitpoint: ") if lines else "`hitpoint takes vary` says why."
            raise HostError(f"the variation was not written: {why}") from None
