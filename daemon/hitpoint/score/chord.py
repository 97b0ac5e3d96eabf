"""Chords as harmony sees them: a root and what stands on it, in whatever octave and order."""

from dataclasses import dataclass

from hitpoint.score.controls import TONICS

QUALITIES: dict[str, tuple[int, ...]] = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "diminished": (0, 3, 6),
    "seventh": (0, 4, 7, 10),
}
"""Semitones above the root. Minor sevenths read as minor, half diminished ones as diminished. Our choice: these four
tell tonic, dominant and what leads to them apart; finer ones are too rare in the training music to be learned."""


@dataclass(frozen=True, slots=True)
class Chord:
    """A root and a quality."""

    root: int
    """Pitch class, 0 is C."""
    quality: str
    """One of QUALITIES."""

    @property
    def pitch_classes(self) -> frozenset[int]:
        """What sounds."""
        return frozenset((self.root + step) % 12 for step in QUALITIES[self.quality])

    def __str__(self) -> str:
        return f"{TONICS[self.root]} {self.quality}"
