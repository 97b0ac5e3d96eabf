"""What all models that run a bundle have in common: its graph, a cache, and how many rows that holds."""

from typing import Any

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import Bundle
from hitpoint.inference.graph_run import Cache
from hitpoint.inference.model import Sampling


class LoadedBundle:
    """A bundle's network with an empty cache."""

    def __init__(self, bundle: Bundle, row_width: int | None, session: Any, cache: Cache) -> None:
        """row_width: ids in the rows that it is given, where that is more than the bundle's. Columns and ids that the
        bundle does not have are left out: its vocabulary is the beginning of the one in which rows are written.
        session: as `open_session` opens it. cache: an empty one, with a place for each row that is read beside others.
        """
        self._bundle = bundle
        self._row_width = bundle.row_width if row_width is None else row_width
        self._session, self._cache, self._length = session, cache, 0

    @property
    def context(self) -> int:
        """Rows it can hold."""
        return self._bundle.context

    @property
    def row_width(self) -> int:
        """Ids in a row that it is given."""
        return self._row_width

    @property
    def head_sizes(self) -> tuple[int, ...]:
        """Values that each attribute is drawn from."""
        return self._bundle.head_sizes

    @property
    def sampling(self) -> Sampling:
        """How boldly the bundle asks to draw."""
        return self._bundle.sampling

    @property
    def weight_bytes(self) -> int:
        """Size of its file: nearly all of it is read at every step, but the embeddings, a tenth of it."""
        return self._bundle.model_path.stat().st_size

    @property
    def length(self) -> int:
        """Rows it holds now."""
        return self._length

    def roll_back(self, length: int) -> None:
        """Forget all rows from `length` on."""
        self._length = min(self._length, length)

    def advance(self, count: int) -> None:
        """Its cache holds so many rows more, which another run has filled in."""
        self._length += count

    def _check_room(self, count: int) -> None:
        if self._length + count > self.context:
            raise ModelError(f"{self._bundle.name} holds {self.context} rows; {self._length + count} were asked for.")
