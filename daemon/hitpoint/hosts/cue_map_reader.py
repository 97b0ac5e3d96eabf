"""Reads a cue's `tempo_map`: a list of {beat, bpm, meter, ramp}, beats being quarter notes from the cue's start.

`meter` may be left out where it stays as it was. `ramp: true` lets the tempo go evenly in time to the next entry's.
`seconds` may stand there for people; it must be what the tempi make.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from hitpoint.config.document import Items, Table, Text, Written
from hitpoint.config.readers import number, switch
from hitpoint.errors import ConfigError, HostError
from hitpoint.timeline.cue_map import CueMap, CueMapEvent
from hitpoint.timeline.meter import Meter
from hitpoint.timeline.units import TICKS_PER_QUARTER

EVENT_KEYS = ("beat", "seconds", "bpm", "meter", "ramp")

MOST_BEATS = 100_000.0
"""Quarter notes in a cue: more than a day of the fastest tempo is no cue."""
_SECONDS_APART = 0.01
"""By which a written time may differ from the tempi's: less than half a frame, more than rounding to milliseconds."""
Value = TypeVar("Value")
_METER = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})")

_beat = number(0.0, MOST_BEATS)
_bpm = number(0.0, 100_000.0)
_seconds = number(0.0, 1e7)


def read_cue_map(written: Written, mistake: Callable[[Written, str], None]) -> CueMap | None:
    """The map, or None after telling `mistake` what is wrong with it and where; None, too, where nothing is written."""
    if isinstance(written, Text) and not written.text:
        return None
    items = written.items if isinstance(written, Items) else ()
    tables = [item for item in items if isinstance(item, Table)]
    if not tables or len(tables) != len(items):
        mistake(written, "tempo_map must be a list of {beat: 0, bpm: 120, meter: 4/4}")
        return None
    events: list[CueMapEvent] = []
    for table in tables:
        try:
            events.append(_event(table, events[-1].meter if events else Meter()))
        except (ConfigError, HostError) as error:
            mistake(table, f"tempo_map {error}")
            return None
    try:
        cue_map = CueMap(tuple(events))
    except HostError as error:
        mistake(written, f"tempo_map: {error}")
        return None
    return None if _disagrees(tables, cue_map, mistake) else cue_map


def _event(table: Table, meter: Meter) -> CueMapEvent:
    unknown = [key for key in table.entries if key not in EVENT_KEYS]
    if unknown:
        raise ConfigError(f"has no key {unknown[0]!r}. There are: {', '.join(EVENT_KEYS)}")
    beat, bpm = _value(table, "beat", _beat), _value(table, "bpm", _bpm)
    tick = beat * TICKS_PER_QUARTER
    if abs(tick - round(tick)) > 0.01:
        raise ConfigError(f"beat {beat:g} is on no tick: write it in parts of 1/{TICKS_PER_QUARTER}")
    said = table.entries.get("meter")
    ramp = "ramp" in table.entries and _value(table, "ramp", switch)
    return CueMapEvent(round(tick), bpm, meter if said is None else _meter(said), ramp)


def _value(table: Table, key: str, read: "Callable[[Written], Value]") -> "Value":
    if key not in table.entries:
        raise ConfigError(f"entry lacks its {key}")
    try:
        return read(table.entries[key])
    except ConfigError as error:
        raise ConfigError(f"{key} {error}") from error


def _meter(written: Written) -> Meter:
    match = _METER.fullmatch(written.text.strip()) if isinstance(written, Text) else None
    if match is None:
        raise ConfigError("meter must be like 4/4")
    return Meter(int(match[1]), int(match[2]))


def _disagrees(tables: list[Table], cue_map: CueMap, mistake: Callable[[Written, str], None]) -> bool:
    """True after telling of a time that isn't the tempi's."""
    tempo_map = cue_map.tempo_map
    for table, event in zip(tables, cue_map.events, strict=True):
        if "seconds" in table.entries:
            true = tempo_map.seconds_at(event.tick)
            try:
                said = _value(table, "seconds", _seconds)
            except ConfigError as error:
                mistake(table, f"tempo_map {error}")
                return True
            if abs(said - true) > _SECONDS_APART:
                mistake(
                    table,
                    f"tempo_map says beat {event.quarters:g} comes at {said:g} s, but its tempi take {true:.3f} s. "
                    "Leave `seconds` out, or mend the tempi",
                )
                return True
    return False
