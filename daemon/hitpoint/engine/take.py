"""A take as it is remembered: its music, what it was written from, and what people said of it since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hitpoint.score.midi_score import MidiScore
from hitpoint.score.session import Session

BEST_RATING = 5
"""Ratings go from 0 to this."""


@dataclass(frozen=True, slots=True)
class TakeMusic:
    """What sounds, and all that is needed to go on from it."""

    score: MidiScore
    """The notes of every part with their controllers, the timeline, the title and the key: a file is made of it."""
    session: Session
    """What its bars were planned from. Its timeline is the score's, but for the names of its markers."""
    bars: int
    """So many bars from the timeline's start were written."""
    controllers: tuple[int, ...] = ()
    """Those that follow the dynamics."""

    @property
    def bars_to_end(self) -> int:
        """Bars up to the one in which its last marker falls, its END: in those after it the last chord rings."""
        timeline = self.session.timeline
        last = max((marker.tick for marker in timeline.markers), default=0)
        return min(self.bars, timeline.meter_map.bar_at(last).index + 1) if last else self.bars


@dataclass(frozen=True, slots=True)
class Origin:
    """What wrote it."""

    bundle: str = ""
    """The model's name."""
    bundle_sha256: str = ""
    """Of the model's file."""
    runtime: str = ""
    """Of the model, with its version and the machine's kind: other builds may round otherwise."""
    hitpoint: str = ""
    """Version."""


@dataclass(frozen=True, slots=True)
class NewTake:
    """A take that is to be remembered."""

    music: TakeMusic
    prompt: str
    """As typed."""
    origin: Origin
    cue: str = ""
    """"1m03"; empty where there is no sheet."""
    picture: str = ""
    """The version of the picture that it was written to."""
    parent: str = ""
    """Id of the take that it is a variation of."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """Of the variation: note, changes, amount, keep, parts, bars, seed; and of any take the guidance, where there was
    some."""
    verdict: Mapping[str, Any] | None = None
    """What `hitpoint check` says of it; None where there was no index to ask."""
    locks: tuple[str, ...] = ()
    """Parts that its variations leave as they are."""


@dataclass(frozen=True, slots=True)
class TakeFacts:
    """All that is known of a take but its notes."""

    id: str
    made: str
    """UTC, ISO 8601."""
    cue: str
    picture: str
    prompt: str
    seed: int
    bars: int
    parts: tuple[str, ...]
    notes: int
    origin: Origin
    parent: str
    asked: Mapping[str, Any]
    verdict: Mapping[str, Any] | None
    midi_sha256: str
    """Of its MIDI file."""
    rating: int | None = None
    """0 to BEST_RATING; None while nobody has rated it."""
    note: str = ""
    """What a person said of it."""
    kept: bool = False
    """Not to be purged by the way."""
    locks: tuple[str, ...] = ()
    status: str = "TEMP"
    """One of take_log.STATUSES."""

    def as_json(self) -> dict[str, Any]:
        """As `hitpoint takes` prints it with --json."""
        return {
            "id": self.id,
            "made": self.made,
            "cue": self.cue,
            "picture": self.picture,
            "prompt": self.prompt,
            "seed": self.seed,
            "bars": self.bars,
            "parts": list(self.parts),
            "notes": self.notes,
            "rating": self.rating,
            "note": self.note,
            "kept": self.kept,
            "locks": list(self.locks),
            "status": self.status,
            "parent": self.parent or None,
            "asked": dict(self.asked),
            "verdict": None if self.verdict is None else dict(self.verdict),
            "model": {"bundle": self.origin.bundle, "sha256": self.origin.bundle_sha256},
            "runtime": self.origin.runtime,
            "hitpoint": self.origin.hitpoint,
            "midi_sha256": self.midi_sha256,
        }
