"""What the daemon's arithmetic of time says of some maps, for the page's own to be held to.

`python tests/page/golden_time.py` writes page/tests/time.json anew.
"""

import json
from pathlib import Path
from typing import Any

from hitpoint.timeline.loop import Loop
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.transport import Transport, TransportState

FILE = Path(__file__).parents[2] / "page" / "tests" / "time.json"
TICKS = (0, 1, 959, 3840, 5000, 7680, 11_111, 15_360, 20_000, 23_040, 30_001, 46_080, 100_000)

TEMPO_MAPS = (
    TempoMap(),
    TempoMap((TempoPoint(3840, 90.0), TempoPoint(7680, 140.0))),
    TempoMap((TempoPoint(0, 96.0), TempoPoint(7680, 108.0, Ramp.LINEAR_IN_BEATS), TempoPoint(23_040, 132.0))),
    TempoMap((TempoPoint(0, 60.0, Ramp.LINEAR_IN_TIME), TempoPoint(15_360, 180.0, Ramp.LINEAR_IN_TIME),
              TempoPoint(46_080, 45.0))),
)  # fmt: skip
METER_MAPS = (
    MeterMap(),
    MeterMap((MeterChange(7680, Meter(3, 4)),)),
    MeterMap((MeterChange(0, Meter(4, 4)), MeterChange(5000, Meter(6, 8)), MeterChange(23_040, Meter(5, 16)))),
)


def golden() -> dict[str, Any]:
    """The maps, and what is said of each."""
    return {
        "tempo": [_tempo(tempo_map) for tempo_map in TEMPO_MAPS],
        "meter": [_meter(meter_map) for meter_map in METER_MAPS],
        "transport": _transport(),
    }


def _tempo(tempo_map: TempoMap) -> dict[str, Any]:
    points = [{"tick": point.tick, "bpm": point.bpm, "ramp": point.ramp.value} for point in tempo_map.points]
    places = [[tick, tempo_map.seconds_at(tick), tempo_map.bpm_at(tick)] for tick in TICKS]
    return {"points": points, "places": places}


def _meter(meter_map: MeterMap) -> dict[str, Any]:
    changes = [
        {"tick": change.tick, "numerator": change.meter.numerator, "denominator": change.meter.denominator}
        for change in meter_map.changes
    ]
    bars = [meter_map.bar_at(tick) for tick in TICKS]
    places = [[tick, bar.index, bar.start, bar.end] for tick, bar in zip(TICKS, bars, strict=True)]
    said = [[one.bar, one.beat, one.tick] for one in map(meter_map.bar_beat_tick_at, TICKS)]
    return {"changes": changes, "places": places, "said": said}


def _transport() -> dict[str, Any]:
    """A loop, entered from before it, on a map with a ramp."""
    tempo_map = TEMPO_MAPS[2]
    loop = Loop(7680, 15_360)
    transport = Transport(TransportState.ROLLING, 1000.0, 10.0, loop)
    seconds = [10.0, 10.5, 12.0, 14.0, 16.0, 19.0, 25.25, 60.0, 333.3]
    return {
        "tick": transport.tick,
        "at": transport.at,
        "loop": [loop.start, loop.end],
        "places": [[second, transport.tick_at(second, tempo_map)] for second in seconds],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(golden(), indent=1) + "\n", encoding="utf-8")
