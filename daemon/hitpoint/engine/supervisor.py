"""The supervisor, which `hitpoint run` is: it starts all others, holds what outlives them, and starts again who dies.

It does little and loads little, so that there is little to go wrong. If it is killed all the same, its pipes close:
play silences everything and ends, and so do the others.
"""

import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from hitpoint.engine.crew import CONTROL, Crew, Duty, Gone
from hitpoint.engine.crew_pipes import Failed, Logged, Up
from hitpoint.engine.duties import compose_duty, page_duty, play_duty, port_names
from hitpoint.engine.instance import runtime_folder
from hitpoint.engine.log_file import Log, machine_facts, show
from hitpoint.engine.run_start import RunStart
from hitpoint.errors import HostError
from hitpoint.scheduler.sounding import SoundingTable, sounding_table

PAGE = "page"
LOOK_SECONDS = 5.0
"""How often it wakes without a reason."""

_log = logging.getLogger("hitpoint")


def supervise(start: RunStart) -> None:
    """Run the daemon until SIGINT or SIGTERM, or until control was told to end. A second signal ends all by force.

    Raises HitpointError when it cannot start.
    """
    log = Log(start.settings.log)
    _log.addHandler(log)
    _log.setLevel(logging.DEBUG)
    try:
        with (
            sounding_table(len(port_names(start.settings))) as table,
            TemporaryDirectory(prefix="hitpoint-", dir=runtime_folder(), ignore_cleanup_errors=True) as folder,
        ):
            _Watch(replace(start, folder=Path(folder)), table, log).run()
    finally:
        _log.info("ended")
        _log.removeHandler(log)
        log.close()


class _Watch:
    """One run."""

    def __init__(self, start: RunStart, table: SoundingTable, log: Log) -> None:
        self._log = log
        self._as_json = start.as_json
        self._greeted = False
        self._page: tuple[str, tuple[str, ...]] | None = None
        """What the page said of itself before control was ready."""
        self._shown_page: tuple[str, tuple[str, ...]] | None = None
        self._ending = 0
        self._error: str | None = None
        self._crew = Crew(
            (
                play_duty(start.settings, table.name),
                compose_duty(start.settings),
                Duty(CONTROL, "hitpoint.engine.control_process:control_main", (start,)),
                *page_duty(start.settings, start.config, start.takes, start.sheet),
            ),
            self._heard,
        )
        _log.info("started as process %d: %s", os.getpid(), _described(start))

    def run(self) -> None:
        """Until it is to end."""
        with self._woken_by_signals() as woken:
            try:
                self._crew.start()
                while not self._ending and self._error is None:
                    self._crew.turn(LOOK_SECONDS, (woken,))
            finally:
                # Control first: it has play silence everything, and writes what is to be kept.
                for name in (CONTROL, *(other for other in self._crew.lives() if other != CONTROL)):
                    self._crew.stop(name)
                self._log.let_go(self._error or "")
        if self._error is not None:
            raise HostError(self._error)

    def _heard(self, name: str, message: object) -> None:
        match message:
            case Up(said, remarks):
                _log.info("%s is ready", name)
                if name == CONTROL:
                    self._greet(said, remarks)
                elif name == PAGE:
                    self._show_page(said, remarks)
            case Failed(text) if name == CONTROL and not self._greeted:
                self._error = text
            case Failed(text):
                _log.info("%s could not start: %s", name, text)
            case Logged(level, shown, filed):
                # What control warns of before it is ready is told with its greeting, or as why it failed.
                self._log.write(name, level, shown, filed, hold=name == CONTROL and not self._greeted)
            case Gone(status, restarts):
                self._mourn(name, status, restarts)

    def _greet(self, said: str, remarks: tuple[str, ...]) -> None:
        if self._greeted:
            return
        self._greeted = True
        show(said, sys.stdout)
        for remark in remarks:
            show(remark, sys.stderr)
        self._log.let_go("\n".join(remarks))
        _log.info(machine_facts())
        if self._page is not None:
            self._show_page(*self._page)

    def _show_page(self, said: str, remarks: tuple[str, ...]) -> None:
        """Tell where the page is, once, and after all else."""
        if not self._greeted:
            self._page = (said, remarks)
            return
        shown, self._shown_page = self._shown_page, (said, remarks)
        if shown == self._shown_page:
            return
        if said and not self._as_json:
            show(f"  {said}", sys.stdout)
        for remark in remarks:
            show(remark, sys.stderr)

    def _mourn(self, name: str, status: int | None, restarts: bool) -> None:
        if self._ending or self._error is not None:
            return
        _log.info("%s ended with status %s", name, status)
        if name != CONTROL:
            return
        if status == 0:
            # Only who is asked to end does so with 0, and whoever ended control meant all of it.
            self._ending = 1
        elif restarts:
            _log.warning("the control process ended and is started again")
        else:
            self._error = "the control process ended at once. See `hitpoint doctor`."

    @contextmanager
    def _woken_by_signals(self) -> Iterator[socket.socket]:
        """While it lasts, signals end the waiting: the first asks for the end, the second forces it."""
        woken, waker = socket.socketpair()
        waker.setblocking(False)
        earlier = {number: signal.signal(number, self._signalled) for number in (signal.SIGINT, signal.SIGTERM)}
        earlier_fd = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        try:
            yield woken
        finally:
            signal.set_wakeup_fd(earlier_fd)
            for number, handler in earlier.items():
                signal.signal(number, handler)
            woken.close()
            waker.close()

    def _signalled(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._ending += 1
        if self._ending > 1:
            self._crew.kill()


def _described(start: RunStart) -> str:
    settings = start.settings
    return f"output {settings.output.kind}, follow {', '.join(settings.follow)}, model {settings.model.bundle}"
