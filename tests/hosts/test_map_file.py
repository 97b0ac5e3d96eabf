import pytest

from hitpoint.errors import HostError
from hitpoint.hosts.map_file import read_map
from hitpoint.score.midi_file import write_midi_file
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

RATE = FrameRate.named("25")


def test_a_midi_file_is_known_by_its_content_whatever_its_name(tmp_path):
    path = tmp_path / "map"
    write_midi_file(path, [], Timeline(TempoMap.constant(97.5), markers=(Marker(960, "HIT"),)))
    timeline = read_map(path, RATE)
    assert timeline.markers == (Marker(960, "HIT"),)
    assert timeline.tempo_map.bpm_at(0) == pytest.approx(97.5, abs=1e-4)


def test_a_sheet_is_read_as_one(tmp_path):
    path = tmp_path / "reel.yaml"
    path.write_text(
        "title: Reel 1\nframe_rate: '25'\ncues:\n"
        "  - {number: 1m01, title: Door, start: '00:00:00:00', end: '00:00:10:00', prompt: tense, hits: []}\n"
    )
    assert read_map(path, RATE).markers or read_map(path, RATE).regions


@pytest.mark.parametrize("content", [b"", b"MThd", b"<Session", b"just: words", b"\x00\xff" * 300])
def test_what_is_none_of_them_is_refused_by_name(tmp_path, content):
    path = tmp_path / "what"
    path.write_bytes(content)
    with pytest.raises(HostError, match="what"):
        read_map(path, RATE)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(HostError, match="nowhere"):
        read_map(tmp_path / "nowhere.mid", RATE)
