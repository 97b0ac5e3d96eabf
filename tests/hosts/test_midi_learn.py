"""What a person moves is what is learned, and it then drives as it was moved."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.midi_control import knob, nrpn, wheel, wide_knob
from hitpoint.hosts.midi_binding_text import binding, target_of
from hitpoint.hosts.midi_bindings import Bindings, Source
from hitpoint.hosts.midi_learn import GIVE_UP_SECONDS, WATCH_SECONDS, Learned, Learning, relative_mode
from hitpoint.hosts.midi_modes import Mode
from hitpoint.hosts.midi_readings import Assembly, SourceKind
from hitpoint.score.midi_message import note_off, note_on, program_change

LONG_AFTER = 10.0
GAP = 0.01


def watched(*messages, gap=GAP, port="desk"):
    """Learning after messages, `gap` seconds apart from second 0 on."""
    learning, assembly = Learning(0.0), Assembly()
    for number, data in enumerate(messages):
        readings, assembly = assembly.read(port, data)
        learning = learning.heard(port, readings, number * gap)
    return learning


MOVED = {
    "knob": (list(knob(21, range(60, 70))), Source(SourceKind.CC, 21, 0, "desk"), None),
    "knob with a number for coarse halves": (list(knob(1, range(9))), Source(SourceKind.CC, 1, 0, "desk"), None),
    "button": (list(knob(64, [127])), Source(SourceKind.CC, 64, 0, "desk"), None),
    "button, let go": (list(knob(64, [127, 0])), Source(SourceKind.CC, 64, 0, "desk"), None),
    "wide knob": (list(wide_knob(2, range(0, 1600, 80))), Source(SourceKind.CC14, 2, 0, "desk"), None),
    "parameter": (
        list(nrpn(300, [0, 9, 18], fine=False)),
        Source(SourceKind.NRPN, 300, 0, "desk"),
        None,
    ),
    "wide parameter": (list(nrpn(300, range(0, 1600, 80))), Source(SourceKind.NRPN14, 300, 0, "desk"), None),
    "wheel": (list(wheel(range(8192, 12000, 99))), Source(SourceKind.BEND, 0, 0, "desk"), None),
    "key": ([note_on(9, 36, 44)], Source(SourceKind.NOTE, 36, 9, "desk"), None),
    "program": ([program_change(2, 5)], Source(SourceKind.PROGRAM, 5, 2, "desk"), None),
    "pressure": ([bytes((0xD0, n)) for n in range(20)], Source(SourceKind.PRESSURE, 0, 0, "desk"), None),
    "endless, up": (list(knob(30, [1, 1, 2, 2, 1, 1])), Source(SourceKind.CC, 30, 0, "desk"), Mode.TWOS),
    "endless, down": (list(knob(30, [127] * 4)), Source(SourceKind.CC, 30, 0, "desk"), Mode.TWOS),
    "endless around 64": (list(knob(30, [65, 65, 63, 63])), Source(SourceKind.CC, 30, 0, "desk"), Mode.OFFSET),
    "endless with a sign": (list(knob(30, [1, 1, 65, 65])), Source(SourceKind.CC, 30, 0, "desk"), Mode.SIGNED),
}


@pytest.mark.parametrize("name", MOVED)
def test_what_is_moved_is_learned(name):
    messages, source, guess = MOVED[name]
    assert watched(*messages).learned(LONG_AFTER) == Learned(source, guess)


def asks_again(name, target):
    """What the same movement asks once it has been learned."""
    messages, _, _ = MOVED[name]
    learned = watched(*messages).learned(LONG_AFTER)
    bindings, asks = Bindings().bound(binding(learned.source, target_of(target), guess=learned.guess)), []
    for data in messages:
        heard = bindings.heard("desk", data, lambda _: None)
        asks, bindings = [*asks, *heard.asks], heard.bindings
    return asks


@pytest.mark.parametrize("name", MOVED)
def test_what_was_learned_acts_when_it_is_moved_again(name):
    assert asks_again(name, "/hitpoint/control/intensity")


@pytest.mark.parametrize("target", ["/hitpoint/undo", "/hitpoint/part/strings/mute", "/hitpoint/control/tension"])
@pytest.mark.parametrize("name", ["button", "button, let go", "key", "program"])
def test_what_was_learned_from_a_press_acts_at_the_next(name, target):
    assert asks_again(name, target)


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [note_off(0, 60)],
        list(knob(21, [63, 64, 63, 64])),
        list(knob(64, [0])),
        list(wheel([8192, 8200, 8192])),
        [b"\xf0\x7e\xf7", b"\xfe", b""],
    ],
    ids=["nothing", "a release", "trembling", "a button let go", "a trembling wheel", "no controls"],
)
def test_what_was_not_meant_teaches_nothing(messages):
    assert watched(*messages).learned(LONG_AFTER) is None


def test_a_knob_is_watched_before_it_is_taken_and_a_key_is_not():
    assert watched(*knob(21, range(10)), gap=0.0).learned(WATCH_SECONDS - 0.01) is None
    assert watched(*knob(21, range(10)), gap=0.0).learned(WATCH_SECONDS) is not None
    assert watched(note_on(0, 60, 1)).learned(0.0) is not None


def test_two_knobs_with_the_numbers_of_a_pair_are_two():
    messages = [*knob(1, range(20)), *knob(33, range(20))]
    assert watched(*messages, gap=0.1).learned(LONG_AFTER).source.kind is SourceKind.CC


def test_a_trembling_neighbour_does_not_stand_in_the_way():
    moved = [data for value in range(40, 50) for data in (*knob(3, [64 + value % 2]), *knob(21, [value]))]
    assert watched(*moved).learned(LONG_AFTER).source.number == 21


def test_nobody_waits_for_ever():
    assert not Learning(5.0).over(5.0 + GIVE_UP_SECONDS)
    assert Learning(5.0).over(5.1 + GIVE_UP_SECONDS)


@given(st.lists(st.binary(max_size=4), max_size=50))
def test_no_bytes_raise(messages):
    watched(*messages).learned(LONG_AFTER)


@given(st.integers(0, 120), st.integers(2, 7), st.booleans())
def test_a_knob_that_tells_where_it_stands_is_never_taken_for_an_endless_one(begun, count, down):
    values = [begun + number for number in range(count)]
    assert relative_mode(values[::-1] if down else values) is None


def test_a_flood_is_watched_in_little_time():
    flood = random.Random(1)
    messages = [bytes((0xB0 | flood.randrange(16), flood.randrange(128), flood.randrange(128))) for _ in range(5000)]
    assert len(watched(*messages, gap=0.0).seen) < 500
