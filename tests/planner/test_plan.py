from dataclasses import replace
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.planned import BAR, CUE, intensities, planned, session_of
from fakes.timelines import LAST_TICK, timelines
from hitpoint.planner.harmony import borrowed, tonic_chord
from hitpoint.planner.outline import outline_of
from hitpoint.planner.plan import plan_bar
from hitpoint.score.control_curve import BarPoint, ControlCurve
from hitpoint.score.controls import CONTROL_RANGES, Controls, Key
from hitpoint.score.request import LandingKind
from hitpoint.score.session import ControlMoved, Session, VariationAsked
from hitpoint.timeline.host_event import MarkersChanged, Started
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline


def bases(session: Session, bars: int) -> dict[tuple[int, str], str]:
    plans = [plan for index in range(bars) if (plan := plan_bar(session, index)) is not None]
    return {(plan.bar.index, part.name): plan.basis(part.name) for plan in plans for part in plan.parts}


# What must hold for every timeline


@settings(deadline=None, max_examples=100)
@given(timelines, st.sampled_from(["", "tense, orchestra", "piano"]))
def test_every_hit_point_has_a_landing_on_its_tick(timeline: Timeline, direction: str) -> None:
    session = Session(timeline, direction=direction)
    for cue in outline_of(session).spotting.cues:
        stops = {point.tick for point in cue.hit_points if point.kind is LandingKind.STOP}
        for point in cue.hit_points:
            plan = plan_bar(session, timeline.meter_map.bar_at(point.tick).index)
            if plan is None and point.tick in stops:
                continue  # a cue that stops where it enters: silence is how that is met
            assert plan is not None
            assert point.tick in [landing.tick for landing in plan.landings]


@settings(deadline=None, max_examples=100)
@given(timelines, st.sampled_from(["", "tense, orchestra", "strings"]))
def test_plans_are_sound(timeline: Timeline, direction: str) -> None:
    session = Session(timeline, direction=direction, seed=3)
    for index in range(min(40, timeline.meter_map.bar_at(LAST_TICK).index + 2)):
        plan = plan_bar(session, index)
        if plan is None:
            continue
        bar, names = plan.bar, [part.name for part in plan.parts]
        assert bar == timeline.meter_map.bar(index)
        assert len(set(names)) == len(names)
        assert [landing.tick for landing in plan.landings] == sorted({landing.tick for landing in plan.landings})
        assert all(bar.start <= landing.tick < bar.end for landing in plan.landings)
        assert all(bar.start <= first <= last < bar.end for first, last in plan.quiet)
        assert all(one[1] < other[0] for one, other in pairwise(plan.quiet))
        for landing in plan.landings:
            assert landing.parts <= set(names)
            for name in landing.parts:
                first, last = plan.span(name)
                assert first <= landing.tick <= last
            if landing.kind is LandingKind.HIT:
                assert landing.velocity[0] > plan.velocity[1]
        assert plan.cut_at is not None
        assert plan.cut_at >= bar.end or any(landing.kind is LandingKind.END for landing in plan.landings)


@settings(deadline=None, max_examples=60)
@given(timelines)
def test_nothing_may_strike_within_80_ms_of_a_landing_but_landings(timeline: Timeline) -> None:
    session = Session(timeline, direction="tense, strings")
    ticks = [point.tick for cue in outline_of(session).spotting.cues for point in cue.hit_points]
    for index in range(min(40, timeline.meter_map.bar_at(LAST_TICK).index + 2)):
        plan = plan_bar(session, index)
        if plan is None:
            continue
        near = [tick for tick in ticks if plan.bar.start - 3 * BAR < tick < plan.bar.end + 3 * BAR]
        for tick in range(plan.bar.start, plan.bar.end, 37):
            seconds = timeline.tempo_map.seconds_at(tick)
            if any(abs(timeline.tempo_map.seconds_at(other) - seconds) <= 0.080 for other in near):
                assert any(first <= tick <= last for first, last in plan.quiet)


# Intensity


@pytest.mark.parametrize("offset", [0, 317, 1920, 3500])
@pytest.mark.parametrize("mood", ["calm", "tense", "furious", "plain"])
def test_the_bars_before_a_hit_build_and_the_bars_after_release(mood: str, offset: int) -> None:
    cue, end = Marker(0, f"1m01 {mood}, orchestra"), Marker(20 * BAR, "END")
    with_hit = session_of(cue, Marker(10 * BAR + offset, "HIT x"), end)
    without = session_of(cue, end)
    release = 10 if offset < 960 else 11
    two, one, after = (planned(with_hit, release + step) for step in (-2, -1, 0))
    assert one.velocity[0] - two.velocity[0] >= 15
    assert one.velocity[1] - after.velocity[1] >= 15
    assert len(one.parts) >= len(two.parts)
    plain = [planned(without, release + step) for step in (-2, -1, 0)]
    assert len({plan.velocity for plan in plain}) == 1
    assert one.velocity[1] >= plain[1].velocity[1]
    assert after.velocity[1] < plain[2].velocity[1]


def test_the_level_comes_back_after_a_hit() -> None:
    levels = intensities(session_of(Marker(0, "1m01 tense, strings"), Marker(8 * BAR, "HIT x")), range(8, 14))
    assert levels == sorted(levels)
    assert levels[-1] == intensities(session_of(Marker(0, "1m01 tense, strings")), [0])[0]


def test_hits_two_bars_apart_each_have_their_build() -> None:
    session = session_of(CUE, Marker(8 * BAR, "HIT a"), Marker(10 * BAR, "HIT b"))
    eight, nine, ten = intensities(session, (8, 9, 10))
    assert nine > eight
    assert nine > ten


def test_an_arc_goes_from_its_first_mood_to_its_last() -> None:
    session = session_of(Marker(0, "1m01 calm to furious, orchestra"), Marker(12 * BAR, "END"))
    levels = intensities(session, range(12))
    assert levels == sorted(levels)
    assert levels[0] < 0.3
    assert levels[-1] > 0.8


def test_an_arc_with_a_length_of_its_own_is_through_when_it_says_and_not_when_the_cue_is() -> None:
    session = session_of(Marker(0, "1m01 24 bars, calm to furious over 6 bars, orchestra"), Marker(24 * BAR, "END"))
    levels = intensities(session, range(12))
    assert levels[:6] == sorted(levels[:6])
    assert levels[0] < 0.3
    assert min(levels[5:12]) > 0.8


@pytest.mark.parametrize(
    "prompt", ["calm for 4 bars then furious for 8 bars", "calm for 8 seconds, then furious for 16 seconds"]
)
def test_states_with_lengths_of_their_own_hold_and_change_at_once(prompt: str) -> None:
    session = session_of(Marker(0, f"1m01 {prompt}, orchestra"), Marker(24 * BAR, "END"))
    levels = intensities(session, range(20))
    assert max(levels[:4]) < 0.3
    assert min(levels[4:]) > 0.8


def test_few_parts_play_when_it_is_calm_and_all_when_it_is_furious() -> None:
    calm, furious = (planned(session_of(Marker(0, f"1m01 {mood}, orchestra")), 3) for mood in ("calm", "furious"))
    assert 2 <= len(calm.parts) < len(furious.parts)
    assert len(furious.parts) == 12


def test_a_control_held_by_hand_overrides_the_cue() -> None:
    session = session_of(CUE)
    held = session.apply(ControlMoved("intensity", 0.9)).apply(ControlMoved("valence", -0.5))
    controls = planned(held, 3).controls
    assert (controls.intensity, controls.valence) == (0.9, -0.5)
    assert intensities(held.apply(ControlMoved("intensity", None)), [3]) == intensities(session, [3])


def test_bright_music_lies_higher_than_dark_music_of_the_same_intensity() -> None:
    session = session_of(Marker(0, "1m01 strings, D minor")).apply(ControlMoved("intensity", 0.5))
    dark, neutral, bright = (planned(session.apply(ControlMoved("valence", v)), 2).register for v in (-0.5, 0.0, 0.5))
    assert dark is not None
    assert bright is not None
    assert dark < 0.5 == neutral < bright
    tender, menacing = (planned(session_of(Marker(0, f"1m01 strings, {mood}")), 2) for mood in ("tender", "menacing"))
    assert tender.level < menacing.level
    assert (tender.register or 0) > (menacing.register or 0)


def test_where_no_key_is_said_the_mode_follows_the_valence_that_is_held_or_drawn() -> None:
    """Mode is what listeners hear valence by first of all (Eerola, Friberg and Bresin 2013)."""
    plain = session_of(Marker(0, "1m01 strings"))
    tonic = planned(plain, 0).controls.key
    assert tonic is not None
    for valence, mode in ((-0.5, "minor"), (0.5, "major")):
        plan = planned(plain.apply(ControlMoved("valence", valence)), 2)
        assert plan.controls.key == Key(tonic.tonic, mode)
        assert plan.scale == Key(tonic.tonic, mode).scale
    turning = replace(plain, curves=(ControlCurve("valence", (BarPoint(0, -1.0), BarPoint(8, 1.0))),))
    assert [planned(turning, bar).controls.key for bar in (1, 7)] == [Key(tonic.tonic, m) for m in ("minor", "major")]


def test_a_key_or_mode_that_is_said_stays_whatever_the_valence() -> None:
    for words in ("1m01 strings, D minor", "1m01 strings, dorian"):
        session = session_of(Marker(0, words), Marker(4 * BAR, "calm"))
        bright = session.apply(ControlMoved("valence", 0.8))
        for bar in (0, 6):
            assert planned(bright, bar).controls.key == planned(session, bar).controls.key, words


def test_a_hit_is_built_to_from_wherever_the_hand_holds_intensity() -> None:
    session = session_of(CUE, Marker(8 * BAR, "HIT x")).apply(ControlMoved("intensity", 0.3))
    levels = intensities(session, range(3, 9))
    assert levels[0] == 0.3
    assert levels[4] >= 0.7
    assert levels[5] < 0.3


# Keys


def test_a_key_that_nobody_states_is_one_for_the_whole_session() -> None:
    session = session_of(Marker(0, "1m01 sad, strings"), Marker(4 * BAR, "brass"), Marker(8 * BAR, "1m02 happy, winds"))
    first, turned, second = (planned(session, bar).controls.key for bar in (0, 5, 9))
    assert first is not None
    assert first == turned
    assert second == Key(first.tonic, "major")
    assert first.mode == "minor"


def test_seeds_choose_different_keys() -> None:
    keys = {str(planned(session_of(Marker(0, "1m01 sad"), seed=seed), 0).controls.key) for seed in range(20)}
    assert len(keys) > 4


def test_tension_lets_notes_beside_the_tonic_in() -> None:
    calm, tense = (planned(session_of(Marker(0, f"1m01 {mood}, D minor")), 0).scale for mood in ("calm", "tense"))
    assert calm == Key(2, "minor").scale
    assert tense == Key(2, "minor").scale | {1, 3, 8}


# What a change undoes


def test_a_marker_moved_inside_its_bar_undoes_that_bar_and_its_neighbours_only() -> None:
    session = session_of(CUE, Marker(8 * BAR + 100, "HIT x"), Marker(16 * BAR, "END"))
    moved = session.apply(MarkersChanged((CUE, Marker(8 * BAR + 300, "HIT x"), Marker(16 * BAR, "END"))))
    before, after = bases(session, 17), bases(moved, 17)
    assert before.keys() == after.keys()
    assert {bar for (bar, part) in before if before[bar, part] != after[bar, part]} == {7, 8}


def test_a_marker_far_ahead_undoes_nothing_here() -> None:
    session = session_of(CUE, Marker(40 * BAR, "END"))
    moved = session.apply(MarkersChanged((CUE, Marker(44 * BAR, "END"))))
    before, after = bases(session, 32), bases(moved, 32)
    assert before == after


def test_another_instrument_undoes_no_other_part() -> None:
    one, two = bases(session_of(CUE), 4), bases(session_of(replace(CUE, name=CUE.name + ", harp")), 4)
    kept = [key for key in one if two.get(key) == one[key]]
    # The number stays "1m01", and only who else strikes beside them has changed.
    assert {part for _, part in kept} >= {"violin 1", "cello"}


def test_a_variation_undoes_only_the_parts_that_were_asked_for() -> None:
    session = session_of(CUE)
    varied = session.apply(VariationAsked(1, 2, frozenset({"violin 1"})))
    before, after = bases(session, 4), bases(varied, 4)
    assert {key for key in before if before[key] != after[key]} == {(1, "violin 1"), (2, "violin 1")}


def test_the_transport_undoes_nothing() -> None:
    session = session_of(CUE)
    assert bases(session, 4) == bases(session.apply(Started(1.0)), 4)


def test_a_small_move_of_a_control_undoes_nothing() -> None:
    session = session_of(CUE).apply(ControlMoved("intensity", 0.5))
    assert bases(session, 4) == bases(session.apply(ControlMoved("intensity", 0.51)), 4)


def test_a_tempo_that_changes_while_notes_of_the_bar_may_sound_is_told_and_one_that_hardly_does_is_not() -> None:
    timeline = session_of(CUE).timeline
    slower = Session(replace(timeline, tempo_map=TempoMap.constant(120).from_tick(2 * BAR + 10, 81)))
    assert [planned(slower, bar).tempo_range for bar in range(4)] == [None, (80, 120), (80, 120), None]
    hardly = Session(replace(timeline, tempo_map=TempoMap.constant(120).from_tick(2 * BAR + 10, 116)))
    assert bases(hardly, 4) == bases(session_of(CUE), 4)


# Bounds


def test_countdowns_say_nothing_when_nothing_is_near() -> None:
    session = session_of(CUE, Marker(16 * BAR, "HIT x"), Marker(20 * BAR, "END"))
    assert [planned(session, bar).bars_to_hit for bar in (0, 8, 9, 16)] == [None, None, 7, 0]
    assert [planned(session, bar).bars_to_end for bar in (12, 13, 20)] == [None, 7, 0]


def test_no_cue_no_plan() -> None:
    assert plan_bar(Session(), 0) is None
    assert plan_bar(session_of(Marker(0, "Scene 4")), 0) is None
    assert plan_bar(session_of(CUE), -1) is None


def test_a_direction_plays_where_no_marker_says_anything() -> None:
    session = Session(Timeline(markers=(Marker(8 * BAR, "1m01 tense, brass"),)), direction="calm, strings")
    assert {part.stem for part in planned(session, 0).parts} == {"strings"}
    assert {part.stem for part in planned(session, 8).parts} == {"brass"}


@pytest.mark.slow
def test_a_bar_costs_little_more_among_five_thousand_markers_than_among_five_hundred() -> None:
    few, many = (min(seconds_of_planning(markers) for _ in range(3)) for markers in (500, 5000))
    assert many < 3 * few


def seconds_of_planning(markers: int) -> float:
    """What ninety bars cost this process, once the markers were read."""
    names = ("HIT a", "tense, brass", "calm", "HIT x stop", "END", "1m02 sad")
    session = session_of(*(Marker(place * 700, names[place % len(names)]) for place in range(markers)))
    plan_bar(session, 0)
    started = process_time()
    for bar in range(1, 91):
        plan_bar(session, bar)
    return process_time() - started


def test_five_thousand_markers_on_one_bar_are_a_calm_answer() -> None:
    session = session_of(CUE, *(Marker(BAR + place % BAR, "HIT x") for place in range(5000)))
    assert 1 < len(planned(session, 1).landings) < 100


# Controls drawn over the bars

DRAWN = {name: CONTROL_RANGES[name] for name in ("intensity", "valence", "arousal", "tension")}


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(DRAWN)), st.lists(st.integers(0, 100), min_size=1, max_size=8), st.data())
def test_each_bar_has_the_level_that_is_drawn_there(name: str, hundredths: list[int], data: st.DataObject) -> None:
    low, high = DRAWN[name]
    values = [low + (high - low) * hundredth / 100 for hundredth in hundredths]
    markers = (Marker(data.draw(st.integers(BAR, 7 * BAR)), "HIT door"), Marker(8 * BAR, "END"))
    curve = ControlCurve(name, tuple(BarPoint(bar, value) for bar, value in enumerate(values)))
    session = replace(session_of(CUE, *markers), curves=(curve,))
    for bar in range(9):
        plan, asked = planned(session, bar), values[min(bar, len(values) - 1)]
        planned_for = getattr(plan.controls, name)
        assert planned_for is not None
        assert abs(planned_for - asked) <= 0.025 + 1e-9
        assert name != "intensity" or plan.level == asked


def test_a_hand_on_a_control_overrides_its_curve_and_lets_it_go_again() -> None:
    curve = ControlCurve("tension", (BarPoint(0, 0.2), BarPoint(4, 0.6)))
    session = replace(session_of(CUE), curves=(curve,))
    held = session.apply(ControlMoved("tension", 0.9))
    assert [planned(held, bar).controls.tension for bar in (0, 2, 4)] == [0.9] * 3
    let_go = held.apply(ControlMoved("tension", None))
    assert [planned(let_go, bar).controls.tension for bar in (0, 2, 4)] == [0.2, 0.4, 0.6]


def test_drawn_in_one_bar_a_curve_changes_no_other_bars_notes() -> None:
    def drawn(value: float) -> Session:
        points = (BarPoint(0, 0.4), BarPoint(3, 0.4), BarPoint(4, value), BarPoint(5, 0.4))
        return replace(session_of(CUE), controls=Controls(intensity=0.5), curves=(ControlCurve("tension", points),))

    one, other = bases(drawn(0.4), 8), bases(drawn(0.6), 8)
    assert {bar for (bar, part) in one if one[bar, part] != other[bar, part]} == {4}


def test_chords_are_planned_only_for_a_model_that_reads_them() -> None:
    session = session_of(CUE, Marker(8 * BAR, "END"))
    told = replace(session, model_reads=frozenset({"harmony_1"}))
    for index in range(9):
        plain, chorded = planned(session, index), planned(told, index)
        assert plain.harmony == (None, None)
        assert None not in chorded.harmony
        assert replace(chorded, harmony=(None, None), scale=plain.scale) == plain
        assert plain.scale is not None
        assert plain.controls.key is not None
        # What is new in the scale is the leading tone of a chord that has it.
        assert chorded.scale == plain.scale | borrowed(plain.controls.key, chorded.harmony)
    assert planned(told, 8).harmony[0] == tonic_chord(Key(2, "minor"))


def test_a_struck_chord_is_the_one_that_is_told() -> None:
    told = replace(
        session_of(CUE, Marker(4 * BAR + 1920, "HIT door"), Marker(8 * BAR, "END")),
        model_reads=frozenset({"harmony_1"}),
    )
    plan = planned(told, 4)
    chord = plan.harmony[1]
    assert chord is not None
    assert plan.landings[0].chord in (None, chord.pitch_classes)
