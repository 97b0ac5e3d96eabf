"""A client of the protocol's own package, over stdio, before a control process without the music."""

import argparse
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from fakes.page_stage import PageStage, staged
from hitpoint.cli import mcp
from hitpoint.errors import ConfigError, HostError


def run(*words: str) -> int:
    """The command as typed after `hitpoint`."""
    parser = argparse.ArgumentParser()
    mcp.add_parser(parser.add_subparsers())
    return mcp.run(parser.parse_args(["mcp", *words]))


def with_a_client(scene: Callable[[PageStage, Client], Awaitable[None]]) -> None:
    """Play a scene between a client, `hitpoint mcp` in a process of its own, and control."""

    async def play(stage: PageStage) -> None:
        await stage.control.surface.open("127.0.0.1", 0)
        words = ["-m", "hitpoint.cli.main", "mcp", "--osc-port", str(stage.control.surface.port)]
        environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
        async with Client(StdioServerParameters(command=sys.executable, args=words, env=environment)) as client:
            await scene(stage, client)
        stage.control.surface.close()

    staged(play)


async def called(client: Client, tool: str, /, **arguments: Any) -> tuple[bool, str]:
    """Whether it was an error, and what was said."""
    result = await client.call_tool(tool, arguments)
    (content,) = result.content
    return bool(result.is_error), content.text


def test_a_client_moves_the_session_reads_it_and_hears_what_is_wrong() -> None:
    async def scene(stage: PageStage, client: Client) -> None:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        intensity = listed["control_intensity"]
        assert intensity.input_schema["properties"]["intensity"] == {"type": "number", "minimum": 0, "maximum": 1}
        assert "how much of everything" in (intensity.description or "")
        assert await called(client, "control_intensity", intensity=0.6) == (False, "done")
        assert stage.control.session.controls.intensity == pytest.approx(0.6)
        is_error, told = await called(client, "get", address="/hitpoint/control/intensity")
        assert json.loads(told) == [pytest.approx(0.6)]
        assert await called(client, "marker_put", name="HIT door", bar=9) == (False, "done")
        assert "HIT door" in (await called(client, "markers"))[1]
        assert await called(client, "part_mute", part="strings", on=True) == (False, "done")
        assert "strings" in stage.control.session.muted
        assert "rolling" in json.loads((await called(client, "status"))[1])
        # What the table refuses, what only the daemon can know, and what there is not.
        for tool, arguments, said in (
            ("control_intensity", {"intensity": 3}, "outside 0 to 1"),
            ("stinger", {"stinger": "thunder"}, "thunder"),
            ("explode", {}, "no tool"),
        ):
            is_error, told = await called(client, tool, **arguments)
            assert is_error
            assert said in told

    with_a_client(scene)


def test_without_a_daemon_it_says_what_to_start() -> None:
    with pytest.raises(HostError, match="hitpoint run"):
        mcp.calling("127.0.0.1", 9)("status", {})


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"hitpoint\[mcp\]"):
        run()


def test_json_lists_the_tools(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 0
    assert "state_go" in {tool["name"] for tool in json.loads(capsys.readouterr().out)["tools"]}
