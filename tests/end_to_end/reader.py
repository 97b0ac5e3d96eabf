"""What was really played, read from MIDI files. Shares nothing with hitpoint but the file format: mido and arithmetic.

Ticks are 960 a quarter note, whatever the file's own resolution; whole ones come as integers. A *part* is a track and
channel that plays. A landing is a moment at which two parts or more strike within one tick of each other (one part, in
a file that has only one).
"""

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import mido

TICKS_PER_QUARTER = 960
TOGETHER_TICKS = 1
"""Onsets this close are one strike."""

Tick = int | Fraction


class PlayedNote(NamedTuple):
    """One note of a file, as (track name, tick, end tick, channel, pitch, velocity)."""

    track_name: str
    tick: Tick
    end_tick: Tick
    """The file's end for a note that is never ended."""
    channel: int
    """0 to 15."""
    pitch: int
    velocity: int

    @property
    def part(self) -> tuple[str, int]:
        return self.track_name, self.channel


class Unpaired(NamedTuple):
    """A note-on without its note-off, or a note-off of a key that does not sound."""

    track_name: str
    kind: str
    """note_on or note_off."""
    tick: Tick
    channel: int
    pitch: int


class NearOnset(NamedTuple):
    """A strike beside a moment."""

    track_name: str
    tick: Tick
    pitch: int
    ms: float
    """From the moment; negative is before it."""


def read_notes(path: Path) -> list[PlayedNote]:
    """All notes of the file, by onset."""
    return sorted((note for track in _tracks(path) for note in _pair(*track)[0]), key=lambda note: note[1:])


def unpaired(path: Path) -> list[Unpaired]:
    """What hangs, and what was ended without having been struck. Empty is well."""
    return [odd for track in _tracks(path) for odd in _pair(*track)[1]]


def seconds_at(path: Path, tick: Tick | float) -> float:
    """Seconds from the start to `tick`, by the file's own tempo events; 120 where it has none."""
    return clock_of(path)(tick)


def clock_of(path: Path) -> Callable[[Tick | float], float]:
    """`seconds_at` of one file, which is read only once."""
    tempi = {Fraction(0): 500_000}
    for _, events, _ in _tracks(path):
        tempi.update((Fraction(at), message.tempo) for at, message in events if message.type == "set_tempo")
    ticks = sorted(tempi)
    starts = [Fraction(0)]
    for here, there in pairwise(ticks):
        starts.append(starts[-1] + (there - here) * tempi[here] / TICKS_PER_QUARTER)

    def seconds(tick: Tick | float) -> float:
        place = max(0, bisect_right(ticks, tick) - 1)
        microseconds = starts[place] + (Fraction(tick) - ticks[place]) * tempi[ticks[place]] / TICKS_PER_QUARTER
        return float(microseconds / 1_000_000)

    return seconds


def landing_error(path: Path, tick: Tick, name: str = "", frames_per_second: float = 24.0) -> dict[str, object]:
    """How far from `tick` the music strikes together; the landed tick is None where it never does."""
    return landing_error_of(read_notes(path), clock_of(path), tick, name, frames_per_second)


def landing_error_of(
    notes: Sequence[PlayedNote],
    seconds: Callable[[Tick], float],
    tick: Tick,
    name: str = "",
    frames_per_second: float = 24.0,
) -> dict[str, object]:
    """The same of notes from anywhere, with their own way from ticks to seconds."""
    found = together(notes)
    if not found:
        nothing = dict.fromkeys(("landed_tick", "error_ticks", "error_ms", "error_frames"))
        return {"name": name, "tick": tick, **nothing}
    landed = min(found, key=lambda moment: abs(moment - tick))
    late = seconds(landed) - seconds(tick)
    return {
        "name": name,
        "tick": tick,
        "landed_tick": landed,
        "error_ticks": landed - tick,
        "error_ms": late * 1000.0,
        "error_frames": late * frames_per_second,
    }


def together(notes: Sequence[PlayedNote]) -> list[Tick]:
    """The ticks at which two parts strike together, in order: the first onset of each such strike."""
    needed = min(2, len({note.part for note in notes}))
    found: list[Tick] = []
    ordered = sorted(notes, key=lambda note: note.tick)
    for place, note in enumerate(ordered):
        parts = set()
        for other in ordered[place:]:
            if other.tick - note.tick > TOGETHER_TICKS:
                break
            parts.add(other.part)
        if len(parts) >= needed and (not found or note.tick > found[-1]):
            found.append(note.tick)
    return found


def near_onsets(path: Path, tick: Tick, ms: float = 80.0) -> list[NearOnset]:
    """Strikes less than `ms` from `tick` that are not the strike at it. Empty where the landing stands clear."""
    return near_onsets_of(read_notes(path), clock_of(path), tick, ms)


def near_onsets_of(
    notes: Iterable[PlayedNote], seconds: Callable[[Tick], float], tick: Tick, ms: float = 80.0
) -> list[NearOnset]:
    """The same of notes from anywhere."""
    here = seconds(tick)
    beside = (note for note in notes if abs(note.tick - tick) > TOGETHER_TICKS)
    away = (NearOnset(note.track_name, note.tick, note.pitch, (seconds(note.tick) - here) * 1e3) for note in beside)
    return [onset for onset in away if abs(onset.ms) < ms]


def energy_per_bar(path: Path) -> list[float]:
    """How much sounds in each bar of the file: over its notes, velocity² (as a part of 127²) × share of the bar held.

    As loudness goes, more notes, longer ones and harder ones all count; register and instrument do not.
    """
    notes = read_notes(path)
    lines = bar_lines(path, max((note.end_tick for note in notes), default=0))
    energies = [0.0] * (len(lines) - 1)
    for note in notes:
        first = bisect_right(lines, note.tick) - 1
        for bar in range(first, len(energies)):
            start, end = lines[bar], lines[bar + 1]
            held = min(note.end_tick, end) - max(note.tick, start)
            if held <= 0:
                break
            energies[bar] += (note.velocity / 127) ** 2 * float(held / (end - start))
    return energies


def bar_lines(path: Path, until: Tick) -> list[Tick]:
    """The ticks of the bar lines from 0 to the first that is at `until` or later, by the file's own metres."""
    meters: dict[Tick, Fraction] = {0: Fraction(4)}
    for _, events, _ in _tracks(path):
        for at, message in events:
            if message.type == "time_signature":
                meters[at] = Fraction(4 * message.numerator, message.denominator)
    changes = sorted(meters)
    lines: list[Tick] = [0]
    while lines[-1] < until or len(lines) < 2:
        here = bisect_right(changes, lines[-1]) - 1
        end = lines[-1] + meters[changes[here]] * TICKS_PER_QUARTER
        # A metre that changes inside a bar cuts it short.
        lines.append(_whole(min(end, changes[here + 1]) if here + 1 < len(changes) else end))
    return lines


_Events = list[tuple[Tick, mido.Message]]


def _tracks(path: Path) -> list[tuple[str, _Events, Tick]]:
    """Each track's name, its events and its end."""
    file = mido.MidiFile(path)
    return [_track(track, file.ticks_per_beat) for track in file.tracks]


def _track(track: mido.MidiTrack, resolution: int) -> tuple[str, _Events, Tick]:
    clock, name = 0, ""
    events: _Events = []
    for message in track:
        clock += message.time
        if message.type == "track_name":
            name = name or message.name.encode("latin-1").decode("utf-8", "replace")
        events.append((_whole(Fraction(clock * TICKS_PER_QUARTER, resolution)), message))
    return name, events, _whole(Fraction(clock * TICKS_PER_QUARTER, resolution))


def _pair(name: str, events: _Events, end: Tick) -> tuple[list[PlayedNote], list[Unpaired]]:
    sounding: dict[tuple[int, int], deque[tuple[Tick, int]]] = defaultdict(deque)
    notes, odd = [], []
    for tick, message in events:
        if message.type not in ("note_on", "note_off"):
            continue
        key = message.channel, message.note
        if message.type == "note_on" and message.velocity > 0:
            sounding[key].append((tick, message.velocity))
        elif sounding[key]:
            onset, velocity = sounding[key].popleft()
            notes.append(PlayedNote(name, onset, tick, *key, velocity))
        else:
            odd.append(Unpaired(name, "note_off", tick, *key))
    for key, struck in sounding.items():
        odd += [Unpaired(name, "note_on", onset, *key) for onset, _ in struck]
        notes += [PlayedNote(name, onset, end, *key, velocity) for onset, velocity in struck]
    return notes, odd


def _whole(tick: Tick) -> Tick:
    return int(tick) if tick == int(tick) else tick
