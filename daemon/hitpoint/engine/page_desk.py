"""The page as control sees it: told what changes, and heard as anyone's surface is. All on control's loop.

Control spends on it what it takes to see what is another, some thirty times a second at most, and never waits: the page
may be slow, stopped or dead.
"""

from collections.abc import Sequence
from time import thread_time
from typing import Any, Protocol

from hitpoint.engine.bar_notes import notes_of
from hitpoint.engine.conductor import Conductor
from hitpoint.engine.crew_link import Link
from hitpoint.engine.crew_pipes import Pipe
from hitpoint.engine.landings import Landings
from hitpoint.engine.outbox import Outbox
from hitpoint.engine.page_sections import ALL_BARS, BAR, Sections
from hitpoint.engine.status import Status
from hitpoint.engine.surface import Controllable, Surface
from hitpoint.engine.take_audition import Auditioned
from hitpoint.errors import HitpointError
from hitpoint.page.messages import (
    Answer,
    Asked,
    NotesAsked,
    PageIs,
    Question,
    TakeContent,
    TakeHeard,
    TakeHushed,
    TakeKept,
    Told,
)
from hitpoint.page.state import Written
from hitpoint.scheduler.performance import Played

PUSH_SECONDS = 0.033
"""The shortest time between two that are told: thirty a second look smooth. Our choice."""
ACTION_SECONDS = 0.01
"""The same after somebody has done something, who wants to see it."""
LANDING_BARS = 16
"""Bars ahead whose hits are told with what is written for them."""
STATUS_SECONDS = 0.25
"""How often the status is told, whatever else there is: so the page knows that control is there."""
_STATUS, _VALUE = "status", "value "
"""How what is put into the outbox is told apart from the state's fields."""


class PageOf(Controllable, Protocol):
    """What of control the page is told."""

    surface: Surface

    @property
    def audition(self) -> Auditioned:
        """The take that is heard at the ports."""
        ...

    def hear_take(self, take: TakeContent, second: float) -> None:
        """Play a take at the ports. Raises HostError for what cannot be."""
        ...

    def hush_take(self) -> None:
        """No more of it."""
        ...

    def keep_remembered(self, take: TakeContent, parts: frozenset[str]) -> tuple[int, str]:
        """Have a take written into the host's arrangement: the bar, from 1, and a note. Raises HostError."""
        ...


class PageDesk:
    """osc: where OSC is listened for. trouble: takes a line for the person."""

    def __init__(self, daemon: PageOf, conductor: Conductor, trouble: Any, host: str = "127.0.0.1") -> None:
        self._daemon = daemon
        self._conductor = conductor
        self._trouble = trouble
        self._host = host
        self._outbox: Outbox | None = None
        self._sections = Sections()
        self._landings = Landings()
        self._values: dict[str, Any] = {}
        self._pushed = self._status_at = 0.0
        self._rest = PUSH_SECONDS
        self.is_ = PageIs()
        """What the page last told of itself."""

    def connect(self, pipe: Pipe) -> None:
        """Talk with a page process, which knows nothing yet."""
        if self._outbox is not None:
            self._outbox.close()
        outbox = self._outbox = Outbox(pipe, _told, "hitpoint page")
        self._sections = Sections()
        self._status_at = 0.0
        Link(pipe, lambda messages: self._heard(outbox, messages), lambda: self._lost(outbox), "hitpoint page")

    def reported(self, address: str, value: Sequence[object]) -> None:
        """An address tells this now."""
        if self._outbox is not None:
            self._values[f"{_VALUE}{address}"] = tuple(value)

    def played(self, played: Played) -> None:
        """Notes have been sent."""
        self._landings.take(self._daemon.session, played)

    def step(self, now: float) -> None:
        """Tell what has changed, where it is time. now: second of the clock."""
        if self._outbox is None or now - self._pushed < self._rest:
            return
        self._rest = PUSH_SECONDS
        # Where the page is behind, what it has not taken yet is replaced: nothing piles up.
        changed = self._values
        self._values = {}
        changed.update(self._sections.changed(self._daemon, self._conductor, now))
        session, pages = self._daemon.session, self._conductor.pages
        changed.update(self._sections.anew({"audition": self._daemon.audition}))
        here = session.timeline.meter_map.bar_at(int(self._daemon.tick())).index
        changed.update(self._sections.landings(self._landings, session, pages, here, here + LANDING_BARS))
        if now - self._status_at >= STATUS_SECONDS:
            self._status_at = now
            changed.update(self._slow(self._daemon.status()))
        if changed:
            self._pushed = now
            self._outbox.put(changed)

    def _slow(self, status: Status) -> dict[str, Any]:
        """What is told now and then: nobody drags it."""
        controllers = self._daemon.controllers
        told = {
            _STATUS: status,
            "midi": {
                "bindings": [bound._asdict() for bound in controllers.bound],
                "learning": controllers.learning,
                "unbound": controllers.unbound,
            },
            "osc": {"host": self._host, "port": self._daemon.surface.port or 0},
            "stingers": self._daemon.stingers,
        }
        return self._sections.anew(told) | {_STATUS: status}

    def _heard(self, outbox: Outbox, messages: list[object]) -> None:
        if outbox is not self._outbox:
            return
        for message in messages:
            match message:
                case PageIs():
                    if message.trouble and message.trouble != self.is_.trouble:
                        self._trouble(message.trouble)
                    self.is_ = message
                case Asked() | NotesAsked() | TakeHeard() | TakeHushed() | TakeKept():
                    self._rest = ACTION_SECONDS
                    outbox.put({}, self._answer(message))

    def _answer(self, asked: Question) -> Answer:
        began = thread_time()
        try:
            value = self._value(asked)
        except HitpointError as error:
            return Answer(asked.number, error=str(error), seconds=thread_time() - began)
        except Exception as error:
            # A mistake of ours in one answer must not end control.
            self._trouble(f"{asked.__class__.__name__}: {type(error).__name__}: {error}. Please report it.")
            return Answer(asked.number, error="that could not be answered. See the log.")
        return Answer(asked.number, value, seconds=thread_time() - began)

    def _value(self, asked: Question) -> Any:
        match asked:
            case NotesAsked(bars=bars):
                return notes_of(self._conductor.pages, bars)
            case TakeHeard(take=take, second=second):
                self._daemon.hear_take(take, second)
            case TakeHushed():
                self._daemon.hush_take()
            case TakeKept(take=take, parts=parts):
                return self._daemon.keep_remembered(take, parts)
            case Asked(address=address, arguments=arguments):
                return tuple(self._daemon.surface.answer(address, arguments))
        return None

    def _lost(self, outbox: Outbox) -> None:
        if outbox is self._outbox:
            outbox.close()
            self._outbox = None
            self.is_ = PageIs()


def _told(latest: dict[str, Any], queued: list[Any]) -> Told:
    values = {name.removeprefix(_VALUE): value for name, value in latest.items() if name.startswith(_VALUE)}
    sections = {name: value for name, value in latest.items() if not name.startswith((_VALUE, BAR, ALL_BARS))}
    bars = {int(name.removeprefix(BAR)): value for name, value in latest.items() if name.startswith(BAR)}
    if bars or ALL_BARS in latest:
        sections["written"] = Written(bars, ALL_BARS in latest)
    return Told(sections, values, tuple(queued))
