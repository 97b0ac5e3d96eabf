"""`hitpoint demo`: the main job with no DAW at hand."""

import argparse
import asyncio
import json
import logging
import sys
import threading
import webbrowser
from dataclasses import asdict
from pathlib import Path

from hitpoint.cli.progress import Progress
from hitpoint.config.load import load_settings
from hitpoint.config.places import fields_read
from hitpoint.engine.demo import DemoReport, run_demo
from hitpoint.engine.demo_cue import demo_timeline
from hitpoint.engine.instance import OnlyInstance, default_lock_path
from hitpoint.engine.leader import BUILT_IN
from hitpoint.engine.local_crew import local_crew
from hitpoint.engine.startup import control_settings
from hitpoint.score.session import Session


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "demo",
        help="hear it land on five markers, with no DAW at hand",
        description="Play a short scene with a tempo change, a ramp, a change of metre and five markers, streamed to "
        "virtual MIDI ports where the machine has any and always to a MIDI file; then say what landed where.",
        epilog="example: hitpoint demo --seed 3 -o demo.mid",
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("hitpoint-demo.mid"), metavar="FILE.mid")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="another seed, other notes (default 0)")
    parser.add_argument("--frame-rate", metavar="R", help="of the picture (default 24)")
    parser.add_argument("--ports", metavar="KIND", help="auto, jack, rtmidi, osc or null (default auto)")
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument(
        "--page", action="store_true", help="open the control page in a browser, and stay until Ctrl-C when it is over"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns 0 when every marker was met within a tick, else 1."""
    flags = {"output.kind": arguments.ports, "output.record": str(arguments.output), "osc.port": "0"}
    flags |= {"follow": BUILT_IN, "frame_rate": arguments.frame_rate, "seed": str(arguments.seed)}
    if arguments.page:
        flags["page.enabled"] = "true"
    settings = load_settings(arguments.config, {key: value for key, value in flags.items() if value is not None})
    reads = fields_read(settings.model.bundle)
    session = Session(demo_timeline(settings.frame_rate), seed=settings.seed, model_reads=reads)
    # What goes wrong is told with the table; it would break into the progress bar.
    logging.getLogger("hitpoint").addHandler(logging.NullHandler())
    progress = Progress("demo")
    page = _open_page if arguments.page else None
    with OnlyInstance(default_lock_path()), local_crew(settings, arguments.page) as post:
        start = control_settings(settings)
        report = asyncio.run(run_demo(session, start, post, arguments.output, progress.show, page))
    progress.close()
    print(json.dumps(_as_json(report)) if arguments.json else _table(report))
    met = all(landing.error_ticks is not None and abs(landing.error_ticks) <= 1 for landing in report.landings)
    return 0 if met else 1


def _open_page(address: str) -> None:
    print(f"page: {address}", file=sys.stderr, flush=True)
    # Where there is no browser, the address is all that can be given.
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _as_json(report: DemoReport) -> dict[str, object]:
    markers = [asdict(landing) for landing in report.landings]
    return {
        "markers": markers,
        "notes": report.notes,
        "file": str(report.file),
        "ports": list(report.status.ports),
        "bars_by_model": report.status.bars_by_model,
        "bars_by_fallback": report.status.bars_by_fallback,
    }


def _table(report: DemoReport) -> str:
    rows = [f"{'marker':38} {'tick':>7} {'landed':>7} {'ticks':>6} {'ms':>8} {'frames':>8}"]
    for landing in report.landings:
        name = landing.name if len(landing.name) <= 38 else landing.name[:37] + "…"
        if landing.landed_tick is None:
            rows.append(f"{name:38} {landing.tick:7} {'–':>7}")
            continue
        rows.append(
            f"{name:38} {landing.tick:7} {landing.landed_tick:7} {landing.error_ticks:+6} "
            f"{landing.error_ms:+8.3f} {landing.error_frames:+8.4f}"
        )
    status = report.status
    written = f"{status.bars_by_model} by the model, {status.bars_by_fallback} by the fallback"
    rows += ["", f"{report.notes} notes in {report.file}; bars of parts: {written}"]
    rows += [f"ports ({status.output}): {', '.join(status.ports) or 'none'}", *(f"note: {x}" for x in status.troubles)]
    return "\n".join(rows)
