"""A take heard at the ports, in the DAW's own sounds, while the host stands: made ready by control, timed by play."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from hitpoint.engine.routes import routing_for
from hitpoint.errors import HostError
from hitpoint.page.messages import TakeContent
from hitpoint.scheduler.audition import BEGIN_SECONDS, Audition, AuditionMessage, AuditionMore, AuditionStop
from hitpoint.scheduler.performance import Route, Routing, ToPlay
from hitpoint.score.midi_message import control_change, note_off, note_on, program_change
from hitpoint.score.midi_score import MidiPart, playable

SLICE_SECONDS, AHEAD_SECONDS = 10.0, 10.0
"""A take is told in slices, each so long before it sounds: neither control nor play is held up by a long one."""
SHORTEST_TICKS = 40
"""What ends as soon as this, 20 ms at 120, is not struck anew. Our choice."""


@dataclass(frozen=True, slots=True)
class Auditioned:
    """What is heard so."""

    take: str = ""
    """Its id; empty while there is none."""
    second: float = 0.0
    """Of the take, where it was begun."""
    at: float = 0.0
    """Second of the clock at which it was there."""


class TakeAudition:
    """Process: control. tell: takes a message for play."""

    def __init__(self, tell: Callable[[ToPlay], None], client_name: str, offsets_ms: Mapping[str, float]) -> None:
        self._tell = tell
        self._client_name, self._offsets_ms = client_name, offsets_ms
        self._numbers = count(1)
        self._number = 0
        self._left: Iterator[tuple[AuditionMessage, ...]] = iter(())
        self._coming: tuple[AuditionMessage, ...] | None = None
        """The next slice; None after the last."""
        self._told_until = 0.0
        """Second of the clock at which the last slice that play has ends."""
        self.now = Auditioned()

    def begin(self, take: TakeContent, second: float, routing: Routing, rolling: bool, at: float) -> None:
        """Play a take from a second of it, at second `at` of the clock. routing: where the session's parts are heard.

        Raises HostError while the host rolls.
        """
        if rolling:
            raise HostError("the host rolls. Stop it to hear a take through the ports.")
        own = routing_for(take.session, self._client_name, self._offsets_ms)
        # Who plays in the session has its track in the DAW already.
        routes = {route.part: route for route in (*own.routes, *routing.routes)}
        self._left = _slices(take, second, routes)
        first = next(self._left)
        self._coming = next(self._left, None)
        self._number = next(self._numbers)
        self._tell(Audition(self._number, first, self._coming is not None))
        self.now = Auditioned(take.id, second, at + BEGIN_SECONDS)
        self._told_until = self.now.at + SLICE_SECONDS

    def step(self, now: float) -> None:
        """Tell the next slice, where it is time."""
        if self._coming is None or self._told_until - now > AHEAD_SECONDS:
            return
        told, self._coming = self._coming, next(self._left, None)
        self._told_until += SLICE_SECONDS
        self._tell(AuditionMore(self._number, told, self._coming is not None))

    def stop(self) -> None:
        """No more of it."""
        if self.now.take:
            self._tell(AuditionStop())
            self.forget()

    def over(self, number: int) -> None:
        """Play says that one has ended."""
        if number == self._number:
            self.forget()

    def forget(self) -> None:
        """None is heard any more, or play is another."""
        self.now, self._left, self._coming = Auditioned(), iter(()), None


@dataclass(frozen=True, slots=True)
class _Line:
    """A part on its way."""

    part: str
    route: Route
    events: list[tuple[int, int, bytes]]
    """Tick, rank, message, in order. Of one moment: what ends, what is set, what begins."""


def _slices(take: TakeContent, second: float, routes: Mapping[str, Route]) -> Iterator[tuple[AuditionMessage, ...]]:
    """All that is to be sent from that second of the take on, SLICE_SECONDS at a time; one slice at least."""
    tempo_map = take.score.timeline.tempo_map
    lines = [_line(part, routes[part.name]) for part in take.score.parts if part.name in routes]
    tick = tempo_map.tick_at(second)
    found = [one for line in lines for one in _caught_up(line, tick)]
    places, until = [bisect_left(line.events, tick, key=_tick) for line in lines], second
    while True:
        until += SLICE_SECONDS
        tick = tempo_map.tick_at(until)
        for index, line in enumerate(lines):
            end = bisect_left(line.events, tick, key=_tick)
            offset = line.route.offset_ms / 1000.0 - second
            for at, rank, data in line.events[places[index] : end]:
                seconds = max(0.0, tempo_map.seconds_at(at) + offset)
                found.append((seconds, rank, AuditionMessage(seconds, line.route.port, data, line.part)))
            places[index] = end
        # What an offset moves into the next slice waits for it, and what would be sent before this one is sent at its
        # start.
        ends = all(place == len(line.events) for place, line in zip(places, lines, strict=True))
        found.sort(key=lambda one: one[:2])
        now = found if ends else [one for one in found if one[0] < until - second]
        found = found[len(now) :]
        yield tuple(message for *_, message in now)
        if ends:
            return


def _line(part: MidiPart, route: Route) -> _Line:
    program = route.program if part.program is None else part.program
    events = [] if program is None else [(0, 1, program_change(route.channel, program))]
    events += [(move.tick, 1, control_change(route.channel, move.controller, move.value)) for move in part.moves]
    for note in playable(part.notes):
        events.append((note.tick, 2, note_on(route.channel, note.pitch, note.velocity)))
        events.append((note.end, 0, note_off(route.channel, note.pitch)))
    events.sort(key=lambda one: one[:2])
    return _Line(part.name, route, events)


def _caught_up(line: _Line, tick: float) -> Iterator[tuple[float, int, AuditionMessage]]:
    """The program and controllers as they are at `tick`, and what is held there for longer than a blip."""
    known: dict[bytes, tuple[int, bytes]] = {}
    for at, rank, data in line.events:
        if at >= tick + SHORTEST_TICKS:
            break
        if at >= tick and rank:
            continue
        # By what a program, a controller or a key is told from others.
        key = data[:1] if len(data) == 2 else bytes((0 if rank != 1 else 1, data[1]))
        if rank == 0:
            known.pop(key, None)
        else:
            known[key] = rank, data
    return ((0.0, rank, AuditionMessage(0.0, line.route.port, data, line.part)) for rank, data in known.values())


def _tick(event: tuple[int, int, bytes]) -> int:
    return event[0]
