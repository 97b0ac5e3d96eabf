from itertools import pairwise
from math import floor, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import HostError
from hitpoint.hosts.tempo_ticks import HostTempo, tempo_map_of
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

SMALL_PART = 0.15
"""Of a tick: the steepest ramp here, 20 to 300 in half a beat, gains so much on its own tempo within a tick."""
TICKS_APART = 480.0
"""Between two points: half a beat. What is closer is no tempo that anybody hears."""


@st.composite
def host_tempi(draw: st.DrawFn) -> list[HostTempo]:
    tick, points = 0.0, list[HostTempo]()
    for _ in range(draw(st.integers(1, 12))):
        points.append(HostTempo(tick, draw(st.floats(20, 300)), draw(st.sampled_from(list(Ramp)))))
        tick += draw(st.floats(TICKS_APART, 10_000))
    return points


def seconds_between(here: HostTempo, there: HostTempo) -> float:
    """How long it lasts from one point to the next: what evenly in time, and evenly in beats, mean."""
    quarters, change = (there.tick - here.tick) / 960, there.bpm - here.bpm
    if here.ramp is Ramp.LINEAR_IN_TIME:
        return 60 * quarters / (here.bpm + change / 2)
    if here.ramp is Ramp.LINEAR_IN_BEATS and abs(change) > 1e-6:
        return 60 * quarters * log(there.bpm / here.bpm) / change
    return 60 * quarters / here.bpm


@given(host_tempi())
def test_every_change_is_when_the_host_has_it(points: list[HostTempo]) -> None:
    found, seconds = tempo_map_of(points), 0.0
    for here, there in pairwise(points):
        seconds += seconds_between(here, there)
        before = here.bpm if here.ramp is Ramp.STEP else there.bpm
        for tick, bpm in ((floor(there.tick), before), (floor(there.tick) + 1, there.bpm)):
            # What lies between the change and the tick is taken to go by one tempo.
            expected = seconds + (tick - there.tick) * 60 / 960 / bpm
            assert abs(found.seconds_at(tick) - expected) < SMALL_PART * 60 / 960 / bpm


@given(st.lists(st.floats(20, 300), min_size=100, max_size=300))
def test_hundreds_of_changes_between_ticks_add_up_to_nothing(tempi: list[float]) -> None:
    points = [HostTempo(index * 1000.4, bpm, Ramp.STEP) for index, bpm in enumerate(tempi)]
    seconds = sum(1000.4 * 60 / 960 / bpm for bpm in tempi[:-1])
    last = int(points[-1].tick) + 1
    late = tempo_map_of(points).seconds_at(last) - (seconds + (last - points[-1].tick) * 60 / 960 / tempi[-1])
    assert abs(late) < 1e-9


def test_what_is_on_ticks_stays_as_it_is() -> None:
    points = [HostTempo(0.0, 120, Ramp.LINEAR_IN_TIME), HostTempo(3840.000004, 90, Ramp.STEP)]
    assert tempo_map_of(points) == TempoMap((TempoPoint(0, 120, Ramp.LINEAR_IN_TIME), TempoPoint(3840, 90)))


def test_of_several_at_one_place_the_last_holds() -> None:
    points = [HostTempo(-9.0, 50, Ramp.STEP), HostTempo(-1.5, 60, Ramp.STEP), HostTempo(99.0, 70, Ramp.STEP),
              HostTempo(99.0, 80, Ramp.STEP)]  # fmt: skip
    assert tempo_map_of(points) == TempoMap((TempoPoint(0, 60), TempoPoint(99, 80)))


@pytest.mark.parametrize("points", [[], [HostTempo(0.0, 120, Ramp.STEP), HostTempo(9.5, 0.0, Ramp.STEP)]])
def test_what_cannot_be_played_is_refused(points: list[HostTempo]) -> None:
    with pytest.raises(HostError):
        tempo_map_of(points)


@given(st.lists(st.builds(HostTempo, st.floats(-5, 40), st.floats(10.5, 990), st.sampled_from(list(Ramp))), min_size=1))
def test_a_crowd_of_changes_is_still_a_tempo_map(points: list[HostTempo]) -> None:
    found = tempo_map_of(sorted(points, key=lambda point: point.tick))
    assert [point.tick for point in found.points] == sorted({point.tick for point in found.points})
