"""Which notes hung after a death, and how long nothing new was heard. Pure: what was heard in, figures out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

Key = tuple[int, int, int]
"""Port, channel and pitch."""


@dataclass(frozen=True, slots=True)
class HeardNote:
    """A note-on or note-off, as another program heard it."""

    seconds: float
    key: Key
    on: bool


@dataclass(frozen=True, slots=True)
class Death:
    """A process was killed."""

    seconds: float
    allowed_seconds: float
    """So long after it what sounded then may sound on."""


def hanging(heard: Sequence[HeardNote], death: Death) -> int:
    """How many of the notes that sounded when it died were not let go in time. heard: in order."""
    sounding: dict[Key, bool] = {}
    ended: set[Key] = set()
    for note in heard:
        if note.seconds <= death.seconds:
            sounding[note.key] = note.on
        elif note.seconds <= death.seconds + death.allowed_seconds and not note.on:
            ended.add(note.key)
    return len({key for key, on in sounding.items() if on} - ended)


def seconds_to_next_note(heard: Sequence[HeardNote], death: Death) -> float:
    """How long after the death the next note was struck; infinite when none was."""
    return min(
        (note.seconds - death.seconds for note in heard if note.on and note.seconds > death.seconds), default=inf
    )


def never_ended(heard: Sequence[HeardNote]) -> int:
    """How many notes sound when all is over."""
    sounding = {note.key: note.on for note in heard}
    return sum(sounding.values())
