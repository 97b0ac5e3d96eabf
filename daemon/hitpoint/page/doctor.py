"""The doctor's findings, for the page: what `hitpoint doctor` prints, run as a process of its own."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from hitpoint.errors import HostError

LONGEST_SECONDS = 60.0


class Doctor:
    """config: the settings file that the daemon was given. One examination at a time, shared by all who ask."""

    def __init__(self, config: Path | None = None, command: tuple[str, ...] = ()) -> None:
        self._command = command or (sys.executable, "-m", "hitpoint.cli.main", "doctor", "--json")
        if config is not None:
            self._command += ("--config", str(config))
        self._running: asyncio.Task[list[dict[str, Any]]] | None = None

    async def findings(self) -> list[dict[str, Any]]:
        """Each with check, health, found and advice. Raises HostError when there are none to be had."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._examine())
        return await asyncio.shield(self._running)

    async def _examine(self) -> list[dict[str, Any]]:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
            )
        except OSError as error:
            raise HostError(f"no process can be started for the doctor: {error.strerror or error}.") from error
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                said, _ = await process.communicate()
            findings: list[dict[str, Any]] = json.loads(said)["checks"]
        except (TimeoutError, ValueError, KeyError, TypeError):
            raise HostError("the doctor could not be heard. Run `hitpoint doctor` at a terminal.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return findings
