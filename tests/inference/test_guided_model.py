"""Guided drawing pulls towards what the controls change, and answers alike however rows are cut."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import load_bundle
from hitpoint.inference.guided_model import GuidedModel
from hitpoint.inference.model import Sampling
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.inference.sampler import NoiseSource
from hitpoint.tokens.grammar import NoteMasks
from hitpoint.tokens.vocabulary import FIELD_BY_NAME, HEAD_SIZES, OFFSETS

BUNDLE = load_bundle(Path(__file__).parents[2] / "models" / "small-2")
CONTROLS = [(OFFSETS["tension"], OFFSETS["tension"] + FIELD_BY_NAME["tension"].size - 1)]
GUIDANCE = 1.5
LIKELIEST = Sampling(1.0, 0.0)


def score(tension: int) -> np.ndarray:
    """Rows of ids, half of them with a tension among them."""
    rows = np.random.default_rng(0).integers(1, OFFSETS["tension"], (40, BUNDLE.row_width))
    rows[::2, 9] = OFFSETS["tension"] + tension
    return rows


def masks(rows: int = 3) -> NoteMasks:
    """Everything is allowed."""
    first, *rest = HEAD_SIZES
    tables = tuple(np.zeros((rows, size), np.float32) for size in rest)
    return NoteMasks(np.zeros(first, np.float32), np.zeros(first, np.int64), tables)  # type: ignore[arg-type]


SILENT = np.zeros(sum(HEAD_SIZES), np.float32)


def guided(controls: list[tuple[int, int]]) -> GuidedModel:
    return GuidedModel(BUNDLE, BUNDLE.row_width, GUIDANCE, controls)


def test_what_is_drawn_lies_beyond_the_asked_answer_away_from_the_unasked_one() -> None:
    plain, model, pulled = OnnxModel(BUNDLE), guided(CONTROLS), 0
    for tension in range(10):
        rows, logits = score(tension), []
        for read in (rows, np.where((rows >= CONTROLS[0][0]) & (rows <= CONTROLS[0][1]), 0, rows)):
            plain.roll_back(0)
            plain.step(read, masks(), SILENT, LIKELIEST)
            logits.append(plain.logits()[0])
        asked, unasked = logits
        model.roll_back(0)
        drawn = int(model.step(rows, masks(), SILENT, LIKELIEST)[0])
        assert drawn == int((unasked + (1 + GUIDANCE) * (asked - unasked)).argmax())
        pulled += drawn != int(asked.argmax())
    assert pulled


def test_without_anything_to_leave_unsaid_it_draws_what_the_plain_model_draws() -> None:
    plain, model, rows = OnnxModel(BUNDLE), guided([]), score(3)
    for number in range(20):
        noise = NoiseSource(str(number), sum(HEAD_SIZES)).next()
        plain.roll_back(0)
        model.roll_back(0)
        assert (model.step(rows, masks(), noise, Sampling()) == plain.step(rows, masks(), noise, Sampling())).all()


def test_answers_do_not_depend_on_how_rows_are_cut_or_on_what_was_forgotten() -> None:
    model, rows, answers = guided(CONTROLS), score(7), []
    for cuts in ((40,), (1,) * 40, (2,) * 20, (3, 4, 5, 27, 1), (17, 23)):
        model.roll_back(0)
        model.step(score(1), masks(), SILENT, Sampling())
        model.roll_back(0)
        at = 0
        for count in cuts:
            model.step(rows[at : at + count], masks(), SILENT, Sampling())
            at += count
        drawn = [model.step(rows[:1], masks(), NoiseSource(str(k), 417).next(), Sampling()).tolist() for k in range(9)]
        answers.append(drawn)
    assert all(answer == answers[0] for answer in answers)


def test_too_many_rows_are_refused_and_nothing_is_forgotten() -> None:
    model = guided(CONTROLS)
    model.step(score(1), masks(), SILENT, Sampling())
    with pytest.raises(ModelError, match="holds 1024 rows; 1040 were asked for"):
        model.step(np.zeros((1000, BUNDLE.row_width), np.int64), masks(), SILENT, Sampling())
    assert model.length == 40


def test_a_bundle_whose_graph_cannot_mix_is_refused_with_what_to_do() -> None:
    with pytest.raises(ModelError, match=r"cannot be guided. Export it again, or set model.guidance to 0"):
        GuidedModel(replace(BUNDLE, mixes=False), BUNDLE.row_width, 1.0, CONTROLS)
