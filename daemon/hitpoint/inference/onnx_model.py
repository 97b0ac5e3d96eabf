"""A bundle's model run by onnxruntime. The only module that imports it.

One thread and no spinning: the other core belongs to the process that plays.
Keys and values live in one buffer a layer, bound as past and present both, so a step copies nothing and forgetting
rows is only a smaller number.
"""

from math import log
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import Bundle
from hitpoint.inference.model import Biases, Ids, Masks, Sampling

KEPT_COUNT = 16
"""Runs of at most so many rows keep their arrays; longer prompts come in every length, each once."""


class OnnxModel:
    """A loaded network with an empty cache."""

    def __init__(self, bundle: Bundle, row_width: int | None = None) -> None:
        """row_width: ids in the rows that it is given, where that is more than the bundle's. Columns and ids that the
        bundle does not have are left out: its vocabulary is the beginning of the one in which rows are written."""
        self._bundle = bundle
        self._row_width = bundle.row_width if row_width is None else row_width
        self._session = _session(bundle.model_path)
        self._length = 0
        shape = (1, bundle.kv_heads, bundle.context, bundle.per_head)
        names = [f"{what}_{layer}" for layer in range(bundle.layers) for what in ("key", "value")]
        make = onnxruntime.OrtValue.ortvalue_from_numpy
        self._cache = {name: make(np.zeros(shape, np.float32)) for name in names}
        self._bindings: dict[tuple[int, int], _Binding] = {}

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

    def step(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        """Read `rows` and draw what follows. Blocks: for one run of the graph."""
        count = len(rows)
        if self._length + count > self.context:
            raise ModelError(f"{self._bundle.name} holds {self.context} rows; {self._length + count} were asked for.")
        binding = self._binding(count, len(masks.rest[0]))
        binding.fill(rows, masks, noise, sampling, self._length)
        self._session.run_with_iobinding(binding.io)
        self._length += count
        return np.asarray(binding.drawn[0])

    def logits(self) -> tuple[Biases, ...]:
        """Of each attribute at the last one-row step, before masks and temperature."""
        return tuple(array[0] for array in self._last.logits)

    def _binding(self, count: int, mask_rows: int) -> "_Binding":
        key = (count, mask_rows)
        if key not in self._bindings:
            binding = _Binding(self._session, self._bundle, self._cache, count, mask_rows)
            if count > KEPT_COUNT:
                self._last = binding
                return binding
            self._bindings[key] = binding
        self._last = self._bindings[key]
        return self._last


NOTHING = 0
"""The id that says nothing, whatever the vocabulary."""
_GIVEN = ("rows", "last_position", "total_length", "row_of_first", "noise", "inverse_temperature", "log_min_p")


class _Binding:
    """Arrays that one run reads and writes in place."""

    def __init__(self, session: Any, bundle: Bundle, cache: dict[str, Any], count: int, mask_rows: int) -> None:
        sizes = bundle.head_sizes
        self._known_ids = bundle.size
        self.rows = np.zeros((1, count, bundle.row_width), np.int64)
        self.last_position = np.zeros(1, np.int32)
        self.total_length = np.zeros((), np.int32)
        self.row_of_first = np.zeros((1, sizes[0]), np.int64)
        self.biases = [np.zeros((1, sizes[0]) if i == 0 else (1, mask_rows, sizes[i]), np.float32) for i in range(4)]
        self.noise = np.zeros((1, sum(sizes)), np.float32)
        self.inverse_temperature = np.ones((), np.float32)
        self.log_min_p = np.zeros((), np.float32)
        self.drawn = np.zeros((1, len(sizes)), np.int64)
        self.logits = [np.zeros((1, size), np.float32) for size in sizes]
        self.io = session.io_binding()
        for name in _GIVEN:
            self._bind(self.io.bind_input, name, getattr(self, name))
        for index in range(len(sizes)):
            self._bind(self.io.bind_input, f"bias_{index}", self.biases[index])
            self._bind(self.io.bind_output, f"logits_{index}", self.logits[index])
        self._bind(self.io.bind_output, "drawn", self.drawn)
        for name, value in cache.items():
            self.io.bind_ortvalue_input(f"past_{name}", value)
            self.io.bind_ortvalue_output(f"present_{name}", value)

    def fill(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling, length: int) -> None:
        """Lay out one step after `length` rows."""
        width = self.rows.shape[2]
        self.rows[0] = rows[:, :width]
        if rows.shape[1] > width:
            self.rows[self.rows >= self._known_ids] = NOTHING
        self.last_position[0] = length + len(rows) - 1
        self.total_length[()] = length + len(rows)
        self.row_of_first[0] = masks.row_of_first
        self.biases[0][0] = masks.first
        for index, biases in enumerate(masks.rest, 1):
            self.biases[index][0] = biases
        self.noise[0] = noise
        self.inverse_temperature[()] = 1 / max(sampling.temperature, 1e-3)
        self.log_min_p[()] = log(max(sampling.min_p, 1e-9))

    @staticmethod
    def _bind(bind: Any, name: str, array: Any) -> None:
        bind(name, "cpu", 0, array.dtype.type, list(array.shape), array.ctypes.data)


def _session(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises a dozen kinds, none with a common parent
        raise ModelError(f"{path} cannot be run: {error}. Run `hitpoint train export` again.") from error
