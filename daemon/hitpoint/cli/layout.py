"""`hitpoint layout`: writes the stage's controls as a file for Open Stage Control or TouchOSC."""

import argparse
import json
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path

from hitpoint.cli.asked_file import add_force, check_place
from hitpoint.config.load import load_settings
from hitpoint.config.settings import OscSettings
from hitpoint.errors import ConfigError
from hitpoint.hosts.layouts.open_stage_control import open_stage_control
from hitpoint.hosts.layouts.stage import Names, Section, controls, stage
from hitpoint.hosts.layouts.touch_osc import touch_osc
from hitpoint.score.stem import INSTRUMENTS
from hitpoint.score.whole_file import write_asked

HIGHEST_PORT = 65535

_NEXT = {
    ".json": "Open it in Open Stage Control: load {file} (its server needs no further setting).",
    ".tosc": "Open it in TouchOSC, and in its connections set OSC 1 to UDP, this machine, port {port}. From a tablet "
    "`osc: {{host: 0.0.0.0, lan: true}}` must be set here.",
}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "layout",
        help="the stage's controls for Open Stage Control or TouchOSC",
        description="Write a surface with faders, your states and stingers, variation, freeze, undo, mutes, transport "
        "and panic: a session for Open Stage Control (.json) or a layout for TouchOSC (.tosc).",
        epilog="example: hitpoint layout -o stage.tosc --parts 'violin 1,cello'\n\n"
        "Press `listen` on it once: then it shows what changes elsewhere, too.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="its ending says which")
    parser.add_argument("--parts", metavar="A,B", help="parts and stems that get a mute (all stems without it)")
    parser.add_argument(
        "--receive-port", type=int, metavar="N", help="UDP port on which the surface hears (else the one it sends from)"
    )
    add_force(parser)
    parser.add_argument("--config", type=Path, metavar="F", help="settings file, with the states and stingers")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    settings = load_settings(arguments.config)
    file: Path = arguments.output
    write = _writer(file, settings.osc)
    if arguments.receive_port is not None and not 0 < arguments.receive_port <= HIGHEST_PORT:
        raise ConfigError(f"--receive-port {arguments.receive_port} is no UDP port. Give 1 to {HIGHEST_PORT}.")
    names = Names(tuple(settings.states), tuple(settings.stingers), _parts(arguments.parts))
    sections = stage(names, arguments.receive_port)
    check_place(file)
    write_asked([(file, write(sections))], arguments.force)
    count = sum(1 for _ in controls(sections))
    if arguments.json:
        print(json.dumps({"file": str(file), "controls": count}))
        return 0
    print(f"{file}: {count} controls")
    print(_NEXT[file.suffix.lower()].format(file=file, port=settings.osc.port))
    return 0


def _writer(file: Path, osc: OscSettings) -> Callable[[Sequence[Section]], bytes]:
    match file.suffix.lower():
        case ".json":
            if not osc.port:
                raise ConfigError("osc.port is 0, any free one, which no file can know. Set osc.port to a number.")
            return lambda sections: open_stage_control(sections, reached(osc))
        case ".tosc":
            return touch_osc
        case ending:
            raise ConfigError(
                f"{file} ends in {ending or 'nothing'}. Let it end in .json (Open Stage Control) or .tosc."
            )


def reached(osc: OscSettings) -> str:
    """HOST:PORT of the daemon for a program on this machine."""
    host = "127.0.0.1" if ip_address(osc.host).is_unspecified else osc.host
    return f"{host}:{osc.port}"


def _parts(given: str | None) -> tuple[str, ...]:
    stems = dict.fromkeys(instrument.stem for instrument in INSTRUMENTS)
    if given is None:
        return tuple(stems)
    parts = dict.fromkeys(part.strip() for part in given.split(",") if part.strip())
    return tuple(parts)
