"""Where the tenths of each level lie."""

from pathlib import Path

import numpy as np
import pytest

from hitpoint.errors import ConfigError
from hitpoint.training.calibration import CALIBRATION, edges_in, edges_of, levels_in, read_levels, write_levels
from hitpoint.training.labels import LEVELS

EDGES = edges_of(np.random.default_rng(1).random((500, 5)).astype(np.float32), np.ones(500))


def test_each_tenth_has_a_tenth_of_the_bars() -> None:
    values = np.arange(1000.0)
    edges = edges_of(np.column_stack([values] * 5), np.ones(1000))
    assert np.bincount(np.searchsorted(edges[2], values)).tolist() == pytest.approx([100] * 10, abs=2)


def test_bars_that_weigh_more_count_more() -> None:
    values = np.arange(1000.0)
    heavy_below = np.where(values < 500, 3.0, 1.0)
    assert edges_of(np.column_stack([values] * 5), heavy_below)[0][4] < 400


def test_what_was_written_is_read_back_exactly(tmp_path: Path) -> None:
    write_levels(tmp_path, EDGES)
    assert (edges_in(read_levels(tmp_path)) == EDGES).all()


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        {level: [0.1 * i for i in range(8)] for level in LEVELS},
        {level: [0.9 - 0.1 * i for i in range(9)] for level in LEVELS},
        {level: ["much"] * 9 for level in LEVELS},
    ],
)
def test_anything_else_is_refused(said: object) -> None:
    with pytest.raises(ValueError, match=r"wanted|rising|could not convert"):
        levels_in(said)


def test_data_without_them_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Prepare the corpus again"):
        read_levels(tmp_path)
    (tmp_path / CALIBRATION).write_text("{}")
    with pytest.raises(ConfigError, match="Prepare the corpus again"):
        read_levels(tmp_path)
