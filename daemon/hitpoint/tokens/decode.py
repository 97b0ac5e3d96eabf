"""What was drawn, as notes: on their ticks, ended where they must."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, Landing, LandingKind
from hitpoint.score.stem import Instrument, Part
from hitpoint.score.stops import bowed, fingers_hold
from hitpoint.score.stress import stressed
from hitpoint.score.touch import share_in, touched
from hitpoint.tokens import grid
from hitpoint.tokens.bar_grid import BarGrid


def notes_of(
    drawn: Iterable[Sequence[int]], plan: BarPlan, part: Part, positions: BarGrid, held: Sequence[Note] = ()
) -> tuple[Note, ...]:
    """The notes of one part in one bar.

    drawn: codes in the order of DRAWN, without END. held: notes of earlier bars that sound on. The notes end before
    the same key is struck again, before more sound than the instrument can play or fingers can hold, at the landings
    they give way to, and at `plan.cut_at`; and the more agitated the bar, the sooner before the next. Strong beats and
    who leads are struck a little louder.
    """
    loudness = {position: plan.landings[place].velocity for place, position in positions.landings.items()}
    notes = [
        Note(
            tick=positions.tick_at(position),
            pitch=pitch,
            duration=grid.duration_ticks(duration),
            velocity=_within(grid.velocity_of_class(velocity), loudness.get(position, plan.velocity)),
        )
        for position, pitch, duration, velocity in drawn
    ]
    limits = [landing.tick for landing in plan.landings if _gives_way(part, landing)]
    if plan.cut_at is not None:
        limits.append(plan.cut_at)
    notes = ended_for_later(notes, part.instrument.polyphony, held)
    if bowed(part.instrument):
        notes = _ended_for_fingers(notes, part.instrument)
    notes = touched(stressed(notes, plan, part), share_in(plan, part), plan.bar.end, grid.POSITION_TICKS)
    return tuple(_ended_at(note, limits) for note in notes)


def ended_for_later(notes: Sequence[Note], polyphony: int, held: Sequence[Note] = ()) -> list[Note]:
    """No key struck while it sounds, and never more than `polyphony` at once: earlier notes end for later ones.

    held: notes that sound too, and are not touched.
    """
    done: list[Note] = []
    sounding: list[int] = []
    still = Counter(note.tick for note in notes)
    for index, note in enumerate(notes):
        together = still[note.tick]
        still[note.tick] -= 1
        sounding = [old for old in sounding if done[old].end > note.tick]
        earlier = [old for old in sounding if done[old].tick < note.tick]
        room = polyphony - sum(1 for other in held if other.tick < note.tick < other.end)
        too_many = len(sounding) + together - room
        for rank, old in enumerate(earlier):
            if rank < too_many or done[old].pitch == note.pitch:
                done[old] = replace(done[old], duration=note.tick - done[old].tick)
                sounding.remove(old)
        sounding.append(index)
        done.append(note)
    return done


def _ended_for_fingers(notes: Sequence[Note], instrument: Instrument) -> list[Note]:
    """No more held than fingers can hold: earlier notes end for later ones."""
    done: list[Note] = []
    for tick, group in groupby(notes, key=lambda note: note.tick):
        struck = list(group)
        keys = [note.pitch for note in struck]
        for place, note in enumerate(done):
            if note.end > tick and not fingers_hold(instrument, (*keys, note.pitch)):
                done[place] = replace(note, duration=tick - note.tick)
        done += struck
    return done


def _gives_way(part: Part, landing: Landing) -> bool:
    """Whether what sounds in `part` ends at the landing. A HIT alone lets the parts that do not strike ring on."""
    return landing.kind is not LandingKind.HIT or part.name in landing.parts


def _ended_at(note: Note, limits: list[int]) -> Note:
    end = min([note.end, *(limit for limit in limits if limit > note.tick)])
    return note if end == note.end else replace(note, duration=end - note.tick)


def _within(value: int, bounds: tuple[int, int]) -> int:
    return min(127, max(1, min(bounds[1], max(bounds[0], value))))
