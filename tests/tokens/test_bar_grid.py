"""Landings bend the grid, and nothing else does."""

from hypothesis import given

from fakes.plans import plans
from hitpoint.score.controls import Controls
from hitpoint.score.request import BarPlan, Landing, LandingKind
from hitpoint.timeline.meter import MeterMap
from hitpoint.tokens.bar_grid import bar_grid, short_plans
from hitpoint.tokens.grid import LONGEST_BAR_TICKS, POSITION_TICKS


@given(plans())
def test_positions_rise_inside_the_bar_and_round_trip(plan: BarPlan) -> None:
    for short in short_plans(plan):
        positions = bar_grid(short)
        assert list(positions.ticks) == sorted(set(positions.ticks))
        assert short.bar.start <= positions.ticks[0]
        assert positions.ticks[-1] < short.bar.end
        assert all(positions.position_at(tick) == position for position, tick in enumerate(positions.ticks))


@given(plans())
def test_every_struck_landing_has_a_position_on_its_tick(plan: BarPlan) -> None:
    for short in short_plans(plan):
        positions = bar_grid(short)
        inside = [i for i, landing in enumerate(short.landings) if short.bar.start <= landing.tick < short.bar.end]
        struck = [i for i in inside if short.landings[i].kind is not LandingKind.STOP]
        assert sorted(positions.landings) == struck
        assert all(positions.tick_at(positions.landings[i]) == short.landings[i].tick for i in struck)


@given(plans())
def test_other_positions_stay_on_the_grid(plan: BarPlan) -> None:
    for short in short_plans(plan):
        positions = bar_grid(short)
        taken = set(positions.landings.values())
        for position, tick in enumerate(positions.ticks):
            assert position in taken or tick == short.bar.start + position * POSITION_TICKS


@given(plans())
def test_stretches_of_a_long_bar_fit_the_grid_and_leave_no_gap(plan: BarPlan) -> None:
    stretches = short_plans(plan)
    assert all(short.bar.ticks <= LONGEST_BAR_TICKS for short in stretches)
    edges = [edge for short in stretches for edge in (short.bar.start, short.bar.end)]
    assert edges == sorted(edges)
    assert (edges[0], edges[-1]) == (plan.bar.start, plan.bar.end)
    assert set(edges[1:-1:2]) == set(edges[2::2])


def test_landings_at_the_very_end_of_a_bar_have_a_place_each() -> None:
    bar = MeterMap.constant(4, 4).bar(1)
    landings = tuple(Landing(bar.end - ago, LandingKind.HIT, "x", frozenset()) for ago in (3, 2, 1))
    found = bar_grid(BarPlan(bar, "1m01", Controls(), 120, (), landings))
    assert [found.tick_at(place) for place in found.landings.values()] == [landing.tick for landing in landings]
    assert list(found.ticks) == sorted(set(found.ticks))
