"""Some bars of some parts of a MIDI file written anew, or a new part written to it; all else stays as it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from hitpoint.engine.infill import Infiller
from hitpoint.engine.infill_breath import aired
from hitpoint.engine.infill_limits import Passage, redrawn
from hitpoint.engine.infill_page import Cell, Line, Page
from hitpoint.engine.infill_plans import plans_of
from hitpoint.engine.infill_players import of_other_players
from hitpoint.errors import ScoreError
from hitpoint.score.articulation import ArticulationMap
from hitpoint.score.direction import Direction
from hitpoint.score.ensemble import MOST_DESKS, part_of
from hitpoint.score.file_edit import Change, NewNote, changed, distinct, with_part
from hitpoint.score.file_part import FilePart, file_tick_of, parts_in
from hitpoint.score.keep import Keep
from hitpoint.score.likeliest import Strike
from hitpoint.score.midi_events import MidiEvents, parse_events
from hitpoint.score.midi_file import read_midi_file
from hitpoint.score.midi_score import KeyChange
from hitpoint.score.note import Note
from hitpoint.score.stem import DRUM_CHANNEL, Instrument, Part
from hitpoint.timeline.meter import Bar
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER

MOST_BARS = 10_000
"""A file of more is taken for a broken one."""


@dataclass(frozen=True)
class OpenFile:
    """A file that was read."""

    path: Path
    events: MidiEvents
    timeline: Timeline
    signatures: tuple[KeyChange, ...]
    parts: tuple[FilePart, ...]
    bars: tuple[Bar, ...]
    """Up to the last in which a note sounds."""


@dataclass(frozen=True)
class Wanted:
    """What is to be done to a file."""

    bars: tuple[int, ...]
    """Indices of bars, rising."""
    parts: tuple[FilePart, ...] = ()
    """Parts to be rewritten."""
    new: Instrument | None = None
    """The instrument of a part to be added."""
    amount: float = 1.0
    """0 leaves every note as it is, 1 writes freely; between, the share of the notes that is taken out, for which about
    as many are written."""
    keep: Keep | None = None
    direction: Direction = field(default_factory=Direction)
    seed: str = "0"
    candidate: int = 0
    """Which of several answers: they differ in what is drawn, and write the same notes anew."""


@dataclass(frozen=True)
class Answer:
    """What came of it."""

    content: bytes
    """The file."""
    parts: tuple[str, ...]
    """Names of the parts that were written."""
    notes: int
    """Notes written."""
    strikes: frozenset[Strike]
    """Where they begin, and their keys."""


@dataclass(frozen=True)
class Hole:
    """What is to be written anew."""

    cells: int
    """Bars of parts."""
    strikes: frozenset[Strike]
    """Of the notes that stand there; none of a part to be added."""


def open_file(path: Path, articulations: ArticulationMap | None = None) -> OpenFile:
    """Read a MIDI file. articulations: whose keyswitches are no notes.

    Raises ScoreError for one that cannot be read, or has no notes.
    """
    score = read_midi_file(path)
    events = parse_events(path.read_bytes(), str(path))
    parts = parts_in(events, articulations)
    if not parts:
        raise ScoreError(f"{path} has no notes. Give a file with music in it.")
    meter_map = score.timeline.meter_map
    count = meter_map.bar_at(max(note.note.end for part in parts for note in part.notes) - 1).index + 1
    if count > MOST_BARS:
        raise ScoreError(f"{path} has {count:,} bars; {MOST_BARS:,} are read at most. Cut it.")
    bars = tuple(meter_map.bar(index) for index in range(count))
    return OpenFile(path, events, score.timeline, score.keys, parts, bars)


def infill(file: OpenFile, wanted: Wanted, infiller: Infiller, progress: Callable[[int, int], None]) -> Answer:
    """Do it. progress: told bars of parts done, and in all. Blocks for it all.

    Raises ScoreError for a part that is no instrument, and where a new part finds no place.
    """
    work = _Work(file, wanted)
    seed = f"{wanted.seed}, candidate {wanted.candidate}" if wanted.candidate else wanted.seed
    infiller.fill(work.page, work.cells, work.passage.limits, seed, progress)
    return work.answer()


def hole_of(file: OpenFile, wanted: Wanted) -> Hole:
    """What is to be written anew. Raises ScoreError as `infill`."""
    work = _Work(file, wanted)
    return Hole(len(work.cells), work.leaving())


class _Work:
    """The page of a file, and the way back."""

    def __init__(self, file: OpenFile, wanted: Wanted) -> None:
        unknown = [str(part) for part in wanted.parts if part.instrument is None]
        if unknown:
            raise ScoreError(
                f"{file.path}: {', '.join(unknown)} cannot be written: no instrument we know. Name other parts."
            )
        self._file, self._wanted = file, wanted
        chosen = {part.number for part in wanted.parts}
        # Sound effects and the like are neither written nor read.
        self._parts = [part for part in file.parts if part.instrument is not None]
        # As in training, a file whose notes are all equally loud has no dynamics.
        self._dynamics = len({note.velocity for part in self._parts for note in part.plain_notes}) > 1
        spans = [(file.bars[index].start, file.bars[index].end) for index in wanted.bars]
        sources: dict[int, tuple[Note, ...]] = {}
        self._gone: dict[int, frozenset[Note]] = {}
        self._aside = dict[int, frozenset[Note]]()
        """By line: what stays and is another player's, though it stands in the same part."""
        lines, desks = [], dict[str, int]()
        for index, part in enumerate(self._parts):
            assert part.instrument is not None
            desk = desks.get(part.instrument.name, 0)
            desks[part.instrument.name] = desk + 1
            gone: frozenset[Note] = frozenset()
            if part.number in chosen:
                inside = tuple(note for note in part.plain_notes if _within(note.tick, spans))
                gone = redrawn(inside, wanted.amount, f"{wanted.seed}/{part.number}")
                aside = of_other_players(part.instrument, part.plain_notes, gone)
                sources[index] = tuple(note for note in inside if note not in aside)
                self._gone[index], self._aside[index] = gone, aside
            plain = Part(f"{part.number}", part.instrument, min(desk, MOST_DESKS - 1))
            lines.append(self._line(part, plain, gone | self._aside.get(index, frozenset())))
        self._check_notes(sources)
        self.new: Part | None = None
        if wanted.new is not None:
            self.new = part_of(wanted.new.name, min(desks.get(wanted.new.name, 0), MOST_DESKS - 1))
            lines.append(Line(self.new, (), *_common_loudness(lines)))
        read = [note for index, line in enumerate(lines) if not line.part.instrument.drums
                for note in (*line.standing, *self._aside.get(index, ()))]  # fmt: skip
        bars = set(wanted.bars)
        plans = plans_of(file.timeline, file.bars, read, file.signatures, bars, wanted.direction)
        resolution = file.events.ticks_per_quarter
        self.page = Page(plans, self._on_channels(lines), -(-TICKS_PER_QUARTER // resolution))
        heard = [note for part, line in zip(self._parts, lines, strict=False) if not line.part.instrument.drums
                 for note in part.plain_notes]  # fmt: skip
        self.passage = Passage(wanted.keep, sources, tuple(sorted(heard)), wanted.amount < 1.0)
        self.cells = list(self._cells(sources, bars))
        self._check_keys()

    def _check_notes(self, sources: dict[int, tuple[Note, ...]]) -> None:
        """Raise ScoreError where all the parts rest, and what is asked is of notes that stand there."""
        wanted = self._wanted
        held = wanted.keep if wanted.keep in (Keep.RHYTHM, Keep.CONTOUR) else None
        if not sources or any(sources.values()) or (wanted.amount == 1.0 and held is None):
            return
        names = ", ".join(part.name for part in wanted.parts)
        needed = "to write a share of anew" if held is None else f"to keep the {held.value} of"
        raise ScoreError(
            f"{self._file.path}: {names}: no notes in these bars {needed}. Leave out amount and keep to have some "
            "written, or name other bars."
        )

    def _check_keys(self) -> None:
        """Raise ScoreError where notes would be taken out, or a part added, and none could be written."""
        if self._wanted.keep not in (Keep.HARMONY, Keep.REGISTER):
            return
        unmet = [cell for cell in self.cells if not self.passage.leaves_a_key(self.page, cell)]
        # A new part may rest in bars where it finds no key, but not in all of them.
        lost = [cell for cell in unmet if cell.must_play or len(unmet) == len(self.cells)]
        if not lost or (self.new is not None and len(unmet) < len(self.cells)):
            return
        bar, line, stated = self.page.plans[lost[0].stretch].bar, lost[0].line, self._wanted.direction.key
        instrument = self.page.lines[line].part.instrument.name
        named = self._parts[line] if line < len(self._parts) else f"a new {instrument}"
        raise ScoreError(
            f"{self._file.path}: bar {bar.index + 1} of {named} cannot be written: keeping the "
            f"{self._wanted.keep.value} leaves no key {f'of {stated} ' if stated else ''}that a {instrument} has. "
            "Keep something else, or nothing."
        )

    def _line(self, part: FilePart, plain: Part, without: frozenset[Note]) -> Line:
        standing = tuple(note for note in part.plain_notes if note not in without)
        velocities = [note.velocity for note in part.plain_notes]
        loudness = min(velocities), max(velocities)
        # A rhythm that stays may overlap more than the instrument plays: it did before.
        together = 128 if self._wanted.keep is Keep.RHYTHM else None
        fingers = self._wanted.keep not in (Keep.RHYTHM, Keep.CONTOUR)
        return Line(plain, standing, self._dynamics, loudness, together, _unended(part), fingers=fingers)

    def _on_channels(self, lines: Sequence[Line]) -> list[Line]:
        """The lines, told what else plays on their channels."""
        places: list[tuple[int, int] | None] = [(part.port, part.channel) for part in self._parts]
        if self.new is not None:
            # Any other new part gets a channel of its own.
            places.append((0, DRUM_CHANNEL) if self.new.instrument.drums else None)
        unread = [part for part in self._file.parts if part.instrument is None]
        told = []
        for index, (line, place) in enumerate(zip(lines, places, strict=True)):
            beside = frozenset(
                other for other, its in enumerate(places) if other != index and its == place and its is not None
            )
            same = [part for part in unread if (part.port, part.channel) == place]
            others = [*(lines[other].standing for other in beside), *(part.plain_notes for part in same)]
            others += [tuple(self._aside.get(other, ())) for other in (index, *beside)]
            closed = line.closed.union(*(lines[other].closed for other in beside), *map(_unended, same))
            told.append(replace(line, others=tuple(sorted(chain(*others))), beside=beside, closed=closed))
        return told

    def _cells(self, sources: dict[int, tuple[Note, ...]], bars: set[int]) -> list[Cell]:
        cells = []
        for stretch, plan in enumerate(self.page.plans):
            if plan.bar.index not in bars:
                continue
            for line in sources:
                here = [note for note in sources[line] if plan.bar.start <= note.tick < plan.bar.end]
                leaving = any(note in self._gone[line] for note in here)
                # A rest is written anew only where all is; a bar that has music is never left without.
                if leaving or (not here and self._wanted.amount == 1.0):
                    cells.append(Cell(stretch, line, bool(here)))
            if self.new is not None:
                others = any(self.page.notes_in(line, stretch) for line in range(len(self._parts)))
                cells.append(Cell(stretch, len(self._parts), others and not cells))
        return cells

    def leaving(self) -> frozenset[Strike]:
        """Where the notes begin that are written anew, and their keys."""
        return frozenset(
            (line, found.start, found.note.pitch)
            for line, gone in self._gone.items() for found in self._parts[line].notes if found.note in gone
        )  # fmt: skip

    def answer(self) -> Answer:
        """The file with what was written."""
        wanted, file = self._wanted, self._file
        if self.new is not None:
            line = len(self._parts)
            notes = self._new_notes(self._written(line), {})
            events = with_part(file.events, self.new.name, self.new.instrument, notes)
            return Answer(events.as_bytes(), (self.new.name,), len(notes), _strikes(line, notes))
        changes, strikes = [], frozenset[Strike]()
        for line, gone in self._gone.items():
            part = self._parts[line]
            without = tuple(found for found in part.notes if found.note in gone)
            exact = {found.note.end: found.end for found in without} | {
                found.note.tick: found.start for found in without
            }
            notes = self._new_notes(self._written(line), exact)
            changes.append(Change(part, without, notes))
            strikes |= _strikes(line, notes)
        written, names = sum(len(change.new) for change in changes), tuple(part.name for part in wanted.parts)
        return Answer(changed(file.events, changes).as_bytes(), names, written, strikes)

    def _written(self, line: int) -> list[Note]:
        """Our notes of a part; a rhythm that stays leaves no choice where to breathe."""
        own, written = self.page.lines[line], self.page.written[line]
        if self._wanted.keep is Keep.RHYTHM:
            return written
        return aired(own.part, own.standing, written, self._file.timeline.tempo_map)

    def _new_notes(self, notes: Sequence[Note], exact: dict[int, int]) -> tuple[NewNote, ...]:
        """Notes in the file's own ticks; those that stand on a tick of the source, on exactly that."""
        resolution = self._file.events.ticks_per_quarter

        def tick(ours: int) -> int:
            return exact.get(ours, file_tick_of(ours, resolution))

        return distinct(NewNote(tick(note.tick), note.pitch, tick(note.end), note.velocity) for note in notes)


def _within(tick: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= tick < end for start, end in spans)


def _unended(part: FilePart) -> frozenset[int]:
    """Keys that the file strikes and never ends."""
    return frozenset(found.note.pitch for found in part.notes if found.off is None)


def _strikes(line: int, notes: Sequence[NewNote]) -> frozenset[Strike]:
    return frozenset((line, note.start, note.pitch) for note in notes)


def _common_loudness(lines: Sequence[Line]) -> tuple[bool, tuple[int, int]]:
    """How loud a new part is: as loud as the others, if there are any."""
    if not lines:
        return True, (1, 127)
    low, high = min(line.loudness[0] for line in lines), max(line.loudness[1] for line in lines)
    return any(line.velocities for line in lines), (low, high)
