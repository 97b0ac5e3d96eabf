"""The key that a passage is in, stated or chosen, and the chords and scales that come of it."""

from hitpoint.planner.seed import seed_of
from hitpoint.score.controls import Key
from hitpoint.score.direction import Direction
from hitpoint.score.request import LandingKind

CHROMATIC_FROM = 0.7
"""Tension above which notes beside the tonic and the fifth are allowed too. Our choice."""
OPEN_FIFTH_FROM = 0.4
DIMINISHED_FROM = 0.75
"""Tension from which a HIT strikes an open fifth, and from which a diminished triad. Our choice."""


def key_for(direction: Direction, earlier: Key | None, seed: int) -> Key:
    """The key that is stated; else `earlier`'s, with the stated mode if there is one; else one chosen.

    Chosen from the seed and the mood alone, so that all cues of a session share a tonic and every run agrees.
    """
    if direction.key is not None:
        return direction.key
    if earlier is not None:
        return Key(earlier.tonic, direction.mode) if direction.mode else earlier
    tonic = seed_of(seed, "tonic") % 12
    return Key(tonic, direction.mode or ("minor" if _dark(direction) else "major"))


def _dark(direction: Direction) -> bool:
    if direction.valence is not None:
        return direction.valence < 0
    return direction.tension is not None and direction.tension > OPEN_FIFTH_FROM


def scale_for(key: Key, tension: float | None) -> frozenset[int]:
    """Pitch classes allowed: the key's, and under tension the semitones around the tonic and below the fifth."""
    if tension is None or tension <= CHROMATIC_FROM:
        return key.scale
    return key.scale | {(key.tonic + step) % 12 for step in (-1, 1, 6)}


def chord_for(kind: LandingKind, key: Key, tension: float | None) -> frozenset[int]:
    """Pitch classes that may strike at a landing: the tonic triad, or for a HIT what the tension makes of it."""
    if kind is not LandingKind.HIT or tension is None or tension < OPEN_FIFTH_FROM:
        return key.tonic_triad
    steps = (0, 3, 6) if tension >= DIMINISHED_FROM else (0, 7)
    return frozenset((key.tonic + step) % 12 for step in steps)
