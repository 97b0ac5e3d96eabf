"""REAPER projects, written: tempo and metre, markers and regions, a track with one MIDI item for each part.

A project is text: blocks from `<NAME` to `>`, a line for each value, places in seconds but notes in ticks. Its tempi
are quarter notes a minute whatever the metre, and its gradual changes even in time; the map's other ramps become short
ones of those, and everything is placed by that map, so that it stands on its tick. The same score gives the same bytes.

Source: projects saved by REAPER 6 and 7; "State Chunk Definitions" of ReaTeam/Doc for the fields. REAPER makes up what
is left out, such as ids. It has no key signatures but in notation, so none are written.
"""

from collections.abc import Iterable, Iterator, Sequence

from hitpoint.errors import ScoreError
from hitpoint.score.midi_score import KeyChange, MidiPart, MidiScore, playable
from hitpoint.score.tempo_ramps import with_ramps
from hitpoint.timeline.meter import Meter, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER

FASTEST_BPM = 960.0
"""Source: REAPER's project settings."""

_LINEAR, _SQUARE = 0, 1
"""Shapes of a tempo point: how it goes to the next."""
_SETS_METER, _CUTS_BAR = 1, 4
"""Flags of a tempo point."""
_REGION = 1
"""Flag of a marker."""
_ALL_NOTES_OFF = bytes((0xB0, 123, 0))
"""Its place says where a MIDI source ends."""


def rpp_content(
    name: str, parts: Sequence[MidiPart], timeline: Timeline, title: str = "", keys: Sequence[KeyChange] = ()
) -> bytes:
    """A whole project's bytes; `name` is for messages. What lies before the start is put there. Raises ScoreError."""
    score = MidiScore(timeline, tuple(parts), title, tuple(keys))
    meters = _meters(timeline.meter_map)
    tempo_map = with_ramps(timeline.tempo_map, Ramp.LINEAR_IN_TIME, meters)
    for point in tempo_map.points:
        if point.bpm > FASTEST_BPM:
            raise ScoreError(f"{name}: REAPER knows no {point.bpm:g} bpm, only up to {FASTEST_BPM:g}. Write a .mid.")
    for part in parts:
        if part.notes and min(part.notes).tick < 0:
            raise ScoreError(f"{name}: part {part.name!r} has a note before the timeline's start. Move it.")
    end = max(score.end, timeline.meter_map.bar(0).end, *(move.tick for part in parts for move in part.moves))
    lines = _block(
        'REAPER_PROJECT 0.1 "6.0" 0',
        [
            *_block("NOTES 0 2", [f"|{_plain(title)}"]),
            *_tempo(tempo_map, meters, timeline.meter_map),
            *_markers(timeline, tempo_map),
            *(line for part in parts for line in _track(part, tempo_map, end)),
        ],
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _meters(meter_map: MeterMap) -> dict[int, Meter]:
    # Before its first change a metre map has that change's metre.
    changes = meter_map.changes
    return {0: changes[0].meter, **{change.tick: change.meter for change in changes}}


def _tempo(tempo_map: TempoMap, meters: dict[int, Meter], meter_map: MeterMap) -> Iterator[str]:
    first, meter = tempo_map.points[0], meters[0]
    yield f"TEMPO {first.bpm:.10f} {meter.numerator} {meter.denominator}"
    points = []
    for point in tempo_map.points:
        shape = _SQUARE if point.ramp is Ramp.STEP else _LINEAR
        sets, flags = 0, 0
        if point.tick in meters:
            sets = meters[point.tick].denominator * 65536 + meters[point.tick].numerator
            flags = _SETS_METER | (_CUTS_BAR if _cuts_bar(meter_map, point.tick) else 0)
        points.append(f"PT {tempo_map.seconds_at(point.tick):.12f} {point.bpm:.10f} {shape} {sets} 0 {flags}")
    yield from _block("TEMPOENVEX", ["ACT 1 -1", "VIS 1 0 1", f"DEFSHAPE {_SQUARE} -1 -1", *points])


def _cuts_bar(meter_map: MeterMap, tick: int) -> bool:
    if tick == 0:
        return False
    bar = meter_map.bar_at(tick - 1)
    return bar.ticks < bar.meter.bar_ticks


def _markers(timeline: Timeline, tempo_map: TempoMap) -> Iterator[str]:
    for number, marker in enumerate(timeline.markers, 1):
        yield f"MARKER {number} {_seconds(tempo_map, marker.tick)} {_quoted(marker.name)} 0"
    for number, region in enumerate(timeline.regions, 1):
        yield f"MARKER {number} {_seconds(tempo_map, region.start)} {_quoted(region.name)} {_REGION}"
        yield f'MARKER {number} {_seconds(tempo_map, region.end)} "" {_REGION}'


def _track(part: MidiPart, tempo_map: TempoMap, end: int) -> list[str]:
    source = _block("SOURCE MIDI", [f"HASDATA 1 {TICKS_PER_QUARTER} QN", *_events(part, end)])
    length = _seconds(tempo_map, end)
    item = _block("ITEM", ["POSITION 0", f"LENGTH {length}", "LOOP 0", f"NAME {_quoted(part.name)}", *source])
    return _block("TRACK", [f"NAME {_quoted(part.name)}", *item])


def _events(part: MidiPart, end: int) -> Iterator[str]:
    events: list[tuple[int, bytes]] = []
    if part.program is not None:
        events.append((0, bytes((0xC0, part.program, 0))))
    events += [(max(0, move.tick), bytes((0xB0, move.controller, move.value))) for move in part.moves]
    # Offs first, so that where they meet an onset the sort below, which keeps order, ends a key before striking it.
    notes = playable(part.notes)
    events += [(note.end, bytes((0x80, note.pitch, 0))) for note in notes]
    events += [(note.tick, bytes((0x90, note.pitch, note.velocity))) for note in notes]
    clock = 0
    for tick, message in [*sorted(events, key=lambda event: event[0]), (end, _ALL_NOTES_OFF)]:
        status = message[0] | part.channel
        yield f"E {tick - clock} {status:02x} {message[1]:02x} {message[2]:02x}"
        clock = tick


def _seconds(tempo_map: TempoMap, tick: int) -> str:
    return f"{tempo_map.seconds_at(max(0, tick)):.12f}"


def _block(heading: str, lines: Iterable[str]) -> list[str]:
    return [f"<{heading}", *(f"  {line}" for line in lines), ">"]


def _plain(text: str) -> str:
    """On one line: what would break it becomes a space."""
    return "".join(" " if ord(letter) < 32 or letter in "\x7f\x85\u2028\u2029" else letter for letter in text)


def _quoted(text: str) -> str:
    """As REAPER does: in a kind of quote that the text has not; one that has all three loses the backquotes."""
    text = _plain(text)
    for quote in "\"'`":
        if quote not in text:
            return f"{quote}{text}{quote}"
    return "`" + text.replace("`", "'") + "`"
