"""What a person asks of the music in words, and the reader of those words.

No network and no language model: an exact grammar for numbers, keys and metres, and one editable table of words.
"""

from dataclasses import dataclass

from hitpoint.score.controls import Key
from hitpoint.timeline.meter import Meter


@dataclass(frozen=True, slots=True)
class Direction:
    """A prompt as understood. None where the text says nothing: a field that is not stated is never a default."""

    text: str = ""
    """As written."""
    tempo_bpm: float | None = None
    tempo_range: tuple[float, float] | None = None
    key: Key | None = None
    meter: Meter | None = None
    instruments: tuple[str, ...] = ()
    """General MIDI or section names, in the order written."""
    bars: int | None = None
    duration_seconds: float | None = None
    valence: float | None = None
    """−1 to 1."""
    arousal: float | None = None
    """−1 to 1."""
    tension: float | None = None
    """0 to 1."""
    arc: tuple[str, ...] = ()
    """"calm to furious" is ("calm", "furious"); empty when there is none."""
    flags: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Words not understood."""

    @property
    def says_something(self) -> bool:
        """True when any musical field is stated."""
        return any(
            value not in (None, ())
            for value in (
                self.tempo_bpm, self.tempo_range, self.key, self.meter, self.instruments, self.valence, self.arousal,
                self.tension, self.arc,
            )
        )  # fmt: skip
