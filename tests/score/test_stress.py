"""Strong beats and who leads are louder, and what was drawn can be told from what is struck."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.controls import Controls
from hitpoint.score.note import Note
from hitpoint.score.request import EVERY_VELOCITY, BarPlan, Landing, LandingKind
from hitpoint.score.stem import Part, instrument_named
from hitpoint.score.stress import LEADING, evened, stressed
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.units import TICKS_PER_QUARTER

FLUTE = Part("flute", instrument_named("flute"))
WINDOW = (38, 62)
MOST = 8


def plan_of(role: str | None = None, numerator: int = 4, denominator: int = 4) -> BarPlan:
    roles = () if role is None else ((FLUTE.name, role),)
    bar = MeterMap.constant(numerator, denominator).bar(1)
    return BarPlan(bar, "1m01", Controls(), 120, (FLUTE,), velocity=WINDOW, roles=roles)


def at(*ticks: int, velocity: int = 50) -> list[Note]:
    return [Note(plan_of().bar.start + tick, 72, 120, velocity) for tick in ticks]


def velocities(plan: BarPlan, notes: list[Note]) -> list[int]:
    return [note.velocity for note in stressed(notes, plan, FLUTE)]


def test_the_first_beat_is_the_loudest_then_the_middle_one_then_beats_then_what_lies_between() -> None:
    quarter = TICKS_PER_QUARTER
    first, middle, beat, between, finer = velocities(plan_of(), at(0, 2 * quarter, quarter, quarter // 2, quarter // 4))
    assert first > middle > beat > between > finer


def test_a_bar_of_three_has_no_middle_one() -> None:
    found = velocities(
        plan_of(numerator=3), [Note(plan_of(numerator=3).bar.start + n * 960, 72, 9, 50) for n in range(3)]
    )
    assert found[0] > found[1] == found[2]


def test_who_leads_is_louder_than_who_goes_along() -> None:
    found = {role: velocities(plan_of(role), at(0))[0] for role in LEADING}
    assert found["melody"] > found["bass"] > found["inner"] > found["pad"]


def test_a_hit_is_as_loud_as_it_was_planned() -> None:
    struck = at(0, velocity=120)
    landing = Landing(struck[0].tick, LandingKind.HIT, "HIT", (FLUTE.name,), frozenset(), (114, 127))
    plan = replace(plan_of("pad"), landings=(landing,))
    assert stressed(struck, plan, FLUTE) == evened(struck, plan, FLUTE) == struck


def test_where_nobody_planned_how_loud_it_is_nothing_is_moved() -> None:
    plan = replace(plan_of("melody"), velocity=EVERY_VELOCITY)
    assert stressed(at(0, 960, 1200), plan, FLUTE) == evened(at(0, 960, 1200), plan, FLUTE) == at(0, 960, 1200)


@given(st.lists(st.tuples(st.integers(0, 3839), st.integers(1, 112)), max_size=12), st.sampled_from([None, *LEADING]))
def test_nothing_leaves_the_window_and_what_was_not_cut_off_is_told_back(
    drawn: list[tuple[int, int]], role: str
) -> None:
    plan = plan_of(role)
    notes = [Note(plan.bar.start + tick, 72, 9, velocity) for tick, velocity in drawn]
    struck = stressed(notes, plan, FLUTE)
    assert all(WINDOW[0] <= note.velocity <= WINDOW[1] for note in struck)
    for before, after in zip(notes, evened(struck, plan, FLUTE), strict=True):
        if WINDOW[0] + MOST <= before.velocity <= WINDOW[1] - MOST:
            assert before == after
