"""Parts of a take changed by hand, as it were: moved by octaves, softer or louder, silent for some bars, spliced.

No model is asked. What lies outside the spans that are named stays as it was, note for note and move for move.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from hitpoint.score.expression import ControllerMove
from hitpoint.score.midi_message import SUSTAIN_PEDAL
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.score.stem import Instrument
from hitpoint.timeline.meter import MeterMap

BALANCE = 0.75
"""What is left of velocities and controllers of a part that is to be softer; a louder one gains as much. Our choice."""
_OCTAVE = 12
_LOUDEST = 127

Span = tuple[int, int]
"""First tick, and the tick after the last."""


def spans_of(bars: Iterable[int], meter_map: MeterMap) -> tuple[Span, ...]:
    """The ticks of the bars of these indices, neighbours joined."""
    ordered = sorted(set(bars))
    # Bars in a row have one difference of index and place.
    runs = (list(group) for _, group in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]))
    return tuple((meter_map.bar(run[0][1]).start, meter_map.bar(run[-1][1]).end) for run in runs)


def inside(tick: int, spans: Sequence[Span]) -> bool:
    """True when one of them holds that tick."""
    return any(start <= tick < end for start, end in spans)


def mean_pitch(part: MidiPart, spans: Sequence[Span]) -> float | None:
    """Of what begins in the spans, as MIDI keys; None where nothing does."""
    pitches = [note.pitch for note in part.notes if inside(note.tick, spans)]
    return sum(pitches) / len(pitches) if pitches else None


def moved_by_octaves(part: MidiPart, instrument: Instrument, octaves: int, spans: Sequence[Span]) -> MidiPart:
    """So many octaves up; where an instrument ends, a note goes as far as it can."""

    def moved(note: Note) -> Note:
        pitch = note.pitch + _OCTAVE * octaves
        step = -_OCTAVE if octaves > 0 else _OCTAVE
        while not instrument.low <= pitch <= instrument.high and pitch != note.pitch:
            pitch += step
        return replace(note, pitch=pitch)

    return part if instrument.drums else _changed_notes(part, moved, spans)


def balanced(part: MidiPart, louder: bool, spans: Sequence[Span]) -> MidiPart:
    """Softer, or louder, against the others: velocities, and the controllers that follow the dynamics."""
    factor = 1 / BALANCE if louder else BALANCE

    def scaled(value: int) -> int:
        return max(1, min(_LOUDEST, round(value * factor)))

    moves = tuple(
        move._replace(value=scaled(move.value))
        if inside(move.tick, spans) and move.controller != SUSTAIN_PEDAL
        else move
        for move in _restated(part.moves, spans)
    )
    changed = _changed_notes(part, lambda note: replace(note, velocity=scaled(note.velocity)), spans)
    return replace(changed, moves=moves)


def silenced(part: MidiPart, spans: Sequence[Span]) -> MidiPart:
    """Without what begins in the spans; what sounds into one ends where that begins."""
    kept = []
    for note in part.notes:
        if not inside(note.tick, spans):
            end = min([note.end, *(start for start, _ in spans if start > note.tick)])
            kept.append(replace(note, duration=end - note.tick))
    return replace(part, notes=tuple(kept))


def spliced(old: MidiPart, new: MidiPart, spans: Sequence[Span]) -> MidiPart:
    """`old` outside the spans, `new` within them: notes by their onsets, controllers and switches by their ticks.

    Where a span ends, each controller is said again as it was.
    """
    notes = [note for note in old.notes if not inside(note.tick, spans)]
    notes += [note for note in new.notes if inside(note.tick, spans)]
    before = [move for move in _restated(old.moves, spans) if not inside(move.tick, spans)]
    within = [move for move in _restated(new.moves, spans) if inside(move.tick, spans)]
    switches = [one for one in old.switches if not inside(one.tick, spans)]
    switches += [one for one in new.switches if inside(one.tick, spans)]
    return replace(
        old,
        notes=tuple(sorted(notes)),
        moves=tuple(sorted((*before, *within), key=lambda move: move.tick)),
        switches=tuple(sorted(switches, key=lambda one: one.tick)),
    )


def _changed_notes(part: MidiPart, change: Callable[[Note], Note], spans: Sequence[Span]) -> MidiPart:
    notes = (change(note) if inside(note.tick, spans) else note for note in part.notes)
    return replace(part, notes=tuple(sorted(notes)))


def _restated(moves: Sequence[ControllerMove], spans: Sequence[Span]) -> tuple[ControllerMove, ...]:
    """With each controller's value said at every edge of a span, where it does not move there anyway."""
    if not moves:
        return ()
    stated = {(move.tick, move.controller) for move in moves}
    last = max(move.tick for move in moves)
    added = []
    for edge in {edge for span in spans for edge in span}:
        known: dict[int, int] = {}
        for move in moves:
            if move.tick < edge:
                known[move.controller] = move.value
        if edge <= last:
            added += [
                ControllerMove(edge, controller, value)
                for controller, value in known.items()
                if (edge, controller) not in stated
            ]
    return tuple(sorted((*moves, *added), key=lambda move: move.tick))
