"""Ports are found by the names that people see."""

import pytest

from hitpoint.score.midi_port import bare_name, find_port


@pytest.mark.parametrize(
    "listed",
    [
        "Hitpoint:Hitpoint strings",
        "Hitpoint-01:Hitpoint strings",
        "Hitpoint:Hitpoint strings 128:0",
        "Hitpoint strings",
    ],
)
def test_a_port_is_known_by_its_own_name_however_a_driver_lists_it(listed: str) -> None:
    assert bare_name(listed) == "Hitpoint strings"


def test_a_name_that_ends_in_a_number_keeps_it() -> None:
    assert bare_name("Hitpoint:Hitpoint strings 2") == "Hitpoint strings 2"


LISTED = ("Midi Through:Midi Through Port-0 14:0", "nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0", "Clock:out", "loop 3")


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0", 1),
        ("nanoKONTROL2:nanoKONTROL2 MIDI 1", 1),
        ("nanoKONTROL2 MIDI 1", 1),
        ("nanokontrol", 1),
        ("out", 2),
        ("loop", 3),
        ("launchpad", None),
    ],
)
def test_a_port_is_found_by_all_or_some_of_its_name(name: str, index: int | None) -> None:
    assert find_port(LISTED, name) == index


def test_who_is_called_so_wins_over_who_has_it_in_the_name() -> None:
    assert find_port(("Clock 2:out", "Clock:Clock"), "Clock") == 1
