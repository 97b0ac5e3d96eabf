"""When a player of keys or strings that ring has the sustain pedal down: renewed with the harmony and the bar, and up
wherever the part rests.

A pedal that is down for a while is kept as a note whose pitch is PEDAL: so it is queued, cut and ended as notes are.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from hitpoint.score.expression import ControllerMove
from hitpoint.score.midi_message import PEDAL, SUSTAIN_PEDAL
from hitpoint.score.midi_score import playable
from hitpoint.score.note import Note
from hitpoint.score.stem import Instrument
from hitpoint.timeline.units import TICKS_PER_QUARTER

PEDALLED = frozenset({"piano", "harp"})
"""Instruments by name whose sounds know the pedal; a harp's strings ring on, which is the same."""
LAG_TICKS = TICKS_PER_QUARTER // 16
"""The pedal goes down this long after the notes that it is to hold, so that those before it are not held too. Our
choice: 31 ms at 120 a minute."""
SHORTEST_TICKS = TICKS_PER_QUARTER // 8
"""A pedal for less is left out. Our choice."""
REST_BEATS = 1.0
"""The pedal is up where nothing is held for this long or longer; over less it joins detached notes."""
_DOWN = 127


def pedals_in(
    instrument: Instrument, notes: Iterable[Note], start: int, end: int, beat_ticks: int, changes: Iterable[int] = ()
) -> tuple[Note, ...]:
    """The pedal over the ticks [start, end) of a bar, for the notes that begin there; empty for other instruments.

    It is renewed on a beat where the bass goes down to another pitch class, or a note would blur with one that is held
    (a semitone away, in any octave), and at the ticks `changes`; where notes blur between beats it is up until the next
    beat with notes.
    """
    if instrument.name not in PEDALLED:
        return ()
    inside = sorted(note for note in notes if start <= note.tick < end)
    spans = _spans(inside, start, end, round(REST_BEATS * beat_ticks), beat_ticks, frozenset(changes))
    return tuple(
        Note(first + LAG_TICKS, PEDAL, up - first - LAG_TICKS, _DOWN)
        for first, up in spans
        if up - first - LAG_TICKS >= SHORTEST_TICKS
    )


def _spans(
    notes: Sequence[Note], start: int, end: int, rest: int, beat: int, changes: frozenset[int]
) -> Iterator[tuple[int, int]]:
    """Onset from which a harmony is held, and where it is let go."""
    first: int | None = None
    held: set[int] = set()
    bass = sounds_until = 0
    for tick, group in groupby(notes, key=lambda note: note.tick):
        struck = list(group)
        pitches = [note.pitch for note in struck]
        on_beat = (tick - start) % beat == 0
        if first is not None and tick - sounds_until >= rest:
            yield first, sounds_until
            first = None
        new = {pitch % 12 for pitch in pitches}
        lower = min(pitches) < bass and min(pitches) % 12 != bass % 12
        blurs = _blurs(held | new)
        if first is not None and (tick in changes or blurs or (on_beat and lower)):
            yield first, tick
            first = None
        if first is None and (on_beat or not blurs) and not _blurs(new):
            first, held, bass = tick, set(), min(pitches)
        held, bass = held | new, min(bass, *pitches)
        sounds_until = max(sounds_until, *(note.end for note in struck))
    if first is not None:
        yield first, min(end, sounds_until)


def _blurs(pitch_classes: set[int]) -> bool:
    return any((pitch_class + 1) % 12 in pitch_classes for pitch_class in pitch_classes)


def pedal_moves(pedals: Iterable[Note]) -> list[ControllerMove]:
    """The same as a file's track has it, in order: each down has its up, and where two meet the up goes first."""
    moves = []
    for pedal in playable(pedals):
        moves += [ControllerMove(pedal.tick, SUSTAIN_PEDAL, _DOWN), ControllerMove(pedal.end, SUSTAIN_PEDAL, 0)]
    return sorted(moves)
