"""A sheet's cue made ready: its timeline agrees with the sheet, whatever its number and words."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitpoint.engine.cue_maps import hit_list
from hitpoint.engine.cue_score import cue_score
from hitpoint.errors import ConfigError
from hitpoint.hosts.sheet import SheetCue, SheetCurve, SheetHit
from hitpoint.planner.plan import plan_bar
from hitpoint.score.controls import Key
from hitpoint.spotting.tempo_map_solver import solve_tempo_map
from hitpoint.timeline.cue_map import CueMap, CueMapEvent
from hitpoint.timeline.meter import Meter
from hitpoint.timeline.units import FrameRate

RATE = FrameRate.named("24")
START = 86400


def cue(prompt: str = "calm, strings, 120 bpm", end: int | None = 30, number: str = "1m01", **more: object) -> SheetCue:
    """A cue that starts at one hour and ends so many seconds later."""
    hits = tuple(SheetHit(START + frame, name) for frame, name in more.pop("hits", ()))  # type: ignore[attr-defined]
    last = None if end is None else START + 24 * end
    return SheetCue(number, "", START, last, prompt, hits, **more)  # type: ignore[arg-type]


@settings(max_examples=15, deadline=None)
@given(
    frames=st.lists(st.integers(1, 700), max_size=3, unique=True).map(sorted),
    bpm=st.integers(50, 180),
    rate=st.sampled_from(["23.976", "24", "25", "29.97", "29.97df", "30"]),
)
def test_every_marker_is_on_its_frame_within_half_a_tick_or_what_a_beat_is_worth(
    frames: list[int], bpm: int, rate: str
) -> None:
    frame_rate = FrameRate.named(rate)
    one = cue(f"tense, {bpm} bpm", hits=[(frame, f"{frame}") for frame in frames])
    timeline = cue_score(one, frame_rate, None, 0).timeline
    wanted = [0, *frames, 24 * 30]
    assert [marker.name for marker in timeline.markers[1:]] == [*(f"HIT {frame}" for frame in frames), "END"]
    for marker, frame in zip(timeline.markers, wanted, strict=True):
        off = timeline.tempo_map.seconds_at(marker.tick) - float(frame / frame_rate.frames_per_second)
        assert abs(off) <= 0.001


def test_the_map_is_the_sheets_or_the_solvers_or_the_prompts() -> None:
    own = CueMap((CueMapEvent(0, 90.0, Meter(3, 4)),))
    hit = [(105, "door")]
    assert cue_score(cue(hits=hit, tempo_map=own), RATE, None, 0).tempo == "sheet"
    solved = cue_score(cue(hits=hit), RATE, None, 0)
    assert solved.tempo == "solved"
    assert (
        solved.timeline.tempo_map
        == solve_tempo_map(hit_list(cue(hits=hit), RATE), 120.0, Meter(4, 4)).cue_map.tempo_map
    )
    plain = cue_score(cue("calm, 66 bpm, 3/4"), RATE, None, 0)
    assert (plain.tempo, plain.timeline.tempo_map.bpm_at(0), str(plain.timeline.meter_map.bar(0).meter)) == (
        "prompt", 66.0, "3/4",
    )  # fmt: skip


@pytest.mark.parametrize("number", ["", "1m01", "7A", "M12", "ten"])
@pytest.mark.parametrize("prompt", ["hit them, brass", "end of days", "stop and go", "purple"])
def test_a_cue_plays_from_its_first_tick_to_its_end_whatever_it_is_called(number: str, prompt: str) -> None:
    score = cue_score(cue(prompt, number=number), RATE, None, 0)
    assert all(plan_bar(score.session, bar) is not None for bar in range(score.bars))
    assert plan_bar(score.session, score.bars) is None
    assert score.timeline.markers[0].name == f"{number} {prompt}".strip()


@pytest.mark.parametrize(
    ("prompt", "following", "bars"),
    [
        ("calm, 120 bpm", None, 16),
        ("calm, 120 bpm, 8 bars", None, 8),
        ("calm, 120 bpm, 30 seconds", 24 * 10, 6),
        ("calm, 120 bpm, 20 seconds", None, 10),
        ("calm, 120 bpm", 24 * 12 + 5, 6),
    ],
)
def test_a_cue_without_an_end_has_the_prompts_length_or_goes_on_to_the_next(
    prompt: str, following: int | None, bars: int
) -> None:
    after = None if following is None else START + following
    score = cue_score(cue(prompt, None), RATE, after, 0)
    last = score.timeline.markers[-1]
    assert last.name == "END"
    assert score.timeline.meter_map.bar_at(last.tick).start == last.tick
    assert score.bars == bars


def test_points_of_a_curve_are_where_the_sheet_says_in_bars() -> None:
    # 4/4 at 120: a bar is 48 frames.
    drawn = SheetCurve("tension", points=((START + 96, 0.2), (START + 96 + 48 * 4, 1.0)))
    score = cue_score(cue(curves=(drawn, SheetCurve("intensity", "0.2>0.9"))), RATE, None, 0)
    tension = [plan_bar(score.session, bar).controls.tension for bar in range(8)]  # type: ignore[union-attr]
    assert tension == [0.2, 0.2, 0.2, 0.4, 0.6, 0.8, 1.0, 1.0]
    intensity = [plan_bar(score.session, bar).level for bar in range(score.bars)]  # type: ignore[union-attr]
    assert intensity[0] == pytest.approx(0.2)
    assert intensity[-1] == pytest.approx(0.9)
    assert intensity == sorted(intensity)


@pytest.mark.parametrize(
    ("prompt", "key"), [("calm", "D dorian"), ("calm, minor", "D minor"), ("calm, F# major", "F# major")]
)
def test_a_motifs_key_holds_where_the_prompt_names_none(prompt: str, key: str) -> None:
    plan = plan_bar(cue_score(cue(prompt), RATE, None, 0, Key(2, "dorian")).session, 0)
    assert plan is not None
    assert str(plan.controls.key) == key


def test_a_sheets_key_holds_before_the_motifs() -> None:
    planned = cue_score(replace(cue("calm"), key=Key(5, "major")), RATE, None, 0, Key(2, "dorian"))
    plan = plan_bar(planned.session, 0)
    assert plan is not None
    assert str(plan.controls.key) == "F major"


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (cue(""), "it has no prompt"),
        (cue(curves=(SheetCurve("intensity", ",".join(["0.5"] * 40)),)), "its curve intensity has 40 values"),
        (cue("calm, 300 bpm, 1/4", 3000), "bars, and 2000 are the most"),
        (cue("x" * 20_000), "10,000"),
    ],
)
def test_a_cue_that_cannot_be_followed_says_why(one: SheetCue, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        cue_score(one, RATE, None, 0)
