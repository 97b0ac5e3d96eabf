"""Everyone who plays anywhere on the timeline: what ports, channels and tracks are made for."""

from hitpoint.planner.outline import outline_of
from hitpoint.score.ensemble import parts_for
from hitpoint.score.session import Session
from hitpoint.score.stem import INSTRUMENTS, Part

_PLACE = {instrument.name: place for place, instrument in enumerate(INSTRUMENTS)}


def ensemble_of(session: Session) -> tuple[Part, ...]:
    """The parts of all cues, each once, in score order."""
    # A thousand markers name few ensembles: look at each only once.
    directions = {passage.direction.instruments: passage.direction for passage in outline_of(session).passages}
    parts = {part.name: part for direction in directions.values() for part in parts_for(direction)}
    return tuple(sorted(parts.values(), key=lambda part: (_PLACE[part.instrument.name], part.desk)))
