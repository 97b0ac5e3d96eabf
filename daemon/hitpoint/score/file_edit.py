"""Notes taken out of a MIDI file and put into it; every other event stays, at its tick and in its order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hitpoint.errors import ScoreError
from hitpoint.score.file_part import PORT, TRACK_NAME, FileNote, FilePart
from hitpoint.score.midi_events import META, Event, MidiEvents, variable_length
from hitpoint.score.midi_message import note_off, note_on, program_change
from hitpoint.score.stem import DRUM_CHANNEL, Instrument

CHANNELS = 16
END_OF_TRACK = b"\xff\x2f\x00"


class NewNote(NamedTuple):
    """A note to be put in, in the file's own ticks."""

    start: int
    pitch: int
    end: int
    velocity: int


@dataclass(frozen=True)
class Change:
    """What happens to one part."""

    part: FilePart
    without: tuple[FileNote, ...]
    """Notes of it that go."""
    new: tuple[NewNote, ...]


def changed(file: MidiEvents, changes: Iterable[Change]) -> MidiEvents:
    """The file with those changes. A track in which nothing changes keeps its very bytes."""
    gone: defaultdict[int, set[int]] = defaultdict(set)
    new: defaultdict[int, list[tuple[int, NewNote]]] = defaultdict(list)
    for change in changes:
        track = change.part.track
        for note in change.without:
            gone[track] |= {note.on} if note.off is None else {note.on, note.off}
        new[track] += [(change.part.channel, note) for note in change.new]
    touched = {track for track in (*gone, *new) if gone[track] or new[track]}
    return file.with_events({track: _merged(file.tracks[track].events, gone[track], new[track]) for track in touched})


def with_part(file: MidiEvents, name: str, instrument: Instrument, notes: Sequence[NewNote]) -> MidiEvents:
    """The file with one more part: on a free channel, in a track of its own, or in the one track that format 0 has.

    Raises ScoreError where format 0 has no channel left.
    """
    channel, port = _free_place(file, instrument)
    setup = [] if instrument.drums else [Event(0, program_change(channel, instrument.program))]
    if file.format == 0:
        if port:
            raise ScoreError(
                "all 16 channels of this type 0 file are taken. Save it as type 1, which has room for more."
            )
        events = file.tracks[0].events
        first = next((place for place, event in enumerate(events) if event.tick > 0 or event.ends_track), len(events))
        return file.with_events({0: _merged((*events[:first], *setup, *events[first:]), set(), _on(channel, notes))})
    title = name.encode("utf-8")
    heading = [Event(0, bytes((META, TRACK_NAME)) + variable_length(len(title)) + title)]
    if port:
        heading.append(Event(0, bytes((META, PORT, 1, port))))
    return file.with_track(_merged((*heading, *setup, Event(0, END_OF_TRACK)), set(), _on(channel, notes)))


def _on(channel: int, notes: Iterable[NewNote]) -> list[tuple[int, NewNote]]:
    return [(channel, note) for note in notes]


def _free_place(file: MidiEvents, instrument: Instrument) -> tuple[int, int]:
    """A channel that nothing uses, and the port: 0 for the file's own, else one that it does not use."""
    if instrument.drums:
        return DRUM_CHANNEL, 0
    events = [event.data for track in file.tracks for event in track.events]
    used = {data[0] & 0x0F for data in events if 0x80 <= data[0] < 0xF0}
    free = [channel for channel in range(CHANNELS) if channel != DRUM_CHANNEL and channel not in used]
    if free:
        return free[0], 0
    ports = [data[3] for data in events if data[:3] == bytes((META, PORT, 1))]
    return 0, max(ports, default=0) + 1


def _merged(events: Sequence[Event], gone: set[int], new: Sequence[tuple[int, NewNote]]) -> list[Event]:
    """Where they meet other events, ends come before and strikes after, so that no key is ended by another's end."""
    ends = [_Placed(note.end, 0, note.pitch, Event(note.end, note_off(channel, note.pitch))) for channel, note in new]
    strikes = [
        _Placed(note.start, 2, note.pitch, Event(note.start, note_on(channel, note.pitch, note.velocity)))
        for channel, note in new
    ]
    stays = [
        _Placed(event.tick, 1, index, event)
        for index, event in enumerate(events)
        if index not in gone and not event.ends_track
    ]
    ordered = [placed.event for placed in sorted([*ends, *strikes, *stays])]
    closing = [event for event in events if event.ends_track] or [Event(0, END_OF_TRACK)]
    last = max([closing[-1].tick, *(event.tick for event in ordered[-1:])])
    # It stays where it is, unless a new note ends after it.
    return [*ordered, closing[-1]._replace(tick=last)]


class _Placed(NamedTuple):
    """An event and its place among those of its tick."""

    tick: int
    rank: int
    within: int
    event: Event


def distinct(notes: Iterable[NewNote]) -> tuple[NewNote, ...]:
    """As a coarse file can hold them: each at least a tick long, no key struck while it sounds."""
    latest: dict[int, int] = {}
    kept: list[NewNote] = []
    for note in sorted(notes):
        before = latest.get(note.pitch)
        if before is not None:
            if kept[before].start == note.start:
                continue
            kept[before] = kept[before]._replace(end=min(kept[before].end, note.start))
        latest[note.pitch] = len(kept)
        kept.append(note._replace(end=max(note.end, note.start + 1)))
    return tuple(kept)
