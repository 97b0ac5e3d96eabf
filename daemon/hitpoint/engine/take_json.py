"""A take's music as bytes, and back: every value exactly, so that a file made of it is the same byte for byte."""

import json
import zlib
from dataclasses import replace
from typing import Any

from hitpoint.engine.session_wishes import wishes_as_json, with_wishes
from hitpoint.engine.take import TakeMusic
from hitpoint.errors import HitpointError, ScoreError
from hitpoint.score.articulation import Switch, SwitchAt
from hitpoint.score.control_curve import BarPoint, ControlCurve
from hitpoint.score.controls import Key
from hitpoint.score.expression import ControllerMove
from hitpoint.score.midi_score import KeyChange, MidiPart, MidiScore
from hitpoint.score.note import Note
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

VERSION = 1
"""Of what is in the bytes; goes up when its meaning changes."""


def music_as_bytes(music: TakeMusic) -> bytes:
    """The same music gives the same bytes."""
    content = {
        "version": VERSION,
        "bars": music.bars,
        "controllers": list(music.controllers),
        "title": music.score.title,
        "keys": [[change.tick, change.key.tonic, change.key.mode] for change in music.score.keys],
        "parts": [_part_as_json(part) for part in music.score.parts],
        "timeline": _timeline_as_json(music.score.timeline),
        "planned": _timeline_as_json(music.session.timeline)["markers"],
        "wishes": wishes_as_json(music.session),
        "curves": [[curve.name, [list(point) for point in curve.points]] for curve in music.session.curves],
    }
    return zlib.compress(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    )


def music_of(data: bytes) -> TakeMusic:
    """Inverse of `music_as_bytes`. Raises ScoreError for damaged bytes and for those of a newer Hitpoint."""
    try:
        content = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
        if content["version"] != VERSION:
            raise ScoreError(f"its notes are of version {content['version']}, and this Hitpoint reads {VERSION}")
        timeline = _timeline_of(content["timeline"])
        keys = tuple(KeyChange(int(tick), Key(int(tonic), str(mode))) for tick, tonic, mode in content["keys"])
        curves = tuple(
            ControlCurve(str(name), tuple(BarPoint(*point) for point in points)) for name, points in content["curves"]
        )
        planned = replace(timeline, markers=_markers_of(content["planned"]))
        session = replace(with_wishes(Session(planned), content["wishes"]), curves=curves)
        score = MidiScore(timeline, tuple(map(_part_of, content["parts"])), str(content["title"]), keys)
        return TakeMusic(score, session, int(content["bars"]), tuple(map(int, content["controllers"])))
    except ScoreError:
        raise
    except (zlib.error, KeyError, TypeError, ValueError, HitpointError) as error:
        raise ScoreError(f"its notes are damaged ({type(error).__name__})") from error


def _part_as_json(part: MidiPart) -> dict[str, Any]:
    return {
        "name": part.name,
        "channel": part.channel,
        "program": part.program,
        "notes": [[note.tick, note.pitch, note.duration, note.velocity] for note in part.notes],
        "moves": [list(move) for move in part.moves],
        "switches": [[tick, switch.kind, switch.number, switch.value] for tick, switch in part.switches],
    }


def _part_of(said: dict[str, Any]) -> MidiPart:
    return MidiPart(
        str(said["name"]),
        int(said["channel"]),
        None if said["program"] is None else int(said["program"]),
        tuple(Note(*map(int, note)) for note in said["notes"]),
        tuple(ControllerMove(*map(int, move)) for move in said["moves"]),
        tuple(
            SwitchAt(int(tick), Switch(kind, int(number), int(value))) for tick, kind, number, value in said["switches"]
        ),
    )


def _timeline_as_json(timeline: Timeline) -> dict[str, Any]:
    begins = {} if timeline.start_frame is None else {"start_frame": timeline.start_frame}
    return begins | {
        "tempo": [[point.tick, point.bpm, point.ramp.value] for point in timeline.tempo_map.points],
        "meter": [[c.tick, c.meter.numerator, c.meter.denominator] for c in timeline.meter_map.changes],
        "markers": [[marker.tick, marker.name, marker.id] for marker in timeline.markers],
        "regions": [[region.start, region.end, region.name, region.id] for region in timeline.regions],
        "frame_rate": timeline.frame_rate.name,
    }


def _timeline_of(said: dict[str, Any]) -> Timeline:
    return Timeline(
        TempoMap(tuple(TempoPoint(int(tick), float(bpm), Ramp(ramp)) for tick, bpm, ramp in said["tempo"])),
        MeterMap(tuple(MeterChange(int(tick), Meter(int(n), int(d))) for tick, n, d in said["meter"])),
        _markers_of(said["markers"]),
        tuple(Region(int(start), int(end), str(name), str(id_)) for start, end, name, id_ in said["regions"]),
        FrameRate.named(said["frame_rate"]),
        int(said["start_frame"]) if "start_frame" in said else None,
    )


def _markers_of(said: list[Any]) -> tuple[Marker, ...]:
    return tuple(Marker(int(tick), str(name), str(id_)) for tick, name, id_ in said)
