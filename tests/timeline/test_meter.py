import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.timelines import LAST_TICK, meter_maps
from hitpoint.errors import HostError
from hitpoint.timeline.meter import BarBeatTick, Meter, MeterChange, MeterMap

BAR = 3840


# Laws


@given(meter_maps(), st.integers(0, 2 * LAST_TICK))
def test_a_tick_lies_in_its_bar(meter_map: MeterMap, tick: int) -> None:
    bar = meter_map.bar_at(tick)
    assert bar.start <= tick < bar.end


@given(meter_maps(), st.integers(0, 400))
def test_bars_follow_each_other_without_gaps(meter_map: MeterMap, index: int) -> None:
    bar, following = meter_map.bar(index), meter_map.bar(index + 1)
    assert (bar.index, following.index) == (index, index + 1)
    assert bar.end == following.start
    assert 0 < bar.ticks <= bar.meter.bar_ticks


@given(meter_maps(), st.integers(0, 400))
def test_a_bar_is_found_by_its_ticks(meter_map: MeterMap, index: int) -> None:
    bar = meter_map.bar(index)
    assert meter_map.bar_at(bar.start) == bar
    assert meter_map.bar_at(bar.end - 1) == bar


@given(meter_maps(), st.integers(0, 2 * LAST_TICK))
def test_tick_to_bar_beat_tick_to_tick_is_the_same_tick(meter_map: MeterMap, tick: int) -> None:
    place = meter_map.bar_beat_tick_at(tick)
    assert meter_map.tick_at(place) == tick
    assert place.bar >= 1
    assert 1 <= place.beat <= meter_map.bar_at(tick).meter.numerator
    assert 0 <= place.tick < meter_map.bar_at(tick).meter.beat_ticks


@given(meter_maps(), st.integers(0, LAST_TICK), st.integers(0, LAST_TICK))
def test_bars_between_hold_every_tick_and_no_more(meter_map: MeterMap, start: int, ticks: int) -> None:
    bars = meter_map.bars_between(start, start + ticks)
    if ticks == 0:
        assert bars == ()
        return
    assert bars[0].start <= start < bars[0].end
    assert bars[-1].start < start + ticks <= bars[-1].end
    assert [bar.index for bar in bars] == list(range(bars[0].index, bars[-1].index + 1))


@given(meter_maps())
def test_every_change_is_a_bar_line(meter_map: MeterMap) -> None:
    for change in meter_map.changes:
        if change.tick > 0:
            bar = meter_map.bar_at(change.tick)
            assert bar.start == change.tick
            assert bar.meter == change.meter


# Examples


def test_people_count_from_one() -> None:
    assert str(MeterMap().bar_beat_tick_at(0)) == "1|1|0"
    assert str(MeterMap().bar_beat_tick_at(BAR + 960 + 5)) == "2|2|5"
    assert MeterMap().tick_at(BarBeatTick(2, 2, 5)) == BAR + 965


def test_a_beat_is_the_metres_own() -> None:
    assert Meter(6, 8).beat_ticks == 480
    assert Meter(6, 8).bar_ticks == 2880
    assert Meter(3, 2).bar_ticks == 5760
    assert str(Meter(7, 8)) == "7/8"


def test_a_change_inside_a_bar_cuts_it_short() -> None:
    meter_map = MeterMap((MeterChange(0, Meter(4, 4)), MeterChange(1000, Meter(3, 4))))
    assert [bar.ticks for bar in meter_map.bars_between(0, 5000)] == [1000, 2880, 2880]


def test_the_first_metre_holds_before_its_change() -> None:
    meter_map = MeterMap((MeterChange(5000, Meter(3, 4)),))
    assert meter_map.bar(0).meter == Meter(3, 4)
    assert [bar.ticks for bar in meter_map.bars_between(0, 6000)] == [2880, 2120, 2880]


def test_places_before_the_start_are_in_the_first_bar() -> None:
    assert MeterMap().bar_at(-5).index == 0
    assert MeterMap().bar(-3).index == 0


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 4), (65, 4), (4, 3), (4, 0), (-1, 8), (4, 64)])
def test_a_metre_that_no_one_can_count_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(HostError, match="cannot be counted"):
        Meter(numerator, denominator)


@pytest.mark.parametrize("ticks", [(), (-1,), (0, 0), (5, 3)])
def test_a_map_that_has_no_order_is_refused(ticks: tuple[int, ...]) -> None:
    with pytest.raises(HostError):
        MeterMap(tuple(MeterChange(tick, Meter()) for tick in ticks))


def test_another_metre_from_a_tick_on_holds_until_the_next_change() -> None:
    meter_map = MeterMap((MeterChange(0, Meter(4, 4)), MeterChange(19_200, Meter(7, 8)))).from_tick(3840, Meter(3, 4))
    assert [str(meter_map.bar_at(tick).meter) for tick in (0, 3839, 3840, 19_199, 19_200)] == [
        "4/4", "4/4", "3/4", "3/4", "7/8",
    ]  # fmt: skip
    assert str(MeterMap((MeterChange(3840, Meter(3, 4)),)).from_tick(2880, Meter(5, 4)).bar_at(0).meter) == "3/4"
