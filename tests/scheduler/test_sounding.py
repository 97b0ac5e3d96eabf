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


def test_a_key_is_in_the_table_before_its_note_on_goes_out_and_until_its_note_off_has(table: SoundingTable) -> None:
    table.before(2, note_on(15, 127, 1))
    assert table.note_offs() == [(2, note_off(15, 127))]
    table.after(2, note_on(15, 127, 1))
    table.before(2, note_off(15, 127))
    assert table.note_offs() == [(2, note_off(15, 127))]
    table.after(2, note_off(15, 127))
    assert table.note_offs() == []


def test_a_note_on_of_velocity_0_is_a_note_off(table: SoundingTable) -> None:
    table.before(0, note_on(0, 60, 1))
    table.after(0, bytes((0x90, 60, 0)))

    assert table.note_offs() == []


def test_other_messages_leave_no_trace(table: SoundingTable) -> None:
    table.before(0, control_change(0, 64, 127))
    table.after(0, bytes((0xC0, 5)))

    assert table.note_offs() == []


def test_whoever_comes_after_finds_what_sounded(table: SoundingTable) -> None:
    table.before(0, note_on(0, 60, 80))
    table.before(1, note_on(9, 36, 80))

    heir = SoundingTable(3, table.name)

    assert heir.note_offs() == [(0, note_off(0, 60)), (1, note_off(9, 36))]
    heir.close()
