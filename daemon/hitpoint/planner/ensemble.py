"""Everyone who plays anywhere on the timeline, or in a state: what ports, channels and tracks are made for."""

from hitpoint.planner.outline import outline_of
from hitpoint.score.direction import parse
from hitpoint.score.ensemble import parts_for
from hitpoint.score.session import Session
from hitpoint.score.stem import INSTRUMENTS, Part

_PLACE = {instrument.name: place for place, instrument in enumerate(INSTRUMENTS)}


def ensemble_of(session: Session) -> tuple[Part, ...]:
    """The parts of all cues and states, each once, in score order."""
    # A thousand markers name few ensembles: look at each only once.
    directions = {passage.direction.instruments: passage.direction for passage in outline_of(session).passages}
    # Those of every state too, called or not: a part must not change its channel while the music runs.
    called = [words for _, words in session.states.known]
    called += [state.direction for state in session.states.everywhere()]
    directions |= {direction.instruments: direction for direction in map(parse, called)}
    parts = {part.name: part for direction in directions.values() for part in parts_for(direction)}
    return tuple(sorted(parts.values(), key=lambda part: (_PLACE[part.instrument.name], part.desk)))
