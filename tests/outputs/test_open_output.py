import pytest

from hitpoint.errors import PortError
from hitpoint.outputs.open_output import OUTPUT_KINDS, OscTarget, open_output

PORTS = ("Hitpoint strings",)


def test_null_opens_anywhere() -> None:
    output, remark = open_output("null", PORTS)

    assert (output.kind, output.ports, remark) == ("null", PORTS, "")


def test_osc_opens_without_a_listener() -> None:
    output, _ = open_output("osc", PORTS, osc=OscTarget(port=9123, dialect="reaper"))
    output.close()

    assert output.kind == "osc"


def test_an_unknown_kind_is_answered_with_those_there_are() -> None:
    with pytest.raises(PortError, match=", ".join(OUTPUT_KINDS)):
        open_output("cassette", PORTS)


@pytest.mark.parametrize("kind", ["rtmidi", "osc", "null"])
def test_only_jack_follows_jack(kind: str) -> None:
    with pytest.raises(PortError, match="follow"):
        open_output(kind, PORTS, follow_jack=True)
