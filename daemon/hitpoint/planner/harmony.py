"""The chords that a cue is asked to go through: phrases with cadences, decided bar by bar from the seed alone.

Units of four bars: a beginning, a way out, back and on to a chord that leads to the dominant, a cadence. The first of
each pair of units ends open, on the dominant, the second closes on the tonic; the last bar of a cue is the tonic
whatever was before. A unit that comes back has the chords that it had, but for how it ends and what the mood asks.
Tonic, dominants and what leads to them are as often there as in the corpus (training/LOG.md), or nobody hears the key.
Every chord lies inside what `scale_for` allows, so chromatic ones come with tension and not before; but for the
dominant of a minor key, which has its leading tone.

How many chords are bright or dark, rough or open, follows valence and tension by count and not by chance: each place of
a unit has an even share (`even_share`), and changes over when the mood passes it. So a step of a mood turns some places
of a phrase, always the same ones first, and none of them back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from hitpoint.planner.keys import scale_for
from hitpoint.planner.seed import even_share, seed_of
from hitpoint.score.chord import QUALITIES, Chord
from hitpoint.score.controls import CALM, Key

CHORD_FIELD = "harmony_1"
"""The field of a model's vocabulary without which it reads no chords."""
UNIT_BARS = 4
OPEN_FROM = 0.6
"""Tension from which a unit that should close does not. Our choice, as all numbers here."""

DOMINANTS = ((7, "seventh"), (7, "major"), (7, "minor"), (11, "diminished"), (10, "major"), (5, "minor"), (5, "major"))
"""What leads to the tonic, best first: semitones above it. Modes that have no dominant take what they have."""
TRUE_DOMINANTS = 2
"""The first of DOMINANTS: a rough and a plain one on the fifth."""
PREDOMINANTS = {5: 1.0, 2: 1.0, 1: 1.0}
"""Roots that lead to a dominant, and how likely they are; likewise below."""
WAYS_OUT = {9: 3.0, 8: 2.0, 3: 3.0, 4: 0.5, 10: 2.0, 5: 2.0, 2: 1.5, 0: 1.5, 7: 1.0, 11: 1.0, 1: 0.5, 6: 0.5}
"""Roots of a unit's second bar. The mood decides whether they bear a major or a minor chord, so those of a mood as far
to the key's own side as can be are few, and home is one of them."""
SUBSTITUTES = {9: 1.0, 8: 1.0, 3: 0.7, 5: 0.7}
"""Roots that may stand for the tonic, under tension or where the mood is not the key's."""
AWAY_FROM_HOME = {True: {8: 1.0, 3: 1.0}, False: {2: 1.0, 9: 1.0}}
"""Roots that come before the dominant where a bar ends open and the mood is not the key's: in minor keys, in others."""
AVOIDED_CLOSE = {9: 1.0, 8: 1.0, 7: 0.5}
"""Roots on which a unit ends that should close and does not."""
FREED = 1.2
"""How many half bars have no chord of their own, for all the tension above CALM: close to all at its most."""
ROUGHEST = 0.8
"""How many chords are rough (sevenths, diminished) at the most tension, where some are to be had."""
LEAVING = 0.3
"""How likely the tonic at a beginning gives way to another chord at the most tension."""
BEND = 2.5
"""How the bright chords' share of a major key grows with the valence, and the dark ones' of a minor key with its
opposite: by this power, so that there is room for steps on the key's own side."""
CONTRARY, HALF_CADENCE = 0.8, 0.9
"""How many of the tonics give way in a mood as far from the key's own as can be, and of the dominants of a minor key to
the relative key's; and how many open cadences have another chord before the dominant in a mood as far as can be to
either side. Such a mood counts by its square: words, which seldom ask for the most, leave the key to be heard."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bar stands in its cue."""

    bar: int
    """Bars since the cue's first."""
    left: int | None
    """Bars to the one in which it ends; None when no end is known."""
    said: int | None = None
    """The bar whose chords come back here, counted likewise; None where they are new."""

    @property
    def first(self) -> int:
        """The bar that had its chords first: itself where they are new."""
        return self.bar if self.said is None else self.said


def chords_for(
    place: Place, key: Key, tension: float | None, valence: float | None, seed: int
) -> tuple[Chord | None, Chord | None]:  # fmt: skip
    """The chords of the bar's two halves; None where tension leaves one open.

    tension: 0 to 1, more of it for fewer tonics and rougher chords. valence: −1 to 1, for more minor or major ones.
    """
    return _Choice(place, key, CALM if tension is None else tension, valence or 0.0, seed).chords()


def tonic_chord(key: Key) -> Chord:
    """The triad on the tonic."""
    quality = "diminished" if key.mode == "locrian" else "minor" if key.minor else "major"
    return Chord(key.tonic, quality)


def leading_tone(key: Key) -> frozenset[int]:
    """What a minor key borrows for its dominant: the semitone below the tonic. Nothing in other modes."""
    return frozenset({(key.tonic - 1) % 12}) if key.mode == "minor" else frozenset()


def borrowed(key: Key, chords: Iterable[Chord | None]) -> frozenset[int]:
    """What a bar's chords have and the key has not: its leading tone."""
    return leading_tone(key) & frozenset(tone for chord in chords if chord for tone in chord.pitch_classes)


def chord_of(pitch_classes: frozenset[int]) -> Chord | None:
    """The chord with exactly these tones; None when there is none."""
    found = (Chord(root, quality) for root in sorted(pitch_classes) for quality in QUALITIES)
    return next((chord for chord in found if chord.pitch_classes == pitch_classes), None)


class _Slot(IntEnum):
    """Places of a unit that have even shares of their own; its first and last bar are one."""

    WAY_OUT = 0
    PREDOMINANT = 1
    BACK = 2
    ENDS = 3


class _Choice:
    """One bar's chords being chosen."""

    def __init__(self, place: Place, key: Key, tension: float, valence: float, seed: int) -> None:
        self._place, self._key, self._tension, self._valence = place, key, tension, valence
        self._seed = seed
        scale = scale_for(key, tension)
        every = [Chord(root, quality) for root in range(12) for quality in QUALITIES]
        self._fitting = [chord for chord in every if chord.pitch_classes <= scale]
        raised = scale | leading_tone(key)
        self._leading = [chord for chord in every if chord.pitch_classes <= raised]
        own = -valence if key.minor else valence
        self._contrary = CONTRARY * max(0.0, -own) ** 2
        self._bright = 1 - ((1 - valence) / 2) ** BEND if key.minor else ((1 + valence) / 2) ** BEND

    def chords(self) -> tuple[Chord | None, Chord | None]:
        """What is asked of the halves; None under tension, where what sounds is left to it."""
        first, second = self._planned()
        if self._place.bar == 0 or self._place.left in (0, 1):
            return first, second
        share, half = FREED * (self._tension - CALM), 2 * self._place.first
        return (
            None if self._even("free", half) < share else first,
            None if self._even("free", half + 1) < share else second,
        )

    def _planned(self) -> tuple[Chord, Chord]:
        tonic = tonic_chord(self._key)
        if self._place.left == 0:
            return tonic, tonic
        if self._place.left == 1:
            return self._predominant(), self._true_dominant()
        unit, inside = divmod(self._place.bar, UNIT_BARS)
        if inside == UNIT_BARS - 1:
            return self._cadence(closed=unit % 2 == 1)
        if inside == UNIT_BARS - 2:
            return self._beginning(_Slot.BACK), self._predominant()
        if inside == 1:
            way_out = self._way_out()
            return way_out, way_out
        begun = self._beginning(_Slot.ENDS)
        return (tonic if self._place.first == 0 else begun), begun

    def _cadence(self, closed: bool) -> tuple[Chord, Chord]:
        if not closed:
            return self._before_open_end() or self._dominant(), self._dominant()
        if self._tension >= OPEN_FROM:
            return self._dominant(), self._drawn(AVOIDED_CLOSE, _Slot.ENDS) or self._dominant()
        return self._dominant(), tonic_chord(self._key)

    def _before_open_end(self) -> Chord | None:
        """What the mood puts before the dominant at an open end; None for the dominant itself."""
        own = -self._valence if self._key.minor else self._valence
        if self._to_own(_Slot.ENDS) < HALF_CADENCE * own:
            return tonic_chord(self._key)
        if self._to_other(_Slot.ENDS) < -HALF_CADENCE * own:
            return self._drawn(AWAY_FROM_HOME[self._key.minor], _Slot.ENDS)
        return None

    def _beginning(self, slot: _Slot) -> Chord:
        tense = self._place.first > 0 and self._share("beginning") < LEAVING * self._tension
        if tense or self._to_other(slot) < self._contrary:
            return self._drawn(SUBSTITUTES, slot) or tonic_chord(self._key)
        return tonic_chord(self._key)

    def _way_out(self) -> Chord:
        return self._drawn(WAYS_OUT, _Slot.WAY_OUT) or tonic_chord(self._key)

    def _predominant(self) -> Chord:
        if self._key.minor and self._to_other(_Slot.PREDOMINANT) < self._contrary:
            brighter = self._drawn({8: 1.0}, _Slot.PREDOMINANT)
            if brighter is not None:
                return brighter
        return self._drawn(PREDOMINANTS, _Slot.PREDOMINANT) or self._way_out()

    def _dominant(self) -> Chord:
        relative = Chord((self._key.tonic + 10) % 12, "major")
        if self._key.minor and relative in self._fitting and self._to_other(_Slot.ENDS) < self._contrary:
            return relative
        return self._true_dominant()

    def _true_dominant(self) -> Chord:
        wanted = [Chord((self._key.tonic + step) % 12, quality) for step, quality in DOMINANTS]
        true = [chord for chord in wanted[:TRUE_DOMINANTS] if chord in self._leading]
        others = (chord for chord in wanted[TRUE_DOMINANTS:] if chord in self._fitting)
        if true:
            return true[0 if self._rough(_Slot.ENDS) else -1]
        return next(others, tonic_chord(self._key))

    def _drawn(self, roots: dict[int, float], slot: _Slot) -> Chord | None:
        """One of the fitting chords on these roots, above the tonic, as the mood has it; None when none fits."""
        groups: dict[str, list[tuple[Chord, float]]] = {}
        for chord in self._fitting:
            step = (chord.root - self._key.tonic) % 12
            if step in roots:
                groups.setdefault(chord.quality, []).append((chord, roots[step]))
        bright = self._at("mood", slot) < self._bright
        plain = ("major", "minor") if bright else ("minor", "major")
        rough = ("seventh", "diminished") if bright else ("diminished", "seventh")
        for quality in (*rough, *plain) if self._rough(slot) else (*plain, *rough):
            if quality in groups:
                return self._weighed(groups[quality])
        return None

    def _weighed(self, weighed: list[tuple[Chord, float]]) -> Chord:
        at = self._share("chord") * sum(weight for _, weight in weighed)
        for chord, weight in weighed[:-1]:
            at -= weight
            if at <= 0:
                return chord
        return weighed[-1][0]

    def _rough(self, slot: _Slot) -> bool:
        return self._at("rough", slot) < ROUGHEST * self._tension

    def _to_own(self, slot: _Slot) -> float:
        """A share that is the smaller, the sooner the place turns to the key's own mood."""
        mood = self._at("mood", slot)
        return 1 - mood if self._key.minor else mood

    def _to_other(self, slot: _Slot) -> float:
        return 1 - self._to_own(slot)

    def _at(self, what: str, slot: _Slot) -> float:
        pair, second = divmod(self._place.first // UNIT_BARS, 2)
        return self._even(what, 2 * len(_Slot) * pair + 2 * slot + second)

    def _even(self, what: str, number: int) -> float:
        return even_share(number, self._seed, "harmony", what)

    def _share(self, what: str) -> float:
        """A number from 0 to 1 that this bar has for `what`, and had where its chords were first."""
        return seed_of(self._seed, "harmony", what, self._place.first) / 2**64
