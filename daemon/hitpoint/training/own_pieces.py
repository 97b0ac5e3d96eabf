"""A person's own MIDI files as pieces to learn from, whatever program wrote them.

Most are learned, about one in five only chooses which weights are kept. Which ones depends on their content alone, so
that a file that is renamed, or a run that is repeated, changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from hitpoint.errors import ConfigError, ScoreError
from hitpoint.originality.catalogue import ENDINGS
from hitpoint.score.file_name import shown_name
from hitpoint.score.file_part import instrument_of
from hitpoint.score.midi_file import read_midi_file
from hitpoint.score.midi_score import MidiPart, MidiScore
from hitpoint.timeline.units import TICKS_PER_QUARTER
from hitpoint.training.corpus import Entry, Split
from hitpoint.training.dataset import Packed, pack_smf
from hitpoint.training.smf import Smf, Track

OWN = "own"
"""Source and licence of a person's files: theirs to say, not ours."""
FEWEST_PIECES = 3
"""Two to learn and one to choose by; less would only be learned by heart. Our choice."""
HELD_OUT_SHARE = 0.2
"""Of the pieces, those that only choose. Our choice."""

Packs = list[tuple[Entry, Packed]]


@dataclass(frozen=True)
class OwnPieces:
    """A folder that was read."""

    learned: Packs
    held_out: Packs
    skipped: tuple[str, ...]
    """Why each other file was left out; a line each, which names it."""

    @property
    def entries(self) -> list[Entry]:
        """All pieces, by path. Those that only chose are among them: what is kept depends on them too."""
        return sorted((entry for entry, _ in self.learned + self.held_out), key=lambda entry: entry.id)


def read_folder(folder: Path, progress: Callable[[int, int], None]) -> OwnPieces:
    """The MIDI files in a folder and the folders within. Blocks: some 100 ms for 1,000 notes.

    progress: called with files done and files in all. Raises ConfigError when too few can be learned from.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder} is not a folder. Give one that holds MIDI files of your own.")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    found: dict[str, tuple[Entry, Packed]] = {}
    skipped: list[str] = []
    for done, path in enumerate(paths, 1):
        try:
            entry, packed = _read(path, path.relative_to(folder).as_posix())
        except ScoreError as error:
            skipped.append(str(error))
        else:
            if entry.sha256 in found:
                skipped.append(f"{path} is the same file as {found[entry.sha256][0].path}. It counts once.")
            else:
                found[entry.sha256] = entry, packed
        progress(done, len(paths))
    if len(found) < FEWEST_PIECES:
        first = f" The first that was left out: {skipped[0]}" if skipped else ""
        raise ConfigError(
            f"{folder}: {len(found)} of its {len(paths)} MIDI files can be learned from, and {FEWEST_PIECES} are the "
            f"fewest; 20 are better. Put more files that end in {' or '.join(ENDINGS)} there.{first}"
        )
    held_out = set(sorted(found)[: max(1, round(len(found) * HELD_OUT_SHARE))])
    return OwnPieces(
        [pack for digest, pack in found.items() if digest not in held_out],
        [
            (replace(entry, split=Split.VALID), packed)
            for digest, (entry, packed) in found.items()
            if digest in held_out
        ],
        tuple(skipped),
    )


def smf_of(score: MidiScore) -> Smf:
    """What a score says, in the form in which the corpus is read; parts that are no instrument's are left out."""
    return Smf(
        TICKS_PER_QUARTER,
        [track for part in score.parts if part.notes and (track := _track_of(part)) is not None],
        [(point.tick, point.bpm) for point in score.timeline.tempo_map.points],
        [
            (change.tick, change.meter.numerator, change.meter.denominator)
            for change in score.timeline.meter_map.changes
        ],
    )


def _track_of(part: MidiPart) -> Track | None:
    instrument = instrument_of(part.program, part.channel, part.name)
    if instrument is None:
        return None
    notes = [(note.tick, note.end, note.pitch, note.velocity) for note in part.notes]
    return Track(instrument.program, instrument.drums, notes)


def _read(path: Path, name: str) -> tuple[Entry, Packed]:
    """Raises ScoreError where nothing can be learned from the file."""
    score = read_midi_file(path)
    velocities = {note.velocity for part in score.parts for note in part.notes}
    entry = Entry(
        id=shown_name(name),
        source=OWN,
        path=path,
        split=Split.TRAIN,
        licence=OWN,
        attribution="",
        source_url="",
        tempo_known=score.tempo_stated,
        velocities_known=len(velocities) > 1,
        sha256=sha256(path.read_bytes()).hexdigest(),
        title=score.title,
    )
    packed = pack_smf(entry, smf_of(score))
    if packed is None:
        raise ScoreError(f"{path} has no two bars for instruments that Hitpoint writes for. Leave it out.")
    return entry, packed
