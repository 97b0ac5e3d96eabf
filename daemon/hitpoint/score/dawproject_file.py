"""DAWproject files, written: what Bitwig, Studio One, Cubase and others exchange. Tempo, metre, markers, tracks, notes.

A zip of two XML files, project.xml and metadata.xml. Places are quarter notes, and tempo ramps even in them; the map's
other ramps become short ones of those. It has no regions, so that a region becomes a marker at either end, as in a MIDI
file, no key signatures, and no instruments but a DAW's own: a track's name says which was meant. The same score gives
the same bytes.

Source: DAWproject 1.0, Project.xsd and MetaData.xsd of github.com/bitwig/dawproject.
"""

from collections.abc import Sequence
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hitpoint import __version__
from hitpoint.errors import ScoreError
from hitpoint.score.midi_score import KeyChange, MidiPart, MidiScore, markers_of, playable
from hitpoint.score.tempo_ramps import with_ramps
from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM, Ramp, TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of what is inside: the earliest that a zip has, so that no clock gets into the bytes."""
_FULL = 127
"""MIDI's largest value, which here is 1."""


def dawproject_content(
    name: str, parts: Sequence[MidiPart], timeline: Timeline, title: str = "", keys: Sequence[KeyChange] = ()
) -> bytes:
    """A whole file's bytes; `name` is for messages. What lies before the start is put there. Raises ScoreError."""
    score = MidiScore(timeline, tuple(parts), title, tuple(keys))
    for part in parts:
        if part.notes and min(part.notes).tick < 0:
            raise ScoreError(f"{name}: part {part.name!r} has a note before the timeline's start. Move it.")
    metadata = Element("MetaData")
    SubElement(metadata, "Title").text = _allowed(title)
    SubElement(metadata, "Comment").text = "Written by Hitpoint"
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, root in (("metadata.xml", metadata), ("project.xml", _project(score))):
            inside = ZipInfo(name, _LONG_AGO)
            inside.compress_type = ZIP_DEFLATED
            # Else the system that it is written on gets into the bytes.
            inside.create_system = 0
            archive.writestr(inside, _as_bytes(root))
    return buffer.getvalue()


def _project(score: MidiScore) -> Element:
    project = Element("Project", version="1.0")
    SubElement(project, "Application", name="Hitpoint", version=__version__)
    tempo_map = with_ramps(score.timeline.tempo_map, Ramp.LINEAR_IN_BEATS)
    meter = score.timeline.meter_map.changes[0].meter
    transport = SubElement(project, "Transport")
    limits = {"min": f"{SLOWEST_BPM:g}", "max": f"{FASTEST_BPM:g}", "unit": "bpm"}
    SubElement(transport, "Tempo", {**limits, "value": repr(tempo_map.points[0].bpm), "id": "tempo", "name": "Tempo"})
    beats = {"numerator": str(meter.numerator), "denominator": str(meter.denominator)}
    SubElement(transport, "TimeSignature", {**beats, "id": "meter"})
    structure = SubElement(project, "Structure")
    for number, part in enumerate(score.parts):
        _structure(structure, f"track{number}", part.name, "notes", "regular")
    _structure(structure, "master", "Master", "audio notes", "master")
    arrangement = SubElement(project, "Arrangement", id="arrangement")
    lanes = SubElement(arrangement, "Lanes", timeUnit="beats", id="lanes")
    end = max(score.end, score.timeline.meter_map.bar(0).end)
    for number, part in enumerate(score.parts):
        _lane(lanes, f"track{number}", part, end)
    _markers(arrangement, score.timeline)
    _tempo(arrangement, tempo_map)
    _meters(arrangement, score.timeline)
    return project


def _structure(structure: Element, track: str, name: str, content: str, role: str) -> None:
    said = {"contentType": content, "loaded": "true", "id": track, "name": _allowed(name)}
    destination = {} if role == "master" else {"destination": "master-channel"}
    channel = {"audioChannels": "2", "role": role, "solo": "false", "id": f"{track}-channel", **destination}
    SubElement(SubElement(structure, "Track", said), "Channel", channel)


def _lane(lanes: Element, track: str, part: MidiPart, end: int) -> None:
    lane = SubElement(lanes, "Lanes", track=track, id=f"{track}-lanes")
    clips = SubElement(lane, "Clips", id=f"{track}-clips")
    place = {"time": "0.0", "duration": _quarters(end), "playStart": "0.0", "name": _allowed(part.name)}
    inside = SubElement(SubElement(clips, "Clip", place), "Lanes", id=f"{track}-clip")
    notes = SubElement(inside, "Notes", id=f"{track}-notes")
    for note in playable(part.notes):
        length = {"time": _quarters(note.tick), "duration": _quarters(note.duration)}
        sound = {"channel": str(part.channel), "key": str(note.pitch), "vel": repr(note.velocity / _FULL)}
        SubElement(notes, "Note", {**length, **sound})
    for controller in sorted({move.controller for move in part.moves}):
        points = SubElement(inside, "Points", unit="normalized", id=f"{track}-controller{controller}")
        target = {"channel": str(part.channel), "controller": str(controller)}
        SubElement(points, "Target", {"expression": "channelController", **target})
        for move in part.moves:
            if move.controller == controller:
                _point(points, move.tick, move.value / _FULL, Ramp.STEP)


def _markers(arrangement: Element, timeline: Timeline) -> None:
    markers = markers_of(timeline)
    if markers:
        # The format knows no list of none.
        listed = SubElement(arrangement, "Markers", timeUnit="beats", id="markers")
        for marker in markers:
            SubElement(listed, "Marker", time=_quarters(marker.tick), name=_allowed(marker.name))


def _tempo(arrangement: Element, tempo_map: TempoMap) -> None:
    automation = SubElement(arrangement, "TempoAutomation", timeUnit="beats", unit="bpm", id="tempo-automation")
    SubElement(automation, "Target", parameter="tempo")
    for point in tempo_map.points:
        _point(automation, point.tick, point.bpm, point.ramp)


def _meters(arrangement: Element, timeline: Timeline) -> None:
    automation = SubElement(arrangement, "TimeSignatureAutomation", timeUnit="beats", id="meter-automation")
    SubElement(automation, "Target", parameter="meter")
    changes = timeline.meter_map.changes
    # Before its first change a metre map has that change's metre.
    for tick, meter in {0: changes[0].meter, **{change.tick: change.meter for change in changes}}.items():
        beats = {"numerator": str(meter.numerator), "denominator": str(meter.denominator)}
        SubElement(automation, "TimeSignaturePoint", {"time": _quarters(tick), **beats})


def _point(points: Element, tick: int, value: float, ramp: Ramp) -> None:
    interpolation = "hold" if ramp is Ramp.STEP else "linear"
    SubElement(points, "RealPoint", time=_quarters(tick), value=repr(value), interpolation=interpolation)


def _quarters(tick: int) -> str:
    return repr(max(0, tick) / TICKS_PER_QUARTER)


def _allowed(text: str) -> str:
    """What XML can hold: another character becomes a space. Source: XML 1.0, section 2.2."""
    return "".join(letter if _is_allowed(ord(letter)) else " " for letter in text)


def _is_allowed(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _as_bytes(root: Element) -> bytes:
    indent(root)
    content: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return content
