"""`hitpoint run`: the daemon."""

import argparse
from pathlib import Path

from hitpoint.cli.take_options import sheet_of, takes_file
from hitpoint.config.load import load_settings
from hitpoint.engine.instance import OnlyInstance, default_lock_path
from hitpoint.engine.run_start import RunStart
from hitpoint.engine.supervisor import supervise
from hitpoint.hosts.address_table import address_lines


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "run",
        help="the daemon: follow a timeline and play to it",
        description="Follow a timeline and stream parts to MIDI ports until Ctrl-C.",
        epilog="example: hitpoint run --map timeline.mid --follow jack\n\n"
        "Over OSC while it runs (arguments in [brackets] may be left out; add /get to ask for a value):\n"
        + address_lines(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument(
        "--map", type=Path, metavar="FILE", help="tempo, metre and markers: MIDI, sheet, Ardour session"
    )
    parser.add_argument("--direction", default="", metavar="TEXT", help="what to play where no marker says anything")
    parser.add_argument(
        "--follow",
        metavar="HOST[,HOST]",
        help="who leads the transport: builtin, jack, midi, mtc, link, reaper or live; or several, most trusted first",
    )
    parser.add_argument("--output", metavar="KIND", help="ports: auto, jack, rtmidi, osc or null")
    parser.add_argument("--record", type=Path, metavar="FILE.mid", help="keep what is played in a MIDI file")
    parser.add_argument(
        "--session", type=Path, metavar="FILE", help="keep what you set up, and its notes, and go on from it"
    )
    parser.add_argument(
        "--takes",
        type=Path,
        metavar="FILE",
        help="the take memory on the page (default: beside the map's sheet, or yours)",
    )
    parser.add_argument("--osc-port", type=int, metavar="N", help="UDP port to listen on; 0 for any")
    parser.add_argument("--page-port", type=int, metavar="N", help="TCP port of the control page; 0 for any")
    parser.add_argument("--seed", type=int, metavar="S", help="another seed, other notes")
    parser.add_argument("--play", action="store_true", help="roll at once (built-in host)")
    parser.add_argument("--json", action="store_true", help="print one JSON object when ready")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Returns the exit status."""
    flags = {
        "output.kind": arguments.output,
        "output.record": arguments.record,
        "follow": arguments.follow,
        "osc.port": arguments.osc_port,
        "page.port": arguments.page_port,
        "seed": arguments.seed,
    }
    given = {key: str(value) for key, value in flags.items() if value is not None}
    settings = load_settings(arguments.config, given)
    sheet = sheet_of(arguments.map)
    start = RunStart(
        settings,
        map_file=arguments.map,
        direction=arguments.direction,
        session_file=arguments.session,
        play=arguments.play,
        as_json=arguments.json,
        config=arguments.config,
        takes=takes_file(arguments.takes, sheet),
        sheet=sheet,
    )
    with OnlyInstance(default_lock_path()):
        supervise(start)
    return 0
