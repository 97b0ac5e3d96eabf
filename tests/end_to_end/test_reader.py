"""The independent reader is itself held to files whose answers are known by hand."""

from pathlib import Path

import mido
import pytest

from end_to_end.reader import (
    bar_lines,
    energy_per_bar,
    landing_error,
    near_onsets,
    read_notes,
    seconds_at,
    unpaired,
)


def _file(path: Path, *tracks: tuple[str, list[tuple[int, object]]], resolution: int = 960) -> Path:
    """A file whose events are given with absolute ticks."""
    made = mido.MidiFile(type=1, ticks_per_beat=resolution)
    for name, events in tracks:
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        clock = 0
        for tick, message in events:
            track.append(message.copy(time=tick - clock))  # type: ignore[attr-defined]
            clock = tick
        made.tracks.append(track)
    made.save(path)
    return path


def _on(pitch: int, velocity: int = 100) -> mido.Message:
    return mido.Message("note_on", note=pitch, velocity=velocity)


def _off(pitch: int) -> mido.Message:
    return mido.Message("note_off", note=pitch)


def _tempo(microseconds: int) -> mido.MetaMessage:
    return mido.MetaMessage("set_tempo", tempo=microseconds)


def _struck(*ticks: int, pitch: int = 60) -> list[tuple[int, object]]:
    return [event for tick in ticks for event in ((tick, _on(pitch)), (tick + 50, _off(pitch)))]


def test_notes_come_by_onset_in_960ths_of_a_quarter_whatever_the_files_own_resolution(tmp_path: Path) -> None:
    file = _file(tmp_path / "a.mid", ("violin", [(20, _on(60, 7)), (60, _off(60))]), resolution=480)
    assert read_notes(file) == [("violin", 40, 120, 0, 60, 7)]


def test_seconds_follow_the_files_tempo_events(tmp_path: Path) -> None:
    file = _file(tmp_path / "a.mid", ("", [(0, _tempo(500_000)), (1920, _tempo(1_000_000))]))
    assert [seconds_at(file, tick) for tick in (0, 960, 1920, 2880)] == [0.0, 0.5, 1.0, 2.0]


def test_a_landing_is_where_two_parts_strike_within_a_tick(tmp_path: Path) -> None:
    file = _file(tmp_path / "a.mid", ("violin", _struck(900, 1920)), ("horn", _struck(1000, 1921)))
    error = landing_error(file, 1910, "HIT")
    assert error["landed_tick"] == 1920
    assert error["error_ticks"] == 10
    assert error["error_ms"] == pytest.approx(10 / 960 * 500)
    assert error["error_frames"] == pytest.approx(10 / 960 * 0.5 * 24)


def test_a_file_in_which_nothing_strikes_together_has_no_landing(tmp_path: Path) -> None:
    file = _file(tmp_path / "a.mid", ("violin", _struck(900)), ("horn", _struck(1000)))
    assert landing_error(file, 900)["landed_tick"] is None


def test_what_is_never_ended_and_what_was_never_struck_are_both_found(tmp_path: Path) -> None:
    file = _file(tmp_path / "a.mid", ("violin", [(0, _on(60)), (10, _on(62)), (20, _off(62)), (30, _off(64))]))
    assert unpaired(file) == [("violin", "note_off", 30, 0, 64), ("violin", "note_on", 0, 0, 60)]


def test_strikes_beside_a_moment_are_told_in_milliseconds_from_it(tmp_path: Path) -> None:
    file = _file(tmp_path / "a.mid", ("violin", _struck(960 - 96, 960, 960 + 300)))
    assert [(near.tick, near.ms) for near in near_onsets(file, 960)] == [(864, pytest.approx(-50.0))]


def test_bar_lines_follow_the_metres(tmp_path: Path) -> None:
    waltz = mido.MetaMessage("time_signature", numerator=3, denominator=4)
    file = _file(tmp_path / "a.mid", ("", [(3840, waltz)]))
    assert bar_lines(file, 7000) == [0, 3840, 6720, 9600]


def test_energy_counts_how_hard_and_how_long(tmp_path: Path) -> None:
    file = _file(tmp_path / "a.mid", ("violin", [(1920, _on(60, 127)), (5760, _off(60))]))
    assert energy_per_bar(file) == [0.5, 0.5]
