"""From the messages of a MIDI file to what they mean. Knows mido's messages by their attributes, not mido."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import Any

from hitpoint.errors import HostError
from hitpoint.score.midi_score import KeyChange, MidiPart, MidiScore, key_of
from hitpoint.score.note import Note
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER, FrameRate

Timed = tuple[int, Any]
"""A message of a file and its tick."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DEFAULT_BPM = 120.0
"""Where a file says nothing; its metre is then 4/4. Source: Standard MIDI Files 1.0."""


def timed(track: Iterable[Any], ticks_per_beat: int) -> list[Timed]:
    """A track's messages with their ticks, from its own resolution to 960 a quarter note, rounded half up."""
    clock = 0
    events = []
    for message in track:
        clock += message.time
        events.append(((2 * clock * TICKS_PER_QUARTER + ticks_per_beat) // (2 * ticks_per_beat), message))
    return events


def score_of(tracks: Sequence[list[Timed]], frame_rate: FrameRate) -> MidiScore:
    """What the tracks mean together. Raises HostError for a tempo or metre that cannot be played."""
    everything = sorted((event for track in tracks for event in track), key=lambda event: event[0])
    timeline = Timeline(_tempo_map(everything), _meter_map(everything), _markers(everything), frame_rate=frame_rate)
    parts = tuple(part for track in tracks for part in _parts(track))
    keys = tuple(KeyChange(tick, key_of(message.key)) for tick, message in _of_type(everything, "key_signature"))
    conductor = tracks[0] if tracks and not _of_type(tracks[0], "note_on") else []
    return MidiScore(timeline, parts, _name_of(conductor), keys, bool(_of_type(everything, "set_tempo")))


def _of_type(events: Iterable[Timed], *kinds: str) -> list[Timed]:
    return [event for event in events if event[1].type in kinds]


def _tempo_map(events: list[Timed]) -> TempoMap:
    # At one tick the last word counts, as it does for whoever plays the file.
    tempi = {0: _DEFAULT_BPM}
    for tick, message in _of_type(events, "set_tempo"):
        if message.tempo == 0:
            raise HostError(f"the tempo at tick {tick} is endless (0 microseconds a beat). Mend the tempo track.")
        tempi[tick] = 60e6 / message.tempo
    return TempoMap(tuple(TempoPoint(tick, bpm) for tick, bpm in tempi.items()))


def _meter_map(events: list[Timed]) -> MeterMap:
    meters = {0: Meter()}
    for tick, message in _of_type(events, "time_signature"):
        meters[tick] = Meter(message.numerator, message.denominator)
    return MeterMap(tuple(MeterChange(tick, meter) for tick, meter in meters.items()))


def _markers(events: list[Timed]) -> tuple[Marker, ...]:
    # Cubase and some others export cue points where most export markers.
    found = _of_type(events, "marker", "cue_marker")
    return tuple(Marker(tick, decoded(message.text)) for tick, message in found)


def _parts(track: list[Timed]) -> list[MidiPart]:
    """One part a channel that has notes, in the order of their first."""
    notes: dict[int, list[Note]] = {}
    programs: dict[int, int] = {}
    sounding: defaultdict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
    for tick, message in track:
        if message.type == "program_change":
            programs.setdefault(message.channel, message.program)
        elif message.type == "note_on" and message.velocity > 0:
            notes.setdefault(message.channel, [])
            sounding[message.channel, message.note].append((tick, message.velocity))
        elif message.type in ("note_on", "note_off") and sounding[message.channel, message.note]:
            # First struck, first ended: files may strike a key again before its first note ends.
            _close(notes, message.channel, message.note, sounding[message.channel, message.note].popleft(), tick)
    for (channel, pitch), struck in sounding.items():
        for onset in struck:
            _close(notes, channel, pitch, onset, track[-1][0])
    name = _name_of(track)
    return [MidiPart(name, channel, programs.get(channel), tuple(sorted(found))) for channel, found in notes.items()]


def _close(notes: dict[int, list[Note]], channel: int, pitch: int, onset: tuple[int, int], end: int) -> None:
    tick, velocity = onset
    # A note may have no length in the file, or lose it in rescaling; it was struck all the same.
    notes[channel].append(Note(tick, pitch, max(1, end - tick), velocity))


def _name_of(track: list[Timed]) -> str:
    names = _of_type(track, "track_name")
    return track_name(names[0][1].name) if names else ""


def track_name(text: str) -> str:
    """A name as `decoded` gives it, with blanks for controls: it is printed, and a terminal would obey them."""
    return _CONTROLS.sub(" ", decoded(text))


def decoded(text: str) -> str:
    """Text of a file, given as Latin-1 characters for its bytes: UTF-8 where it is that, else Latin-1."""
    content = text.encode("latin-1")
    try:
        return content.decode("utf-8").strip("\0")
    except UnicodeDecodeError:
        return text.strip("\0")
