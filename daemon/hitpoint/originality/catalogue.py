"""Anyone's MIDI files: the lines in one, and the index of a folder of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hitpoint.errors import ConfigError, ScoreError
from hitpoint.originality.build import IndexBuilder
from hitpoint.originality.index import Index, Piece
from hitpoint.originality.lines import Line, lines_of
from hitpoint.score.file_name import shown_name
from hitpoint.score.midi_file import read_midi_file
from hitpoint.score.midi_score import MidiScore
from hitpoint.score.note import Note
from hitpoint.score.stem import DRUM_CHANNEL

ENDINGS = (".mid", ".midi")
"""Of MIDI files, in small letters."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A folder that was indexed."""

    index: Index
    skipped: tuple[str, ...]
    """Why each file that is not in it could not be indexed; a line each, which names it."""


def score_lines(score: MidiScore) -> Iterator[tuple[str, Line]]:
    """The lines of all pitched parts, each with its part's name; a part without a name has its number."""
    for number, part in enumerate(score.parts, 1):
        if part.channel != DRUM_CHANNEL:
            for line in note_lines(part.notes):
                yield part.name or f"part {number}", line


def note_lines(notes: Sequence[Note]) -> tuple[Line, ...]:
    """The lines of one part."""
    rows = np.array([(note.tick, note.end, note.pitch) for note in notes], np.int64).reshape(-1, 3)
    return lines_of(*rows.T)


def index_folder(folder: Path, progress: Callable[[int, int], None]) -> Catalogue:
    """The index of all MIDI files in a folder and the folders within, by path. Blocks: some 10 ms for 1,000 notes.

    A file's id is its stem, and the path below the folder where several files share it. progress: called with files
    done and files in all. Raises ConfigError when there is no such folder or no file in it that can be indexed.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder} is not a folder. Give one that holds MIDI files.")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and _is_meant(path))
    if not paths:
        raise ConfigError(f"{folder} has no files that end in {' or '.join(ENDINGS)}. Give a folder with MIDI files.")
    stems = [path.stem for path in paths]
    builder, skipped = IndexBuilder(len(paths)), []
    for done, path in enumerate(paths, 1):
        try:
            score = read_midi_file(path)
            if not (lines := [line for _, line in score_lines(score)]):
                raise ScoreError(f"{path} has no notes but drums'. There is nothing to compare with it.")
        except ScoreError as error:
            skipped.append(str(error))
        else:
            name = path.stem if stems.count(path.stem) == 1 else path.relative_to(folder).as_posix()
            builder.add(Piece(shown_name(name), score.title), lines)
        progress(done, len(paths))
    if len(skipped) == len(paths):
        raise ConfigError(f"{folder}: none of its {len(paths)} MIDI files can be indexed; the first: {skipped[0]}")
    return Catalogue(builder.finish(), tuple(skipped))


def _is_meant(path: Path) -> bool:
    """Whether it is a file, or a link to one that is gone: its owner believes it to be there."""
    return path.is_file() or (path.is_symlink() and not path.exists())
