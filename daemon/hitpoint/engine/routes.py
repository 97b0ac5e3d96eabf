"""Which port and channel each part plays on."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import count

from hitpoint.planner.ensemble import ensemble_of
from hitpoint.scheduler.performance import Route, Routing
from hitpoint.score.session import Session
from hitpoint.score.stem import DRUM_CHANNEL, INSTRUMENTS


def port_name(client_name: str, stem: str) -> str:
    """The name under which a DAW finds a stem's port: "Hitpoint strings"."""
    return f"{client_name} {stem}"


STEMS = tuple(dict.fromkeys(instrument.stem for instrument in INSTRUMENTS))
"""Every stem there is, in score order."""


def routing_for(session: Session, client_name: str, offsets_ms: Mapping[str, float]) -> Routing:
    """A port a stem, and in it a channel a part in score order (drums on General MIDI's own).

    offsets_ms: by part or stem, positive is later; a part's own wins over its stem's.
    """
    channels: dict[str, Iterator[int]] = defaultdict(file_channels)
    return Routing(
        tuple(
            Route(
                part=part.name,
                port=port_name(client_name, part.stem),
                channel=DRUM_CHANNEL if part.instrument.drums else next(channels[part.stem]),
                program=part.instrument.program,
                offset_ms=offsets_ms.get(part.name, offsets_ms.get(part.stem, 0.0)),
            )
            for part in ensemble_of(session)
        )
    )


def silent_parts(session: Session) -> frozenset[str]:
    """Names of the parts that are muted, or silenced by another's solo."""
    return frozenset(part.name for part in ensemble_of(session) if not session.sounds(part))


def file_channels() -> Iterator[int]:
    """Channels for the pitched parts of a port or a file: 0 to 15 but the drums', then round again (a 16th shares)."""
    return (channel for n in count() if (channel := n % 16) != DRUM_CHANNEL)
