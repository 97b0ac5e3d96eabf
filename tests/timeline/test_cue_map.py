import pytest

from hitpoint.errors import HostError
from hitpoint.timeline.cue_map import CueMap, CueMapEvent
from hitpoint.timeline.meter import Meter
from hitpoint.timeline.tempo_map import TempoPoint

FOUR, THREE = Meter(4, 4), Meter(3, 4)


def test_tempi_and_metres_change_where_they_do_and_nowhere_else() -> None:
    cue_map = CueMap((CueMapEvent(0, 120, FOUR), CueMapEvent(3840, 120, THREE), CueMapEvent(6720, 90, THREE)))
    assert cue_map.tempo_map.points == (TempoPoint(0, 120), TempoPoint(6720, 90))
    assert [(change.tick, change.meter) for change in cue_map.meter_map.changes] == [(0, FOUR), (3840, THREE)]
    assert [event.quarters for event in cue_map.events] == [0, 4, 7]


@pytest.mark.parametrize(
    "events",
    [
        (),
        (CueMapEvent(10, 120, FOUR),),
        (CueMapEvent(0, 120, FOUR), CueMapEvent(960, 90, FOUR), CueMapEvent(480, 80, FOUR)),
        (CueMapEvent(0, 120, FOUR), CueMapEvent(0, 120, FOUR)),
        (CueMapEvent(0, 5, FOUR),),
    ],
)
def test_what_cannot_be_played_is_refused(events) -> None:
    with pytest.raises(HostError):
        CueMap(events)
