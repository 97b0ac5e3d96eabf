"""What a part may not do in a bar beside what its plan says: notes that stay, a rhythm that stays, keys that are taken.

The tables of `grammar` get more rows, so that one run still draws a whole note.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.breath import Breathing
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.stem import Part
from hitpoint.tokens import grid
from hitpoint.tokens.bar_grid import BarGrid
from hitpoint.tokens.grammar import FORBIDDEN, MOST_NOTES, PITCHES, SINGLE, PartGrammar
from hitpoint.tokens.playability import highest_chord_note, playable
from hitpoint.tokens.rows import UNSAID
from hitpoint.tokens.vocabulary import END, HEAD_SIZES

Codes = tuple[int, ...]
"""A note, or END, in the order of DRAWN."""
Allowed = NDArray[np.bool_]
"""Keys that may be struck at each position, shape (192, 128)."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A note that comes whatever is drawn, or of which something stays."""

    position: int
    note: Note
    """As it stands in the source."""
    pitch_stays: bool
    length_stays: bool
    """Its duration, and with it its velocity."""
    tops: tuple[int, int] = (0, 127)
    """Lowest and highest key, where it is the top of its chord."""
    rises: int | None = None
    """1, 0 or −1: whether it lies above the top before it in the bar, on it, or below; None for anywhere."""
    top: bool = False
    """True when nothing at its position lies above it."""


@dataclass(frozen=True)
class Limits:
    """What holds for one part in one bar."""

    demands: tuple[Demand, ...] = ()
    """In order of position, then pitch."""
    only: bool = False
    """True when nothing is written but what is demanded."""
    allowed: Allowed | None = None
    """None for every key that the plan allows."""
    velocities: bool = True
    """False where the source has no dynamics: then none are said to the model."""
    most_new: NDArray[np.int64] | None = None
    """For each position the notes that have begun by then at most, demanded ones not counted, shape (192,); None for as
    many as are drawn."""


class LimitedGrammar(PartGrammar):
    """What one part may play in one bar, within limits. For bars without landings."""

    def __init__(
        self,
        plan: BarPlan,
        part: Part,
        positions: BarGrid,
        held: Iterable[Note] = (),
        must_play: bool = False,
        limits: Limits = Limits(),
        breathing: Breathing | None = None,
    ) -> None:
        """breathing: only where nothing is demanded: it knows nothing of notes that stay."""
        self._limits, self._waiting = limits, list(limits.demands)
        self._last_top: int | None = None
        self.met: list[Demand | None] = []
        """For each note so far the demand that it answers."""
        super().__init__(plan, part, positions, held, must_play and not limits.demands, breathing)
        self._most = most_notes(limits)
        self._row_at = np.full(END, SINGLE, np.int64)
        self._lay_rows()
        self._refresh()
        self._demand()

    def settled(self, drawn: Codes) -> Codes:
        """What stands for what was drawn: where that lies beyond a note that stays, that note comes first."""
        waiting = self._waiting[0] if self._waiting else None
        if waiting is not None and (self._limits.only or self._lies_beyond(drawn, waiting)):
            self._waiting.pop(0)
            self.met.append(waiting)
            _, pitch, duration, velocity = drawn
            if waiting.pitch_stays:
                pitch = waiting.note.pitch
            if waiting.length_stays or waiting.pitch_stays:
                duration = grid.duration_class(waiting.note.duration)
                velocity = grid.velocity_class(waiting.note.velocity)
            if waiting.top:
                self._last_top = pitch
            drawn = waiting.position, pitch, duration, velocity
        elif drawn[0] != END:
            self.met.append(None)
            drawn = super().settled(drawn)
        return drawn if self._limits.velocities or drawn[0] == END else (*drawn[:3], UNSAID)

    def take(self, drawn: tuple[int, int]) -> None:
        """A note was drawn: its position and pitch."""
        super().take(drawn)
        self._demand()

    def _refresh(self) -> None:
        super()._refresh()
        if self._limits.most_new is not None:
            first = self.masks.first
            first[:END][self._limits.most_new <= self.met.count(None)] = FORBIDDEN
            # What was not to be left empty is, where nothing may begin any more.
            if (first < 0).all():
                first[END] = 0

    def _lies_beyond(self, drawn: Codes, waiting: Demand) -> bool:
        position, pitch = drawn[:2]
        if position != waiting.position:
            return position > waiting.position
        if pitch >= waiting.note.pitch:
            return True
        # Struck below a note that stays: only where one player can reach both.
        chord = [*(self._chord if position == self._previous else ()), pitch, *self._fixed_at(position)]
        return len(chord) > self._room[position] or not playable(self._part.instrument, chord)

    def _fixed_at(self, position: int) -> list[int]:
        return [demand.note.pitch for demand in self._waiting if demand.position == position and demand.pitch_stays]

    def _lay_rows(self) -> None:
        """A row for each set of keys that is allowed somewhere, and a last one for the note that is demanded next."""
        allowed = self._limits.allowed
        rows, at = np.ones((1, len(PITCHES)), bool), np.zeros(END, np.int64)
        if allowed is not None:
            # Where the plan leaves none of the allowed keys, nothing begins.
            rows, at = np.unique(allowed, axis=0, return_inverse=True)
        base = self.masks.rest[0][SINGLE]
        patterns = np.where(rows, base, FORBIDDEN)
        fitting = np.asarray((patterns > FORBIDDEN / 2).any(1))
        self._open = self._open & fitting[at.reshape(END)]
        first = len(self.masks.rest[0])
        pitch, duration, velocity = self.masks.rest
        more = len(patterns) + 1
        self.masks.rest = (
            np.concatenate([pitch, patterns, pitch[SINGLE:][:1]]),
            np.concatenate([duration, np.repeat(duration[SINGLE:][:1], more, 0)]),
            np.concatenate([velocity, np.repeat(velocity[SINGLE:][:1], more, 0)]),
        )
        self._row_at = first + at.reshape(END)
        self.masks.row_of_first[:END] = self._row_at
        self._plain = (SINGLE, *range(first, first + len(patterns)))
        self._demanded = first + len(patterns)

    def _demand(self) -> None:
        """Where only what is demanded is written: its position alone, and the keys it may have."""
        if not self._limits.only:
            return
        masks = self.masks
        masks.first[:] = FORBIDDEN
        while self._waiting:
            waiting = self._waiting[0]
            keys = self._keys(waiting)
            if keys.any():
                masks.first[waiting.position] = 0
                masks.row_of_first[waiting.position] = self._demanded
                masks.rest[0][self._demanded] = np.where(keys, self._biases_at(waiting.position), FORBIDDEN)
                return
            # Nothing is left above the note before it: it is given up.
            self._waiting.pop(0)
        masks.first[END] = 0

    def _biases_at(self, position: int) -> NDArray[np.float32]:
        biases = self.masks.rest[0][self._row_at[position]]
        return np.where(biases > FORBIDDEN / 2, biases, np.float32(0))

    def _keys(self, waiting: Demand) -> NDArray[np.bool_]:
        """Keys that the next demanded note may have, shape (128,)."""
        chord = self._chord if waiting.position == self._previous else []
        above = (chord[-1] if chord else -1) < PITCHES
        if waiting.pitch_stays:
            return (waiting.note.pitch == PITCHES) & above
        rest = [demand for demand in self._waiting[1:] if demand.position == waiting.position]
        fixed = next(((place, demand.note.pitch) for place, demand in enumerate(rest) if demand.pitch_stays), None)
        if fixed is not None:
            above = above & (fixed[1] - fixed[0] > PITCHES)
        top = next((demand for demand in (waiting, *rest) if demand.top and not demand.pitch_stays), None)
        mine = above & self._top_keys(waiting) if top is waiting else above
        if top is not None and top is not waiting:
            tops = np.flatnonzero(self._top_keys(top))
            mine = mine & ((tops.max() if len(tops) else 0) - len(rest) + 1 > PITCHES)
        open_keys = self.masks.rest[0][self._row_at[waiting.position]] > FORBIDDEN / 2
        reach = [pitch for pitch in np.flatnonzero(mine & open_keys) if self._reaches(chord, int(pitch), rest, top)]
        for keys in (np.isin(PITCHES, reach), mine & open_keys, above & open_keys):
            if keys.any():
                return np.asarray(keys)
        return np.zeros(len(PITCHES), bool)

    def _top_keys(self, demand: Demand) -> NDArray[np.bool_]:
        keys = (demand.tops[0] <= PITCHES) & (demand.tops[1] >= PITCHES)
        if demand.rises is None or self._last_top is None:
            return keys
        sign = np.sign(PITCHES - self._last_top)
        return np.asarray(keys & (sign == demand.rises))

    def _reaches(self, chord: list[int], pitch: int, rest: list[Demand], top: Demand | None) -> bool:
        """Whether one player strikes it with the chord so far and what is to come above it."""
        instrument = self._part.instrument
        if highest_chord_note(instrument, chord) < pitch:
            return False
        chord = [*chord, pitch]
        fixed = [demand.note.pitch for demand in rest if demand.pitch_stays]
        if fixed and not playable(instrument, [*chord, *fixed]):
            return False
        least = pitch + len(rest)
        if top is not None and top in rest:
            tops = [key for key in np.flatnonzero(self._top_keys(top)) if key >= least]
            return any(playable(instrument, [*chord, int(key)]) for key in tops)
        return not rest or highest_chord_note(instrument, chord) >= min(least, HEAD_SIZES[1] - 1)


def most_notes(limits: Limits) -> int:
    """Notes of one part in one bar at most: those that stay, however many, and others up to the usual number."""
    return max(MOST_NOTES, len(limits.demands))
