"""The index of a corpus: what `hitpoint check` and the copy guard compare with. Only the train split goes into it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from hitpoint.originality.build import IndexBuilder
from hitpoint.originality.index import Index, Piece
from hitpoint.originality.lines import Line, lines_of
from hitpoint.timeline.units import TICKS_PER_QUARTER
from hitpoint.training.corpus import Split, read_manifest, verify
from hitpoint.training.smf import Smf, read_smf


def index_corpus(corpus: Path, progress: Callable[[int, int], None]) -> Index:
    """The index of the corpus's train split, in the manifest's order. Blocks: about two minutes for 14 million notes.

    progress: called with pieces done and pieces in all. Raises ConfigError and ScoreError for a broken corpus.
    """
    entries = read_manifest(corpus, Split.TRAIN)
    builder = IndexBuilder(len(entries))
    for done, entry in enumerate(entries, 1):
        verify(entry)
        piece = Piece(entry.id, entry.title, entry.attribution, entry.group)
        builder.add(piece, list(lines_of_smf(read_smf(entry.path))))
        progress(done, len(entries))
    return builder.finish()


def lines_of_smf(smf: Smf) -> Iterator[Line]:
    """The lines of all pitched tracks; drums have none."""
    scale = TICKS_PER_QUARTER / smf.ticks_per_quarter
    for track in smf.tracks:
        if not track.drums:
            onsets, ends, pitches, _ = np.array(track.notes, np.int64).T
            yield from lines_of(_scaled(onsets, scale), _scaled(ends, scale), pitches)


def _scaled(ticks: np.ndarray, scale: float) -> np.ndarray:
    return np.rint(ticks * scale).astype(np.int64)
