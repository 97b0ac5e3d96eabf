from dataclasses import dataclass
from pathlib import Path

import mido
import pytest

from hitpoint.errors import ScoreError
from hitpoint.outputs.recorder import Recorder
from hitpoint.score.expression import ControllerMove
from hitpoint.score.midi_message import PEDAL
from hitpoint.score.note import Note
from hitpoint.score.stem import DRUM_CHANNEL
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline


@dataclass(frozen=True)
class Stretch:
    roll: int
    start: int
    end: int
    notes: tuple[tuple[str, Note], ...] = ()
    moves: tuple[ControllerMove, ...] = ()
    pedals: tuple[tuple[str, Note], ...] = ()


def violin(tick: int, pitch: int = 60) -> tuple[str, Note]:
    return "violin", Note(tick, pitch, 100, 80)


def test_notes_of_one_roll_add_up(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "take.mid")
    recorder.take(Stretch(1, 0, 480, (violin(0),)))
    recorder.take(Stretch(1, 480, 960, (violin(400), violin(500))))

    assert [note.tick for _, note in recorder.notes()] == [0, 400, 500]


def test_a_later_roll_replaces_what_it_passes_over_and_nothing_else(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "take.mid")
    recorder.take(Stretch(1, 0, 3840, (violin(0), violin(960), violin(1920))))
    recorder.take(Stretch(2, 960, 1920, (violin(1000, 72),)))

    assert sorted((note.tick, note.pitch) for _, note in recorder.notes()) == [(0, 60), (1000, 72), (1920, 60)]


def test_a_roll_in_which_nothing_sounds_leaves_silence(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "take.mid")
    recorder.take(Stretch(1, 0, 3840, (violin(0), violin(960))))
    recorder.take(Stretch(2, 0, 960))

    assert [note.tick for _, note in recorder.notes()] == [960]


def test_a_play_process_that_counts_from_one_again_is_another_roll(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "take.mid")
    recorder.take(Stretch(1, 0, 1920, (violin(0), violin(960))))
    recorder.take(Stretch(1, 0, 480, (violin(0, 72),)))

    assert sorted((note.tick, note.pitch) for _, note in recorder.notes()) == [(0, 72), (960, 60)]


def test_the_file_has_a_named_track_a_part_with_program_tempo_and_markers(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "take.mid")
    recorder.take(Stretch(1, 0, 960, (violin(10), ("horn", Note(20, 50, 30, 90)))))
    timeline = Timeline(TempoMap.constant(97.5), markers=(Marker(777, "HIT"),))

    assert recorder.changed
    recorder.write(timeline, {"horn": (1, 60), "violin": (0, 40), "flute": (2, 73)})

    file = mido.MidiFile(recorder.path)
    assert file.type == 1
    assert [track.name for track in file.tracks[1:]] == ["horn", "violin"]
    assert [event.program for track in file.tracks for event in track if event.type == "program_change"] == [60, 40]
    assert [event.text for event in file.tracks[0] if event.type == "marker"] == ["HIT"]
    assert not recorder.changed


def test_controllers_are_kept_with_every_pitched_part_and_a_later_roll_replaces_them(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "take.mid")
    moves = (ControllerMove(0, 11, 90), ControllerMove(400, 11, 100), ControllerMove(900, 11, 110))
    recorder.take(Stretch(1, 0, 960, (violin(400), ("drums", Note(20, 36, 30, 90))), moves))
    recorder.take(Stretch(2, 300, 600, (violin(450),), (ControllerMove(300, 11, 85),)))
    recorder.write(Timeline(), {"violin": (0, 40), "drums": (DRUM_CHANNEL, 0)})

    violins, drums = mido.MidiFile(recorder.path).tracks[1:]
    assert [(event.control, event.value) for event in violins if event.type == "control_change"] == [
        (11, 90),
        (11, 85),
        (11, 110),
    ]
    assert not [event for event in drums if event.type == "control_change"]


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "nowhere" / "take.mid")
    recorder.take(Stretch(1, 0, 960, (violin(10),)))

    with pytest.raises(ScoreError, match=r"take\.mid"):
        recorder.write(Timeline(), {})
    assert recorder.changed


def test_a_pedal_is_kept_with_its_own_part_and_each_down_has_its_up(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "take.mid")
    pedals = (("piano", Note(60, PEDAL, 800, 127)), ("piano", Note(1000, PEDAL, 500, 127)))
    recorder.take(Stretch(1, 0, 1920, (violin(0), ("piano", Note(0, 60, 900, 80))), pedals=pedals))
    recorder.take(
        Stretch(2, 700, 900, (("piano", Note(700, 60, 90, 80)),), pedals=(("piano", Note(760, PEDAL, 90, 127)),))
    )
    recorder.write(Timeline(), {"violin": (0, 40), "piano": (1, 0)})

    violins, piano = mido.MidiFile(recorder.path).tracks[1:]
    assert not [event for event in violins if event.type == "control_change"]
    tick, moves = 0, []
    for event in piano:
        tick += event.time
        if event.type == "control_change":
            moves.append((tick, event.control, event.value))
    assert moves == [(60, 64, 127), (760, 64, 0), (760, 64, 127), (850, 64, 0), (1000, 64, 127), (1500, 64, 0)]
    assert all(note.pitch < PEDAL for _, note in recorder.notes())
