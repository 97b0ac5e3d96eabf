"""Clips that a host's script is to write into the arrangement, and what it answers. A job is done once or never."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitpoint.errors import HostError
from hitpoint.hosts.host_snapshot import tick_of
from hitpoint.hosts.protocol import ANSWER, JOB, PROTOCOL, read_object
from hitpoint.score.note import Note
from hitpoint.timeline.units import TICKS_PER_QUARTER

_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
"""Of a job: it names files."""
ONSET_TICKS = 1
"""Hosts count in ticks of their own: an onset that has moved no farther is where it was."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The notes of one part over a span, as one clip on one track."""

    track: str
    """Its name; made where there is none."""
    name: str
    """What people see on the clip."""
    part: str
    start: int
    """First tick."""
    end: int
    """The tick after its last."""
    notes: tuple[Note, ...]
    """Onsets in the span, ticks from the timeline's start."""
    controllers: tuple[tuple[int, int, int], ...] = ()
    """Tick, controller, value."""
    channel: int = 0
    """0 to 15."""


@dataclass(frozen=True, slots=True)
class ClipJob:
    """What is written in one undo step."""

    job: str
    """Letters, digits and hyphens; no two jobs have the same."""
    take: str
    """Marks what is made, so that it can be found and replaced."""
    title: str
    """What the undo step is called."""
    clips: tuple[Clip, ...]

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.job) is None:
            raise HostError(f"{self.job[:80]!r} cannot name a job. Use letters, digits and hyphens.")

    def as_bytes(self) -> bytes:
        """As the script reads it."""
        clips = [_written(clip) for clip in self.clips]
        said = {"protocol": PROTOCOL, "kind": "job", "job": self.job, "take": self.take, "title": self.title}
        return json.dumps({**said, "clips": clips}, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class EditedClip:
    """A clip of ours that a person has changed since: it was left as it is."""

    take: str
    track: str
    part: str
    start: int
    end: int
    notes: tuple[Note, ...]
    """As they are now."""


@dataclass(frozen=True, slots=True)
class ClipAnswer:
    """How a job ended."""

    job: str
    error: str
    """Why it could not be done; empty when it was."""
    edited: tuple[EditedClip, ...]


def read_answer(data: bytes) -> ClipAnswer:
    """What the script says of a job. Raises HostError."""
    _, said = read_object(data, ANSWER)
    return ClipAnswer(said["job"], said["error"], tuple(_edited(clip) for clip in said["edited"]))


def read_job(data: bytes) -> ClipJob:
    """A job as it was written by `as_bytes`. Raises HostError."""
    _, said = read_object(data, JOB)
    return ClipJob(said["job"], said["take"], said["title"], tuple(_clip(clip) for clip in said["clips"]))


def share_changed(before: Iterable[Note], after: Iterable[Note]) -> float:
    """What part of a clip's notes a person has changed, added or taken away: 0 for none, 1 for all.

    A note is the same while its pitch and velocity are, and its ends lie within a tick.
    """
    old, new = list(before), list(after)
    if not old and not new:
        return 0.0
    left, kept = list(old), 0
    for note in new:
        match = next((other for other in left if _same(note, other)), None)
        if match is not None:
            left.remove(match)
            kept += 1
    return 1.0 - kept / max(len(old), len(new))


def _same(one: Note, other: Note) -> bool:
    near = abs(one.tick - other.tick) <= ONSET_TICKS and abs(one.end - other.end) <= 2 * ONSET_TICKS
    return near and (one.pitch, one.velocity) == (other.pitch, other.velocity)


def _written(clip: Clip) -> dict[str, Any]:
    return {
        "track": clip.track,
        "name": clip.name,
        "part": clip.part,
        "quarter": _quarter(clip.start),
        "end": _quarter(clip.end),
        "notes": [
            [_quarter(note.tick - clip.start), _quarter(note.duration), note.pitch, note.velocity, clip.channel]
            for note in clip.notes
        ],
        "controllers": [
            [_quarter(tick - clip.start), controller, value, clip.channel]
            for tick, controller, value in clip.controllers
        ],
    }


def _clip(said: Mapping[str, Any]) -> Clip:
    start = tick_of(said["quarter"])
    moves = tuple(
        (start + tick_of(quarter), int(number), int(value)) for quarter, number, value, _ in said["controllers"]
    )
    channels = [int(row[-1]) for row in (*said["notes"], *said["controllers"])]
    return Clip(
        said["track"],
        said["name"],
        said["part"],
        start,
        tick_of(said["end"]),
        tuple(_note(row, start) for row in said["notes"]),
        moves,
        channels[0] if channels else 0,
    )


def _quarter(ticks: int) -> float:
    return ticks / TICKS_PER_QUARTER


def _edited(said: Mapping[str, Any]) -> EditedClip:
    start = tick_of(said["quarter"])
    notes = tuple(sorted(_note(row, start) for row in said["notes"]))
    return EditedClip(said["take"], said["track"], said["part"], start, tick_of(said["end"]), notes)


def _note(row: Sequence[float], start: int) -> Note:
    quarter, quarters, pitch, velocity, _ = row
    if not (0 <= pitch <= 127 and 1 <= velocity <= 127):
        raise HostError(f"an edited clip has a note of pitch {pitch:g} and velocity {velocity:g}.")
    return Note(start + tick_of(quarter), int(pitch), max(1, tick_of(quarters)), int(velocity))
