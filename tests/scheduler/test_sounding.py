from collections.abc import Iterator

import pytest

from hitpoint.scheduler.sounding import SoundingTable
from hitpoint.score.midi_message import control_change, note_off, note_on


@pytest.fixture
def table() -> Iterator[SoundingTable]:
    table = SoundingTable(3)
    yield table
    table.close()
    table.unlink()


def test_a_new_table_is_silent(table: SoundingTable) -> None:
    assert table.note_offs() == []


def test_a_key_is_in_the_table_before_its_note_on_goes_out_and_until_its_note_off_has_arrived(
    table: SoundingTable,
) -> None:
    table.before(2, note_on(15, 127, 1))
    assert table.note_offs() == [(2, note_off(15, 127))]
    table.after(2, note_on(15, 127, 1), 1.0)
    table.before(2, note_off(15, 127))
    assert table.note_offs() == [(2, note_off(15, 127))]
    table.after(2, note_off(15, 127), 2.0)
    table.forget(1.9)
    assert table.note_offs() == [(2, note_off(15, 127))]
    table.forget(2.0)
    assert table.note_offs() == []


def test_a_key_that_is_struck_again_is_not_forgotten_with_the_note_before(table: SoundingTable) -> None:
    for at in (1.0, 2.0):
        table.before(0, note_on(0, 60, 80))
        table.after(0, note_off(0, 60), at)
    table.before(0, note_on(0, 60, 80))
    table.forget(5.0)
    assert table.note_offs() == [(0, note_off(0, 60))]
    table.after(0, note_off(0, 60), 6.0)
    table.forget(6.0)
    assert table.note_offs() == []


def test_a_key_that_was_let_go_may_sound_but_is_not_struck(table: SoundingTable) -> None:
    for pitch in (60, 61):
        table.before(0, note_on(0, pitch, 80))
    table.after(0, note_off(0, 60), 1.0)
    assert table.note_offs() == [(0, note_off(0, 60)), (0, note_off(0, 61))]
    assert table.struck() == [(0, note_off(0, 61))]


def test_a_key_that_is_let_go_and_struck_again_in_one_go_sounds(table: SoundingTable) -> None:
    table.before(0, note_on(0, 60, 80))
    again = (note_off(0, 60), note_on(0, 60, 90))
    for data in again:
        table.before(0, data)
    for data in again:
        table.after(0, data, 1.0)
    table.forget(9.0)
    assert table.note_offs() == [(0, note_off(0, 60))]


def test_a_note_on_of_velocity_0_is_a_note_off(table: SoundingTable) -> None:
    table.before(0, note_on(0, 60, 1))
    table.after(0, bytes((0x90, 60, 0)), 0.0)
    table.forget(0.0)

    assert table.note_offs() == []


def test_other_messages_leave_no_trace(table: SoundingTable) -> None:
    table.before(0, control_change(0, 11, 127))
    table.after(0, bytes((0xC0, 5)), 0.0)

    assert table.note_offs() == []


def test_whoever_comes_after_finds_what_sounded(table: SoundingTable) -> None:
    table.before(0, note_on(0, 60, 80))
    table.before(1, note_on(9, 36, 80))

    heir = SoundingTable(3, table.name)

    assert heir.note_offs() == [(0, note_off(0, 60)), (1, note_off(9, 36))]
    heir.close()


def test_a_pedal_that_is_down_is_in_the_table_beside_the_key_of_its_number(table: SoundingTable) -> None:
    down, up = control_change(3, 64, 127), control_change(3, 64, 0)
    table.before(1, note_on(3, 64, 80))
    table.before(1, down)
    assert table.note_offs() == [(1, note_off(3, 64)), (1, up)]
    table.after(1, note_off(3, 64), 1.0)
    assert table.struck() == [(1, up)]
    table.after(1, up, 2.0)
    table.forget(2.0)
    assert table.note_offs() == []
