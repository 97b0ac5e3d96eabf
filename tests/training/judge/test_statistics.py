"""Rank correlations and shares, on rows where the answer is known."""

import numpy as np
import pytest

from hitpoint.training.judge.statistics import RULE, correlation, share, spearman

ASKED = np.linspace(0, 1, 5)


def test_what_follows_is_one_what_is_reversed_is_minus_one_and_what_stays_is_none() -> None:
    assert spearman(ASKED, ASKED**3) == pytest.approx(1)
    assert spearman(ASKED, -ASKED) == pytest.approx(-1)
    assert spearman(ASKED, np.ones(5)) == 0


def test_ties_share_their_rank() -> None:
    # Ranks 1, 2.5, 2.5, 4 against 1 to 4: by hand 4.5 / sqrt(4.5 * 5).
    assert spearman(np.arange(4), np.array([0, 5, 5, 9])) == pytest.approx(4.5 / np.sqrt(4.5 * 5))


def test_prompts_of_another_height_do_not_hide_that_each_of_them_follows() -> None:
    measured = ASKED + 100 * np.arange(12)[:, None]
    figure = correlation(ASKED, measured)
    assert figure["rho"] == figure["centred"] == pytest.approx(1)
    assert figure["pooled"] < 0.2
    assert figure["interval_95"] == [1, 1]


def test_a_control_that_works_the_wrong_way_is_minus_one_for_every_prompt() -> None:
    figure = correlation(ASKED, -(ASKED**2) + np.arange(12)[:, None])
    assert (figure["rho"], figure["centred"]) == (-1, -1)


def test_chance_has_an_interval_around_nothing() -> None:
    low, high = correlation(ASKED, np.random.default_rng(1).normal(size=(40, 5)))["interval_95"]
    assert low < 0 < high


def test_prompts_that_could_not_be_measured_are_left_out_and_counted_out() -> None:
    measured = np.tile(ASKED, (12, 1))
    measured[3, 2] = np.nan
    assert correlation(ASKED, measured)["prompts"] == 11
    assert correlation(ASKED, np.full((3, 5), np.nan)) == {"prompts": 0, "cues": 0}


def test_no_interval_is_said_of_few_prompts() -> None:
    assert "interval_95" not in share(np.ones(9))
    assert "interval_95" not in correlation(ASKED, np.tile(ASKED, (9, 1)))


def test_a_share_counts_cues_and_draws_prompts_again() -> None:
    # Each prompt is all right or all wrong, so ten cues of a prompt say no more than one.
    right = np.repeat(np.arange(20)[:, None] % 2, 10, axis=1)
    figure = share(right)
    assert (figure["share"], figure["count"]) == (0.5, 100)
    assert figure["interval_95"] == share(right[:, :1])["interval_95"]


def test_all_right_is_not_said_to_be_certain() -> None:
    assert share(np.ones((30, 2)))["interval_95"] == [pytest.approx(1 - RULE / 30), 1]
    assert share(np.zeros((30, 2)))["interval_95"] == [0, pytest.approx(RULE / 30)]


def test_a_share_of_nothing_is_nothing() -> None:
    assert share(np.zeros(3), np.zeros(3))["share"] == 0
