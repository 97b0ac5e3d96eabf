from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.midi_control import nrpn, wide_knob
from hitpoint.hosts.midi_readings import NUMBERS, TOPS, Assembly, Reading, SourceKind
from hitpoint.score.midi_message import control_change, note_off, note_on, program_change

wide_values = st.lists(st.integers(0, 16383), min_size=1, max_size=20)


def readings(messages, kind=None, port="desk"):
    """All that is read of messages, in turn."""
    assembly, found = Assembly(), []
    for data in messages:
        now, assembly = assembly.read(port, data)
        found += [reading for reading in now if kind in (None, reading.kind)]
    return found


@pytest.mark.parametrize(
    ("data", "reading"),
    [
        (note_on(9, 36, 100), Reading(SourceKind.NOTE, 9, 36, 100)),
        (bytes((0x99, 36, 0)), Reading(SourceKind.NOTE, 9, 36, 0)),
        (note_off(9, 36), Reading(SourceKind.NOTE, 9, 36, 0)),
        (control_change(2, 7, 99), Reading(SourceKind.CC, 2, 7, 99)),
        (program_change(0, 5), Reading(SourceKind.PROGRAM, 0, 5, 127)),
        (bytes((0xA0, 60, 33)), Reading(SourceKind.KEY_PRESSURE, 0, 60, 33)),
        (bytes((0xD3, 90)), Reading(SourceKind.PRESSURE, 3, 0, 90)),
        (bytes((0xE0, 127, 127)), Reading(SourceKind.BEND, 0, 0, 16383)),
        (bytes((0xE0, 0, 64)), Reading(SourceKind.BEND, 0, 0, 8192)),
    ],
)
def test_a_message_reads_as_what_it_says(data, reading):
    assert readings([data]) == [reading]


@given(st.lists(st.binary(max_size=6), max_size=40))
def test_no_bytes_raise_and_what_they_say_is_in_range(messages):
    for reading in readings(messages):
        assert 0 <= reading.channel < 16
        assert 0 <= reading.value <= TOPS[reading.kind]
        assert 0 <= reading.number < max(1, NUMBERS[reading.kind])


@given(st.integers(0, 31), wide_values)
def test_a_pair_of_controllers_reads_exactly(number, values):
    found = [reading for reading in readings(wide_knob(number, values), SourceKind.CC14) if reading.fine]
    assert [(reading.number, reading.value) for reading in found] == [(number, value) for value in values]


@given(st.integers(0, 16383 - 1), wide_values)
def test_a_chosen_parameter_reads_exactly(parameter, values):
    found = [reading for reading in readings(nrpn(parameter, values), SourceKind.NRPN14) if reading.fine]
    assert [(reading.number, reading.value) for reading in found] == [(parameter, value) for value in values]


@given(wide_values.map(sorted), st.booleans())
def test_halves_on_their_way_never_overshoot_and_turn_back(values, down):
    ordered = values[::-1] if down else values
    found = [reading.value for reading in readings(wide_knob(1, ordered), SourceKind.CC14)]
    assert all(after <= before if down else before <= after for before, after in pairwise(found))


def test_a_parameter_of_seven_bits_reads_by_its_coarse_half_alone():
    found = readings(nrpn(300, [0, 127], fine=False), SourceKind.NRPN)
    assert [(reading.number, reading.value) for reading in found] == [(300, 0), (300, 127)]


def test_a_registered_parameter_is_not_taken_for_another():
    bend_range = [control_change(0, number, value) for number, value in ((101, 0), (100, 0), (6, 2))]
    assert readings([*nrpn(300, [5]), *bend_range], SourceKind.NRPN) == readings(nrpn(300, [5]), SourceKind.NRPN)


def test_ports_and_channels_do_not_mix_their_halves():
    assembly = Assembly()
    for port, data in (
        ("one", control_change(0, 1, 64)),
        ("two", control_change(0, 1, 3)),
        ("one", control_change(1, 1, 5)),
    ):
        _, assembly = assembly.read(port, data)
    now, _ = assembly.read("one", control_change(0, 33, 7))
    assert Reading(SourceKind.CC14, 0, 1, 64 << 7 | 7, True) in now
