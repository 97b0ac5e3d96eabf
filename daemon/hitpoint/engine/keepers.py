"""What control keeps on disk while it runs: the take that is played, and the session that people set up."""

import asyncio
from collections.abc import Callable
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
"""How often the session on disk is brought up to date: what a crash can lose of it."""
RECORD_SECONDS = 5.0
"""How often the recording on disk is brought up to date: what a crash can lose of it."""


class PlayedTake:
    """Process: control. What is played, on its way into a MIDI file."""

    def __init__(self, record: Path | None, journal: Path | None, trouble: Callable[[str], None]) -> None:
        """record: the MIDI file; None for none. journal: keeps it until it is in that one."""
        self._recorder = Recorder(record) if record else None
        self._journal = TakeJournal(journal) if journal else None
        self._trouble = trouble

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

    def write(self, timeline: Timeline, routing: Routing) -> None:
        """Bring the file up to date, where there is more to write."""
        if self._recorder is None or not self._recorder.changed:
            return
        channels = {route.part: (route.channel, route.program) for route in routing.routes}
        try:
            self._recorder.write(timeline, channels)
        except HitpointError as error:
            self._trouble(str(error))


class SessionKeeper:
    """Process: control. The session's file; disks can be slow, so it is written on another thread."""

    def __init__(self, path: Path | None, trouble: Callable[[str], None]) -> None:
        """path: None keeps nothing."""
        self._path, self._trouble = path, trouble
        self._saved: object = None

    async def save(self, session: Session, pages: Pages, tick: int) -> None:
        """Bring the file up to date, where the session has changed, or the pages have.

        tick: where the host is. Who comes back begins somewhere else: the state that holds, holds there.
        """
        session = replace(session, states=session.states.settled(tick))
        wishes = Session(seed=session.seed).with_wishes_of(session)
        state = (wishes, session.bindings, session.model, pages.revision)
        if self._path is None or state == self._saved:
            return
        try:
            await asyncio.to_thread(write_session, self._path, session, pages.all())
            self._saved = state
        except HitpointError as error:
            self._trouble(str(error))
