"""`hitpoint mcp`: the running daemon as a server of the Model Context Protocol, over standard input and output."""

import argparse
import asyncio
import json
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hitpoint import __version__
from hitpoint.cli.layout import reached
from hitpoint.config.load import load_settings
from hitpoint.errors import ConfigError, HitpointError
from hitpoint.hosts.tools import asked, tools
from hitpoint.inputs.osc_asker import ask, tell

NEEDS = "`hitpoint mcp` needs the extra: pip install 'hitpoint[mcp]'."
INSTRUCTIONS = (
    "Hitpoint writes and plays music to picture inside the user's DAW. Ask `status` first: it tells what plays, who "
    "leads and what went wrong. `undo` takes back what was asked last; `panic` silences everything. Bars count from 1."
)

Call = Callable[[str, Mapping[str, Any]], list[object]]


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "mcp",
        help="the running daemon as tools for a language model",
        description="Serve the Model Context Protocol on standard input and output, for a program that starts it: one "
        "tool for each OSC address. The daemon must run. Hitpoint sends nothing off this machine; what that program "
        "does with the answers (prompts, marker names) is its own affair.",
        epilog="example: hitpoint mcp\n\nMost programs are told so: "
        '{"mcpServers": {"hitpoint": {"command": "hitpoint", "args": ["mcp"]}}}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--osc-port", type=int, metavar="N", help="UDP port the daemon listens on")
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument("--json", action="store_true", help="print the tools as one JSON object, and serve nothing")


def run(arguments: argparse.Namespace) -> int:
    """Serve until standard input ends. Returns the exit status. Raises ConfigError without the extra."""
    if arguments.json:
        listed = [{"name": one.name, "does": one.does, "arguments": one.schema} for one in tools()]
        print(json.dumps({"tools": listed}, ensure_ascii=False))
        return 0
    if find_spec("mcp") is None:
        raise ConfigError(NEEDS)
    settings = load_settings(arguments.config)
    host, _, port = reached(settings.osc).rpartition(":")
    if not (asks_at := arguments.osc_port or int(port)):
        raise ConfigError("osc.port is 0, any free one. Give the one that `hitpoint run` told, with --osc-port.")
    asyncio.run(_serve(calling(host, asks_at)))
    return 0


def calling(host: str, port: int) -> Call:
    """A function that has the daemon there do what a tool says. It raises HostError in words for who called."""

    def call(name: str, given: Mapping[str, Any]) -> list[object]:
        message = asked(name, given)
        if message.reads:
            return ask(host, port, message.address)
        tell(host, port, message.address, message.arguments)
        return []

    return call


async def _serve(call: Call) -> None:
    # Imported here: it takes a second, and only this command needs it.
    import mcp_types as types
    from mcp.server.lowlevel import Server
    from mcp.server.stdio import stdio_server

    async def list_tools(*_: object) -> types.ListToolsResult:
        listed = [
            types.Tool(
                name=one.name,
                description=one.does,
                input_schema=dict(one.schema),
                annotations=types.ToolAnnotations(read_only_hint=one.reads, open_world_hint=False),
            )
            for one in tools()
        ]
        return types.ListToolsResult(tools=listed)

    async def call_tool(_: object, asked_for: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            value = await asyncio.to_thread(call, asked_for.name, asked_for.arguments or {})
        except HitpointError as error:
            return types.CallToolResult(content=[types.TextContent(text=str(error))], is_error=True)
        return types.CallToolResult(content=[types.TextContent(text=_told(asked_for.name, value))])

    server: Server[Any] = Server(
        "hitpoint", version=__version__, instructions=INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool
    )
    # The library's own would tell a tracing service of every call, where one is set up.
    server.middleware.clear()
    async with stdio_server() as (reads, writes):
        await server.run(reads, writes, server.create_initialization_options())


def _told(name: str, value: list[object]) -> str:
    """A value as JSON; one that is a JSON text already as it is."""
    if not value:
        return "[]" if any(one.name == name and one.reads for one in tools()) else "done"
    if len(value) == 1 and isinstance(value[0], str) and value[0].startswith(("{", "[")):
        return value[0]
    return json.dumps(value, ensure_ascii=False)
