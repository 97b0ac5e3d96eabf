from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.timelines import LAST_TICK, timelines
from hitpoint.planner.dynamics import dynamics_of
from hitpoint.planner.plan import plan_bar
from hitpoint.score.dynamics import LOUDEST_PLAIN, Dynamics
from hitpoint.score.request import BarPlan
from hitpoint.score.session import ControlMoved, Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR, BEAT = 3840, 960
CUE = Marker(0, "1m01 calm, strings, D minor")


def plans_of(session: Session, bars: int = 40) -> list[BarPlan]:
    return [plan for index in range(bars) if (plan := plan_bar(session, index)) is not None]


def dynamics_with(*markers: Marker) -> Dynamics:
    return dynamics_of(plans_of(Session(Timeline(markers=(CUE, *markers)))))


@settings(deadline=None, max_examples=80)
@given(timelines, st.sampled_from(["", "tense, orchestra"]))
def test_dynamics_are_in_order_within_range_and_end_each_bar_near_its_level(timeline: Timeline, text: str) -> None:
    plans = plans_of(Session(timeline, direction=text), min(40, timeline.meter_map.bar_at(LAST_TICK).index + 2))
    dynamics = dynamics_of(plans)
    for points in (dynamics.steps, dynamics.curve):
        assert all(one.tick <= other.tick for one, other in pairwise(points))
        assert all(0.0 <= point.level <= 1.0 for point in points)
    for plan in plans:
        assert dynamics.step_at(plan.bar.start) == plan.controls.intensity
        assert abs(plan.level - (plan.controls.intensity or 0.0)) <= 0.0251


@settings(deadline=None, max_examples=60)
@given(timelines)
def test_every_accent_has_its_peak_on_its_tick(timeline: Timeline) -> None:
    plans = plans_of(Session(timeline, direction="calm, strings"))
    dynamics = dynamics_of(plans)
    for plan in plans:
        for landing in plan.landings:
            if landing.velocity[0] > LOUDEST_PLAIN:
                assert dynamics.level_at(landing.tick) == 1.0


def test_an_accent_out_of_silence_is_loud_and_what_is_before_it_is_not() -> None:
    tick = 6 * BAR + 137
    dynamics = dynamics_with(Marker(tick, "HIT out of silence"))
    assert dynamics.level_at(tick - 1) < 0.2
    assert dynamics.level_at(tick) == 1.0
    assert dynamics.level_at(tick + BEAT) < 0.6


def test_a_build_rises_without_a_fall_up_to_its_accent() -> None:
    dynamics = dynamics_with(Marker(8 * BAR, "HIT door"))
    levels = [dynamics.level_at(tick) for tick in range(4 * BAR + BEAT, 8 * BAR + 1, 120)]
    assert all(one <= other + 1e-9 for one, other in pairwise(levels))


def test_a_turn_is_not_given_away_by_the_bar_before_it() -> None:
    dynamics = dynamics_with(Marker(4 * BAR, "furious, brass"))
    assert dynamics.level_at(4 * BAR - 1) == dynamics.level_at(3 * BAR)
    assert dynamics.level_at(4 * BAR) > dynamics.level_at(4 * BAR - 1) + 0.2


def test_a_small_move_of_the_fader_moves_the_curve_though_no_note_is_written_anew() -> None:
    session = Session(Timeline(), direction="strings").apply(ControlMoved("intensity", 0.50))
    moved = session.apply(ControlMoved("intensity", 0.51))
    one, other = dynamics_of(plans_of(session, 3)), dynamics_of(plans_of(moved, 3))
    assert one.steps == other.steps
    assert other.level_at(0) == 0.51


def test_where_nothing_plays_the_dynamics_are_plain() -> None:
    assert dynamics_of([]).level_at(0) == dynamics_of([]).step_at(99)
