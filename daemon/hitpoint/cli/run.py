"""`hitpoint run`: the daemon."""

import argparse
import asyncio
import json
import logging
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hitpoint.config.load import load_settings
from hitpoint.engine.control import Control, ControlSettings
from hitpoint.engine.instance import OnlyInstance, default_lock_path
from hitpoint.engine.startup import control_settings, start_session
from hitpoint.hosts.commands import Play, address_lines
from hitpoint.planner.outline import outline_of
from hitpoint.score.request import ComposedBar, LandingKind
from hitpoint.score.session import Session


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
    parser.add_argument("--follow", metavar="HOST", help="who leads the transport: builtin or jack")
    parser.add_argument("--output", metavar="KIND", help="ports: auto, jack, rtmidi, osc or null")
    parser.add_argument("--record", type=Path, metavar="FILE.mid", help="keep what is played in a MIDI file")
    parser.add_argument(
        "--session", type=Path, metavar="FILE", help="keep what you set up, and its notes, and go on from it"
    )
    parser.add_argument("--osc-port", type=int, metavar="N", help="UDP port to listen on; 0 for any")
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
        "seed": arguments.seed,
    }
    given = {key: str(value) for key, value in flags.items() if value is not None}
    settings = load_settings(arguments.config, given)
    logging.basicConfig(level=settings.log.level.upper(), format="hitpoint: %(message)s")
    session, bars = start_session(settings, arguments.map, arguments.direction, arguments.session)
    control = replace(control_settings(settings), session_file=arguments.session, map_file=arguments.map)
    with OnlyInstance(default_lock_path()):
        asyncio.run(_serve(session, bars, control, arguments))
    return 0


async def _serve(
    session: Session, bars: Sequence[ComposedBar], settings: ControlSettings, arguments: argparse.Namespace
) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no loop signals; Ctrl-C arrives there as KeyboardInterrupt.
            loop.add_signal_handler(number, ended.set)
    control = Control(session, settings, bars)
    await control.start()
    try:
        _greet(control, arguments.json)
        if arguments.play:
            await control.written_ahead()
            control.transport(Play())
        await ended.wait()
    finally:
        await control.stop()


def _greet(control: Control, as_json: bool) -> None:
    status = control.status()
    if as_json:
        print(json.dumps({"osc_port": control.surface.port, **status.as_json()}), flush=True)
        return
    print(f"ready: model {status.bundle}, {status.leader} leads, OSC on port {control.surface.port}", flush=True)
    for port in status.ports:
        print(f"  port {port}", flush=True)
    for line in _asked_for(control.session):
        print(f"  {line}", flush=True)
    for trouble in status.troubles:
        print(f"  note: {trouble}", file=sys.stderr, flush=True)


def _asked_for(session: Session) -> Iterator[str]:
    """What the timeline was understood to ask, and what of it was not."""
    spotting, bars = outline_of(session).spotting, session.timeline.meter_map
    for cue in spotting.cues:
        hits = sum(point.kind in (LandingKind.HIT, LandingKind.STOP) for point in cue.hit_points)
        yield f"cue {cue.name} from {bars.bar_beat_tick_at(cue.start)}: {hits} hits"
    for unread in spotting.unread:
        yield f"not met: {unread.name!r} at {bars.bar_beat_tick_at(max(0, unread.tick))}: {unread.reason}"
    if not spotting.cues:
        yield "nothing to play yet: give --map or --direction, or send /hitpoint/cue/generate"
