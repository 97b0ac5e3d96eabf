"""Standard MIDI files, read and written. The only user of mido, which reads them and knows the meta events.

Written: type 1, 960 ticks a quarter note; a conductor track with title, the picture's timecode at its start where that
is known, tempo, metre, key and markers, then one named track a part. The same score gives the same bytes. Read: types 0
and 1 at any resolution.

Names are written in UTF-8, as today's DAWs do; the standard only knows ASCII, so older files are read as Latin-1
where they are not UTF-8. mido maps bytes to Latin-1 one to one, which is how both get through it.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from struct import pack
from typing import Any

import mido

from hitpoint.errors import HostError, ScoreError
from hitpoint.score.articulation import SWITCH_TICKS
from hitpoint.score.midi_events import Event, MidiEvents, Track
from hitpoint.score.midi_message import control_change, note_off, note_on, program_change
from hitpoint.score.midi_reader import score_of, timed
from hitpoint.score.midi_score import (
    FRAME_RATE_TEXT,
    SMPTE_RATES,
    KeyChange,
    MidiPart,
    MidiScore,
    markers_of,
    playable,
    signature_of,
)
from hitpoint.score.note import Note
from hitpoint.score.tempo_steps import tempo_steps
from hitpoint.score.whole_file import write_whole
from hitpoint.timeline.timecode import label_at
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER, FrameRate

MIDI_FILE_OPENING = b"MThd"
"""The first bytes of every MIDI file."""
_CHUNK_HEAD = 8
"""Bytes of a chunk's kind and length."""


def write_midi_file(
    path: Path, parts: Sequence[MidiPart], timeline: Timeline, title: str = "", keys: Sequence[KeyChange] = ()
) -> None:
    """Write a whole file or, raising ScoreError, nothing. Ramps become steps; regions become markers."""
    write_whole(path, midi_content(str(path), parts, timeline, title, keys))


def midi_content(
    name: str, parts: Sequence[MidiPart], timeline: Timeline, title: str = "", keys: Sequence[KeyChange] = ()
) -> bytes:
    """What `write_midi_file` writes; `name` is for messages. Raises ScoreError."""
    try:
        return midi_file_bytes(MidiScore(timeline, tuple(parts), title, tuple(keys)))
    except ScoreError as error:
        raise ScoreError(f"{name}: {error}") from error


def midi_file_bytes(score: MidiScore) -> bytes:
    """A score as a file's bytes. Raises ScoreError for a note before the timeline's start."""
    for part in score.parts:
        if part.notes and min(part.notes).tick < 0:
            raise ScoreError(f"part {part.name!r} has a note before the timeline's start. Move it.")
    end = score.end
    tracks = [_track(_conductor(score, end), end), *(_track(_part_events(part), end) for part in score.parts)]
    return MidiEvents(pack(">HHH", 1, len(tracks), TICKS_PER_QUARTER), tuple(tracks)).as_bytes()


def _conductor(score: MidiScore, end: int) -> list[Event]:
    timeline, changes = score.timeline, score.timeline.meter_map.changes
    events = [Event(0, _meta("track_name", name=_encoded(score.title)))]
    if timeline.start_frame is not None:
        events += [Event(0, message) for message in _timecode(timeline.start_frame, timeline.frame_rate)]
    # Before its first change a metre map has that change's metre; a file would have 4/4.
    for tick, meter in {0: changes[0].meter, **{change.tick: change.meter for change in changes}}.items():
        events.append(Event(tick, _meta("time_signature", numerator=meter.numerator, denominator=meter.denominator)))
    events += [Event(change.tick, _meta("key_signature", key=signature_of(change.key))) for change in score.keys]
    for step in tempo_steps(timeline.tempo_map, end):
        events.append(Event(step.tick, _meta("set_tempo", tempo=step.microseconds)))
    events += [Event(marker.tick, _meta("marker", text=_encoded(marker.name))) for marker in markers_of(timeline)]
    return events


def _timecode(frame: int, rate: FrameRate) -> list[bytes]:
    label = label_at(frame, rate)
    hours, minutes, seconds, frames = (int(label[place : place + 2]) for place in (0, 3, 6, 9))
    return [
        _meta("text", text=f"{FRAME_RATE_TEXT}{rate.name}"),
        _meta(
            "smpte_offset",
            frame_rate=SMPTE_RATES[rate.name],
            hours=hours % 24,
            minutes=minutes,
            seconds=seconds,
            frames=frames,
        ),
    ]


def _part_events(part: MidiPart) -> list[Event]:
    channel = part.channel
    events = [Event(0, _meta("track_name", name=_encoded(part.name)))]
    if part.program is not None:
        events.append(Event(0, program_change(channel, part.program)))
    # A controller that moves with a note moves before it, as it does when played.
    events += [Event(move.tick, control_change(channel, move.controller, move.value)) for move in part.moves]
    for tick, switch in part.switches:
        events.append(Event(tick, switch.message(channel)))
        if switch.kind == "key":
            events.append(Event(tick + SWITCH_TICKS, note_off(channel, switch.number)))
    notes = playable(part.notes)
    # Offs go first, so that where they meet an onset the sort below, which keeps order, ends a key before striking it.
    events += [Event(note.end, note_off(channel, note.pitch)) for note in sorted(notes, key=_end)]
    events += [Event(note.tick, note_on(channel, note.pitch, note.velocity)) for note in notes]
    return events


def _end(note: Note) -> tuple[int, int]:
    return note.end, note.pitch


def _track(events: Iterable[Event], end: int) -> Track:
    # What lies before the timeline's start, as markers do, is said at it.
    ordered = [event if event.tick >= 0 else event._replace(tick=0) for event in sorted(events, key=_tick)]
    # Metre and tempo may change after the last note: the end is then where they do.
    end = max(end, ordered[-1].tick)
    return Track((*ordered, Event(end, _meta("end_of_track"))))


def _tick(event: Event) -> int:
    return event.tick


def _meta(kind: str, **values: object) -> bytes:
    return bytes(mido.MetaMessage(kind, **values).bytes())


def _encoded(text: str) -> str:
    return text.encode("utf-8", "replace").decode("latin-1")


def read_midi_file(path: Path, frame_rate: FrameRate | None = None) -> MidiScore:
    """Read a file. `frame_rate` is the picture's, which MIDI files do not state reliably; 24 when not given.

    Ticks are rescaled to 960 a quarter note and rounded. Raises ScoreError for what cannot be read.
    """
    file = _load(path)
    tracks = [timed(track, file.ticks_per_beat) for track in file.tracks]
    try:
        return score_of(tracks, frame_rate or FrameRate.named("24"))
    except HostError as error:
        raise ScoreError(f"{path}: {error}") from error


def _load(path: Path) -> Any:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ScoreError(f"{path} cannot be read: {error.strerror or error}. Check the path.") from error
    if not content:
        raise ScoreError(f"{path} is empty. Export it again.")
    if content[:4] != MIDI_FILE_OPENING:
        raise ScoreError(f"{path} is not a MIDI file: it does not begin with MThd. Give one that ends in .mid.")
    try:
        file = mido.MidiFile(file=BytesIO(_known_chunks(content)), clip=True)
    except Exception as error:
        # mido meets broken files with EOFError, OSError, ValueError, LookupError and its own: they all mean this.
        cause = str(error) or "it ends too soon"
        raise ScoreError(f"{path} is a broken MIDI file: {cause}. Export it again.") from error
    if file.type == 2:
        raise ScoreError(f"{path} is a type 2 file, whose tracks share no timeline. Save it as type 1.")
    if file.ticks_per_beat == 0:
        raise ScoreError(f"{path} is a broken MIDI file: it has 0 ticks to a quarter note. Export it again.")
    if file.ticks_per_beat < 0:
        raise ScoreError(f"{path} counts SMPTE frames, not ticks of a beat. Export it with a musical time base.")
    return file


def _known_chunks(content: bytes) -> bytes:
    """Without chunks of other kinds, which mido takes for broken tracks. Readers have to pass over them.

    Source: Standard MIDI Files 1.0.
    """
    at = _CHUNK_HEAD + int.from_bytes(content[4:_CHUNK_HEAD], "big")
    known = [content[:at]]
    while at < len(content):
        stop = at + _CHUNK_HEAD + int.from_bytes(content[at + 4 : at + _CHUNK_HEAD], "big")
        if content[at : at + 4] == b"MTrk":
            known.append(content[at:stop])
        at = stop
    return b"".join(known)
