from pathlib import Path

import pytest

from hitpoint.errors import HostError
from hitpoint.hosts.protocol import ASK, LARGEST_BYTES, SHAPES, Kind, protocol_lines, read_object

PROTOCOL_MD = Path(__file__).parents[2] / "bridge_scripts" / "PROTOCOL.md"


def test_the_tables_for_people_who_write_scripts_are_those_that_are_checked() -> None:
    assert PROTOCOL_MD.read_text().endswith("\n".join(protocol_lines()))


def test_every_list_says_what_is_in_it() -> None:
    for shape in SHAPES:
        for field in shape.fields:
            assert (field.of is not None) == (field.kind in (Kind.OBJECT, Kind.LIST)), field
            assert (field.columns > 0) == (field.kind is Kind.ROWS), field


def test_what_is_too_large_is_not_even_read() -> None:
    with pytest.raises(HostError, match="more than"):
        read_object(b" " * (LARGEST_BYTES + 1), ASK)
