"""Tools say what the table says, and refuse what it refuses."""

import re
from typing import Any

import jsonschema
import pytest

from hitpoint.errors import HostError
from hitpoint.hosts.commands import COMMANDS, Kind, read
from hitpoint.hosts.tools import Asked, asked, tools

BY_NAME = {tool.name: tool for tool in tools()}


def test_every_address_that_makes_sense_has_a_tool_and_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(tools())
    assert {"control_intensity", "state_go", "stinger", "cue_vary_next", "marker_put", "status", "get"} <= set(BY_NAME)
    assert len(tools()) == len(COMMANDS) - 4 + 1
    assert all(re.fullmatch(r"[a-z_]{1,64}", name) for name in BY_NAME)


def test_schemas_are_schemas_with_the_table_s_ranges() -> None:
    for command in COMMANDS:
        name = "_".join(word for word in command.address.split("/")[2:] if "{" not in word)
        if name not in BY_NAME:
            continue
        schema = BY_NAME[name].schema
        jsonschema.Draft202012Validator.check_schema(schema)
        for argument in command.arguments:
            told = schema["properties"][argument.name.replace(" ", "_")]
            assert (argument.name.replace(" ", "_") in schema["required"]) != argument.optional
            if argument.kind in (Kind.NUMBER, Kind.WHOLE):
                assert (told["minimum"], told["maximum"]) == (argument.low, argument.high)
            elif argument.words:
                assert told["enum"] == list(argument.words)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("control_intensity", {"intensity": 0.6}, Asked("/hitpoint/control/intensity", (0.6,))),
        ("control_intensity", {}, Asked("/hitpoint/control/intensity")),
        ("part_mute", {"part": "violin 1", "on": True}, Asked("/hitpoint/part/violin_1/mute", (True,))),
        ("stinger", {"stinger": "impact", "when": "bar"}, Asked("/hitpoint/stinger/impact", ("bar",))),
        ("state_go", {"name": "chase", "when": "beat"}, Asked("/hitpoint/state/go", ("chase", "beat"))),
        ("marker_put", {"name": "HIT door", "bar": 9}, Asked("/hitpoint/marker/put", ("HIT door", 9))),
        ("cue_vary", {"first_bar": 5, "last_bar": 8, "part": "brass"}, Asked("/hitpoint/cue/vary", (5, 8, "brass"))),
        ("status", {}, Asked("/hitpoint/status", reads=True)),
        ("get", {"address": "/hitpoint/control/density"}, Asked("/hitpoint/control/density", reads=True)),
        (
            "get",
            {"address": "/hitpoint/part/{part}/mute", "part": "violin 1"},
            Asked("/hitpoint/part/violin_1/mute", reads=True),
        ),
    ],
)
def test_a_call_is_a_message_that_the_listener_takes(name: str, given: dict[str, Any], message: Asked) -> None:
    jsonschema.validate(given, BY_NAME[name].schema)
    assert asked(name, given) == message
    read(f"{message.address}/get" if message.reads else message.address, message.arguments)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("control_intensity", {"intensity": 3}, "outside 0 to 1"),
        ("control_intensity", {"amount": 1}, "takes intensity, not amount"),
        ("state_go", {"name": "chase", "hold": 4}, "Give when, too"),
        ("state_go", {}, "takes name"),
        ("part_mute", {"on": True}, "needs a part"),
        ("part_mute", {"part": "a/b", "on": True}, "needs a part"),
        ("stinger", {"stinger": "boom", "when": "soon"}, "one of now, beat"),
        ("get", {"address": "/hitpoint/undo"}, "no value"),
        ("get", {"address": "/hitpoint/part/{part}/mute"}, "needs a part"),
        ("explode", {}, "no tool"),
        ("subscribe", {}, "no tool"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(name: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(HostError, match=said):
        asked(name, given)
