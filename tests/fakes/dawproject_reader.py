"""Reads a DAWproject file apart from what writes it, and complains of what its schema does not allow."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

TICKS = 960

ORDER = {
    "Project": ["Application", "Transport", "Structure", "Arrangement", "Scenes"],
    "Transport": ["Tempo", "TimeSignature"],
    "Arrangement": ["Lanes", "Markers", "TempoAutomation", "TimeSignatureAutomation"],
}
"""The schema's sequences. Source: Project.xsd of DAWproject 1.0."""

REQUIRED = {
    "Application": {"name", "version"},
    "Tempo": {"unit"},
    "TimeSignature": {"numerator", "denominator"},
    "Note": {"time", "duration", "channel", "key"},
    "Clip": {"time"},
    "Marker": {"time"},
    "RealPoint": {"time", "value"},
    "TimeSignaturePoint": {"time", "numerator", "denominator"},
}


@dataclass
class ReadTrack:
    """A track with its one clip."""

    name: str
    notes: list[tuple[int, int, int, int, int]]
    """Tick, key, ticks, velocity, channel."""
    controllers: list[tuple[int, int, int]]


@dataclass
class ReadProject:
    """A whole file, places in ticks."""

    title: str
    tracks: list[ReadTrack]
    tempi: list[tuple[int, float, bool]]
    """Tick, quarter notes a minute, whether it goes evenly to the next."""
    meters: list[tuple[int, int, int]]
    markers: list[tuple[int, str]]


def read_dawproject(path: Path) -> ReadProject:
    with ZipFile(path) as archive:
        assert set(archive.namelist()) == {"project.xml", "metadata.xml"}
        project = ElementTree.fromstring(archive.read("project.xml"))
        metadata = ElementTree.fromstring(archive.read("metadata.xml"))
    assert project.tag == "Project"
    assert project.attrib == {"version": "1.0"}
    _check(project)
    arrangement = _one(project, "Arrangement")
    lanes = _one(arrangement, "Lanes")
    assert lanes.get("timeUnit") == "beats"
    lane_of = {lane.get("track"): lane for lane in lanes}
    structure = [track for track in _one(project, "Structure") if track.get("contentType") == "notes"]
    tracks = [_track(track, lane_of[track.get("id")]) for track in structure]
    tempo = _automation(arrangement, "TempoAutomation", _one(project, "Transport/Tempo").get("id"))
    tempi = [(_tick(point), float(point.attrib["value"]), point.get("interpolation") == "linear") for point in tempo]
    assert float(_one(project, "Transport/Tempo").attrib["value"]) == tempi[0][1]
    signature = _one(project, "Transport/TimeSignature")
    meter = _automation(arrangement, "TimeSignatureAutomation", signature.get("id"))
    meters = [(_tick(point), int(point.attrib["numerator"]), int(point.attrib["denominator"])) for point in meter]
    assert (int(signature.attrib["numerator"]), int(signature.attrib["denominator"])) == meters[0][1:]
    markers = [(_tick(marker), marker.get("name", "")) for marker in arrangement.findall("Markers/Marker")]
    return ReadProject(metadata.findtext("Title") or "", tracks, tempi, meters, markers)


def _track(track: Element, lane: Element) -> ReadTrack:
    clip = _one(lane, "Clips/Clip")
    start, length = _tick(clip), _ticks(clip.attrib["duration"])
    notes = [
        (
            start + _tick(note),
            int(note.attrib["key"]),
            _ticks(note.attrib["duration"]),
            round(float(note.attrib["vel"]) * 127),
            int(note.attrib["channel"]),
        )
        for note in clip.findall("Lanes/Notes/Note")
    ]
    assert all(tick + ticks <= start + length for tick, _, ticks, _, _ in notes)
    controllers = []
    for points in clip.findall("Lanes/Points"):
        target = _one(points, "Target")
        assert target.get("expression") == "channelController"
        number = int(target.attrib["controller"])
        controllers += [
            (_tick(point), number, round(float(point.attrib["value"]) * 127)) for point in points.findall("RealPoint")
        ]
    return ReadTrack(track.get("name", ""), sorted(notes), sorted(controllers))


def _automation(arrangement: Element, name: str, parameter: str | None) -> list[Element]:
    automation = _one(arrangement, name)
    assert automation.get("timeUnit") == "beats"
    assert automation[0].tag == "Target"
    assert automation[0].get("parameter") == parameter
    return list(automation)[1:]


def _check(root: Element) -> None:
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib)
        for name in ("track", "destination", "parameter"):
            assert element.get(name, ids[0]) in ids
        if element.tag in ORDER:
            places = [ORDER[element.tag].index(child.tag) for child in element]
            assert places == sorted(set(places))
        # XML ids are names: they begin with a letter.
        assert element.get("id", "a")[0].isalpha()


def _one(element: Element, path: str) -> Element:
    (found,) = element.findall(path)
    return found


def _tick(element: Element) -> int:
    return _ticks(element.attrib["time"])


def _ticks(quarters: str) -> int:
    exact = Fraction(float(quarters)) * TICKS
    assert abs(exact - round(exact)) < Fraction(1, 10**6)
    return round(exact)
