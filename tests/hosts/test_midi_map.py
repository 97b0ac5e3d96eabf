"""A MIDI file stands in for a host's timeline."""

from pathlib import Path

import pytest

from hitpoint.errors import HostError
from hitpoint.hosts.midi_map import read_midi_map
from hitpoint.score.midi_file import write_midi_file
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate


def test_a_map_has_tempo_metre_markers_and_the_pictures_rate(tmp_path: Path) -> None:
    timeline = Timeline(TempoMap.constant(120), MeterMap.constant(3, 4), (Marker(777, "HIT door"),))
    write_midi_file(tmp_path / "map.mid", [], timeline)
    read = read_midi_map(tmp_path / "map.mid", FrameRate.named("25"))
    assert (read.tempo_map, read.meter_map, read.markers) == (
        timeline.tempo_map,
        timeline.meter_map,
        timeline.markers,
    )
    assert read.frame_rate.name == "25"


def test_a_broken_map_is_the_hosts_mistake_and_named(tmp_path: Path) -> None:
    (tmp_path / "map.mid").write_bytes(b"MThd")
    with pytest.raises(HostError, match=r"map\.mid is a broken MIDI file"):
        read_midi_map(tmp_path / "map.mid", FrameRate.named("24"))
