"""Takes written for the page: what `hitpoint takes` does, in a process of its own at the lowest priority.

Neither the page nor control nor play loads a model for it, and what plays comes first.
"""

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from hitpoint.errors import HostError

LONGEST_SECONDS = 1800.0
"""A long take on a busy machine. Our choice; a person can stop it sooner."""
LOWEST = 19
"""Priority, as `nice` counts it."""
COMMAND = (sys.executable, "-m", "hitpoint.cli.main", "takes")
STOPPED = "it was stopped."
_SEEDS = 2**31
_BELOW_NORMAL = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)


class TakeWriter:
    """file: the take memory. config: the settings file that the daemon was given. One action at a time. On the
    page's loop."""

    def __init__(self, file: Path, config: Path | None = None) -> None:
        self._options = ("--takes", str(file), *(() if config is None else ("--config", str(config))))
        self._process: asyncio.subprocess.Process | None = None
        self._writes = self._stopped = False

    async def write(self, action: Sequence[str], fed: bytes = b"") -> tuple[str, ...]:
        """Have a take, or some, written and remembered. Returns the ids.

        action: of `hitpoint takes`, with what it is about. fed: to its standard input. Raises HostError, in the
        command's own words, when it does not come.
        """
        self._writes, self._stopped = True, False
        try:
            said, wrong = await self._said(action, fed)
        except OSError as error:
            raise HostError(f"no process can be started for it: {error.strerror or error}.") from error
        finally:
            self._writes = False
        if self._stopped:
            raise HostError(STOPPED)
        try:
            answer = json.loads(said)
            if answer.get("failed"):
                raise HostError(str(answer["failed"][0]["error"]))
            return tuple(str(one["id"]) for one in answer.get("takes", [answer]))
        except (ValueError, KeyError, TypeError, IndexError):
            lines = wrong.decode(errors="replace").strip().splitlines()
            raise HostError(lines[-1].removeprefix("hitpoint: ") if lines else "`hitpoint takes` says why.") from None

    def stop(self) -> None:
        """Give up what is being written. Of several takes, those that are done are remembered."""
        self._stopped = self._writes
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def _said(self, action: Sequence[str], fed: bytes) -> tuple[bytes, bytes]:
        process = self._process = await asyncio.create_subprocess_exec(
            *COMMAND, *action, *self._options, "--seed", str(secrets.randbelow(_SEEDS)), "--json",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            creationflags=_BELOW_NORMAL,
        )  # fmt: skip
        if self._stopped:
            # It was while the process came up.
            process.kill()
        try:
            # Not asked of the child itself, in which nothing of ours runs before it is another program.
            with suppress(OSError, AttributeError):  # it may be gone already
                os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST)
            async with asyncio.timeout(LONGEST_SECONDS):
                return await process.communicate(fed)
        except TimeoutError:
            raise HostError("it took too long, and was given up.") from None
        finally:
            self._process = None
            if process.returncode is None:
                process.kill()
                await process.wait()
