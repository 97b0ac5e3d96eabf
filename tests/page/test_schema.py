"""The schema against what is really sent, by a validator that others wrote."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fakes.page_stage import PageStage, staged
from hitpoint.errors import HostError
from hitpoint.hosts import commands
from hitpoint.page.schema import schema


def validator(definition: str) -> Draft202012Validator:
    return Draft202012Validator({**schema(), "anyOf": [{"$ref": f"#/$defs/{definition}"}]})


def test_it_is_a_schema():
    Draft202012Validator.check_schema(schema())


def test_all_that_a_client_hears_is_in_it():
    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.until(lambda state: {"bars", "status", "osc", "written", "parts"} <= state.keys())
            await viewer.do("/hitpoint/control/intensity", 0.5)
            await viewer.do("/hitpoint/control/intensity", 5)
            await viewer.ask(ask="clock")
            assert {"small-2", "large-1"} <= set((await viewer.ask(ask="models"))["models"])
            await viewer.ask(ask="notes", first=1, last=20)
            await viewer.do("/hitpoint/transport/loop", 1, 2)
            await viewer.do("/hitpoint/state/define", "calm", "calm, strings")
            while viewer.messages[-1]["type"] != "beat":
                await viewer.hear()
            state = viewer.state
        heard = validator("toClient")
        for message in viewer.messages:
            heard.validate(message)
        validator("state").validate(state)
        assert (await stage.get("/api/schema")).json == schema()

    staged(scene)


def examples(argument: commands.Argument) -> list[Any]:
    match argument.kind:
        case commands.Kind.TEXT:
            return list(argument.words) or ["", "a word"]
        case commands.Kind.SWITCH:
            return [True, False, 1, 0.0]
        case commands.Kind.WHOLE:
            return [int(argument.low), int(argument.high)]
        case _:
            return [argument.low, argument.high]


@pytest.mark.parametrize("command", [one for one in commands.COMMANDS if one.build], ids=lambda one: one.address)
def test_what_the_table_takes_the_schema_takes_and_what_it_refuses_it_refuses(command: commands.Command):
    sends = validator("toDaemon")
    address = command.address.replace("{part}", "violin_1").replace("{stinger}", "impact")

    def message(arguments: list[Any]) -> dict[str, Any]:
        return {"id": 1, "do": address, "args": arguments}

    full = [examples(argument)[0] for argument in command.arguments]
    for place, argument in enumerate(command.arguments):
        for example in examples(argument):
            assert sends.is_valid(message([*full[:place], example, *full[place + 1 :]]))
    for wrong in wrongs(command, full):
        assert not sends.is_valid(message(wrong))
        with pytest.raises(HostError):
            commands.read(address, wrong)


def wrongs(command: commands.Command, full: list[Any]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for place, argument in enumerate(command.arguments):
        bad = 7 if argument.kind is commands.Kind.TEXT else "x"
        found.append([*full[:place], bad, *full[place + 1 :]])
        if argument.kind in (commands.Kind.NUMBER, commands.Kind.WHOLE):
            found.append([*full[:place], argument.high + 1, *full[place + 1 :]])
    return [*found, [*full, 1]] if command.arguments else found


def test_there_is_no_message_for_what_is_no_command():
    sends = validator("toDaemon")
    assert not sends.is_valid({"id": 1, "do": "/hitpoint/nothing"})
    assert not sends.is_valid({"do": "/hitpoint/panic"})
    assert sends.is_valid({"id": 1, "do": "/hitpoint/control/intensity/get"})
    assert not sends.is_valid({"id": 1, "do": "/hitpoint/panic/get"})
