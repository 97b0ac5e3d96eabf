"""From control's values to the state that clients see: one function for each of its fields.

What each field means is in API.md. Fields that are not here are told as they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hitpoint.page.plain import plain
from hitpoint.score.control_curve import ControlCurve
from hitpoint.score.controls import CONTROL_RANGES, Controls
from hitpoint.score.spotting import Spotting
from hitpoint.score.stem import Part
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.transport import Transport


@dataclass(frozen=True, slots=True)
class BarAhead:
    """A bar as planned, and how far it has come."""

    bar: int
    """Counted from 1."""
    stage: str
    by: str
    start: int
    end: int
    cue: str
    controls: Controls | None
    """None where nothing plays."""


@dataclass(frozen=True, slots=True)
class Players:
    """Who plays, and what people did to them."""

    parts: tuple[Part, ...]
    muted: frozenset[str]
    soloed: frozenset[str]
    locked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Written:
    """Bars whose notes have changed."""

    revisions: Mapping[int, int]
    """By bar, counted from 1; 0 for one that has no notes any more."""
    whole: bool
    """True when bars that are not named have none."""


def told(name: str, value: Any, before: Any) -> Any:
    """The field called `name` as clients see it. before: as they saw it; None for not at all."""
    if name == "written":
        return _written(value, before or {})
    return _AS_TOLD.get(name, plain)(value)


def _transport(transport: Transport) -> dict[str, Any]:
    return {
        "rolling": transport.rolling,
        "tick": transport.tick,
        "at": transport.at,
        "loop": None if transport.loop is None else {"start": transport.loop.start, "end": transport.loop.end},
        "turns": transport.turning is not None,
    }


def _timeline(timeline: Timeline) -> dict[str, Any]:
    tempo, meter = timeline.tempo_map, timeline.meter_map
    return {
        "frame_rate": timeline.frame_rate.name,
        "tempo": [
            {"tick": point.tick, "seconds": tempo.seconds_at(point.tick), "bpm": point.bpm, "ramp": point.ramp.value}
            for point in tempo.points
        ],
        "meter": [
            {
                "tick": change.tick,
                "bar": meter.bar_at(change.tick).index + 1,
                "numerator": change.meter.numerator,
                "denominator": change.meter.denominator,
            }
            for change in meter.changes
        ],
        "markers": [{"id": marker.id, "tick": marker.tick, "name": marker.name} for marker in timeline.markers],
        "regions": [
            {"id": region.id, "start": region.start, "end": region.end, "name": region.name}
            for region in timeline.regions
        ],
    }


def _spotting(spotting: Spotting) -> dict[str, Any]:
    return {
        "cues": [{"name": cue.name, "start": cue.start, "end": cue.end} for cue in spotting.cues],
        "hits": [
            {"tick": point.tick, "name": point.name, "kind": point.kind.value, "cue": cue.name}
            for cue in spotting.cues
            for point in cue.hit_points
        ],
        "unread": [{"tick": unread.tick, "name": unread.name, "reason": unread.reason} for unread in spotting.unread],
    }


def _controls(controls: Controls) -> dict[str, float | None]:
    return {name: getattr(controls, name) for name in CONTROL_RANGES}


def _curves(curves: tuple[ControlCurve, ...]) -> dict[str, list[list[float]]]:
    return {curve.name: [[point.bar + 1, point.value] for point in curve.points] for curve in curves}


def _bars(bars: tuple[BarAhead, ...]) -> dict[str, Any]:
    return {
        str(bar.bar): {
            "stage": bar.stage,
            "by": bar.by,
            "start": bar.start,
            "end": bar.end,
            "cue": bar.cue,
            "controls": None if bar.controls is None else _controls(bar.controls),
        }
        for bar in bars
    }


def _parts(players: Players) -> dict[str, Any]:
    def named(part: Part, names: frozenset[str]) -> bool:
        return part.name in names or part.stem in names

    return {
        part.name: {
            "order": order,
            "stem": part.stem,
            "instrument": part.instrument.name,
            "mute": part.name in players.muted,
            "solo": part.name in players.soloed,
            "lock": part.name in players.locked,
            "sounds": not named(part, players.muted) and (not players.soloed or named(part, players.soloed)),
        }
        for order, part in enumerate(players.parts)
    }


def _stems(players: Players) -> dict[str, Any]:
    return {
        stem: {"mute": stem in players.muted, "solo": stem in players.soloed, "lock": stem in players.locked}
        for stem in dict.fromkeys(part.stem for part in players.parts)
    }


def _written(written: Written, before: Mapping[str, int]) -> dict[str, int]:
    after = {} if written.whole else dict(before)
    after.update({str(bar): revision for bar, revision in written.revisions.items()})
    return {bar: revision for bar, revision in after.items() if revision}


def _status(status: Any) -> dict[str, Any]:
    told: dict[str, Any] = plain(status)
    # Fields of the state have these.
    for name in ("bars_ahead", "page"):
        del told[name]
    return told


_AS_TOLD: Mapping[str, Callable[[Any], Any]] = {
    "transport": _transport,
    "timeline": _timeline,
    "spotting": _spotting,
    "controls": _controls,
    "curves": _curves,
    "bars": _bars,
    "parts": _parts,
    "stems": _stems,
    "status": _status,
}
"""By field; of the others `plain` is enough."""
