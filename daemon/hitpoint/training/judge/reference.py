"""What cues are compared with: the index of what their model read, and the corpus that it was made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hitpoint.errors import ConfigError
from hitpoint.originality.index import Index
from hitpoint.originality.index_file import INDEX, read_index
from hitpoint.originality.lines import Line
from hitpoint.training.corpus import Entry, Split, read_manifest, verify
from hitpoint.training.corpus_index import lines_of_smf
from hitpoint.training.smf import Smf, read_smf


@dataclass(frozen=True)
class Reference:
    """An index and, where there is a corpus, its pieces by split."""

    index: Index
    train: tuple[Entry, ...] = ()
    """Those of the index, in its order; none without a corpus."""
    valid: tuple[Entry, ...] = ()
    test: tuple[Entry, ...] = ()

    @classmethod
    def load(cls, bundle: Path, corpus: Path | None) -> Self:
        """The index of a bundle. Raises ConfigError when it has none, or one that was made of another corpus."""
        path = bundle / INDEX
        if not path.is_file():
            raise ConfigError(
                f"{bundle} has no {INDEX}, which originality is measured with. Make it with `hitpoint train index "
                f"--corpus DIR -o {bundle}`."
            )
        index = read_index(path)
        if corpus is None:
            return cls(index)
        train, valid, test = (read_manifest(corpus, split) for split in Split)
        by_id = {entry.id: entry for entry in train}
        strange = next((piece.id for piece in index.pieces if piece.id not in by_id), None)
        if strange is not None:
            raise ConfigError(
                f"{path} has {strange}, which {corpus} does not train with. Give the corpus that it was made of."
            )
        return cls(index, tuple(by_id[piece.id] for piece in index.pieces), tuple(valid), tuple(test))

    def of_source(self, source: str) -> NDArray[np.bool_]:
        """Which pieces of the index come from that collection."""
        return np.array([entry.source == source for entry in self.train])

    def of_group(self, number: int) -> NDArray[np.bool_]:
        """Which pieces of the index belong to the work of its piece `number`."""
        groups = [piece.group or piece.id for piece in self.index.pieces]
        return np.array([group == groups[number] for group in groups])


def music_of(entry: Entry) -> Smf:
    """The file of a piece. Raises ConfigError and ScoreError when it is not the one that the manifest describes."""
    verify(entry)
    return read_smf(entry.path)


def lines_of_entries(entries: Sequence[Entry]) -> Iterator[list[Line]]:
    """The lines of each piece; none of one for drums alone."""
    return (list(lines_of_smf(music_of(entry))) for entry in entries)
