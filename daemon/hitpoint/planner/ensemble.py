"""Everyone who plays anywhere on the timeline, or in a state: what ports, channels and tracks are made for."""

from hitpoint.planner.outline import Outline, outline_of
from hitpoint.score.direction import parse
from hitpoint.score.ensemble import named_by, parts_for
from hitpoint.score.session import Session
from hitpoint.score.state import States
from hitpoint.score.stem import INSTRUMENTS, Part

_PLACE = {instrument.name: place for place, instrument in enumerate(INSTRUMENTS)}


def ensemble_of(session: Session) -> tuple[Part, ...]:
    """The parts of all cues and states, each once, in score order; quick when asked again."""
    return _REMEMBERED.ensemble(outline_of(session), session.states)


class _Remembered:
    """The last answer: control asks dozens of times a second, and the outline is the same one as long as it holds."""

    def __init__(self) -> None:
        self._outline: Outline | None = None
        self._states = States()
        self._parts: tuple[Part, ...] = ()

    def ensemble(self, outline: Outline, states: States) -> tuple[Part, ...]:
        if outline is not self._outline or (states is not self._states and states != self._states):
            self._outline, self._states, self._parts = outline, states, _ensemble(outline, states)
        return self._parts


_REMEMBERED = _Remembered()


def _ensemble(outline: Outline, states: States) -> tuple[Part, ...]:
    # A thousand markers name few ensembles: look at each only once.
    directions = {named_by(passage.direction): passage.direction for passage in outline.passages}
    # Those of every state too, called or not: a part must not change its channel while the music runs.
    called = [words for _, words in states.known]
    called += [state.direction for state in states.everywhere()]
    directions |= {named_by(direction): direction for direction in map(parse, called)}
    parts = {part.name: part for direction in directions.values() for part in parts_for(direction)}
    return tuple(sorted(parts.values(), key=lambda part: (_PLACE[part.instrument.name], part.desk)))
