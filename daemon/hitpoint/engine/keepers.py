"""What control keeps on disk while it runs: the take that is played, and the session that people set up.

Both grow, and disks can be slow: so each is written on a thread of its own, one state after another, also when nobody
waits for one of them any more.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from hitpoint.engine.pages import Pages
from hitpoint.engine.session_file import write_session
from hitpoint.engine.take_journal import TakeJournal
from hitpoint.errors import HitpointError
from hitpoint.outputs.recorder import Recorder
from hitpoint.scheduler.performance import Played, Routing
from hitpoint.score.session import Session
from hitpoint.timeline.timeline import Timeline

SAVE_SECONDS = 1.0
"""How often the session on disk is brought up to date, while that is quick: what a crash can lose of it."""
RECORD_SECONDS = 5.0
"""The same of the recording."""
WRITING_SHARE = 0.05
"""Of all time, what either may take: an hour of an orchestra takes seconds to write, and planning has the same core.
Our choice."""


class PlayedTake:
    """Process: control. What is played, on its way into a MIDI file."""

    def __init__(self, record: Path | None, journal: Path | None, trouble: Callable[[str], None]) -> None:
        """record: the MIDI file; None for none. journal: keeps it until it is in that one."""
        self._recorder = Recorder(record) if record else None
        self._journal = TakeJournal(journal) if record and journal else None
        self._trouble = trouble
        self._thread = ThreadPoolExecutor(1, "recording")

    def take(self, played: Played) -> None:
        """Take in what play reports."""
        if self._recorder is not None:
            self._recorder.take(played)
        if self._journal is not None:
            self._journal.add(played)

    def resume(self) -> None:
        """Go on with what a control before this one had."""
        if self._journal is not None and self._recorder is not None:
            for played in self._journal.read():
                self._recorder.take(played)

    async def write(self, timeline: Timeline, routing: Routing) -> None:
        """Bring the file up to date, where there is more to write."""
        recorder = self._recorder
        if recorder is None or not recorder.changed:
            return
        channels = {route.part: (route.channel, route.program) for route in routing.routes}
        # What is played from here on waits for the next time.
        now, recorder.changed, written = recorder.copy(), False, False
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, now.write, timeline, channels)
            written = True
        except HitpointError as error:
            self._trouble(str(error))
        finally:
            recorder.changed = recorder.changed or not written


class SessionKeeper:
    """Process: control. The session's file."""

    def __init__(self, path: Path | None, trouble: Callable[[str], None]) -> None:
        """path: None keeps nothing."""
        self._path, self._trouble = path, trouble
        self._saved: object = None
        self._thread = ThreadPoolExecutor(1, "session")

    async def save(self, session: Session, pages: Pages, tick: int) -> None:
        """Bring the file up to date, where the session has changed, or the pages have.

        tick: where the host is. Who comes back begins somewhere else: the state that holds, holds there.
        """
        session = replace(session, states=session.states.settled(tick))
        wishes = Session(seed=session.seed).with_wishes_of(session)
        state = (wishes, session.bindings, session.model, pages.revision)
        if self._path is None or state == self._saved:
            return
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, write_session, self._path, session, pages.all())
            self._saved = state
        except HitpointError as error:
            self._trouble(str(error))
