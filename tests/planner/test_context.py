from hitpoint.planner.context import PAST_BARS, request_for
from hitpoint.planner.plan import plan_bar
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar, WrittenBar
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR = 3840
SESSION = Session(Timeline(markers=(Marker(0, "1m01 furious, strings"), Marker(12 * BAR, "1m02 furious, strings"))))


def planned(index: int) -> BarPlan:
    plan = plan_bar(SESSION, index)
    assert plan is not None
    return plan


def all_written(plan: BarPlan) -> WrittenBar:
    note = Note(plan.bar.start, 62, 100, 60)
    return WrittenBar(plan, tuple(ComposedBar(part.name, plan.bar.index, "", (note,)) for part in plan.parts))


def nothing_written(plan: BarPlan) -> WrittenBar:
    return WrittenBar(plan, ())


def test_the_past_is_the_bars_before_oldest_first() -> None:
    request = request_for(SESSION, planned(10), ("viola",), all_written)
    assert [bar.plan.bar.index for bar in request.past] == list(range(10 - PAST_BARS, 10))


def test_the_first_bar_has_no_past() -> None:
    assert request_for(SESSION, planned(0), ("viola",), all_written).past == ()


def test_another_cue_is_no_past() -> None:
    request = request_for(SESSION, planned(14), ("viola",), all_written)
    assert [bar.plan.bar.index for bar in request.past] == [12, 13]


def test_what_the_other_parts_play_is_given() -> None:
    request = request_for(SESSION, planned(3), ("viola", "cello"), all_written)
    assert {bar.part for bar in request.given} == {"violin 1", "violin 2", "contrabass"}
    assert request.write == ("viola", "cello")


def test_bars_without_notes_are_left_out() -> None:
    assert request_for(SESSION, planned(10), ("viola",), nothing_written).past == ()
