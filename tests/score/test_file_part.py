"""Parts of a file, found as people name them."""

from pathlib import Path

import pytest

from hitpoint.errors import ConfigError
from hitpoint.score.bar_choice import bars_in
from hitpoint.score.file_part import PORT, FilePart, chosen_parts, file_tick_of, parts_in, tick_in
from hitpoint.score.midi_events import META, Event, parse_events
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_message import program_change
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.timeline.timeline import Timeline

NOTE = (Note(0, 60, 960, 80),)


@pytest.fixture
def parts(tmp_path: Path) -> tuple[FilePart, ...]:
    given = [
        ("Violin I", 40), ("Violin II", 40), ("Corno, in F", 60), ("Trumpet", None), ("Kit", None), ("Pad", 89),
        ("Wind", 122), ("", 42),
    ]  # fmt: skip
    tracks = [
        MidiPart(name, 9 if name == "Kit" else channel, program, NOTE) for channel, (name, program) in enumerate(given)
    ]
    write_midi_file(tmp_path / "a.mid", tracks, Timeline())
    return parts_in(parse_events((tmp_path / "a.mid").read_bytes(), "a"))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("brass", [3, 4]),
        ("Violin II", [2]),
        ("violin", [1, 2]),
        ("strings", [1, 2, 8]),
        ("horns", [3]),
        ("corno, in f", [3]),
        ("3, drums", [3, 5]),
        ("cello", [8]),
        ("all", [1, 2, 3, 4, 5, 6, 8]),  # not the wind, which can't be written
        ("wind", [7]),
        ("corn", [3]),
        ("oboe", []),
        ("violin, oboe", []),
        ("9", []),
        ("", []),
        (",", []),
    ],
)
def test_parts_are_found_by_number_track_instrument_and_section(
    parts: tuple[FilePart, ...], text: str, numbers: list[int]
) -> None:
    assert [part.number for part in chosen_parts(parts, text)] == numbers


def test_what_a_part_is_comes_from_its_program_or_else_its_name(parts: tuple[FilePart, ...]) -> None:
    names = [part.instrument.name if part.instrument else None for part in parts]
    assert names == ["violin", "violin", "french horn", "trumpet", "drums", "synth pad", None, "cello"]


def test_a_program_that_a_setup_track_sends_says_what_a_part_of_its_channel_is(
    tmp_path: Path,
) -> None:
    given = [("A", None), ("B", None), ("Cello", None), ("C", 73), ("D", None)]
    tracks = [MidiPart(name, channel, program, NOTE) for channel, (name, program) in enumerate(given)]
    write_midi_file(tmp_path / "a.mid", tracks, Timeline())
    plain = parse_events((tmp_path / "a.mid").read_bytes(), "a")
    assert [str(part) for part in parts_in(plain)][:2] == ["1 A (piano)", "2 B (piano)"]
    setup = [Event(0, program_change(channel, program)) for channel, program in enumerate((40, 60, 60, 60))]
    elsewhere = [Event(0, bytes((META, PORT, 1, 2))), Event(0, program_change(4, 60))]
    parts = parts_in(plain.with_track(setup).with_track(elsewhere))
    assert [part.instrument.name for part in parts if part.instrument] == [
        "violin", "french horn", "cello", "flute", "piano",
    ]  # fmt: skip
    assert [part.program for part in parts] == [40, 60, 60, 73, None]


@pytest.mark.parametrize("resolution", [24, 96, 120, 480, 960])
def test_ticks_of_a_file_come_back(resolution: int) -> None:
    for tick in range(0, 5000, 7):
        assert file_tick_of(tick_in(tick, resolution), resolution) == tick


@pytest.mark.parametrize(
    ("text", "bars"), [("5-8", (4, 5, 6, 7)), ("5", (4,)), ("3,5-6", (2, 4, 5)), (" 6 - 7 , 6", (5, 6))]
)
def test_bars_are_named_as_people_count_them(text: str, bars: tuple[int, ...]) -> None:
    assert bars_in(text, 8) == bars


@pytest.mark.parametrize("text", ["", "-", "5-", "-5", "5--6", "a", "0", "9", "7-9", "6-5", "1e3", "99999999999"])
def test_what_names_no_bars_of_the_file_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="--bars"):
        bars_in(text, 8)
