"""A take heard at the ports, in the DAW's own sounds, while the host stands: made ready by control, timed by play."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from hitpoint.engine.routes import routing_for
from hitpoint.errors import HostError
from hitpoint.page.messages import TakeContent
from hitpoint.scheduler.audition import BEGIN_SECONDS, Audition, AuditionMessage, AuditionStop
from hitpoint.scheduler.performance import Route, Routing, ToPlay
from hitpoint.score.midi_message import control_change, note_off, note_on, program_change
from hitpoint.score.midi_score import MidiPart, playable
from hitpoint.timeline.tempo_map import TempoMap

MOST_MESSAGES = 100_000
"""Of one take: half an hour of twelve busy parts, and what play is told in well under a second."""


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
        self.now = Auditioned()

    def begin(self, take: TakeContent, second: float, routing: Routing, rolling: bool, at: float) -> None:
        """Play a take from a second of it, at second `at` of the clock. routing: where the session's parts are heard.

        Raises HostError while the host rolls, and for more than can be played.
        """
        if rolling:
            raise HostError("the host rolls. Stop it to hear a take through the ports.")
        own = routing_for(take.session, self._client_name, self._offsets_ms)
        # Who plays in the session has its track in the DAW already.
        routes = {route.part: route for route in (*own.routes, *routing.routes)}
        messages = tuple(_messages(take, second, routes))
        if len(messages) > MOST_MESSAGES:
            raise HostError("this take is too long for the ports. Hear it in the browser.")
        self._number = next(self._numbers)
        self._tell(Audition(self._number, messages))
        self.now = Auditioned(take.id, second, at + BEGIN_SECONDS)

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
        """None is heard any more: play is another."""
        self.now = Auditioned()


def _messages(take: TakeContent, second: float, routes: Mapping[str, Route]) -> Iterator[AuditionMessage]:
    """All that is to be sent from that second of the take on, in order."""
    tempo_map = take.score.timeline.tempo_map
    found = [
        (max(0.0, at), rank, order, AuditionMessage(max(0.0, at), routes[part.name].port, data, part.name))
        for order, part in enumerate(take.score.parts)
        if part.name in routes
        for at, rank, data in _of_part(part, routes[part.name], tempo_map, second)
    ]
    # Of one moment: what ends, what is set, what begins.
    found.sort(key=lambda one: one[:3])
    return (message for *_, message in found)


def _of_part(part: MidiPart, route: Route, tempo_map: TempoMap, second: float) -> Iterator[tuple[float, int, bytes]]:
    channel, offset = route.channel, route.offset_ms / 1000.0 - second
    program = route.program if part.program is None else part.program
    if program is not None:
        yield 0.0, 1, program_change(channel, program)
    before: dict[int, int] = {}
    for move in part.moves:
        at = tempo_map.seconds_at(move.tick)
        if at < second:
            before[move.controller] = move.value
        else:
            yield at + offset, 1, control_change(channel, move.controller, move.value)
    for controller, value in before.items():
        yield 0.0, 1, control_change(channel, controller, value)
    for note in playable(part.notes):
        end = tempo_map.seconds_at(note.end)
        if end > second:
            begin = max(tempo_map.seconds_at(note.tick), second)
            yield begin + offset, 2, note_on(channel, note.pitch, note.velocity)
            yield end + offset, 0, note_off(channel, note.pitch)
