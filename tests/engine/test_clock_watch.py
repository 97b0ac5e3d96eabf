from hitpoint.engine.clock_watch import ClockWatch
from hitpoint.scheduler.performance import ClockHeard
from hitpoint.timeline.tempo_map import TempoMap

OWN = TempoMap.constant(120.0)


def hearing(watch: ClockWatch, planned: TempoMap, bpm: float | None, begun: float) -> TempoMap:
    """The same for two seconds; what is planned by in the end."""
    for half in range(5):
        planned = watch.heard(ClockHeard("locked", 1.0, bpm, 0.5, begun + half / 2), planned, 0.0) or planned
    return planned


def test_a_tempo_that_is_not_the_timelines_is_planned_by_until_the_timeline_gets_another() -> None:
    watch = ClockWatch(OWN)
    assert hearing(watch, OWN, 100.0, 1.0) == TempoMap.constant(100.0)
    other = TempoMap.constant(98.0)
    assert hearing(watch, other, 100.0, 4.0) is other
    assert hearing(watch, other, None, 7.0) is other


def test_the_last_tempo_that_was_heard_is_known_when_a_new_play_process_has_heard_none() -> None:
    watch = ClockWatch(OWN)
    assert watch.tempo is None
    hearing(watch, OWN, 97.5, 1.0)
    hearing(watch, OWN, None, 4.0)
    assert watch.tempo == TempoMap.constant(97.5)


def test_status_tells_state_tempo_and_for_how_long() -> None:
    watch = ClockWatch(OWN)
    assert watch.status(1.0) == {}
    hearing(watch, OWN, 97.5, 1.0)
    assert watch.status(11.04) == {"state": "locked", "seconds": 10.0, "bpm": 97.5, "jitter_ms": 0.5}
