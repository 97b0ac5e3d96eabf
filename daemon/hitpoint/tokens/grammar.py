"""Which notes may come next. Any sequence that it allows is valid music for its part in its bar.

What depends on the position just drawn (a chord, a landing, or neither) is a row of tables that the model looks up by
itself; so one run draws a whole note, and nothing needs to be drawn twice.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.breath import Breathing
from hitpoint.score.ground import lowest_keys
from hitpoint.score.note import Note
from hitpoint.score.player_limits import FEET_KEYS, MOST_IN_HANDS
from hitpoint.score.register import highest_key
from hitpoint.score.request import BarPlan, Landing, LandingKind
from hitpoint.score.stem import Part
from hitpoint.score.stops import bowed, fretted
from hitpoint.tokens import grid
from hitpoint.tokens.bar_grid import BarGrid
from hitpoint.tokens.leaning import chord_nats, ending_nats, home_nats, key_nats
from hitpoint.tokens.playability import highest_chord_note, out_of_fingers
from hitpoint.tokens.vocabulary import END, HEAD_SIZES

FORBIDDEN = np.float32(-1e9)
"""The bias of what may not be drawn; what may has 0."""
CHORD, SINGLE, FIRST_LANDING = 0, 1, 2
"""Rows of the tables: a note above the last one at its position; any other note; the first strike of each landing."""
MOST_NOTES = 48
"""Notes of one part in one bar; then the part is over."""
SHORTEST_LAST_NOTE = 96
"""Positions that a note of an END landing lasts at least, so that it rings: a whole note."""
STRUCK_DRUMS = frozenset({35, 36, 38, 49, 52, 55, 57})
"""Kicks, snare and crashes: what drums strike at a landing. Source: General MIDI 1, percussion key map."""
REPETITION_NATS, MOST_REPETITIONS = 0.45, 4
"""How much less likely a key gets with each time that it comes again. A model of this size falls into repeating; with
this a quarter of the notes are the note before again, as in the corpus. Our choice, by measurement: training/LOG.md."""
PITCHES = np.arange(HEAD_SIZES[1])
IN_FEET = np.isin(PITCHES, sorted(FEET_KEYS))

Biases = NDArray[np.float32]


@dataclass
class NoteMasks:
    """Biases for one step, in the form that the model takes. Filled anew in place from step to step."""

    first: Biases
    """For positions and END, shape (193,)."""
    row_of_first: NDArray[np.int64]
    """The row of the tables that holds at each position, shape (193,)."""
    rest: tuple[Biases, Biases, Biases]
    """For pitch, duration and velocity, each (rows, values)."""


class PartGrammar:
    """What one part may play in one bar, note by note."""

    def __init__(
        self,
        plan: BarPlan,
        part: Part,
        positions: BarGrid,
        held: Iterable[Note] = (),
        must_play: bool = False,
        breathing: Breathing | None = None,
    ) -> None:
        """held: notes of the part from earlier bars that may still sound. must_play: not to be left empty if it can.
        breathing: of a part that has to; it is told of each note that `settled` lets stand."""
        self._part, self._must_play, held = part, must_play, tuple(held)
        self._breathing, self._ticks = breathing, positions.ticks
        struck = {p: plan.landings[i] for i, p in positions.landings.items() if part.name in plan.landings[i].parts}
        self._pending = sorted(struck)
        self._room = _room(part, positions, held, struck)
        self._open = _open_positions(plan, part, positions, struck) & (self._room > 0)
        for first, last in () if breathing is None else breathing.shut:
            self._open[bisect_left(self._ticks, first) : bisect_right(self._ticks, last)] = False
        self._open[list(struck)] = True
        self._previous: int | None = None
        self._chord: list[int] = []
        self._count, self._most = 0, MOST_NOTES
        self._leanings: dict[int, Biases] = {}
        self._repeated: tuple[int | None, int] = (None, 0)
        spans = _chord_spans(plan, positions)
        lowest = {place: lowest_keys(plan, part, landing) for place, landing in struck.items()}
        last_chords = sorted(place for place, keys in lowest.items() if keys is not None)
        rows = FIRST_LANDING + len(struck) + len(spans) + len(last_chords)
        self.masks = NoteMasks(
            first=np.zeros(HEAD_SIZES[0], np.float32),
            row_of_first=np.full(HEAD_SIZES[0], SINGLE, np.int64),
            rest=tuple(np.zeros((rows, size), np.float32) for size in HEAD_SIZES[1:]),  # type: ignore[arg-type]
        )
        self._fill_free_row(SINGLE, plan, frozenset(), 0.0)
        for row, (position, landing) in enumerate(sorted(struck.items()), FIRST_LANDING):
            self.masks.row_of_first[position] = row
            shortest = SHORTEST_LAST_NOTE if landing.kind is LandingKind.END else 0
            self._fill_row(row, _struck_pitches(part, landing, plan.scale), landing.velocity, shortest)
            if landing.kind is LandingKind.END and not part.instrument.drums:
                self.masks.rest[0][row] += ending_nats(plan.controls)
        for row, (first, last, chord, nats) in enumerate(spans, FIRST_LANDING + len(struck)):
            self.masks.row_of_first[[place for place in range(first, last) if place not in struck]] = row
            self._fill_free_row(row, plan, chord, nats)
        self._lay_ground(last_chords, lowest, rows - len(last_chords))
        self._plain = tuple(self._leanings)
        if held and bowed(part.instrument):
            self._lay_held(held, struck)
        self._refresh()

    def settled(self, drawn: tuple[int, ...]) -> tuple[int, ...]:
        """The note, or END, that stands for what was drawn: itself, or as much of it as there is air for."""
        if self._breathing is None or drawn[0] == END:
            return drawn
        position, pitch, duration, velocity = drawn
        tick = self._ticks[position]
        end = self._breathing.take(tick, tick + grid.duration_ticks(duration))
        longest = bisect_right(grid.DURATIONS, (end - tick) // grid.POSITION_TICKS) - 1
        return position, pitch, max(0, min(duration, longest)), velocity

    @property
    def may_end(self) -> bool:
        """Whether the part may be over: it has struck every landing that it has to."""
        return bool(self.masks.first[END] == 0)

    def allows(self, position: int, pitch: int) -> bool:
        """Whether a note of that key may begin there next."""
        row = self.masks.row_of_first[position]
        return bool(self.masks.first[position] == 0 and self.masks.rest[0][row][pitch] > FORBIDDEN / 2)

    def take(self, drawn: tuple[int, int]) -> None:
        """A note was drawn: its position and pitch."""
        position, pitch = drawn
        rows = self.masks.row_of_first
        if position != self._previous:
            if self._previous is not None:
                rows[self._previous] = SINGLE  # never looked at again: positions only rise
            if self._part.instrument.polyphony > 1:
                above = self._above.get(position, rows[position])
                for table in self.masks.rest:
                    table[CHORD] = table[above]
            rows[position] = CHORD
            self._previous, self._chord = position, []
        self._discourage(pitch)
        self._chord.append(pitch)
        if self._pending:
            self._pending = [waiting for waiting in self._pending if waiting != position]
        self._count += 1
        if self._part.instrument.polyphony > 1:  # who plays one note at a time has no use for the row of chords
            self._narrow_chord()
        self._refresh()

    @contextmanager
    def without(self, pitches: Collection[int]) -> Iterator[None]:
        """Masks that leave out some keys, wherever the next note may be; after it they are as before.

        Where they are all that the ground of a last chord may stand on, it stands on another of the chord.
        """
        table = self.masks.rest[0]
        keys = sorted(pitches)
        before = table.copy()
        table[:, keys] = FORBIDDEN
        for place, above in self._above.items():
            row = self.masks.row_of_first[place]
            if not (table[row] > FORBIDDEN / 2).any():
                table[row] = table[above]
        try:
            yield
        finally:
            table[:] = before

    def _discourage(self, pitch: int) -> None:
        """Make a key that was struck several times running less likely to come again, but leave it allowed."""
        last, times = self._repeated
        again = pitch == last and not self._part.instrument.drums
        anywhere = self._leanings[SINGLE]
        for row in self._plain:
            pitches, leaning = self.masks.rest[0][row], self._leanings.get(row, anywhere)
            if pitch != last and last is not None and pitches[last] > FORBIDDEN / 2:
                pitches[last] = leaning[last]
            elif again and pitches[pitch] > FORBIDDEN / 2:
                nats = REPETITION_NATS * min(times + 1, MOST_REPETITIONS)
                pitches[pitch] = leaning[pitch] - nats
        self._repeated = pitch, times + 1 if again else 0

    def _fill_row(self, row: int, pitches: NDArray[np.bool_], velocity: tuple[int, int], shortest: int) -> None:
        pitch, duration, loudness = self.masks.rest
        pitch[row] = _bias(pitches)
        duration[row] = _bias(np.array(grid.DURATIONS) >= shortest)
        classes = np.arange(HEAD_SIZES[3])
        lowest, highest = (grid.velocity_class(min(127, max(1, bound))) for bound in velocity)
        loudness[row] = _bias((classes >= lowest) & (classes <= max(lowest, highest)))

    def _fill_free_row(self, row: int, plan: BarPlan, chord: frozenset[int], nats: float) -> None:
        """For notes outside landings. nats: how much less likely keys outside the chord are."""
        self._fill_row(row, free_pitches(self._part, plan), plan.velocity, 0)
        pitches = self.masks.rest[0][row]
        if not self._part.instrument.drums:
            pitches += key_nats(plan.controls)
            if plan.register is not None:
                pitches += home_nats(self._part, plan.register, plan.role(self._part.name) == "melody")
            if chord:
                pitches[_outside(chord)] -= nats
        self._leanings[row] = pitches.copy()

    def _lay_ground(self, places: Iterable[int], lowest: Mapping[int, Collection[int] | None], first: int) -> None:
        """Rows from the `first` on for what comes above the lowest note of a cue's last chord, which alone is bound."""
        self._above: dict[int, int] = {}
        for above, place in enumerate(places, first):
            row = self.masks.row_of_first[place]
            bound = np.isin(PITCHES, sorted(lowest[place] or ()))
            if not (bound & (self.masks.rest[0][row] > FORBIDDEN / 2)).any():
                continue
            self._above[place] = above
            for table in self.masks.rest:
                table[above] = table[row]
            self.masks.rest[0][row][~bound] = FORBIDDEN

    def _lay_held(self, held: Collection[Note], struck: Collection[int]) -> None:
        """Rows for where notes of earlier bars sound on that fingers have to hold too. At landings they have ended."""
        places: dict[tuple[int, frozenset[int]], list[int]] = {}
        for position, tick in enumerate(self._ticks):
            sounding = frozenset(note.pitch for note in held if note.tick < tick < note.end)
            if sounding and position not in struck:
                places.setdefault((int(self.masks.row_of_first[position]), sounding), []).append(position)
        if not places:
            return
        copied = [row for row, _ in places]
        following = len(self.masks.rest[0])
        self.masks.rest = tuple(np.concatenate([table, table[copied]]) for table in self.masks.rest)  # type: ignore[assignment]
        for row, ((_, sounding), positions) in enumerate(places.items(), following):
            pitches = self.masks.rest[0][row]
            pitches[out_of_fingers(self._part.instrument, sounding)] = FORBIDDEN
            self._leanings[row] = pitches.copy()
            self.masks.row_of_first[positions] = row
            self._open[positions] &= bool((pitches > FORBIDDEN / 2).any())
        self._plain = tuple(self._leanings)

    def _narrow_chord(self) -> None:
        instrument, pitches = self._part.instrument, self.masks.rest[0][CHORD]
        highest = highest_chord_note(instrument, self._chord)
        pitches[: self._chord[-1] + 1] = pitches[highest + 1 :] = FORBIDDEN
        if instrument.drums and len(set(self._chord) - FEET_KEYS) >= MOST_IN_HANDS:
            pitches[~IN_FEET] = FORBIDDEN
        if bowed(instrument) or fretted(instrument):
            pitches[out_of_fingers(instrument, frozenset(self._chord))] = FORBIDDEN

    def _refresh(self) -> None:
        """Positions that may come next, and whether the part may end."""
        first = self.masks.first
        # Forbidden first, then what is open is let through: no array is made, for this is asked at every note.
        first[:] = FORBIDDEN
        if self._count < self._most:
            following = 0 if self._previous is None else self._previous + 1
            np.copyto(first[following:END], 0, where=self._open[following:])
            if self._previous is not None and self._may_thicken():
                first[self._previous] = 0
            if self._breathing is not None:
                self._leave_breath(first)
        end = True
        if self._pending:
            waiting = self._pending[0]
            first[waiting + 1 :] = FORBIDDEN
            first[waiting] = 0
            end = False
        elif self._must_play and self._count == 0 and (first[:END] == 0).any():
            end = False
        first[END] = 0 if end else FORBIDDEN

    def _leave_breath(self, biases: Biases) -> None:
        """Close the positions for which there is no air; not that of the last note."""
        assert self._breathing is not None
        first = 0 if self._previous is None else self._previous + 1
        first = max(first, bisect_right(self._ticks, self._breathing.latest))
        biases[first : max(first, bisect_left(self._ticks, self._breathing.fresh_from))] = FORBIDDEN

    def _may_thicken(self) -> bool:
        previous = self._previous
        assert previous is not None
        room = min(int(self._room[previous]), self._part.instrument.polyphony)
        return len(self._chord) < room and bool(self.masks.rest[0][CHORD].max() > FORBIDDEN / 2)


def _chord_spans(plan: BarPlan, positions: BarGrid) -> list[tuple[int, int, frozenset[int], float]]:
    """Where a planned chord holds, on the first beat of its half bar and after it: the first position, the one that
    comes after the last, the chord's tones, and how much less likely others are."""
    end = len(positions.ticks)
    middle = min(end - 1, grid.second_half(end, plan.bar.meter.denominator))
    on_beat, between = chord_nats(plan.controls.tension)
    found = []
    for first, last, chord in zip((0, middle), (middle, end), plan.harmony, strict=True):
        if chord is not None:
            found += [(first, first + 1, chord.pitch_classes, on_beat)]
            found += [(first + 1, last, chord.pitch_classes, between)]
    return found


def _open_positions(plan: BarPlan, part: Part, positions: BarGrid, struck: dict[int, Landing]) -> NDArray[np.bool_]:
    """Where a note may begin at all, shape (192,)."""
    ticks = np.array(positions.ticks)
    first_tick, last_tick = plan.span(part.name)
    allowed = (ticks >= first_tick) & (ticks <= last_tick)
    for first, last in plan.quiet:
        allowed &= (ticks < first) | (ticks > last)
    for position in positions.landings.values():
        allowed[position] = position in struck
    padded = np.zeros(END, bool)
    padded[: len(allowed)] = allowed
    return padded


def _room(part: Part, positions: BarGrid, held: Iterable[Note], struck: dict[int, Landing]) -> NDArray[np.int64]:
    """Notes that may begin together at each position beside those still held, shape (192,)."""
    room = np.full(END, part.instrument.polyphony, np.int64)
    ticks = np.array(positions.ticks)
    for note in held:
        room[: len(ticks)] -= (note.tick < ticks) & (note.end > ticks)
    # A landing is struck whatever was held: what sounds there was planned to end.
    room[list(struck)] = part.instrument.polyphony
    return room


def _pitches(part: Part, scale: frozenset[int] | None) -> NDArray[np.bool_]:
    """Keys that the part may strike, shape (128,)."""
    inside = (part.instrument.low <= PITCHES) & (part.instrument.high >= PITCHES)
    if not scale or part.instrument.drums:
        return inside
    fitting = inside & ~_outside(scale)
    return fitting if fitting.any() else inside


def free_pitches(part: Part, plan: BarPlan) -> NDArray[np.bool_]:
    """Keys that the part may strike outside landings: those of the scale that its register leaves open."""
    fitting = _pitches(part, plan.scale)
    open_ones = fitting & (highest_key(part.instrument, plan.register) >= PITCHES)
    return open_ones if open_ones.any() else fitting


def _struck_pitches(part: Part, landing: Landing, scale: frozenset[int] | None) -> NDArray[np.bool_]:
    if part.instrument.drums:
        return np.isin(PITCHES, sorted(STRUCK_DRUMS))
    return _pitches(part, landing.chord or scale)


@lru_cache(maxsize=1024)
def _outside(pitch_classes: frozenset[int]) -> NDArray[np.bool_]:
    """The keys of none of them, shape (128,). Not to be changed."""
    return ~np.isin(PITCHES % 12, sorted(pitch_classes))


def _bias(allowed: NDArray[np.bool_]) -> Biases:
    return np.where(allowed, np.float32(0), FORBIDDEN)
