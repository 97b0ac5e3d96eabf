"""The runtime obeys masks, forgets what it is told to forget, and answers alike however rows are cut."""

from pathlib import Path

import numpy as np
import pytest

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import load_bundle
from hitpoint.inference.graph_run import GraphRun, empty_cache, open_session
from hitpoint.inference.model import Sampling
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.inference.sampler import NoiseSource
from hitpoint.tokens.grammar import FORBIDDEN, NoteMasks
from hitpoint.tokens.vocabulary import HEAD_SIZES

SMALL = Path(__file__).parents[2] / "models" / "small-2"
BUNDLE = load_bundle(SMALL)
# In the bundle's own ids: the runtime reads any vocabulary.
ROWS = np.random.default_rng(0).integers(0, int(BUNDLE.vocabulary["size"]), (60, BUNDLE.row_width))


@pytest.fixture(scope="module")
def model() -> OnnxModel:
    return OnnxModel(load_bundle(SMALL))


def masks(rows: int = 3) -> NoteMasks:
    """Everything is allowed."""
    first, *rest = HEAD_SIZES
    tables = tuple(np.zeros((rows, size), np.float32) for size in rest)
    return NoteMasks(np.zeros(first, np.float32), np.zeros(first, np.int64), tables)  # type: ignore[arg-type]


def noise(key: str) -> np.ndarray:
    return NoiseSource(key, sum(HEAD_SIZES)).next()


def test_what_is_forbidden_is_never_drawn_and_the_row_follows_the_position(model: OnnxModel) -> None:
    allowed = masks()
    allowed.first[:] = FORBIDDEN
    allowed.first[[12, 36]] = 0
    allowed.row_of_first[12], allowed.row_of_first[36] = 1, 2
    for table in allowed.rest:
        table[:] = FORBIDDEN
        table[1, 5], table[2, 9] = 0, 0
    seen = set()
    for number in range(40):
        model.roll_back(0)
        seen.add(tuple(model.step(ROWS[:4], allowed, noise(str(number)), Sampling(3.0, 0.0)).tolist()))
    assert seen == {(12, 5, 5, 5), (36, 9, 9, 9)}


def test_answers_do_not_depend_on_how_rows_are_cut_into_even_numbers(model: OnnxModel) -> None:
    answers = []
    for cuts in ((60,), (30, 30), (2,) * 30, (56, 4)):
        model.roll_back(0)
        at = 0
        for count in cuts:
            model.step(ROWS[at : at + count], masks(), noise("x"), Sampling())
            at += count
        answers.append(np.concatenate(model.logits()))
    assert all((answer == answers[0]).all() for answer in answers)


def test_forgetting_leaves_no_trace(model: OnnxModel) -> None:
    model.roll_back(0)
    model.step(ROWS[:40], masks(), noise("x"), Sampling())
    model.roll_back(10)
    model.step(ROWS[10:20], masks(), noise("x"), Sampling())
    after = np.concatenate(model.logits())
    model.roll_back(0)
    model.step(ROWS[:20], masks(), noise("x"), Sampling())
    assert (np.concatenate(model.logits()) == after).all()


def test_too_many_rows_are_refused(model: OnnxModel) -> None:
    model.roll_back(0)
    with pytest.raises(ModelError, match="holds 1024 rows; 1025 were asked for"):
        model.step(np.zeros((1025, BUNDLE.row_width), np.int64), masks(), noise("x"), Sampling())


def test_a_row_is_read_alike_beside_others_and_after_the_one_before_it(model: OnnxModel) -> None:
    bundle, batch, count = load_bundle(SMALL), 4, 30
    run = GraphRun(open_session(bundle), bundle, empty_cache(bundle, batch), 1, 3, np.eye(batch))
    lines = np.random.default_rng(1).integers(0, bundle.size, (batch, count, bundle.row_width))
    for at in range(count):
        run(lines[:, at : at + 1], masks(), noise("x"), Sampling(), at)
    for place, line in enumerate(lines):
        model.roll_back(0)
        for at in range(0, count, 2):
            model.step(line[at : at + 2], masks(), noise("x"), Sampling())
        for together, alone in zip(run.logits, model.logits(), strict=True):
            assert np.array_equal(together[place], alone)


def test_what_a_bundle_does_not_know_changes_nothing_of_its_answers(model: OnnxModel) -> None:
    width, size = BUNDLE.row_width + 4, BUNDLE.size
    wide = np.pad(ROWS, ((0, 0), (0, 4)))
    told = np.random.default_rng(1).integers(size, size + 200, wide.shape)
    # Columns beyond its own, and ids beyond its own in columns that say nothing.
    unknown = np.where(wide == 0, told, wide)
    newer = OnnxModel(BUNDLE, width)
    assert newer.row_width == width
    for count in (1, 2, 31):
        model.roll_back(0)
        newer.roll_back(0)
        assert model.step(ROWS[:count], masks(), noise("x"), Sampling()).tolist() == (
            newer.step(unknown[:count], masks(), noise("x"), Sampling()).tolist()
        )
        for ours, theirs in zip(model.logits(), newer.logits(), strict=True):
            assert np.array_equal(ours, theirs)
