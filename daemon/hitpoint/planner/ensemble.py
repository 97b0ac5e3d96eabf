"""Everyone who plays anywhere on the timeline, or in a state: what ports, channels and tracks are made for."""

from hitpoint.planner.outline import Outline, outline_of
from hitpoint.score.direction import Direction, parse
from hitpoint.score.ensemble import named_by, parts_for
from hitpoint.score.session import Session
from hitpoint.score.state import States
from hitpoint.score.stem import INSTRUMENTS, Part

_PLACE = {instrument.name: place for place, instrument in enumerate(INSTRUMENTS)}


def ensemble_of(session: Session) -> tuple[Part, ...]:
    """The parts of all cues and states, each once, in score order; quick when asked again."""
    return _REMEMBERED.ensemble(outline_of(session), session.states)


def programs_of(session: Session) -> tuple[tuple[str, int], ...]:
    """Instruments that are asked for as others, with the General MIDI program of the first; quick when asked again."""
    return _REMEMBERED.programs(outline_of(session), session.states)


class _Remembered:
    """The last answers: control asks dozens of times a second, and the outline is the same one as long as it holds."""

    def __init__(self) -> None:
        self._outline: Outline | None = None
        self._states = States()
        self._parts: tuple[Part, ...] = ()
        self._programs: tuple[tuple[str, int], ...] = ()

    def ensemble(self, outline: Outline, states: States) -> tuple[Part, ...]:
        self._look_at(outline, states)
        return self._parts

    def programs(self, outline: Outline, states: States) -> tuple[tuple[str, int], ...]:
        self._look_at(outline, states)
        return self._programs

    def _look_at(self, outline: Outline, states: States) -> None:
        if outline is self._outline and (states is self._states or states == self._states):
            return
        self._outline, self._states = outline, states
        directions = _directions(outline, states)
        self._parts, self._programs = _ensemble(directions), _programs(directions)


_REMEMBERED = _Remembered()


def _directions(outline: Outline, states: States) -> list[Direction]:
    # Those of every state too, called or not: a part must not change its channel while the music runs.
    called = [words for _, words in states.known]
    called += [state.direction for state in states.everywhere()]
    return [*(passage.direction for passage in outline.passages), *map(parse, called)]


def _ensemble(directions: list[Direction]) -> tuple[Part, ...]:
    # A thousand markers name few ensembles: look at each only once.
    different = {named_by(direction): direction for direction in directions}
    parts = {part.name: part for direction in different.values() for part in parts_for(direction)}
    return tuple(sorted(parts.values(), key=lambda part: (_PLACE[part.instrument.name], part.desk)))


def _programs(directions: list[Direction]) -> tuple[tuple[str, int], ...]:
    programs: dict[str, int] = {}
    for direction in directions:
        for name, program in direction.programs:
            programs.setdefault(name, program)
    return tuple(programs.items())
