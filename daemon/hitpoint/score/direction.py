"""What a person asks of the music in words. `hitpoint.score.direction_reader` fills it in; here is what it means.

No network and no language model: an exact grammar for numbers, keys and metres, and one editable table of words.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from hitpoint.score.controls import TONICS, Key
from hitpoint.score.sections import without
from hitpoint.timeline.meter import Meter


@dataclass(frozen=True, slots=True)
class Direction:
    """A prompt as understood. None where the text says nothing: a field that is not stated is never a default."""

    text: str = ""
    """As written."""
    tempo_bpm: float | None = None
    tempo_range: tuple[float, float] | None = None
    """Quarter notes a minute, from a range or a tempo word ("andante"); then tempo_bpm is None."""
    key: Key | None = None
    meter: Meter | None = None
    instruments: tuple[str, ...] = ()
    """General MIDI or section names, in the order written."""
    bars: int | None = None
    duration_seconds: float | None = None
    valence: float | None = None
    """−1 to 1. With an arc, what its first state is."""
    arousal: float | None = None
    """−1 to 1. With an arc, what its first state is."""
    tension: float | None = None
    """0 to 1. With an arc, what its first state is."""
    arc: tuple[str, ...] = ()
    """"calm to furious" is ("calm", "furious"); empty when there is none."""
    flags: tuple[str, ...] = ()
    """What a reader should know about the text, such as a tempo said twice."""
    unknown: tuple[str, ...] = ()
    """Words not understood."""
    mode: str | None = None
    """A mode that is said without a tonic ("dorian"); None beside a whole key."""
    without: tuple[str, ...] = ()
    """Instruments and sections that are ruled out ("no drums"); `instruments` has none of them."""
    leads: tuple[str, ...] = ()
    """Those of `instruments` that are to have the melody: "solo cello"."""
    programs: tuple[tuple[str, int], ...] = ()
    """General MIDI programs, counted from 0, that instruments sound with in place of their own: a celesta is written as
    bells, and sounds as a celesta."""
    arc_bars: int | None = None
    """Bars that the arc takes from its first state to its last; None where the text does not say."""
    arc_lengths: tuple[float, ...] = ()
    """How long each state of the arc holds before the next one takes over, in bars where `arc_bars` is said, else in
    seconds; empty where the music moves evenly from the first to the last."""
    in_passing: bool = False
    """All that is said is said in words that also name what is seen ("the door is open", "car chase"): a marker so
    named need not be about the music."""

    @property
    def says_something(self) -> bool:
        """True when any musical field is stated."""
        return any(
            value not in (None, ())
            for value in (
                self.tempo_bpm, self.tempo_range, self.key, self.mode, self.meter, self.instruments, self.valence,
                self.arousal, self.tension, self.arc, self.without,
            )
        )  # fmt: skip

    def after(self, earlier: "Direction") -> "Direction":
        """This one where `earlier` is in force: what it states holds, what it leaves unsaid stays as it was."""
        changes: dict[str, Any] = {}
        for together in _STATED_TOGETHER:
            if all(getattr(self, name) in (None, ()) for name in together):
                changes.update((name, getattr(earlier, name)) for name in together)
        if not self.instruments:
            # "no drums" takes them out of what plays.
            changes["instruments"] = without(earlier.instruments, self.without)
            changes["programs"] = earlier.programs
            changes["leads"] = without(earlier.leads, self.without)
            changes["without"] = tuple(dict.fromkeys([*earlier.without, *self.without]))
        return replace(self, **changes)

    def as_json(self) -> dict[str, object]:
        """The fields as `hitpoint parse --json` prints them: null where the text says nothing."""
        tonic = TONICS[self.key.tonic] if self.key else None
        mode = self.key.mode if self.key else self.mode
        return {
            "tempo_bpm": self.tempo_bpm,
            "tempo_range": list(self.tempo_range) if self.tempo_range else None,
            "key": {"tonic": tonic, "mode": mode} if mode else None,
            "meter": str(self.meter) if self.meter else None,
            "instruments": list(self.instruments) or None,
            "bars": self.bars,
            "duration_seconds": self.duration_seconds,
            "valence": self.valence,
            "arousal": self.arousal,
            "tension": self.tension,
            "arc": self._arc_as_json(),
            "flags": list(self.flags),
            "unknown": list(self.unknown),
        }

    def _arc_as_json(self) -> dict[str, object] | None:
        if not self.arc:
            return None
        moods = [self, *(parse(words) for words in self.arc[1:])]
        each = self.arc_lengths or (None,) * len(self.arc)
        in_bars = self.arc_bars is not None
        return {
            "start": self.arc[0],
            "end": self.arc[-1],
            "bars": self.arc_bars,
            "states": [
                {
                    "words": words,
                    "valence": mood.valence,
                    "arousal": mood.arousal,
                    "tension": mood.tension,
                    "bars": length if in_bars else None,
                    "seconds": None if in_bars else length,
                }
                for words, mood, length in zip(self.arc, moods, each, strict=True)
            ],
        }


_STATED_TOGETHER = (
    ("tempo_bpm", "tempo_range"),
    ("key", "mode"),
    ("meter",),
    ("bars",),
    ("duration_seconds",),
    # A new mood replaces the old one whole, and ends its arc.
    ("valence", "arousal", "tension", "arc", "arc_bars", "arc_lengths"),
)


@lru_cache(maxsize=8192)
def parse(text: str) -> Direction:
    """What `text` asks for. Words that mean nothing here are in `unknown`; nothing is guessed.

    Raises ConfigError for more than 10,000 characters.
    """
    # Imported late because the reader makes Directions: the two are one module, cut in two for reading.
    from hitpoint.score.direction_reader import read

    return read(text)
