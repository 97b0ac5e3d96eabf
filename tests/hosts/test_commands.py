from contextlib import suppress
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.actions import Ask, Locate, LoopBars, Panic, Play, Subscribe, ThrowIn
from hitpoint.hosts.address_table import address_table
from hitpoint.hosts.commands import COMMANDS, LONGEST_TEXT, part_address, read
from hitpoint.score.control_curve import curve_text
from hitpoint.score.session import ControlMoved, CurveDrawn, DirectionGiven, LoopVaries, PartSet, Switch, VariationAsked
from hitpoint.score.when import When

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.binary(max_size=8),
    st.lists(st.none()),
)


def test_every_address_is_named_once():
    addresses = [command.address for command in COMMANDS]
    assert len(addresses) == len(set(addresses))
    assert all(address.startswith("/hitpoint/") for address in addresses)


@pytest.mark.parametrize(
    ("address", "arguments", "action"),
    [
        ("/hitpoint/transport/play", [], Play()),
        ("/hitpoint/transport/play", [1.0], Play()),
        ("/hitpoint/transport/locate", [17], Locate(17.0)),
        ("/hitpoint/transport/loop", [5, 8.0], LoopBars(5, 8)),
        ("/hitpoint/transport/loop", [5], LoopBars(5, 5)),
        ("/hitpoint/transport/loop", [], LoopBars(None, None)),
        ("/hitpoint/transport/loop/get", [], Ask("/hitpoint/transport/loop")),
        ("/hitpoint/transport/loop/vary", [1.0], LoopVaries(True)),
        ("/hitpoint/panic", [], Panic()),
        ("/hitpoint/control/intensity", [0.5], ControlMoved("intensity", 0.5)),
        ("/hitpoint/control/valence", [-1], ControlMoved("valence", -1.0)),
        ("/hitpoint/control/intensity", [], ControlMoved("intensity", None)),
        ("/hitpoint/control/intensity/get", [], Ask("/hitpoint/control/intensity")),
        ("/hitpoint/status", [], Ask("/hitpoint/status")),
        ("/hitpoint/part/strings/mute", [True], PartSet("strings", Switch.MUTE, True)),
        ("/hitpoint/part/violin_1/lock", [0.0], PartSet("violin 1", Switch.LOCK, False)),
        ("/hitpoint/cue/generate", ["tense, brass"], DirectionGiven("tense, brass")),
        ("/hitpoint/cue/vary", [5, 8.0, "brass"], VariationAsked(4, 7, frozenset({"brass"}))),
        ("/hitpoint/cue/vary", [5], VariationAsked(4, 4)),
        ("/hitpoint/stinger/impact", [], ThrowIn("impact", When.BEAT)),
        ("/hitpoint/stinger/big_impact", ["marker"], ThrowIn("big impact", When.MARKER)),
        ("/hitpoint/subscribe", [9001], Subscribe(9001)),
        ("/hitpoint/subscribe", [], Subscribe(None)),
    ],
)
def test_a_packet_reads_as_what_it_asks(address, arguments, action):
    assert read(address, arguments) == action


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/hitpoint/nothing", []),
        ("/elsewhere", []),
        ("", []),
        ("/hitpoint/control/intensity", [1.5]),
        ("/hitpoint/control/intensity", [nan]),
        ("/hitpoint/control/intensity", [inf]),
        ("/hitpoint/control/intensity", ["loud"]),
        ("/hitpoint/control/intensity", [0.1, 0.2]),
        ("/hitpoint/transport/locate", []),
        ("/hitpoint/transport/locate", [0]),
        ("/hitpoint/cue/vary", [1.5]),
        ("/hitpoint/cue/generate", ["x" * (LONGEST_TEXT + 1)]),
        ("/hitpoint/stinger/impact", ["soon"]),
        ("/hitpoint/panic/get", []),
        ("/hitpoint/part/strings/mute", [b"yes"]),
        ("/hitpoint/transport/loop", [8, 5]),
        ("/hitpoint/transport/loop", [0, 5]),
        ("/hitpoint/transport/loop", [1, 2, 3]),
        ("/hitpoint/transport/loop/vary", []),
        ("/hitpoint/cue/generate", ["calm \ud83c"]),
        ("/hitpoint/marker/put", ["HIT \ud83c", 1]),
        ("/hitpoint/part/horn \ud83c/mute", [1]),
    ],
)
def test_a_packet_that_asks_what_there_is_not_is_refused(address, arguments):
    with pytest.raises(HostError):
        read(address, arguments)


@given(
    st.sampled_from([command.address for command in COMMANDS]) | st.text(max_size=60), st.lists(anything, max_size=5)
)
def test_no_packet_raises_anything_but_a_hitpoint_error(address, arguments):
    with suppress(HitpointError):
        read(address, arguments)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_only_values_in_range_are_taken(value):
    try:
        action = read("/hitpoint/control/tension", [value])
    except HostError:
        assert not 0.0 <= value <= 1.0
    else:
        assert action == ControlMoved("tension", value)


def test_the_address_of_a_part_reads_back_as_its_name():
    action = read(f"/hitpoint/part/{part_address('french horn 1')}/solo", [1])
    assert action == PartSet("french horn 1", Switch.SOLO, True)


def test_the_table_has_a_row_for_every_command():
    rows = address_table().splitlines()
    assert len(rows) == len(COMMANDS) + 2
    assert all(f"`{command.address}`" in row for command, row in zip(COMMANDS, rows[2:], strict=True))


@pytest.mark.parametrize("text", ["1:0.2 8:0.9", "1:0.2,8:0.9 16:0.4", "3:0.5"])
def test_a_curve_is_drawn_with_values_at_bars_and_told_so_again(text: str) -> None:
    drawn = read("/hitpoint/curve/tension", [text])
    assert isinstance(drawn, CurveDrawn)
    assert drawn.curve is not None
    assert read("/hitpoint/curve/tension", [curve_text(drawn.curve)]) == drawn


@pytest.mark.parametrize("text", ["0.2>0.9", "8:0.2 1:0.9", "1:2", "0:0.5", "1:x", "1:nan"])
def test_a_curve_that_cannot_be_drawn_says_where_and_why(text: str) -> None:
    with pytest.raises(HostError, match=r"^/hitpoint/curve/tension: "):
        read("/hitpoint/curve/tension", [text])


def test_a_curve_without_an_argument_is_taken_away() -> None:
    assert read("/hitpoint/curve/tension", []) == CurveDrawn("tension", None)
    assert read("/hitpoint/curve/tension", [""]) == CurveDrawn("tension", None)
