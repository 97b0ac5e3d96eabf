"""The chords that a cue is asked to go through: phrases with cadences, decided bar by bar from the seed alone.

Units of four bars: a beginning, a way out, back and on to a chord that leads to the dominant, a cadence. The first of
each pair of units ends open, on the dominant, the second closes on the tonic; the last bar of a cue is the tonic
whatever was before. A unit that comes back has the chords that it had, but for how it ends and what the mood asks.
Tonic, dominants and what leads to them are as often there as in the corpus (training/LOG.md), or nobody hears the key.
Every chord lies inside what `scale_for` allows, so chromatic ones come with tension and not
before; but for the dominant of a minor key, which has its leading tone, and the subdominant that one mode lends the
other where the mood is not the key's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hitpoint.planner.keys import scale_for
from hitpoint.planner.seed import seed_of
from hitpoint.score.chord import QUALITIES, Chord
from hitpoint.score.controls import Key

CHORD_FIELD = "harmony_1"
"""The field of a model's vocabulary without which it reads no chords."""
UNIT_BARS = 4
OPEN_FROM = 0.6
"""Tension from which a unit that should close does not. Our choice, as all numbers here."""
CALM = 0.3
"""Tension where none is stated."""

DOMINANTS = ((7, "seventh"), (7, "major"), (7, "minor"), (11, "diminished"), (10, "major"), (5, "minor"), (5, "major"))
"""What leads to the tonic, best first: semitones above it. Modes that have no dominant take what they have."""
TRUE_DOMINANTS = 2
"""The first of DOMINANTS: major triads and sevenths on the fifth, one as likely as the mood likes it."""
PREDOMINANTS = (5, 2, 1)
"""Roots that lead to a dominant."""
WAYS_OUT = {9: 3.0, 8: 3.0, 3: 2.0, 4: 1.5, 10: 1.5, 5: 1.5, 1: 0.5, 6: 0.5, 11: 1.0}
"""Roots of a unit's second bar, and how likely they are."""
SUBSTITUTES = {9: 1.0, 8: 1.0, 3: 0.7}
"""Roots that may stand for the tonic at the beginning of a unit, under tension or where the mood is not the key's."""
SHADES = ("major", "minor", "seventh", "diminished")
"""Qualities from bright to dark and rough."""
FREED = 1.2
"""How likely a half bar has no chord of its own, for all the tension above CALM: close to certain at its most."""
CONTRARY = 0.8
"""How likely a mood as far from the key's mode as can be (glad in minor, sad in major) takes a chord that leans its
way, where there is one: a lent subdominant, the relative key's dominant, or another chord for the tonic."""


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


def lent_subdominant(key: Key) -> Chord | None:
    """The subdominant of the other mode: minor in major, major in minor. None in other modes."""
    quality = {"major": "minor", "minor": "major"}.get(key.mode)
    return None if quality is None else Chord((key.tonic + 5) % 12, quality)


def borrowed(key: Key, chords: Iterable[Chord | None]) -> frozenset[int]:
    """What a bar's chords have and the key has not: its leading tone, the third of a lent subdominant."""
    lent = lent_subdominant(key)
    may = leading_tone(key) | (frozenset() if lent is None else lent.pitch_classes - key.scale)
    return may & frozenset(tone for chord in chords if chord for tone in chord.pitch_classes)


def chord_of(pitch_classes: frozenset[int]) -> Chord | None:
    """The chord with exactly these tones; None when there is none."""
    found = (Chord(root, quality) for root in sorted(pitch_classes) for quality in QUALITIES)
    return next((chord for chord in found if chord.pitch_classes == pitch_classes), None)


class _Choice:
    """One bar's chords being chosen."""

    def __init__(self, place: Place, key: Key, tension: float, valence: float, seed: int) -> None:
        self._place, self._key, self._tension, self._valence = place, key, tension, valence
        self._seed = seed
        scale = scale_for(key, tension)
        every = [Chord(root, quality) for root in range(12) for quality in QUALITIES]
        self._fitting = [chord for chord in every if chord.pitch_classes <= scale]
        self._against = max(0.0, valence if key.minor else -valence)
        raised = scale | leading_tone(key)
        self._leading = [chord for chord in every if chord.pitch_classes <= raised]

    def chords(self) -> tuple[Chord | None, Chord | None]:
        """What is asked of the halves; None under tension, where what sounds is left to it."""
        first, second = self._planned()
        if self._place.bar == 0 or self._place.left in (0, 1):
            return first, second
        share = FREED * (self._tension - CALM)
        return (
            None if self._share("first free") < share else first,
            None if self._share("second free") < share else second,
        )

    def _planned(self) -> tuple[Chord, Chord]:
        tonic = tonic_chord(self._key)
        if self._place.left == 0:
            return tonic, tonic
        if self._place.left == 1:
            return self._predominant(), self._dominant()
        unit, inside = divmod(self._place.bar, UNIT_BARS)
        if inside == UNIT_BARS - 1:
            return self._cadence(closed=unit % 2 == 1)
        if inside == UNIT_BARS - 2:
            return self._beginning(), self._predominant()
        chosen = (self._beginning, self._way_out)[inside]()
        return chosen, chosen

    def _cadence(self, closed: bool) -> tuple[Chord, Chord]:
        if not closed:
            return self._dominant(), self._dominant()
        if self._tension >= OPEN_FROM:
            return self._dominant(), self._drawn({9: 1.0, 8: 1.0, 7: 0.5}) or self._dominant()
        return self._dominant(), tonic_chord(self._key)

    def _beginning(self) -> Chord:
        leaving = max(self._tension, CONTRARY * self._against)
        if self._place.first == 0 or self._share("beginning") >= leaving:
            return tonic_chord(self._key)
        return self._drawn(SUBSTITUTES) or tonic_chord(self._key)

    def _way_out(self) -> Chord:
        return self._drawn(WAYS_OUT) or tonic_chord(self._key)

    def _predominant(self) -> Chord:
        lent = lent_subdominant(self._key)
        if lent is not None and self._share("lent") < CONTRARY * self._against:
            return lent
        return self._drawn(dict.fromkeys(PREDOMINANTS, 1.0)) or self._way_out()

    def _dominant(self) -> Chord:
        tonic = self._key.tonic
        if self._key.minor and self._share("relative") < CONTRARY * self._against:
            relative = Chord((tonic + 10) % 12, "major")
            if relative in self._fitting:
                return relative
        wanted = [Chord((tonic + step) % 12, quality) for step, quality in DOMINANTS]
        true = [chord for chord in wanted[:TRUE_DOMINANTS] if chord in self._leading]
        others = (chord for chord in wanted[TRUE_DOMINANTS:] if chord in self._fitting)
        weighed = [(chord, self._liking(chord)) for chord in true]
        return self._weighed(weighed, "dominant") or next(others, tonic_chord(self._key))

    def _drawn(self, roots: dict[int, float]) -> Chord | None:
        """One of the fitting chords on these roots, above the tonic, weighed by mood; None when none fits."""
        weighed = [
            (chord, roots[step] * self._liking(chord))
            for chord in self._fitting
            if (step := (chord.root - self._key.tonic) % 12) in roots
        ]
        return self._weighed(weighed, "chord")

    def _weighed(self, weighed: list[tuple[Chord, float]], what: str) -> Chord | None:
        # From bright to dark: the bar's one share then finds no darker chord in a brighter mood, and no smoother one
        # under more tension.
        weighed = sorted(weighed, key=lambda one: SHADES.index(one[0].quality))
        at = self._share(what) * sum(weight for _, weight in weighed)
        for chord, weight in weighed:
            at -= weight
            if at <= 0:
                return chord
        return None

    def _liking(self, chord: Chord) -> float:
        if chord.quality == "major":
            return max(0.1, 1.0 + 0.8 * self._valence - 0.5 * self._tension)
        if chord.quality == "minor":
            return max(0.1, 1.0 - 0.8 * self._valence)
        return 0.15 + 1.5 * self._tension

    def _share(self, what: str) -> float:
        """A number from 0 to 1 that this bar has for `what`, and had where its chords were first."""
        return seed_of(self._seed, "harmony", what, self._place.first) / 2**64
