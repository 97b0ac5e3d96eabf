"""`hitpoint bench`: how fast and how exact it is on this machine."""

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hitpoint.config.load import load_settings
from hitpoint.config.places import bundle_folder
from hitpoint.config.settings import Settings
from hitpoint.errors import ConfigError, HitpointError

BENCHES = (
    "daemon",
    "model",
    "late",
    "clock",
    "follow",
    "send",
    "flood",
    "pages",
    "jack",
    "trigger",
    "kill",
    "soak",
    "hosts",
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "bench",
        help="measure it on this machine",
        description="Measure start-up and memory (daemon), notes a second (model), bars late (late), how a MIDI clock "
        "is followed (clock), and time code and hosts that say where they are (follow), send times (send), the same "
        "under a flood of packets (flood), placement over JACK (jack) and answers to a fader (trigger), each beside "
        "something to hold it against; and what is heard over JACK when a process is killed (kill), and whether all "
        "stays as it was over hours (soak), and over hours with each host (hosts). "
        "Leave the machine alone while it runs.",
        epilog="example: hitpoint bench --only model --json",
    )
    parser.add_argument("--only", choices=BENCHES, action="append", help="just this one; may be given more than once")
    parser.add_argument(
        "--minutes",
        type=float,
        default=0.5,
        metavar="M",
        help="length of the jack bench, and of late's and soak's runs in real time (default 0.5)",
    )
    parser.add_argument(
        "--bars",
        type=int,
        default=50,
        metavar="N",
        help="bars of each of late's runs on a virtual clock (default 50)",
    )
    parser.add_argument("--moves", type=int, default=60, metavar="N", help="of the trigger bench (default 60)")
    parser.add_argument(
        "--times", type=int, default=3, metavar="N", help="how often the kill bench kills each process (default 3)"
    )
    parser.add_argument(
        "--hours",
        type=float,
        default=0.25,
        metavar="H",
        help="on the fast clock of soak, and of hosts, there for each (default 0.25)",
    )
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    if arguments.bars < 1:
        raise ConfigError(f"--bars {arguments.bars} measures nothing. Give 1 or more.")
    if arguments.times < 1:
        raise ConfigError(f"--times {arguments.times} kills nobody. Give 1 or more.")
    benches = _benches(load_settings(arguments.config), arguments)
    figures: dict[str, Any] = {"machine": _machine()}
    for name in arguments.only or BENCHES:
        figures[name] = _measured(benches[name])
        if not arguments.json:
            print(_table(name, figures[name]), flush=True)
    if arguments.json:
        print(json.dumps(figures))
    return 0


def _benches(settings: Settings, arguments: argparse.Namespace) -> dict[str, Callable[[], dict[str, Any]]]:
    bundle = bundle_folder(settings.model.bundle)

    # Imported here: each brings libraries that the others must not pay for.
    def daemon() -> dict[str, Any]:
        from hitpoint.engine.bench_daemon import measure_daemon

        return measure_daemon()

    def model() -> dict[str, Any]:
        from hitpoint.engine.bench_model import measure_generation

        return measure_generation(bundle)

    def late() -> dict[str, Any]:
        from hitpoint.engine.bench_late import measure_lateness

        return measure_lateness(bundle, arguments.bars, arguments.minutes)

    def clock() -> dict[str, Any]:
        from hitpoint.engine.bench_clock import measure_clock

        return measure_clock()

    def follow() -> dict[str, Any]:
        from hitpoint.engine.bench_follow import measure_following

        return measure_following()

    def send() -> dict[str, Any]:
        from hitpoint.engine.bench_send import measure_send_times

        return measure_send_times(bundle=bundle)

    def flood() -> dict[str, Any]:
        from hitpoint.engine.bench_flood import measure_flood

        return measure_flood()

    def pages() -> dict[str, Any]:
        from hitpoint.engine.bench_pages import measure_pages

        return measure_pages()

    def jack() -> dict[str, Any]:
        from hitpoint.engine.bench_jack import measure_jack_placement

        return measure_jack_placement(bundle, arguments.minutes)

    def trigger() -> dict[str, Any]:
        from hitpoint.engine.bench_trigger import measure_triggers

        return measure_triggers(settings, arguments.moves)

    def kill() -> dict[str, Any]:
        from hitpoint.engine.bench_kill import measure_kills

        return measure_kills(arguments.times)

    def soak() -> dict[str, Any]:
        from hitpoint.engine.bench_soak import measure_soak

        return measure_soak(bundle, arguments.hours, arguments.minutes)

    def hosts() -> dict[str, Any]:
        from hitpoint.engine.bench_hosts import measure_hosts

        return measure_hosts(arguments.hours)

    benches = (daemon, model, late, clock, follow, send, flood, pages, jack, trigger, kill, soak, hosts)
    return {bench.__name__: bench for bench in benches}


def _measured(bench: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return bench()
    except HitpointError as error:
        # A machine without JACK has the other figures all the same.
        return {"not_measured": str(error)}


def _machine() -> dict[str, Any]:
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def _table(name: str, figures: dict[str, Any]) -> str:
    return "\n".join([name, *_rows(figures, "  ")])


def _rows(figures: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in figures.items():
        if isinstance(value, dict) and any(isinstance(item, dict) for item in value.values()):
            yield f"{indent}{key}"
            yield from _rows(value, indent + "  ")
        else:
            yield f"{indent}{key:{46 - len(indent)}} {_shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{key} {_shown(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return " ".join(_shown(item) for item in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
