"""The timeline of `hitpoint demo`: a short scene with everything in it that a host's timeline can have."""

from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import BarBeatTick, Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

_BAR = Meter(4, 4).bar_ticks


def demo_timeline(frame_rate: FrameRate) -> Timeline:
    """Five markers, three of them off the beat, over a tempo change, a ramp and a change of metre."""
    meter_map = MeterMap((MeterChange(0, Meter(4, 4)), MeterChange(12 * _BAR, Meter(3, 4))))
    tempo_map = TempoMap(
        (
            TempoPoint(0, 96.0),
            TempoPoint(4 * _BAR, 108.0),
            TempoPoint(8 * _BAR, 108.0, Ramp.LINEAR_IN_BEATS),
            TempoPoint(12 * _BAR, 132.0),
        )
    )

    def at(bar: int, beat: int, tick: int, name: str) -> Marker:
        return Marker(meter_map.tick_at(BarBeatTick(bar, beat, tick)), name)

    markers = (
        at(1, 1, 0, "1m01 calm, strings, 96 bpm, D minor"),
        at(5, 2, 317, "HIT door slams"),
        at(8, 1, 0, "tense, brass, timpani, strings"),
        at(12, 3, 611, "HIT reveal"),
        at(17, 1, 250, "END"),
    )
    return Timeline(tempo_map, meter_map, markers, (), frame_rate)
