from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.control_curve import BarPoint, ControlCurve
from hitpoint.score.controls import CONTROL_RANGES, Controls
from hitpoint.score.ensemble import part_of
from hitpoint.score.session import (
    BarVaried,
    ControlMoved,
    CurveDrawn,
    DirectionGiven,
    Event,
    LoopVaries,
    ModelChanged,
    PartSet,
    Session,
    Switch,
    VariationAsked,
    wishes_between,
)
from hitpoint.timeline.host_event import (
    Followed,
    Located,
    LoopChanged,
    MarkersChanged,
    MeterMapChanged,
    Started,
    Stopped,
    TempoMapChanged,
)
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap

VIOLIN, HORN = part_of("violin"), part_of("french horn")
BAR = 3840


def after(*events: Event, session: Session | None = None) -> Session:
    session = session or Session()
    for event in events:
        session = session.apply(event)
    return session


def test_applying_an_event_leaves_the_session_before_as_it_was() -> None:
    before = Session()
    assert before.apply(DirectionGiven("calm")) != before
    assert before == Session()


# The host


def test_markers_and_regions_replace_those_before() -> None:
    session = after(MarkersChanged((Marker(1, "a"),)), MarkersChanged((Marker(2, "b"),), (Region(0, 5, "c"),)))
    assert session.timeline.markers == (Marker(2, "b"),)
    assert session.timeline.regions == (Region(0, 5, "c"),)


def test_metres_replace_those_before() -> None:
    assert after(MeterMapChanged(MeterMap.constant(3, 4))).timeline.meter_map.bar(0).ticks == 2880


def test_another_tempo_keeps_a_rolling_host_where_it_is() -> None:
    session = after(Started(0.0), TempoMapChanged(TempoMap.constant(60), 1.0))
    assert session.transport.tick_at(1.0, session.timeline.tempo_map) == 1920
    assert session.transport.tick_at(2.0, session.timeline.tempo_map) == 2880


def test_another_tempo_keeps_a_standing_host_where_it_is() -> None:
    session = after(Located(5000, 0.0), TempoMapChanged(TempoMap.constant(60), 1.0))
    assert session.transport.tick_at(9.0, session.timeline.tempo_map) == 5000


def test_the_transport_follows_the_host_and_nothing_else_changes() -> None:
    session = after(Started(0.0), Followed(100.0, 1.0), Located(BAR, 2.0), Stopped(BAR, 3.0))
    assert (session.transport.tick, session.transport.rolling) == (BAR, False)
    assert session.timeline == Session().timeline


def test_what_does_not_touch_the_timeline_keeps_the_very_same_one() -> None:
    before = after(MarkersChanged((Marker(1, "a"),)))
    events: list[Event] = [
        Started(0.0), Stopped(0, 1.0), DirectionGiven("calm"), ControlMoved("tension", 0.5), VariationAsked(0, 1),
        PartSet("violin 1", Switch.MUTE, True),
    ]  # fmt: skip
    for event in events:
        assert before.apply(event).timeline is before.timeline


# People


def test_every_control_can_be_moved_and_given_back() -> None:
    for name in CONTROL_RANGES:
        held = after(ControlMoved(name, 0.5))
        assert getattr(held.controls, name) == 0.5
        assert after(ControlMoved(name, None), session=held).controls == Controls()


def test_the_key_and_unknown_names_cannot_be_moved() -> None:
    for name in ("key", "volume"):
        with pytest.raises(KeyError):
            after(ControlMoved(name, 0.5))


def test_every_number_of_the_controls_has_its_range() -> None:
    assert set(CONTROL_RANGES) == {field.name for field in fields(Controls)} - {"key"}


@pytest.mark.parametrize("switch", list(Switch))
def test_a_switch_is_set_and_let_go(switch: Switch) -> None:
    on = after(PartSet("strings", switch, True), PartSet("violin 1", switch, True))
    off = after(PartSet("strings", switch, False), PartSet("violin 1", switch, False), session=on)
    assert off == Session()
    assert on != Session()


def test_a_stems_name_stands_for_all_of_its_parts() -> None:
    muted = after(PartSet("strings", Switch.MUTE, True))
    assert not muted.sounds(VIOLIN)
    assert muted.sounds(HORN)


def test_a_solo_silences_the_others() -> None:
    solo = after(PartSet("french horn", Switch.SOLO, True))
    assert solo.sounds(HORN)
    assert not solo.sounds(VIOLIN)


def test_a_mute_is_stronger_than_a_solo() -> None:
    session = after(PartSet("violin 1", Switch.SOLO, True), PartSet("strings", Switch.MUTE, True))
    assert not session.sounds(VIOLIN)


def test_a_locked_part_is_kept() -> None:
    session = after(PartSet("violin 1", Switch.LOCK, True))
    assert session.keeps(VIOLIN)
    assert not session.keeps(HORN)


def test_a_variation_counts_for_the_parts_and_bars_it_names() -> None:
    session = after(
        VariationAsked(2, 4),
        VariationAsked(4, 4, frozenset({"strings"})),
        VariationAsked(4, 9, frozenset({"french horn"})),
    )
    assert [session.variation(VIOLIN, bar) for bar in (1, 2, 4, 5)] == [0, 1, 2, 0]
    assert [session.variation(HORN, bar) for bar in (1, 2, 4, 5)] == [0, 1, 2, 1]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=10), st.integers(0, 20))
def test_a_parts_number_in_a_bar_never_falls(asked: list[tuple[int, int]], bar: int) -> None:
    session, numbers = Session(), [0]
    for first, last in asked:
        session = session.apply(VariationAsked(first, last))
        numbers.append(session.variation(VIOLIN, bar))
    assert numbers == sorted(numbers)


def test_a_loop_changes_where_the_host_goes_and_not_where_it_is() -> None:
    rolling = after(Started(100.0), LoopChanged(Loop(0, BAR), 101.0))
    assert rolling.transport.tick_at(101.0, rolling.timeline.tempo_map) == 1920
    assert rolling.transport.tick_at(102.5, rolling.timeline.tempo_map) == 960


def test_another_answer_of_a_bar_in_a_loop_counts_for_that_bar_alone():
    session = Session().apply(VariationAsked(0, 4))
    for bar in (3, 3, 1):
        session = session.apply(BarVaried(bar))
    assert [session.variation(VIOLIN, bar) for bar in range(6)] == [1, 2, 1, 3, 1, 0]


def test_undo_brings_back_whether_the_loop_varies_and_not_what_it_varied():
    varied = after(LoopVaries(True), BarVaried(2))
    assert wishes_between(varied, varied.with_wishes_of(Session())) == (LoopVaries(False),)
    assert varied.with_wishes_of(Session()).turn_variations == ((2, 1),)


def test_undo_leaves_the_model_that_was_chosen_as_it_is():
    chosen = after(PartSet("violin", Switch.MUTE, True), ModelChanged("large-1", frozenset({"key"})))
    undone = chosen.with_wishes_of(Session())
    assert not undone.muted
    assert (undone.model, undone.model_reads) == ("large-1", frozenset({"key"}))


def test_a_curve_takes_the_place_of_the_one_before_and_undo_brings_that_back() -> None:
    low, high = (ControlCurve("tension", (BarPoint(0, value),)) for value in (0.1, 0.9))
    before = Session().apply(CurveDrawn("tension", low))
    after = before.apply(CurveDrawn("tension", high))
    assert after.curves == (high,)
    assert after.with_wishes_of(before) == before
    assert wishes_between(after, before) == (CurveDrawn("tension", low),)
    assert wishes_between(after, Session()) == (CurveDrawn("tension", None),)
    assert after.apply(CurveDrawn("tension", None)).curves == ()
