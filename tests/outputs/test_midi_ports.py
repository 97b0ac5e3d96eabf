import pytest

from hitpoint.outputs.midi_ports import bare_name


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
