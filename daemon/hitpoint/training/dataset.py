"""The corpus as codes, packed into flat arrays, one file a split: what `prepare` writes and `fit` reads.

Pieces are laid end to end: pieces own bars, bars own cells (one part in one bar), cells own notes.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hitpoint.errors import ConfigError
from hitpoint.score.style import STYLES
from hitpoint.tokens import grid
from hitpoint.training.calibration import edges_of, write_levels
from hitpoint.training.corpus import Entry, Split, read_manifest, verify
from hitpoint.training.labels import LEVELS, Labels, labels_of
from hitpoint.training.piece import Piece, piece_of
from hitpoint.training.roles import roles_of
from hitpoint.training.smf import Smf, read_smf

Array = NDArray[Any]

BAR_CODES = (
    "length", "denominator", "tempo", "key", *LEVELS, "to_hit", "to_end", "harmony_1", "harmony_2", "hit_beat", "style",
)  # fmt: skip
"""Columns of `Dataset.bars`, as the fields of a BAR row."""
COLUMN = {name: column for column, name in enumerate(BAR_CODES)}
FORMAT = 2
"""Of the files; raised when they change."""
STRAY = (1, 99)
"""Percentiles of a part's keys (and chords) that count as its range."""


@dataclass(frozen=True)
class Dataset:
    """One split. Offsets have one entry more than there are owners."""

    ids: Array
    """Of each piece, as in the manifest."""
    sources: Array
    """Of each piece, the collection's name."""
    velocities_known: Array
    piece_bars: Array
    """Offsets into `bars`."""
    piece_parts: Array
    """Offsets into `parts`."""
    parts: Array
    """Shape (parts, 5): instrument, desk, lowest and highest key but for a few, notes of its fullest usual chord."""
    bars: Array
    """Shape (bars, 15): codes in the order of BAR_CODES, −1 unsaid."""
    bar_cells: Array
    """Offsets into `cells`."""
    cells: Array
    """Shape (cells, 4): part within its piece, part_density code, mean pitch, role code, −1 unsaid."""
    cell_notes: Array
    """Offsets into `notes`."""
    notes: Array
    """Shape (notes, 4): codes in the order of DRAWN."""

    def __len__(self) -> int:
        return len(self.ids)

    def digest(self) -> str:
        """16 hex digits of its notes and bars: which data a run was trained on."""
        return sha256(self.notes.tobytes() + self.bars.tobytes()).hexdigest()[:16]


@dataclass(frozen=True)
class Packed:
    """One piece, its bar levels still raw."""

    parts: Array
    bars: Array
    levels: Array
    bar_cells: Array
    cells: Array
    cell_notes: Array
    notes: Array


def prepare(corpus: Path, out: Path, workers: int, progress: Callable[[int, int], None]) -> dict[str, int]:
    """Write train.npz, valid.npz, test.npz and the calibration of the levels; returns notes by split.

    progress: called with pieces done and pieces in all.
    """
    out.mkdir(parents=True, exist_ok=True)
    manifests = {split: read_manifest(corpus, split) for split in Split}
    total, done, notes = sum(map(len, manifests.values())), 0, {}
    edges: Array | None = None
    with ProcessPoolExecutor(workers) as pool:
        for split, entries in manifests.items():  # train comes first: its levels calibrate the others'
            packed = []
            for entry, piece in zip(entries, pool.map(_pack_entry, entries, chunksize=16), strict=True):
                done += 1
                progress(done, total)
                if piece is not None:
                    packed.append((entry, piece))
            if edges is None:
                edges = _calibrate(packed)
                write_levels(out, edges)
            dataset = join(packed, edges)
            store(dataset, out, split)
            notes[split.value] = len(dataset.notes)
    return notes


def store(dataset: Dataset, folder: Path, split: Split) -> None:
    """Write a split for `load`."""
    stored = {field.name: getattr(dataset, field.name) for field in fields(dataset)}
    np.savez(folder / f"{split.value}.npz", format=FORMAT, **stored)


def load(folder: Path, split: Split) -> Dataset:
    """A prepared split. Raises ConfigError when it is not there or of another format."""
    path = folder / f"{split.value}.npz"
    if not path.is_file():
        raise ConfigError(f"{path} is missing. Run `hitpoint train prepare --corpus DIR --data {folder}` first.")
    with np.load(path) as stored:
        if int(stored["format"]) != FORMAT:
            raise ConfigError(f"{path} has format {int(stored['format'])}, not {FORMAT}. Prepare the corpus again.")
        return Dataset(**{field.name: stored[field.name] for field in fields(Dataset)})


def _pack_entry(entry: Entry) -> Packed | None:
    verify(entry)
    return pack_smf(entry, read_smf(entry.path))


def pack_smf(entry: Entry, smf: Smf) -> Packed | None:
    """The arrays of a file; None where nothing in it can be learned. entry: what is known of it."""
    piece = piece_of(smf)
    if piece is None or piece.bars < 2:
        return None
    labels = labels_of(piece, entry.velocities_known, entry.tempo_known)
    return pack(piece, labels, entry.tempo_known, -1 if entry.style is None else STYLES.index(entry.style))


def pack(piece: Piece, labels: Labels, tempo_known: bool, style: int = -1) -> Packed:
    """The arrays of one piece. style: its place in STYLES, −1 for none."""
    bar, part, position, pitch, duration, velocity = piece.notes.T
    first = np.flatnonzero(np.r_[True, (bar[1:] != bar[:-1]) | (part[1:] != part[:-1])])
    cell_notes = np.append(first, len(bar))
    onsets = np.add.reduceat(np.r_[True, position[1:] != position[:-1]] | np.isin(np.arange(len(bar)), first), first)
    density = np.searchsorted(grid.PART_DENSITY_EDGES, onsets / piece.quarters[bar[first]])
    mean_pitch = np.add.reduceat(pitch, first) / np.diff(cell_notes)
    roles = roles_of(
        np.column_stack([bar[first], part[first]]), cell_notes, np.column_stack([position, pitch, duration]),
        piece.instruments, np.diff(piece.bar_starts),
    )  # fmt: skip
    edges = (np.array(grid.DURATIONS[1:]) + np.array(grid.DURATIONS[:-1])) / 2
    return Packed(
        parts=_part_columns(piece).astype(np.uint8),
        bars=_bar_codes(piece, labels, tempo_known, style),
        levels=labels.levels.astype(np.float32),
        bar_cells=np.searchsorted(bar[first], np.arange(piece.bars + 1)),
        cells=np.column_stack([part[first], density, np.rint(mean_pitch), roles]).astype(np.int16),
        cell_notes=cell_notes,
        notes=np.column_stack([position, pitch, np.searchsorted(edges, duration), (velocity - 1) // 4]).astype(
            np.uint8
        ),
    )


def _part_columns(piece: Piece) -> Array:
    """Instrument, desk, range and fullest chord of each part; a few stray notes do not count."""
    columns = [piece.instruments, piece.desks]
    ranges = np.zeros((len(piece.instruments), 3))
    for part in range(len(ranges)):
        own = piece.notes[piece.notes[:, 1] == part]
        if len(own):
            _, chords = np.unique(own[:, 0] * grid.POSITIONS + own[:, 2], return_counts=True)
            ranges[part] = [*np.percentile(own[:, 3], STRAY, method="nearest"), np.percentile(chords, STRAY[1])]
    return np.column_stack([*columns, ranges])


def _bar_codes(piece: Piece, labels: Labels, tempo_known: bool, style: int) -> Array:
    ticks = np.diff(piece.bar_starts) * grid.POSITION_TICKS
    codes = np.full((piece.bars, len(BAR_CODES)), -1, np.int8)
    codes[:, 0] = [grid.length_class(int(length)) for length in ticks]
    codes[:, 1] = [grid.denominator_class(int(denominator)) for denominator in piece.denominators]
    if tempo_known:
        codes[:, 2] = [grid.tempo_class(float(bpm)) for bpm in piece.tempi]
    codes[:, 3] = labels.key
    codes[:, COLUMN["to_hit"]], codes[:, COLUMN["to_end"]] = labels.to_hit, labels.to_end
    codes[:, COLUMN["harmony_1"]], codes[:, COLUMN["harmony_2"]] = labels.harmony.T
    codes[:, COLUMN["hit_beat"]], codes[:, COLUMN["style"]] = labels.hit_beat, style
    return codes


def _calibrate(packed: list[tuple[Entry, Packed]]) -> Array:
    """Edges between the tenths of each level, shape (5, 9), every source counted by the root of its bars."""
    bars_of: dict[str, int] = {}
    for entry, piece in packed:
        bars_of[entry.source] = bars_of.get(entry.source, 0) + len(piece.bars)
    weight = np.concatenate([np.full(len(piece.bars), bars_of[entry.source] ** -0.5) for entry, piece in packed])
    return edges_of(np.concatenate([piece.levels for _, piece in packed]), weight)


def join(packed: list[tuple[Entry, Packed]], edges: Array) -> Dataset:
    """The split of these pieces. edges: between the tenths of each level, as `calibration` has them."""
    pieces = [piece for _, piece in packed]
    bars = np.concatenate([piece.bars for piece in pieces])
    levels = np.concatenate([piece.levels for piece in pieces])
    for row in range(len(LEVELS)):
        bars[:, COLUMN[LEVELS[row]]] = np.searchsorted(edges[row], levels[:, row])
    return Dataset(
        ids=np.array([entry.id for entry, _ in packed]),
        sources=np.array([entry.source for entry, _ in packed]),
        velocities_known=np.array([entry.velocities_known for entry, _ in packed]),
        piece_bars=_offsets(len(piece.bars) for piece in pieces),
        piece_parts=_offsets(len(piece.parts) for piece in pieces),
        parts=np.concatenate([piece.parts for piece in pieces]),
        bars=bars,
        bar_cells=_chained(piece.bar_cells for piece in pieces),
        cells=np.concatenate([piece.cells for piece in pieces]),
        cell_notes=_chained(piece.cell_notes for piece in pieces),
        notes=np.concatenate([piece.notes for piece in pieces]),
    )


def _offsets(lengths: Iterable[int]) -> Array:
    return np.concatenate([[0], np.cumsum(list(lengths))])


def _chained(offsets: Iterable[Array]) -> Array:
    """Offsets within pieces as offsets within all."""
    joined, base = [np.zeros(1, np.int64)], 0
    for own in offsets:
        joined.append(own[1:] + base)
        base += int(own[-1])
    return np.concatenate(joined)
