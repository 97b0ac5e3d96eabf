"""Which port and channel each part plays on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import cycle

from hitpoint.engine.port_names import port_name
from hitpoint.planner.ensemble import ensemble_of, programs_of
from hitpoint.scheduler.performance import Route, Routing
from hitpoint.score.session import Session
from hitpoint.score.stem import DRUM_CHANNEL, INSTRUMENTS, Part
from hitpoint.score.stinger import Stinger, stinger_parts

PITCHED_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)


def routing_for(
    session: Session, client_name: str, offsets_ms: Mapping[str, float], stingers: Iterable[Stinger] = ()
) -> Routing:
    """A port a stem, and in it a channel a part in score order (drums on General MIDI's own).

    offsets_ms: by part or stem, positive is later; a part's own wins over its stem's. The parts of all stingers have
    the port's highest channels, from 16 down, so that a cue with more players never moves them.
    """
    return _routing(
        ensemble_of(session), parts_of_stingers(tuple(stingers)), client_name, tuple(offsets_ms.items()),
        programs_of(session),
    )  # fmt: skip


@lru_cache(maxsize=8)  # asked at each of control's steps, and hardly ever another one
def _routing(
    parts: tuple[Part, ...], of_stingers: tuple[Part, ...], client_name: str, offsets: tuple[tuple[str, float], ...],
    asked: tuple[tuple[str, int], ...],
) -> Routing:  # fmt: skip
    offsets_ms, programs = dict(offsets), dict(asked)
    channels: dict[str, Iterator[int]] = defaultdict(file_channels)
    highest: dict[str, Iterator[int]] = defaultdict(lambda: cycle(reversed(PITCHED_CHANNELS)))

    def route(part: Part, free: Mapping[str, Iterator[int]], program: int) -> Route:
        return Route(
            part=part.name,
            port=port_name(client_name, part.stem),
            channel=DRUM_CHANNEL if part.instrument.drums else next(free[part.stem]),
            program=program,
            offset_ms=offsets_ms.get(part.name, offsets_ms.get(part.stem, 0.0)),
        )

    return Routing(
        (
            *(route(part, channels, programs.get(part.instrument.name, part.instrument.program)) for part in parts),
            *(route(part, highest, part.instrument.program) for part in of_stingers),
        )
    )


@lru_cache(maxsize=8)
def parts_of_stingers(stingers: tuple[Stinger, ...]) -> tuple[Part, ...]:
    """Everyone who plays in any of them, each once, in score order."""
    parts = {part.name: part for stinger in stingers for part in stinger_parts(stinger)}
    return tuple(sorted(parts.values(), key=lambda part: (INSTRUMENTS.index(part.instrument), part.desk)))


def silent_parts(session: Session, stingers: Iterable[Stinger] = ()) -> frozenset[str]:
    """Names of the parts that are muted, or silenced by another's solo."""
    parts = (*ensemble_of(session), *parts_of_stingers(tuple(stingers)))
    return frozenset(part.name for part in parts if not session.sounds(part))


def file_channels() -> Iterator[int]:
    """Channels for the pitched parts of a port or a file: 0 to 15 but the drums', then round again (a 16th shares)."""
    return cycle(PITCHED_CHANNELS)
