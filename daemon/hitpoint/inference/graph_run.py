"""One run of a bundle's graph: the arrays it reads and writes in place. The only module that imports onnxruntime.

One thread and no spinning: the other core belongs to the process that plays.
Keys and values live in one buffer a layer, bound as past and present both, so a step copies nothing and forgetting
rows is only a smaller number.
"""

from collections.abc import Mapping, Sequence
from hashlib import file_digest
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import CONFIG, FINGERPRINT, VOCABULARY, Bundle
from hitpoint.inference.model import Biases, Ids, Masks, Sampling

NOTHING = 0
"""The id that says nothing, whatever the vocabulary."""
_GIVEN = ("rows", "last_position", "total_length", "row_of_first", "noise", "inverse_temperature", "log_min_p")

Cache = Mapping[str, NDArray[Any]]
"""Keys and values by layer, each of shape (batch, heads, context, width of a head)."""


def empty_cache(bundle: Bundle, batch: int) -> Cache:
    """A cache for so many rows side by side."""
    shape = (batch, bundle.kv_heads, bundle.context, bundle.per_head)
    names = [f"{what}_{layer}" for layer in range(bundle.layers) for what in ("key", "value")]
    return {name: np.zeros(shape, np.int8 if bundle.alike else np.float32) for name in names}


def known_rows(bundle: Bundle, rows: Ids) -> Ids:
    """The rows as the bundle reads them: columns and ids that it does not have are left out."""
    known = rows[:, : bundle.row_width]
    return known if rows.shape[1] == bundle.row_width else np.where(known < bundle.size, known, NOTHING)


MASK_ROWS = 8
"""Masks have room for a multiple of so many rows, so that few kinds of runs are needed."""


def mask_room(masks: Masks) -> int:
    """How many rows of masks a run needs to have room for."""
    return MASK_ROWS * -(-len(masks.rest[0]) // MASK_ROWS)


class GraphRun:
    """Arrays for runs of so many rows after what a cache holds, each of a batch with rows of its own."""

    def __init__(self, session: Any, bundle: Bundle, cache: Cache, count: int, mask_rows: int, mix: Biases) -> None:
        """mix: shape (batch, batch), how much of each row's logits each row draws from."""
        self._session, self._cache, batch, sizes = session, cache, len(mix), bundle.head_sizes
        self.rows = np.zeros((batch, count, bundle.row_width), np.int64)
        self.last_position = np.zeros(batch, np.int32)
        self.total_length = np.zeros((), np.int32)
        self.row_of_first = np.zeros((batch, sizes[0]), np.int64)
        self.biases = [np.zeros((batch, sizes[0]), np.float32)]
        self.biases += [np.zeros((batch, mask_rows, size), np.float32) for size in sizes[1:]]
        self.mix = np.ascontiguousarray(mix, np.float32)
        self.noise = np.zeros((batch, sum(sizes)), np.float32)
        self.inverse_temperature = np.ones((), np.float32)
        self.log_min_p = np.zeros((), np.float32)
        self.drawn = np.zeros((batch, len(sizes)), np.int64)
        self.logits = [np.zeros((batch, size), np.float32) for size in sizes]
        self._io = session.io_binding()
        for name in (*_GIVEN, "mix") if bundle.mixes else _GIVEN:
            self._bind(self._io.bind_input, name, getattr(self, name))
        for index in range(len(sizes)):
            self._bind(self._io.bind_input, f"bias_{index}", self.biases[index])
            self._bind(self._io.bind_output, f"logits_{index}", self.logits[index])
        self._bind(self._io.bind_output, "drawn", self.drawn)
        for name, value in cache.items():
            self._bind(self._io.bind_input, f"past_{name}", value)
            self._bind(self._io.bind_output, f"present_{name}", value)

    def __call__(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling, length: int) -> Ids:
        """Read `rows`, shape (batch, count, width) or (count, width) for all alike, after `length` rows.

        Returns what each draws, shape (batch, attributes); the next call writes over it. Blocks: for one run.
        """
        self.rows[:] = rows
        self.last_position[:] = length + self.rows.shape[1] - 1
        self.ask(slice(None), masks, noise)
        return self.run(sampling)

    def ask(self, place: int | slice, masks: Masks, noise: Biases) -> None:
        """What the row at `place` of the batch may draw, and with which noise."""
        self.row_of_first[place] = masks.row_of_first
        self.biases[0][place] = masks.first
        for own, biases in zip(self.biases[1:], masks.rest, strict=True):
            own[place, : len(biases)] = biases
        self.noise[place] = noise

    def run(self, sampling: Sampling) -> Ids:
        """Read what stands in `rows`, each up to its `last_position`; as a call."""
        self.total_length[()] = self.last_position.max() + 1
        self.inverse_temperature[()] = 1 / max(sampling.temperature, 1e-3)
        self.log_min_p[()] = log(max(sampling.min_p, 1e-9))
        self._session.run_with_iobinding(self._io)
        return self.drawn

    @staticmethod
    def _bind(bind: Any, name: str, array: Any) -> None:
        bind(name, "cpu", 0, array.dtype.type, list(array.shape), array.ctypes.data)


def open_session(bundle: Bundle) -> Any:
    """The bundle's graph, ready to run. Raises ModelError where it is damaged, or another bundle's: weights of which
    some bytes are wrong would play, too, and nobody could say what."""
    path = bundle.model_path
    if bundle.fingerprint is not None and bundle.fingerprint != _fingerprint(path):
        raise ModelError(
            f"{path} is damaged, or of another bundle: it is not the model that the {CONFIG} beside it names by its "
            f"{FINGERPRINT}. Copy the whole bundle again, or run `hitpoint train export` again."
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises a dozen kinds, none with a common parent
        raise ModelError(f"{path} cannot be run: {error}. Run `hitpoint train export` again.") from error
    if not _fits({given.name: given for given in session.get_inputs()}, bundle):
        raise ModelError(
            f"{path} does not fit the {CONFIG} and {VOCABULARY} beside it: they are of other bundles. Copy the whole "
            "bundle again, or run `hitpoint train export` again."
        )
    return session


def _fingerprint(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}. Copy the whole bundle again.") from error


def _fits(given: Mapping[str, Any], bundle: Bundle) -> bool:
    """Whether a graph takes what is said of its bundle. given: its inputs, by name."""
    cache = {f"past_{what}_{layer}" for layer in range(bundle.layers) for what in ("key", "value")}
    if {name for name in given if name.startswith("past_")} != cache or ("mix" in given) != bundle.mixes:
        return False
    kind = "tensor(int8)" if bundle.alike else "tensor(float)"
    sizes = {"rows": bundle.row_width, **{f"bias_{index}": size for index, size in enumerate(bundle.head_sizes)}}
    return all(
        given[name].type == kind and _may_be(given[name].shape[1::2], (bundle.kv_heads, bundle.per_head))
        for name in cache
    ) and all(name in given and _may_be(given[name].shape[-1:], (size,)) for name, size in sizes.items())


def _may_be(shape: Sequence[int | str], wanted: Sequence[int]) -> bool:
    """A size that has a name may be any."""
    return all(isinstance(size, str) or size == one for size, one in zip(shape, wanted, strict=True))
