"""What is written on a lane is what the bundle writes by itself, whoever writes beside it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import load_bundle
from hitpoint.inference.generate import Generator
from hitpoint.inference.lanes import FEW_ROWS, Lane, Lanes
from hitpoint.inference.model import Model, Sampling
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.inference.sampler import NoiseSource
from hitpoint.tokens.grammar import NoteMasks
from hitpoint.tokens.vocabulary import HEAD_SIZES

BUNDLE = load_bundle(Path(__file__).parents[2] / "models" / "small-2")
BOLD = Sampling(1.1, 0.02)


def masks(rows: int) -> NoteMasks:
    """Everything is allowed."""
    first, *rest = HEAD_SIZES
    tables = tuple(np.zeros((rows, size), np.float32) for size in rest)
    return NoteMasks(np.zeros(first, np.float32), np.zeros(first, np.int64), tables)  # type: ignore[arg-type]


def lines(seed: int, count: int) -> np.ndarray:
    """Rows of any ids."""
    return np.random.default_rng(seed).integers(0, BUNDLE.size, (count, BUNDLE.row_width))


def written(model: Model, seed: int) -> list[tuple[int, ...]]:
    """What is drawn over prompts and steps of all lengths, with rows taken back in between, as a composer does."""
    random, generator, noise = np.random.default_rng(seed), Generator(model), NoiseSource(str(seed), sum(HEAD_SIZES))
    drawn = []
    generator.prompt(lines(seed, int(random.integers(2, 60))))
    for step in range(int(random.integers(5, 30))):
        if random.random() < 0.15:
            generator.prompt(lines(seed, int(random.integers(2, 90))))
        else:
            generator.append(lines(100 * seed + step, int(random.choice([0, 1, 1, 1, 2, FEW_ROWS + 1, 12, 33]))))
        answer = generator.draw(masks(int(random.choice([2, 3, 11]))), noise.next(), BOLD)
        drawn.append(tuple(answer.tolist()))
    return drawn


def work(seed: int) -> Callable[[Lane], list[tuple[int, ...]]]:
    return lambda lane: written(lane, seed)


def endless(ended: list[bool]) -> Callable[[Lane], list[tuple[int, ...]]]:
    """What goes on until it is ended, and says so."""

    def go_on(lane: Lane) -> list[tuple[int, ...]]:
        try:
            while True:
                written(lane, 2)
        finally:
            ended.append(True)

    return go_on


@pytest.mark.parametrize("count", [2, 4])
def test_each_writes_what_it_writes_alone_however_many_write_and_wait(count: int) -> None:
    alone, lanes = OnnxModel(BUNDLE), Lanes(BUNDLE, BUNDLE.row_width, count)
    found = dict(lanes.run([work(seed) for seed in range(7)]))
    assert found == {seed: written(alone, seed) for seed in range(7)}
    # Again, on lanes that have been written on.
    assert dict(lanes.run([work(seed) for seed in (6, 2)])) == {0: found[6], 1: found[2]}


def test_what_several_begin_with_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shared, alone, read = lines(1, 40), OnnxModel(BUNDLE), []

    def begun(model: Model, own: int) -> tuple[int, ...]:
        generator = Generator(model)
        generator.prompt(np.concatenate([shared, lines(own, own)]))
        return tuple(generator.draw(masks(2), NoiseSource(str(own), sum(HEAD_SIZES)).next(), BOLD).tolist())

    expected = {number: begun(alone, own) for number, own in enumerate((3, 9, 20))}
    plain = OnnxModel.step
    monkeypatch.setattr(OnnxModel, "step", lambda self, rows, *rest: read.append(len(rows)) or plain(self, rows, *rest))
    lanes = Lanes(BUNDLE, BUNDLE.row_width, 4)
    assert dict(lanes.run([lambda lane, own=own: begun(lane, own) for own in (3, 9, 20)])) == expected
    assert sum(read) < 40 + 3 + 9 + 20


def test_what_one_raises_ends_them_all_and_the_lanes_serve_on() -> None:
    lanes = Lanes(BUNDLE, BUNDLE.row_width, 2)
    ended: list[bool] = []

    def fail(lane: Lane) -> list[tuple[int, ...]]:
        written(lane, 1)
        raise ModelError("no more")

    with pytest.raises(ModelError, match="no more"):
        list(lanes.run([fail, endless(ended)]))
    assert ended
    assert dict(lanes.run([work(3)])) == {0: written(OnnxModel(BUNDLE), 3)}


def test_who_stops_listening_ends_the_others() -> None:
    ended: list[bool] = []
    running = Lanes(BUNDLE, BUNDLE.row_width, 2).run([work(1), endless(ended)])
    assert next(running)[0] == 0
    running.close()
    assert ended


def test_too_many_rows_are_refused_on_a_lane_too() -> None:
    with pytest.raises(ModelError, match="holds 1024 rows; 1025 were asked for"):
        list(
            Lanes(BUNDLE, BUNDLE.row_width, 2).run(
                [lambda lane: lane.step(lines(1, 1025), masks(2), NoiseSource("", sum(HEAD_SIZES)).next(), BOLD)]
            )
        )


def test_a_bundle_that_answers_otherwise_beside_others_is_refused() -> None:
    with pytest.raises(ModelError, match="one take at a time"):
        Lanes(replace(BUNDLE, alike=False), BUNDLE.row_width, 2)
