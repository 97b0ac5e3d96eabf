"""Hosts that lead by OSC alone, as control meets them: where they are, and their project where no script tells it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from time import monotonic

from hitpoint.engine.leader import ABLETON_OSC, REAPER
from hitpoint.errors import HostError, PortError
from hitpoint.hosts.ableton_osc import ABLETON_OSC_PORT, REPLY_PORT, AbletonOsc
from hitpoint.hosts.reaper_bank import BANK_SLOTS
from hitpoint.hosts.reaper_osc import OUR_OSC_PORT, REAPER_OSC_PORT, ReaperOsc
from hitpoint.inputs.osc_listener import OscListener, listen
from hitpoint.inputs.packet_budget import Sender
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

OSC_SECONDS = 0.02
"""How often a host that leads by OSC is looked at. Our choice."""
STANDS_SECONDS = 0.5
"""How often the place of a host that stands is told again, which says that it is there: hosts themselves are silent
then. Our choice."""
OPEN_SECONDS = 5.0
"""How often it is tried to open the port, where another program has it."""
REAPER_LATE_SECONDS = 0.006
"""What REAPER says is at least so old when it comes: its OSC thread sleeps so long between two looks.
Source: REAPER SDK, csurf_osc.cpp."""
_HOST = "127.0.0.1"
_NO_SCRIPT = (
    "REAPER's script does not run: its tempo at the playhead is taken for the whole project. "
    "Run `hitpoint install reaper`."
)
_MANY_MARKERS = (
    f"REAPER tells its first {BANK_SLOTS} markers and {BANK_SLOTS} regions by OSC: those that may come after them are "
    "not met. Its script tells all: run `hitpoint install reaper`."
)

Place = tuple[float, float, bool]
"""Second on the host's timeline, when that was, and whether it rolls."""


@dataclass(frozen=True, slots=True)
class OscHost:
    """One host's dialect. `at` and `now` are seconds of one clock."""

    title: str
    port: int
    """We listen there."""
    host_port: int
    """The host does."""
    messages: Callable[[float], Iterable[tuple[str, tuple[object, ...]]]]
    """What is to be sent now."""
    heard: Callable[[str, Sequence[object], float], None]
    """Take in a message. May raise HostError for what makes no sense."""
    places: Callable[[], Iterator[Place]]
    """Where it was, each told once."""
    project: Callable[[float], tuple[Timeline | None, Loop | None]]
    """What OSC tells of it. May raise HostError."""
    is_there: Callable[[float], bool]
    """Whether it is heard, or answers, though it may have nothing to say."""
    remarks: Callable[[], Iterable[str]] = tuple
    """What a person must know who relies on the project as it is told now."""


def osc_host(follow: str, frame_rate: FrameRate, seconds_of: Callable[[float], float]) -> OscHost | None:
    """The host that `follow` names; None where it leads in another way. seconds_of: of a place in quarters, as the
    session has it."""
    if follow == REAPER:
        reaper = ReaperOsc(frame_rate)
        return OscHost(
            "REAPER",
            OUR_OSC_PORT,
            REAPER_OSC_PORT,
            reaper.messages,
            reaper.heard,
            lambda: ((one.seconds, one.at - REAPER_LATE_SECONDS, one.rolling) for one in reaper.positions()),
            lambda now: (reaper.timeline(now), reaper.loop),
            reaper.is_there,
            lambda: (_NO_SCRIPT, _MANY_MARKERS) if reaper.may_have_more else (_NO_SCRIPT,),
        )
    if follow == ABLETON_OSC:
        live = AbletonOsc(frame_rate)
        return OscHost(
            "AbletonOSC",
            REPLY_PORT,
            ABLETON_OSC_PORT,
            live.messages,
            live.heard,
            lambda: ((seconds_of(one.quarter), one.at, one.rolling) for one in live.positions()),
            lambda _: (live.timeline, live.loop),
            live.is_there,
        )
    return None


class OscHostLink:
    """Process: control, on its loop.

    moved: told where the host is. project: told what OSC knows of its project, while `scripted` is false. trouble: in
    words.
    """

    def __init__(
        self,
        host: OscHost,
        moved: Callable[[float, float, bool], None],
        project: Callable[[Timeline, Loop | None], None],
        scripted: Callable[[], bool],
        trouble: Callable[[str], None],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._host, self._now = host, now
        self._moved, self._project, self._scripted, self._trouble = moved, project, scripted, trouble
        self._listener: OscListener | None = None
        self._open_at = -inf
        self._told: tuple[Timeline | None, Loop | None] = (None, None)
        self._remarked: set[str] = set()
        self._stands: Place | None = None
        self._told_at = -inf
        self.wild = 0
        """Messages that made no sense."""

    async def work(self) -> None:
        """Hear the host, and ask it: to be done again and again."""
        if self._listener is None and self._now() >= self._open_at:
            self._open_at = self._now() + OPEN_SECONDS
            try:
                self._listener = await listen(_HOST, self._host.port, self.hear)
            except PortError as error:
                raise HostError(f"{self._host.title} cannot be heard: {error}") from error
        if self._listener is not None:
            to = self._listener
            self.look(self._now(), lambda address, said: to.send(address, said, (_HOST, self._host.host_port)))

    def close(self) -> None:
        """Give the port back."""
        if self._listener is not None:
            self._listener.close()

    def hear(self, address: str, arguments: list[object], _: Sender) -> None:
        """Take in a message from the host."""
        try:
            self._host.heard(address, arguments, self._now())
        except HostError:
            self.wild += 1
        self._tell_places()

    def look(self, now: float, send: Callable[[str, tuple[object, ...]], None]) -> None:
        """Ask what is to be asked, and pass on what is known. Raises HostError where a project cannot be followed."""
        for address, arguments in self._host.messages(now):
            send(address, arguments)
        self._tell_places()
        if self._stands is not None and now - self._told_at >= STANDS_SECONDS and self._host.is_there(now):
            self._tell(self._stands[0], now, False)
        if self._scripted():
            return
        told = self._host.project(now)
        if told[0] is not None and told != self._told:
            self._told = told
            for remark in self._host.remarks():
                if remark not in self._remarked:
                    self._remarked.add(remark)
                    self._trouble(remark)
            self._project(told[0], told[1])

    def _tell_places(self) -> None:
        for place in self._host.places():
            self._stands = None if place[2] else place
            self._tell(*place)

    def _tell(self, seconds: float, at: float, rolling: bool) -> None:
        self._told_at = self._now()
        self._moved(seconds, at, rolling)
