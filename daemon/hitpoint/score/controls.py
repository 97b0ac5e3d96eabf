"""What may be asked of a bar: key and scale, and the four numbers that mood becomes."""

from dataclasses import dataclass, replace
from typing import Any

TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""Names of the pitch classes 0 to 11 as the parser writes them."""

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
}
"""Semitones above the tonic."""


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic and a mode."""

    tonic: int
    """Pitch class, 0 is C."""
    mode: str
    """One of SCALES."""

    @property
    def scale(self) -> frozenset[int]:
        """The pitch classes of the scale."""
        return frozenset((self.tonic + step) % 12 for step in SCALES[self.mode])

    @property
    def minor(self) -> bool:
        """True when the third above the tonic is minor."""
        return 3 in SCALES[self.mode]

    @property
    def tonic_triad(self) -> frozenset[int]:
        """Root, third and fifth on the tonic."""
        third, fifth = (3 if self.minor else 4), (6 if self.mode == "locrian" else 7)
        return frozenset((self.tonic + step) % 12 for step in (0, third, fifth))

    def __str__(self) -> str:
        return f"{TONICS[self.tonic]} {self.mode}"


@dataclass(frozen=True, slots=True)
class Controls:
    """What one bar is asked to be. None leaves it to the model."""

    key: Key | None = None
    intensity: float | None = None
    """0 (hardly there) to 1 (all there is)."""
    density: float | None = None
    """0 (held notes) to 1 (as busy as the instruments allow)."""
    valence: float | None = None
    """−1 (sad, dark) to 1 (glad, bright)."""
    arousal: float | None = None
    """−1 (still) to 1 (agitated)."""
    tension: float | None = None
    """0 (at rest) to 1 (unbearable)."""

    def moved(self, name: str, value: float | None) -> "Controls":
        """The same with the control called `name` at `value`. Raises KeyError for a name not in CONTROL_RANGES."""
        if name not in CONTROL_RANGES:
            raise KeyError(name)
        changed: dict[str, Any] = {name: value}
        return replace(self, **changed)


CALM = 0.3
"""The tension that harmony has where none is stated. Our choice."""
CONTROL_RANGES: dict[str, tuple[float, float]] = {
    "intensity": (0.0, 1.0),
    "density": (0.0, 1.0),
    "valence": (-1.0, 1.0),
    "arousal": (-1.0, 1.0),
    "tension": (0.0, 1.0),
}
"""The controls a person can hold by hand, each with its least and greatest value."""
