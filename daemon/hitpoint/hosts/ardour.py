"""The timeline in an Ardour session file: tempo with its ramps, metre, markers and ranges. Ardour 7 and later.

Ardour's OSC has no tempo and no list of markers, but `/save_state` writes both here. Places are superclocks ("a…", so
many a second) or musical ticks ("b…", 1920 a quarter note). Source: Ardour 7.3, libs/temporal/tempo.cc,
libs/temporal/timeline.cc and libs/ardour/ardour/location.h; files saved by it are in tests/transcripts/ardour.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from hitpoint.errors import HostError
from hitpoint.hosts.tempo_ticks import HostTempo, tempo_map_of
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER, FrameRate

ARDOUR_TICKS_PER_QUARTER = 1920
"""Source: Ardour 7.3, libs/temporal/temporal/types.h."""

OLDEST_VERSION = 7000
"""Before it the tempo map was written another way."""

_NOT_SPOTTING = frozenset({"IsSessionRange", "IsAutoLoop", "IsAutoPunch", "IsXrun", "IsCueMarker", "IsSkip"})
"""Locations that Ardour keeps for itself, or for its clip launcher."""

_RATES = {
    "timecode_23976": "23.976",
    "timecode_24": "24",
    "timecode_25": "25",
    "timecode_2997": "29.97",
    "timecode_2997drop": "29.97df",
    "timecode_30": "30",
}
"""Ardour's other formats have no picture rate of ours."""

_LARGEST_COUNT = 2**62
"""Of superclocks or ticks. Source: Ardour 7.3, libs/pbd/pbd/int62.h."""

_AUDIBLE_BPM = 1e-4
"""A ramp that ends this near to the next tempo ends there."""

_Number = TypeVar("_Number", int, float)


def read_ardour_session(path: Path, frame_rate: FrameRate) -> Timeline:
    """What the session file says; `frame_rate` holds where its timecode format is none of ours.

    Raises HostError naming the file.
    """
    try:
        session = _session(path)
        tempo_map = _tempo_map(_tempo_element(session))
        markers, regions = _spotting(session, tempo_map)
        meter_map = _meter_map(_tempo_element(session))
        return Timeline(tempo_map, meter_map, markers, regions, _frame_rate(session, frame_rate))
    except HostError as error:
        raise HostError(f"{path}: {error}") from error


def _session(path: Path) -> Element:
    try:
        session = ElementTree.fromstring(path.read_bytes())
    except OSError as error:
        raise HostError(f"it cannot be read: {error.strerror or error}. Check the path.") from error
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        # Python's own wording says the line; an unknown encoding is a LookupError.
        raise HostError(f"it is a broken session file: {error}. Save the session again.") from error
    if session.tag != "Session":
        raise HostError(f"it is no Ardour session: it begins with <{session.tag}>. Give the file that ends in .ardour.")
    if _number(session, "version", int) < OLDEST_VERSION:
        raise HostError("it was saved by an Ardour before 7. Open it in Ardour 7 or later and save it.")
    return session


def _tempo_element(session: Element) -> Element:
    element = session.find("TempoMap")
    if element is None:
        raise HostError("it has no tempo map. Save the session again.")
    if element.find("MusicTimes/*") is not None:
        raise HostError("it has a BBT marker, where bars are counted anew, which cannot be followed. Remove it.")
    return element


def _tempo_map(element: Element) -> TempoMap:
    per_second = _superclocks_per_second(element)
    # Where Ardour has two at one place, the later holds.
    by_tick = {_place_of_quarters(tempo): tempo for tempo in element.iterfind("Tempos/Tempo")}
    points: list[HostTempo] = []
    slope = 0.0
    for tick, tempo in by_tick.items():
        if points:
            _ramp_to(points, tick, _bpm(tempo), slope)
        points.append(HostTempo(tick, _bpm(tempo), Ramp.STEP))
        slope = _number(tempo, "omega", float) * per_second
    return tempo_map_of(points)


def _ramp_to(points: list[HostTempo], tick: float, next_bpm: float, slope: float) -> None:
    """Make the last of `points` a ramp up to the next point, at `tick`, if it is one.

    slope: change of quarters a second, per quarter. It is what Ardour plays by: a ramp may end elsewhere than at the
    tempo it leads to, and even than at its own end tempo ("enpm"), when what follows was moved.
    """
    here = points[-1]
    if slope == 0.0:
        return
    end_bpm = here.bpm + 60.0 * slope * (tick - here.tick) / TICKS_PER_QUARTER
    points[-1] = HostTempo(here.tick, here.bpm, Ramp.LINEAR_IN_BEATS)
    if abs(end_bpm - next_bpm) > _AUDIBLE_BPM and tick - here.tick > 1:
        # A ramp of ours ends at the next point's tempo; so it gets an end of its own, one tick before the jump.
        bpm = here.bpm + 60.0 * slope * (tick - 1 - here.tick) / TICKS_PER_QUARTER
        points.append(HostTempo(tick - 1, bpm, Ramp.STEP))


def _bpm(tempo: Element) -> float:
    note = _number(tempo, "note-type", int)
    if note <= 0:
        raise HostError(f"tempo at {tempo.get('quarters')} counts notes of type {note}. Save the session again.")
    return _number(tempo, "npm", float) * 4 / note


def _meter_map(element: Element) -> MeterMap:
    meters = {
        _tick_of_quarters(meter): Meter(_number(meter, "divisions-per-bar", int), _number(meter, "note-value", int))
        for meter in element.iterfind("Meters/Meter")
    }
    return MeterMap(tuple(MeterChange(tick, meter) for tick, meter in meters.items()))


def _spotting(session: Element, tempo_map: TempoMap) -> tuple[tuple[Marker, ...], tuple[Region, ...]]:
    markers, regions = [], []
    per_second = _superclocks_per_second(_tempo_element(session))
    for location in session.iterfind("Locations/Location"):
        flags = frozenset(location.get("flags", "").split(","))
        if flags & _NOT_SPOTTING:
            continue
        name, key = location.get("name", ""), location.get("id", "")
        start = _tick_of_place(location, "start", per_second, tempo_map)
        end = start if "IsMark" in flags else _tick_of_place(location, "end", per_second, tempo_map)
        if end > start:
            regions.append(Region(start, end, name, key))
        else:
            markers.append(Marker(start, name, key))
    return tuple(markers), tuple(regions)


def _tick_of_place(location: Element, name: str, per_second: int, tempo_map: TempoMap) -> int:
    written = location.get(name, "")
    try:
        count = _count(written[1:])
        if written[0] == "a":
            return tempo_map.tick_at(count / per_second)
        if written[0] == "b":
            return _ours(count)
    except (ValueError, IndexError):
        pass
    called = location.get("name")
    raise HostError(f"location {called!r} has {name}={written!r}, which is no place. Save the session again.")


def _tick_of_quarters(point: Element) -> int:
    return _ours(_ardour_ticks(point))


def _place_of_quarters(point: Element) -> float:
    """In our ticks, and between them."""
    return _ardour_ticks(point) * TICKS_PER_QUARTER / ARDOUR_TICKS_PER_QUARTER


def _ardour_ticks(point: Element) -> int:
    written = point.get("quarters", "")
    quarters, _, ticks = written.partition(":")
    try:
        return _count(quarters) * ARDOUR_TICKS_PER_QUARTER + _count(ticks)
    except ValueError:
        raise HostError(f"a <{point.tag}> lies at quarter {written!r}. Save the session again.") from None


def _count(written: str) -> int:
    count = int(written)
    if abs(count) > _LARGEST_COUNT:
        raise ValueError(written)
    return count


def _ours(ardour_ticks: int) -> int:
    """Ardour's ticks as ours; half a tick goes to the later one, as everywhere."""
    return (2 * ardour_ticks * TICKS_PER_QUARTER + ARDOUR_TICKS_PER_QUARTER) // (2 * ARDOUR_TICKS_PER_QUARTER)


def _superclocks_per_second(element: Element) -> int:
    count = _number(element, "superclocks-per-second", int)
    if count <= 0:
        raise HostError(f"its clock has {count} superclocks a second. Save the session again.")
    return count


def _frame_rate(session: Element, otherwise: FrameRate) -> FrameRate:
    option = session.find("Config/Option[@name='timecode-format']")
    name = _RATES.get(option.get("value", "")) if option is not None else None
    return FrameRate.named(name) if name else otherwise


def _number(element: Element, name: str, kind: Callable[[str], _Number]) -> _Number:
    written = element.get(name)
    try:
        return kind(written or "")
    except ValueError:
        raise HostError(f"<{element.tag}> has {name}={written!r}, not a number. Save the session again.") from None
