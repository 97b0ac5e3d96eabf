"""Where each part is heard: its port, channel and program, and by how much it is put off."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hitpoint.scheduler.performance import Route
from hitpoint.score.midi_message import program_change, silence
from hitpoint.score.stem import DRUM_CHANNEL, Instrument, instrument_for_program

Voice = tuple[int, int]
"""Port, by its number, and channel."""
Unsent = tuple[int, bytes, str]
"""Port, message, and the part it belongs to."""


class VoicePart(NamedTuple):
    """A part on its voice."""

    voice: Voice
    part: str
    offset: float
    """Seconds by which it is sent after its written time."""


class Voices:
    """The routes in force.

    ports: names of the open ports, in the order in which they are numbered. offsets: seconds by port, added to those
    of its parts.
    """

    def __init__(self, ports: Sequence[str], offsets: Mapping[str, float]) -> None:
        self._ports = {name: index for index, name in enumerate(ports)}
        self._offsets = dict(offsets)
        self._routes: dict[str, Route] = {}
        self._used: set[Voice] = set()

    @property
    def ports(self) -> tuple[str, ...]:
        """Names of the open ports, in the order in which they are numbered."""
        return tuple(self._ports)

    def change(self, routes: Iterable[Route]) -> tuple[frozenset[str], tuple[str, ...]]:
        """Use these routes. Answers the parts whose sound is now another one, and the ports that are not open."""
        routes = tuple(routes)
        earlier, self._routes = self._routes, {route.part: route for route in routes if route.port in self._ports}
        self._used.update((self._ports[route.port], route.channel) for route in self._routes.values())
        changed = {
            part
            for part in earlier.keys() | self._routes.keys()
            if _sound(earlier.get(part)) != _sound(self._routes.get(part))
        }
        return frozenset(changed), tuple(sorted({route.port for route in routes} - self._ports.keys()))

    def voice(self, part: str) -> Voice | None:
        """Where a part is heard; None when nowhere."""
        route = self._routes.get(part)
        return None if route is None else (self._ports[route.port], route.channel)

    def instrument(self, part: str) -> Instrument | None:
        """What a part's program reads as; None for drums, and where no program is known."""
        route = self._routes.get(part)
        if route is None or route.program is None or route.channel == DRUM_CHANNEL:
            return None
        return instrument_for_program(route.program)

    def offset(self, part: str) -> float:
        """Seconds by which a part is sent after its written time; negative is before."""
        route = self._routes.get(part)
        return 0.0 if route is None else route.offset_ms / 1000.0 + self._offsets.get(route.port, 0.0)

    def pitched(self) -> list[VoicePart]:
        """Every part that is heard, but drums: their keys are other instruments, not other strengths of one."""
        return [
            VoicePart((self._ports[route.port], route.channel), part, self.offset(part))
            for part, route in self._routes.items()
            if route.channel != DRUM_CHANNEL
        ]

    @property
    def latest_offset(self) -> float:
        """Seconds after its written time at which the last part is sent; 0 when none is late."""
        return max((0.0, *map(self.offset, self._routes)))

    def programs(self, parts: frozenset[str] | None = None) -> list[Unsent]:
        """Program changes for some parts; None for all."""
        return [
            (self._ports[route.port], program_change(route.channel, route.program), part)
            for part, route in self._routes.items()
            if route.program is not None and (parts is None or part in parts)
        ]

    def silence(self) -> list[Unsent]:
        """What silences every channel that was ever in use."""
        return [(port, data, "") for port, channel in sorted(self._used) for data in silence(channel)]


def _sound(route: Route | None) -> tuple[str, int, int | None] | None:
    return None if route is None else (route.port, route.channel, route.program)
