"""The timeline's tempo is planned by as long as the clock keeps it."""

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.engine.heard_tempo import AGREES, HeardTempo
from hitpoint.timeline.tempo_map import TempoMap, TempoPoint

OWN = TempoMap((TempoPoint(0, 100.0), TempoPoint(3840, 150.0)))
LATER = 5000


def after(heard: HeardTempo, *reports: tuple[float, float, float]) -> HeardTempo:
    """reports: bpm, tick, second."""
    for report in reports:
        heard = heard.heard(*report)
    return heard


def hearing(heard: HeardTempo, bpm: float, tick: float = 0.0, begun: float = 0.0) -> HeardTempo:
    """The same for two seconds."""
    return after(heard, *((bpm, tick, begun + half / 2) for half in range(5)))


def test_a_clock_that_keeps_the_timelines_tempo_changes_nothing() -> None:
    heard = hearing(HeardTempo.trusting(OWN), 101.0)
    assert hearing(heard, 148.0, LATER).planned is OWN


def test_another_tempo_is_planned_by_once_it_has_lasted() -> None:
    heard = after(HeardTempo.trusting(OWN), (120.04, 0.0, 5.0), (120.04, 100.0, 5.5))
    assert heard.planned is OWN
    assert heard.heard(120.04, 200.0, 6.0).planned == TempoMap.constant(120.0)


def test_a_step_that_is_heard_a_little_late_is_no_other_tempo() -> None:
    heard = after(HeardTempo.trusting(OWN), (100.0, 3800.0, 1.0), (100.0, 3900.0, 1.5), (150.0, 4200.0, 2.1))
    assert hearing(heard, 150.0, LATER, 3.0).planned is OWN


def test_a_drift_replaces_the_tempo_only_when_it_has_come_far() -> None:
    heard = hearing(HeardTempo.trusting(OWN), 120.0)
    assert hearing(heard, 122.0, begun=5.0).planned is heard.planned
    assert hearing(heard, 130.0, begun=5.0).planned == TempoMap.constant(130.0)


def test_who_comes_back_to_the_timelines_tempo_is_planned_by_it_again() -> None:
    assert hearing(hearing(HeardTempo.trusting(OWN), 120.0), 100.0, begun=5.0).planned is OWN


@given(st.lists(st.floats(10.0, 1000.0), max_size=8), st.floats(0.0, 1e5))
def test_what_is_heard_for_long_is_planned_by(tempi: list[float], tick: float) -> None:
    heard = HeardTempo.trusting(OWN)
    for number, bpm in enumerate(tempi):
        heard = hearing(heard, bpm, tick, 10.0 * number)
        assert abs(heard.planned.bpm_at(tick) / bpm - 1.0) <= AGREES + 0.006
