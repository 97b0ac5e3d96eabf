"""How fast a bundle writes on one core, beside what it would be without its cache and what memory allows at best."""

from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hitpoint.engine.composer import Composer
from hitpoint.inference.bundle import load_bundle
from hitpoint.inference.lanes import Lane, Lanes
from hitpoint.inference.model import Biases, Ids, Masks, Sampling
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.score.controls import Controls, Key
from hitpoint.score.request import BarPlan, BarRequest, WrittenBar
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap
from hitpoint.tokens.vocabulary import ROW_WIDTH

PLAYERS = ("flute", "oboe", "clarinet", "french horn", "violin", "viola", "cello", "contrabass")
PAST_BARS = 16
WARM_UP_BARS = 4
UNCACHED_RUNS = 30
READS = 40
TAKES, TAKE_BARS, TAKE_PARTS = 8, 16, 6
"""Of the takes that are timed whole."""
VARIED_AFTER, VARIED_BARS = 2, 3
"""Bars that variations have in common, and those that they differ in: some 256 rows of context on average."""


def measure_generation(bundle: Path, bars: int = 64) -> dict[str, Any]:
    """Write `bars` bars for eight parts with masks on, one core; then the two comparisons, in the same run.

    A step is one drawn note or the end of one part. Times in microseconds. `notes_per_cpu_second` leaves out the time
    in which other processes had the core. Blocks: for some seconds.
    """
    model = _TimedModel(OnnxModel(load_bundle(bundle), ROW_WIDTH))
    composer = Composer(model, model.sampling)
    past = _write(composer, 0, WARM_UP_BARS, [])
    model.seconds.clear()
    model.firsts.clear()
    steps, notes, rows = composer.steps, composer.notes_written, model.rows_read
    started, busy_before = perf_counter(), process_time()
    _write(composer, WARM_UP_BARS, bars, past, model)
    wall, busy = perf_counter() - started, process_time() - busy_before
    steps, notes, rows = composer.steps - steps, composer.notes_written - notes, model.rows_read - rows
    single, firsts = np.array(model.seconds) * 1e6, np.array(model.firsts) * 1e3
    takes = _takes_seconds(composer)
    beside = _takes_beside_seconds(bundle)
    varied, varied_context = _variations(bundle)
    uncached = _uncached_seconds(model)
    limit = _read_seconds(model.weight_bytes)
    return {
        "bundle": bundle.name,
        "bars": bars - WARM_UP_BARS,
        "parts": len(PLAYERS),
        "notes": notes,
        "steps": steps,
        "rows_read": rows,
        "seconds": round(wall, 3),
        "notes_per_second": round(notes / wall),
        "notes_per_cpu_second": round(notes / busy),
        "steps_per_second": round(steps / wall),
        "step_us": {name: round(value) for name, value in _spread(single).items()},
        "first_note_ms": {name: round(value, 2) for name, value in _spread(firsts).items()},
        "takes": {
            "takes": TAKES,
            "bars": TAKE_BARS,
            "parts": TAKE_PARTS,
            "seconds": round(takes, 2),
            "side_by_side_seconds": round(beside, 2),
        },
        "variations": {
            "variations": TAKES,
            "bars": VARIED_BARS,
            "parts": len(PLAYERS),
            "context_rows": varied_context,
            "notes_per_second": round(varied),
        },
        "without_cache": {"context_rows": model.mean_length, "notes_per_second": round(notes / steps / uncached)},
        "read_limit": {"bytes": model.weight_bytes, "notes_per_second": round(notes / steps / limit)},
    }


class _TimedModel:
    """A model that notes how long its steps take, and how full it is."""

    def __init__(self, model: OnnxModel) -> None:
        self._model = model
        self.context, self.row_width, self.head_sizes = model.context, model.row_width, model.head_sizes
        self.sampling, self.fewest_rows = model.sampling, model.fewest_rows
        self.weight_bytes = model.weight_bytes
        self.seconds: list[float] = []
        """Of each run that drew one step and read no more than it had to."""
        self.firsts: list[float] = []
        """From when a bar was asked for to its first draw; the bars before are in the cache, as far as they stay."""
        self.asked: float | None = None
        """When the bar was, of which nothing is drawn yet."""
        self.rows_read = 0
        self._lengths: list[int] = []
        self._last: tuple[Ids, Masks, Biases, Sampling] | None = None

    @property
    def length(self) -> int:
        return self._model.length

    @property
    def mean_length(self) -> int:
        """Rows it held at a step, on average."""
        return round(float(np.mean(self._lengths)))

    def roll_back(self, length: int) -> None:
        self._model.roll_back(length)

    def step(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        started = perf_counter()
        drawn = self._model.step(rows, masks, noise, sampling)
        if self.asked is not None:
            self.firsts.append(perf_counter() - self.asked)
            self.asked = None
        if len(rows) <= self.fewest_rows:
            self.seconds.append(perf_counter() - started)
        self.rows_read += len(rows)
        self._lengths.append(self._model.length)
        self._last = (rows, masks, noise, sampling)
        return drawn

    def reread(self, count: int) -> None:
        """One step that reads `count` rows anew, as a model without a cache must for every note."""
        assert self._last is not None
        rows, masks, noise, sampling = self._last
        self._model.roll_back(0)
        self._model.step(np.repeat(rows[-1:], count, 0), masks, noise, sampling)


def _write(
    composer: Composer, first: int, last: int, past: list[WrittenBar], model: _TimedModel | None = None,
    players: tuple[str, ...] = PLAYERS, seed: int = 1,
) -> list[WrittenBar]:  # fmt: skip
    """model: to be told when each bar is asked for."""
    parts = tuple(Part(name, instrument_named(name)) for name in players)
    meters, key = MeterMap.constant(4, 4), Key(2, "minor")
    controls = Controls(key=key, intensity=0.6, density=0.6, tension=0.5)
    for index in range(first, last):
        plan = BarPlan(meters.bar(index), "bench", controls, 120, parts, velocity=(40, 110), scale=key.scale, seed=seed)
        request = BarRequest(plan, players, past=tuple(past[-PAST_BARS:]))
        if model is not None:
            model.asked = perf_counter()
        past.append(WrittenBar(plan, composer.compose(request)))
        if model is not None:
            # As the process does that composes for a running transport.
            composer.read_ahead()
    return past


def _takes_seconds(composer: Composer) -> float:
    """How long several whole takes are in the making, one after the other."""
    started = perf_counter()
    for take in range(TAKES):
        _write(composer, 0, TAKE_BARS, [], None, PLAYERS[:TAKE_PARTS], take)
    return perf_counter() - started


def _takes_beside_seconds(bundle: Path) -> float:
    """The same takes side by side."""

    def take(seed: int, lane: Lane) -> None:
        _write(Composer(lane, lane.sampling), 0, TAKE_BARS, [], None, PLAYERS[:TAKE_PARTS], seed)

    lanes = Lanes(load_bundle(bundle), ROW_WIDTH, TAKES)
    started = perf_counter()
    dict(lanes.run([partial(take, seed) for seed in range(TAKES)]))
    return perf_counter() - started


def _variations(bundle: Path) -> tuple[float, int]:
    """Notes in a second of variations that go on from the same bars, and their rows of context on average."""
    model = OnnxModel(load_bundle(bundle), ROW_WIDTH)
    common = _write(Composer(model, model.sampling), 0, VARIED_AFTER, [])
    last = VARIED_AFTER + VARIED_BARS

    def vary(seed: int, lane: Lane) -> tuple[int, int]:
        composer = Composer(lane, lane.sampling)
        _write(composer, VARIED_AFTER, last, list(common), None, PLAYERS, seed)
        return composer.notes_written, lane.length

    lanes = Lanes(load_bundle(bundle), ROW_WIDTH, TAKES)
    dict(lanes.run([partial(vary, TAKES + seed) for seed in range(TAKES)]))  # the runtime's memory is laid out once
    started = perf_counter()
    found = list(dict(lanes.run([partial(vary, seed) for seed in range(TAKES)])).values())
    seconds = perf_counter() - started
    context = (model.length + sum(rows for _, rows in found) / len(found)) / 2
    return sum(notes for notes, _ in found) / seconds, round(context)


def _spread(values: NDArray[np.float64]) -> dict[str, float]:
    return {
        "p50": float(np.percentile(values, 50)), "p99": float(np.percentile(values, 99)), "max": float(values.max()),
    }  # fmt: skip


def _uncached_seconds(model: _TimedModel) -> float:
    """How long a step takes that reads everything anew, at the mean length."""
    count, seconds = model.mean_length, []
    for _ in range(UNCACHED_RUNS):
        started = perf_counter()
        model.reread(count)
        seconds.append(perf_counter() - started)
    return float(np.median(seconds))


def _read_seconds(size: int) -> float:
    """How long one core takes at best to read `size` bytes once; no step can do with less.

    The largest of all bytes, because that takes one thread and nearly no arithmetic; products of matrices take several.
    """
    weights, seconds = np.ones(size, np.uint8), []
    for _ in range(READS):
        started = perf_counter()
        weights.max()
        seconds.append(perf_counter() - started)
    return min(seconds)
