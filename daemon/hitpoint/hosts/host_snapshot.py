"""A host's whole project as its script tells it: tempo, metre, markers, regions and loop, exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.protocol import SNAPSHOT, read_object
from hitpoint.hosts.tempo_ticks import HostTempo, tempo_map_of
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER, FrameRate

HOSTS = {"reaper": "REAPER", "live": "Ableton Live", "ardour": "Ardour"}
"""Those that have scripts, and what people call them."""


@dataclass(frozen=True, slots=True)
class HostSnapshot:
    """What a project was like when the script looked."""

    host: str
    """One of HOSTS."""
    host_version: str
    bridge_version: str
    """The Hitpoint that the script came with."""
    serial: int
    """Rises with every snapshot of one run of the script."""
    project: str
    """Its name; empty when it was never saved."""
    timeline: Timeline
    loop: Loop | None


def read_snapshot(data: bytes, frame_rate: FrameRate) -> HostSnapshot:
    """The project. frame_rate: of the picture, where the host has none. Raises HostError: nothing is half taken in."""
    _, said = read_object(data, SNAPSHOT)
    if said["host"] not in HOSTS:
        raise HostError(f"a script of host {said['host'][:40]!r} speaks, which is none of {', '.join(HOSTS)}.")
    try:
        rate = FrameRate.named(said["frame_rate"]) if said.get("frame_rate") else frame_rate
        markers, regions = _markers(said["markers"]), _regions(said["regions"])
        timeline = Timeline(_tempo_map(said["tempo"]), _meter_map(said["meter"]), markers, regions, rate)
        return HostSnapshot(
            said["host"],
            said["host_version"],
            said["bridge_version"],
            int(said["serial"]),
            said["project"],
            timeline,
            _loop(said.get("loop")),
        )
    except HitpointError as error:
        raise HostError(f"{HOSTS[said['host']]}'s project cannot be followed: {error}") from error


def tick_of(quarter: float) -> int:
    """The tick nearest to a place in quarters."""
    return round(quarter * TICKS_PER_QUARTER)


def _tempo_map(points: Sequence[Mapping[str, Any]]) -> TempoMap:
    return tempo_map_of([HostTempo(one["quarter"] * TICKS_PER_QUARTER, one["bpm"], _ramp(one)) for one in points])


def _ramp(point: Mapping[str, Any]) -> Ramp:
    try:
        return Ramp(point["ramp"])
    except ValueError:
        known = ", ".join(ramp.value for ramp in Ramp)
        raise HostError(f"a tempo goes on by {point['ramp'][:40]!r}, which is none of {known}.") from None


def _meter_map(changes: Sequence[Mapping[str, Any]]) -> MeterMap:
    by_tick = {
        max(0, tick_of(change["quarter"])): Meter(int(change["numerator"]), int(change["denominator"]))
        for change in changes
    }
    return MeterMap(tuple(MeterChange(tick, meter) for tick, meter in by_tick.items()))


def _markers(markers: Sequence[Mapping[str, Any]]) -> tuple[Marker, ...]:
    return tuple(Marker(tick_of(one["quarter"]), one["name"], one["id"]) for one in markers)


def _regions(regions: Sequence[Mapping[str, Any]]) -> tuple[Region, ...]:
    spans = ((tick_of(one["quarter"]), tick_of(one["end"]), one) for one in regions)
    # One that is shorter than a tick says nothing about any music.
    return tuple(Region(start, end, one["name"], one["id"]) for start, end, one in spans if end > start)


def _loop(said: Mapping[str, Any] | None) -> Loop | None:
    if said is None:
        return None
    start, end = max(0, tick_of(said["quarter"])), tick_of(said["end"])
    return Loop(start, end) if end > start else None
