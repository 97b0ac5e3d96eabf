"""The parts of a MIDI file as they stand in its events, so that single notes can be taken out and others put in."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from hitpoint.score.articulation import ArticulationMap
from hitpoint.score.direction import parse
from hitpoint.score.midi_events import META, MidiEvents, Track
from hitpoint.score.midi_message import NOTE_OFF, NOTE_ON, PROGRAM_CHANGE, is_note_on
from hitpoint.score.midi_reader import track_name
from hitpoint.score.note import Note
from hitpoint.score.sections import players_of
from hitpoint.score.stem import DRUM_CHANNEL, Instrument, instrument_for_program, instrument_named
from hitpoint.timeline.units import TICKS_PER_QUARTER

TRACK_NAME = 0x03
"""The meta event's type. Source: Standard MIDI Files 1.0."""
PORT = 0x21
"""The meta event that sends a track to another port. Source: Cakewalk and Cubase; not in the standard."""
_WHOLE_SECTIONS = {"strings": "string ensemble", "brass": "brass section"}
"""What one track with a section's name is heard as."""


@dataclass(frozen=True, slots=True)
class FileNote:
    """A note, and where it stands."""

    note: Note
    """At 960 ticks a quarter note."""
    start: int
    """Tick in the file's own resolution."""
    end: int
    on: int
    """Index of the event that strikes it, within its track."""
    off: int | None
    """Index of the event that ends it; None where nothing does."""


@dataclass(frozen=True)
class FilePart:
    """One track, or one channel of a track that holds several."""

    number: int
    """As people count them, from 1."""
    name: str
    """The track's name, or its instrument's where it has none."""
    track: int
    """Index of its track."""
    channel: int
    program: int | None
    """The first that its track sets for its channel, else another track, as setup tracks do; None where none does."""
    instrument: Instrument | None
    """None for sound effects and the like."""
    notes: tuple[FileNote, ...]
    """In order of tick, then pitch."""
    port: int = 0
    """Where its track is sent to: channels of two ports are not the same."""

    @cached_property
    def plain_notes(self) -> tuple[Note, ...]:
        """The notes alone."""
        return tuple(found.note for found in self.notes)

    def __str__(self) -> str:
        kind = self.instrument.name if self.instrument else f"program {(self.program or 0) + 1}"
        return f"{self.number} {self.name}" + ("" if kind in self.name.lower() else f" ({kind})")


def tick_in(file_tick: int, ticks_per_quarter: int) -> int:
    """A file's tick at 960 a quarter note, rounded half up."""
    return (2 * file_tick * TICKS_PER_QUARTER + ticks_per_quarter) // (2 * ticks_per_quarter)


def file_tick_of(tick: int, ticks_per_quarter: int) -> int:
    """The nearest tick of the file's own resolution. Inverse of `tick_in` where that is coarser or the same."""
    return (2 * tick * ticks_per_quarter + TICKS_PER_QUARTER) // (2 * TICKS_PER_QUARTER)


def parts_in(file: MidiEvents, articulations: ArticulationMap | None = None) -> tuple[FilePart, ...]:
    """The parts that have notes, in the order of the tracks. articulations: whose keyswitches are no notes."""
    articulations = articulations or ArticulationMap()
    parts: list[FilePart] = []
    set_up = _channel_programs(file)
    for index, track in enumerate(file.tracks):
        programs = _programs(track)
        found = _notes(track, file.ticks_per_quarter)
        title, port = _name_of(track), _port_of(track)
        for channel, notes in found.items():
            own, given = programs.get(channel), set_up.get((port, channel))
            program = given if own is None else own
            # What a track is called says more of it than what another track sets.
            named = own is None and named_instrument(title) is not None
            instrument = instrument_of(own if named else program, channel, title)
            called = title if title and len(found) == 1 else instrument.name if instrument else f"channel {channel + 1}"
            switches = articulations.keys(instrument)
            ordered = sorted((one for one in notes if one.note.pitch not in switches), key=lambda one: one.note)
            if ordered:
                number = len(parts) + 1
                parts.append(FilePart(number, called, index, channel, program, instrument, tuple(ordered), port))
    return tuple(parts)


def _channel_programs(file: MidiEvents) -> dict[tuple[int, int], int]:
    """The first program that any track sets, by port and channel."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for track in file.tracks:
        port = _port_of(track)
        for event in track.events:
            if event.data[0] & 0xF0 == PROGRAM_CHANGE:
                place, told = (port, event.data[0] & 0x0F), (event.tick, event.data[1] & 0x7F)
                if place not in found or told[0] < found[place][0]:
                    found[place] = told
    return {place: program for place, (_, program) in found.items()}


def _programs(track: Track) -> dict[int, int]:
    programs: dict[int, int] = {}
    for event in track.events:
        if event.data[0] & 0xF0 == PROGRAM_CHANGE:
            programs.setdefault(event.data[0] & 0x0F, event.data[1] & 0x7F)
    return programs


def _notes(track: Track, resolution: int) -> dict[int, list[FileNote]]:
    notes: dict[int, list[FileNote]] = {}
    sounding: defaultdict[tuple[int, int], deque[int]] = defaultdict(deque)
    for index, event in enumerate(track.events):
        kind = event.data[0] & 0xF0
        if kind not in (NOTE_ON, NOTE_OFF) or max(event.data[1:]) > 127:
            continue
        key = event.data[0] & 0x0F, event.data[1]
        if is_note_on(event.data):
            notes.setdefault(key[0], [])
            sounding[key].append(index)
        elif sounding[key]:
            # First struck, first ended: files may strike a key again before its first note ends.
            on = sounding[key].popleft()
            notes[key[0]].append(_file_note(track, on, index, resolution))
    for (channel, _), struck in sounding.items():
        notes.setdefault(channel, []).extend(_file_note(track, on, None, resolution) for on in struck)
    return {channel: found for channel, found in notes.items() if found}


def _file_note(track: Track, on: int, off: int | None, resolution: int) -> FileNote:
    event = track.events[on]
    end = track.events[-1 if off is None else off].tick
    tick = tick_in(event.tick, resolution)
    note = Note(tick, event.data[1], max(1, tick_in(end, resolution) - tick), event.data[2])
    return FileNote(note, event.tick, end, on, off)


def _name_of(track: Track) -> str:
    for event in track.events:
        if event.data[:2] == bytes((META, TRACK_NAME)):
            at = 2
            while event.data[at] >= 0x80:  # the length, which is not needed
                at += 1
            return track_name(event.data[at + 1 :].decode("latin-1"))
    return ""


def _port_of(track: Track) -> int:
    return next((event.data[3] for event in track.events if event.data[:3] == bytes((META, PORT, 1))), 0)


def instrument_of(program: int | None, channel: int, title: str) -> Instrument | None:
    """What a part is: its program where the file chooses one; else its name, as many programs never change from 1.

    None for sound effects and the like.
    """
    if channel == DRUM_CHANNEL:
        return instrument_named("drums")
    if program:
        return instrument_for_program(program)
    return named_instrument(title) or instrument_for_program(program or 0)


def named_instrument(text: str) -> Instrument | None:
    """The instrument, or the one for a whole section, that a name means; None where it means none."""
    found = parse(text[:200]).instruments
    if not found:
        return None
    return instrument_named(_WHOLE_SECTIONS.get(found[0], players_of(found[0])[0]))


def chosen_parts(parts: Sequence[FilePart], text: str) -> tuple[FilePart, ...]:
    """The parts that `text` names, in the file's order: numbers, tracks, instruments, sections, with commas between.

    Empty where one of its words names none.
    """
    # A track's name may have commas of its own.
    whole = tuple(part for part in parts if part.name.casefold() == text.strip().casefold())
    if whole:
        return whole
    chosen: set[int] = set()
    for word in filter(None, (word.strip() for word in text.split(","))):
        found = _named(parts, word)
        if not found:
            return ()
        chosen |= {part.number for part in found}
    return tuple(part for part in parts if part.number in chosen)


def _named(parts: Sequence[FilePart], word: str) -> tuple[FilePart, ...]:
    for found in _readings(parts, word.casefold()):
        if found:
            return tuple(found)
    return ()


def _readings(parts: Sequence[FilePart], word: str) -> Iterator[list[FilePart]]:
    """Who may be meant, the most exact first."""
    if word.isdecimal():
        yield [part for part in parts if part.number == int(word)]
    yield [part for part in parts if part.name.casefold() == word]
    if word == "all":
        # Not sound effects and the like, which can't be written; whoever names one is told so.
        yield [part for part in parts if part.instrument is not None]
        yield list(parts)
    for name in (word, *parse(word[:200]).instruments):
        players = players_of(name)
        yield [p for p in parts if p.instrument and (p.instrument.name in players or p.instrument.stem == name)]
    yield [part for part in parts if word and word in part.name.casefold()]
