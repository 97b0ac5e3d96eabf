"""What the model reads in training is what it reads when playing, and every row is asked for what really follows."""

import numpy as np
import pytest

from fakes.small_corpus import write_corpus
from hitpoint.score.controls import Controls
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.stem import INSTRUMENTS, Part
from hitpoint.timeline.meter import MeterMap
from hitpoint.tokens import encode, grid
from hitpoint.tokens.vocabulary import END, NOTHING, OFFSETS, Kind
from hitpoint.training.augment import draw_variation, plain_variation
from hitpoint.training.corpus import Split
from hitpoint.training.dataset import Dataset, load, prepare
from hitpoint.training.windows import IGNORED, Window, WindowReader


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The training split of a made-up corpus."""
    folder = tmp_path_factory.mktemp("corpus")
    prepare(write_corpus(folder / "corpus"), folder / "data", 1, lambda _done, _of: None)
    return load(folder / "data", Split.TRAIN)


def kinds(window: Window) -> list[int]:
    return [int(row[0]) - OFFSETS["kind"] for row in window.rows]


def parts_of(dataset: Dataset, piece: int) -> np.ndarray:
    return dataset.parts[dataset.piece_parts[piece] : dataset.piece_parts[piece + 1]]


def reader(dataset: Dataset, seed: int = 0, piece: int = 1) -> WindowReader:
    random = np.random.default_rng(seed)
    return WindowReader(dataset, piece, draw_variation(parts_of(dataset, piece), random), random)


def all_windows(dataset: Dataset, seed: int) -> list[Window]:
    return [getattr(reader(dataset, seed), name)(0, 400) for name in ("continuation", "infill", "addition")]


@pytest.mark.parametrize("seed", range(20))
def test_every_note_read_was_the_target_of_the_row_before(dataset: Dataset, seed: int) -> None:
    for window in all_windows(dataset, seed):
        for before, (row, kind) in enumerate(zip(window.rows[1:], kinds(window)[1:], strict=True)):
            target = window.targets[before]
            if kind == Kind.NOTE:
                read = [int(row[3 + i]) - OFFSETS[name] for i, name in enumerate(("position", "pitch", "duration"))]
                assert target[:3].tolist() == read
            elif target[0] != IGNORED:
                assert target.tolist() == [END, IGNORED, IGNORED, IGNORED]


@pytest.mark.parametrize("seed", range(20))
def test_only_parts_answers_and_notes_are_asked(dataset: Dataset, seed: int) -> None:
    for window in all_windows(dataset, seed):
        for kind, target in zip(kinds(window), window.targets, strict=True):
            assert (target[0] != IGNORED) == (kind in (Kind.PART, Kind.FILL, Kind.NOTE))


@pytest.mark.parametrize("seed", range(20))
def test_every_hole_is_answered_once_in_order(dataset: Dataset, seed: int) -> None:
    window = reader(dataset, seed).infill(0, 400)
    slots = {
        kind: [int(row[5]) for row, own in zip(window.rows, kinds(window), strict=True) if own == kind]
        for kind in (Kind.HOLE, Kind.FILL)
    }
    assert slots[Kind.HOLE] == slots[Kind.FILL] == sorted(set(slots[Kind.HOLE]))


@pytest.mark.parametrize("seed", range(20))
def test_a_part_to_add_is_missing_from_every_bar_and_then_written_for_each(dataset: Dataset, seed: int) -> None:
    window = reader(dataset, seed).addition(0, 400)
    said = kinds(window)
    own = {(int(row[1]), int(row[2])) for row, kind in zip(window.rows, said, strict=True) if kind == Kind.HOLE}
    context = said.index(Kind.FILL)
    opened = [(int(row[1]), int(row[2])) for row, k in zip(window.rows, said, strict=True) if k == Kind.PART]
    assert len(own) == 1
    assert not own & set(opened)
    assert said.count(Kind.HOLE) == said.count(Kind.FILL) == said[:context].count(Kind.BAR)


def test_windows_never_outgrow_what_was_asked(dataset: Dataset) -> None:
    for steps in (40, 64, 333):
        assert len(reader(dataset).continuation(0, steps).rows) <= steps
        assert len(reader(dataset).infill(0, steps).rows) <= steps
        assert len(reader(dataset).addition(0, steps).rows) <= steps


def test_unmarked_velocities_are_neither_read_nor_learned(dataset: Dataset) -> None:
    random = np.random.default_rng(0)
    window = WindowReader(dataset, 0, plain_variation(parts_of(dataset, 0), True), random).continuation(0, 200)
    assert (window.targets[:, 3] == IGNORED).all()
    assert (window.rows[np.array(kinds(window)) == Kind.NOTE][:, 6] == NOTHING).all()


def test_training_and_playing_write_the_same_rows(dataset: Dataset) -> None:
    variation = plain_variation(parts_of(dataset, 1), False)
    window = WindowReader(dataset, 1, variation, np.random.default_rng(0)).continuation(2, 500)
    first_bar = np.flatnonzero(np.array(kinds(window)) == Kind.BAR)[:2]
    trained = window.rows[first_bar[0] + 1 : first_bar[1]]
    bar = MeterMap.constant(4, 4).bar(2)
    played = []
    for number in range(3):
        instrument, desk = (int(value) for value in parts_of(dataset, 1)[number, :2])
        part = Part("x", INSTRUMENTS[instrument], desk)
        cell = dataset.bar_cells[dataset.piece_bars[1] + 2] + number
        codes = dataset.notes[dataset.cell_notes[cell] : dataset.cell_notes[cell + 1]].astype(int)
        notes = [
            Note(
                bar.start + position * grid.POSITION_TICKS,
                pitch,
                grid.duration_ticks(duration),
                grid.velocity_of_class(velocity),
            )
            for position, pitch, duration, velocity in codes.tolist()
        ]
        played.append(encode.written_rows(BarPlan(bar, "x", Controls(), 120, (part,)), part, notes))
    assert np.concatenate(played).tolist() == trained.tolist()
