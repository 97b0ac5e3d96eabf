"""Our fast reader reads what mido wrote, and says so when a file is no MIDI file."""

from pathlib import Path

import mido
import pytest

from fakes.small_corpus import write_piece
from hitpoint.errors import ScoreError
from hitpoint.training.smf import read_smf


def test_notes_tempo_and_metre_are_those_mido_reads(tmp_path: Path) -> None:
    path = tmp_path / "piece.mid"
    write_piece(path)
    smf = read_smf(path)
    assert [track.program for track in smf.tracks] == [40, 42, 0]
    assert smf.meters == [(0, 4, 4)]
    assert smf.tempi[0][1] == pytest.approx(96)
    onsets = sum(message.type == "note_on" for track in mido.MidiFile(path).tracks for message in track)
    assert sum(len(track.notes) for track in smf.tracks) == onsets


def test_running_status_and_note_on_with_velocity_zero_are_understood(tmp_path: Path) -> None:
    events = b"\x00\x99\x24\x64\x60\x24\x00\x00\x26\x50\x60\x26\x00\x00\xff\x2f\x00"
    head = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0"
    path = tmp_path / "drums.mid"
    path.write_bytes(head + b"MTrk" + len(events).to_bytes(4, "big") + events)
    (track,) = read_smf(path).tracks
    assert track.drums
    assert track.notes == [(0, 96, 36, 100), (96, 192, 38, 80)]


@pytest.mark.parametrize("content", [b"", b"RIFF0000", b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\xe8\x28"])
def test_what_is_no_metrical_midi_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.mid"
    path.write_bytes(content)
    with pytest.raises(ScoreError):
        read_smf(path)


def test_a_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "piece.mid"
    write_piece(path)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(ScoreError, match="breaks off"):
        read_smf(path)
