"""The ranking of constant tempi is the one that trying everything gives."""

import random
from fractions import Fraction
from math import floor

import pytest

from hitpoint.errors import ScoreError
from hitpoint.spotting.constant_tempo import TempoResult, bpm_grid, rank_tempi
from hitpoint.spotting.hit import Hit, HitList
from hitpoint.timeline.units import FrameRate

RATES = ("23.976", "24", "25", "29.97", "29.97df", "30")


def tried_one_by_one(cue: HitList, tempi: tuple[float, ...], largest_offset: int) -> list[TempoResult]:
    """The same ranking as plainly as it can be said: every start of every tempo, every hit, every beat near it."""
    best = []
    for bpm in tempi:
        starts = [_tried(cue, bpm, offset) for offset in range(-largest_offset, largest_offset + 1)]
        best.append(min(starts, key=lambda pair: pair[0]))
    return [result for _, result in sorted(best, key=lambda pair: pair[0])]


def _tried(cue: HitList, bpm: float, offset: int) -> tuple[tuple[float, ...], TempoResult]:
    beat = 60.0 * cue.frames_per_second / bpm
    offs, met, near, weight_met, weight_near, distance = [], 0, 0, 0, 0, 0
    for hit in cue.hits:
        about = floor((hit.frame - offset) / beat)
        beats = [count for count in range(about - 2, about + 3) if count >= 0] or [0]
        millionths = [round((count * beat - (hit.frame - offset)) * 1_000_000) for count in beats]
        off = min(millionths, key=lambda one: (abs(one), -one))
        weight = max(1, round(hit.weight * 1000))
        early, late = (side * 1_000_000 for side in hit.window)
        is_met = -early <= off <= late
        is_near = -(2 * early or 1_000_000) <= off <= (2 * late or 1_000_000)
        met, near = met + is_met, near + (is_near and not is_met)
        weight_met, weight_near = weight_met + weight * is_met, weight_near + weight * is_near
        distance += weight * abs(off)
        offs.append(off / 1_000_000)
    key = (-weight_met, -weight_near, distance, abs(offset), -offset, bpm)
    return key, TempoResult(bpm, offset, tuple(offs), met, near)


def random_cue(source: random.Random) -> HitList:
    length = source.randrange(48, 3000)
    hits = (
        Hit(
            source.randrange(length),
            weight=source.choice((0.5, 1.0, 1.0, 2.0, 3.5)),
            window=(float(source.randrange(3)), float(source.randrange(4))),
        )
        for _ in range(source.randrange(1, 9))
    )
    return HitList(tuple(hits), FrameRate.named(source.choice(RATES)))


def agree(count: int, first_seed: int, tempi: tuple[float, ...]) -> None:
    for seed in range(first_seed, first_seed + count):
        source = random.Random(seed)
        cue, offset = random_cue(source), source.randrange(13)
        assert list(rank_tempi(cue, tempi, offset)) == tried_one_by_one(cue, tempi, offset), seed


def test_the_ranking_is_that_of_trying_everything() -> None:
    agree(40, 0, bpm_grid(Fraction(90), Fraction(99), Fraction(1, 2)))


@pytest.mark.slow
def test_the_ranking_of_a_thousand_cues_is_that_of_trying_everything() -> None:
    agree(1000, 1000, bpm_grid(Fraction(80), Fraction(140), Fraction(1)))


def test_a_later_start_is_positive_and_so_is_music_after_the_picture() -> None:
    # 120 bpm at 24 frames a second: a beat every 12 frames.
    cue = HitList((Hit(15), Hit(27), Hit(38)), FrameRate.named("24"))
    assert rank_tempi(cue, (120.0,), 6)[0].start_offset_frames == 3
    assert rank_tempi(cue, (120.0,), 6)[0].frames_off == (0.0, 0.0, 1.0)


def test_a_start_that_moves_less_serves_as_well_as_a_later_one() -> None:
    cue = HitList((Hit(19), Hit(31), Hit(43)), FrameRate.named("24"))
    assert rank_tempi(cue, (120.0,), 12)[0].start_offset_frames == -5
    assert rank_tempi(HitList((Hit(6), Hit(18)), FrameRate.named("24")), (120.0,), 12)[0].start_offset_frames == 6


def test_what_is_half_way_between_two_beats_is_met_by_the_later_one() -> None:
    (result,) = rank_tempi(HitList((Hit(6),), FrameRate.named("24")), (120.0,))
    assert result.frames_off == (6.0,)


@pytest.mark.parametrize(
    ("window", "frame", "verdict"),
    [
        ((0.0, 0.0), 12, "hits"), ((0.0, 0.0), 13, "near"), ((0.0, 0.0), 14, "miss"), ((0.0, 0.0), 11, "near"),
        ((2.0, 0.0), 14, "hits"), ((2.0, 0.0), 16, "near"), ((2.0, 0.0), 17, "miss"), ((2.0, 0.0), 11, "near"),
        ((0.0, 2.0), 10, "hits"), ((0.0, 2.0), 8, "near"), ((0.0, 2.0), 13, "near"), ((0.0, 2.0), 14, "miss"),
    ],
)  # fmt: skip
def test_twice_the_window_is_near_and_a_frame_where_it_is_none(window, frame, verdict) -> None:
    (result,) = rank_tempi(HitList((Hit(frame, window=window),), FrameRate.named("24")), (120.0,))
    told = {"hits": result.hits, "near": result.near, "miss": result.miss}
    assert told == {"hits": 0, "near": 0, "miss": 0, verdict: 1}


def test_tenths_add_up() -> None:
    assert bpm_grid(Fraction("80"), Fraction("81"), Fraction("0.1"))[3] == 80.3


@pytest.mark.parametrize(
    ("low", "high", "step"), [("140", "80", "1"), ("5", "80", "1"), ("80", "2000", "1"), ("80", "140", "0"),
                              ("80", "140", "-1"), ("80", "140", "0.0001")],
)  # fmt: skip
def test_what_is_no_range_of_tempi_is_refused(low: str, high: str, step: str) -> None:
    with pytest.raises(ScoreError):
        bpm_grid(Fraction(low), Fraction(high), Fraction(step))


@pytest.mark.parametrize(
    ("hits", "end", "says"),
    [((), None, "no hits"), ((Hit(9),), 0, "ends before"), ((Hit(9, "x"),), 8, "'x' lies outside"),
     ((Hit(-1),), None, "outside")],
)  # fmt: skip
def test_a_cue_that_cannot_be_met_is_refused(hits, end, says) -> None:
    with pytest.raises(ScoreError, match=says):
        HitList(hits, FrameRate.named("24"), end)
