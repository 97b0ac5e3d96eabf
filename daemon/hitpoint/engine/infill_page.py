"""A page with holes in it: the bars of a piece, what stands in them, and what has been written so far."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.stem import Instrument, Part
from hitpoint.score.stops import fingers_hold

SHORTEST_TICKS = 20
"""A note that would have to end sooner is left out: half a position of the model's grid."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One part in one bar, to be written. In the order in which they are."""

    stretch: int
    """Index of the bar among the page's plans."""
    line: int
    """Index of the part among the page's lines."""
    must_play: bool = False
    """Not to be left empty."""


@dataclass(frozen=True, slots=True)
class Line:
    """One part on the page."""

    part: Part
    standing: tuple[Note, ...]
    """What stays, in order; it is read, and never changed."""
    velocities: bool = True
    """False where the source has no dynamics."""
    loudness: tuple[int, int] = (1, 127)
    """Softest and loudest note of the part."""
    together: int | None = None
    """Notes that may sound at once; None for as many as the instrument plays."""
    closed: frozenset[int] = frozenset()
    """Keys that are not struck: in the file something strikes them that nothing ends, so that an end of ours would."""
    others: tuple[Note, ...] = ()
    """What stays of other tracks on its channel, in order: an end of ours would end theirs, and theirs ours."""
    beside: frozenset[int] = frozenset()
    """Indices of other lines on its channel: so it is with what is written of them."""
    fingers: bool = True
    """Whether a note gives way that fingers do not hold beside what stands; False where each onset is to stay."""


class Page:
    """Lines over bars."""

    def __init__(self, plans: Sequence[BarPlan], lines: Sequence[Line], apart: int = 1) -> None:
        """plans: bars of at most LONGEST_BAR_TICKS, one after another. apart: ticks from the end of a key to its strike
        where one is another track's: at the same tick of a file it is left open which comes first."""
        self._apart = apart
        self.plans, self.lines = tuple(plans), tuple(lines)
        self.written: list[list[Note]] = [[] for _ in lines]
        self._all = [list(line.standing) for line in lines]
        self._longest = [max((note.duration for note in line.standing), default=0) for line in lines]

    def notes_in(self, line: int, stretch: int) -> list[Note]:
        """What begins in a bar, in order."""
        bar, notes = self.plans[stretch].bar, self._all[line]
        return notes[_first_at(notes, bar.start) : _first_at(notes, bar.end)]

    def before(self, line: int, first: int, last: int) -> list[Note]:
        """All of a part, standing or written, that begins before tick `last` and sounds at `first` or later."""
        notes = self._all[line]
        return [note for note in notes[: _first_at(notes, last)] if note.end > first]

    def standing_around(self, line: int, stretch: int) -> list[Note]:
        """What stays of a part and sounds somewhere in a bar."""
        bar, notes = self.plans[stretch].bar, self.lines[line].standing
        first = _first_at(notes, bar.start - self._longest[line])
        return [note for note in notes[first : _first_at(notes, bar.end)] if note.end > bar.start]

    def sounding_around(self, line: int, stretch: int) -> list[Note]:
        """All of a part, standing or written, that sounds somewhere in a bar."""
        bar = self.plans[stretch].bar
        written = [note for note in self.written[line] if note.tick < bar.end and note.end > bar.start]
        return sorted([*self.standing_around(line, stretch), *written])

    def others_around(self, line: int, stretch: int) -> list[Note]:
        """What other tracks play on its channel in a bar, standing or written, with the ticks that lie between."""
        bar = self.plans[stretch].bar
        return self._others(line, bar.start, bar.end)

    def _others(self, line: int, first: int, last: int) -> list[Note]:
        own, apart = self.lines[line], self._apart
        written = (note for other in own.beside for note in self.written[other])
        return [
            Note(note.tick - apart, note.pitch, note.duration + 2 * apart, note.velocity)
            for note in (*own.others, *written)
            if note.tick - apart < last and note.end + apart > first
        ]

    def add(self, line: int, notes: Iterable[Note]) -> None:
        """What was written of a part. Notes end where what stands, or what comes later, has to begin."""
        own = self.lines[line]
        together = own.part.instrument.polyphony if own.together is None else own.together
        instrument = own.part.instrument if own.fingers else None
        notes = list(notes)
        if notes and (own.others or own.beside):
            notes = _clear_of(self._others(line, min(notes).tick, max(note.end for note in notes)), notes)
        self.written[line] = fitted([*self.written[line], *notes], own.standing, together, instrument)
        self._all[line] = list(own.standing)
        for note in self.written[line]:
            insort(self._all[line], note)


def _first_at(notes: Sequence[Note], tick: int) -> int:
    return bisect_left(notes, tick, key=lambda note: note.tick)


def _clear_of(others: Sequence[Note], new: Iterable[Note]) -> list[Note]:
    """The new notes, ended where another strikes their key, without those whose key another holds."""
    kept = []
    for note in new:
        same = [one for one in others if one.pitch == note.pitch and one.tick < note.end and one.end > note.tick]
        end = min((one.tick for one in same), default=note.end)
        if end - note.tick >= min(SHORTEST_TICKS, note.duration):
            kept.append(replace(note, duration=end - note.tick))
    return kept


def fitted(
    new: Iterable[Note], standing: Sequence[Note], polyphony: int, instrument: Instrument | None = None
) -> list[Note]:
    """The new notes beside those that stand, which are not touched.

    No key is struck while it sounds, and where something begins, new notes from before end so that no more sound than
    `polyphony`, and none that fingers do not hold together on the `instrument`, where one is given. A new note that has
    no room for at least SHORTEST_TICKS, or that nobody holds beside what stands, is left out.
    """
    new = sorted(new)
    if not new:
        return []
    first, last = new[0].tick, max(note.end for note in new)
    near = [note for note in standing if note.tick < last and note.end > first]
    entries = sorted([(note, False) for note in near] + [(note, True) for note in new], key=lambda entry: entry[0].tick)
    kept: list[Note] = []
    ringing: list[int] = []
    """Places in `kept` of new notes that may still sound."""
    held: list[Note] = []
    for tick, group in groupby(entries, key=lambda entry: entry[0].tick):
        together = list(group)
        held = [note for note in held if note.end > tick] + [note for note, is_new in together if not is_new]
        taken = {note.pitch for note in held}
        # What people wrote for several players nobody holds, whatever we do.
        strings = instrument if instrument is not None and fingers_hold(instrument, taken) else None
        starting: list[Note] = []
        for note, is_new in together:
            if is_new and note.pitch not in taken and (strings is None or fingers_hold(strings, {*taken, note.pitch})):
                starting.append(note)
                taken.add(note.pitch)
        ringing = [place for place in ringing if kept[place].end > tick]
        struck = {note.pitch for note, is_new in together if not is_new} | {note.pitch for note in starting}
        too_many = len(held) + len(starting) + len(ringing) - polyphony
        for place in list(ringing):
            sounding = taken | {kept[other].pitch for other in ringing}
            slips = strings is not None and not fingers_hold(strings, sounding)
            if too_many > 0 or kept[place].pitch in struck or slips:
                kept[place] = replace(kept[place], duration=tick - kept[place].tick)
                ringing.remove(place)
                too_many -= 1
        ringing += range(len(kept), len(kept) + len(starting))
        kept += starting
    return [note for note in kept if note.duration >= min(SHORTEST_TICKS, _asked(note, new))]


def _asked(note: Note, new: Sequence[Note]) -> int:
    """How long a note was meant to be before it was cut."""
    place = bisect_left(new, (note.tick, note.pitch), key=lambda other: (other.tick, other.pitch))
    return new[place].duration
