"""`hitpoint status`: how the running daemon is doing."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from hitpoint.config.load import load_settings
from hitpoint.engine.leader import HERE, LEADERS, MIDI, NEVER_HEARD, SILENT
from hitpoint.inputs.osc_asker import ask

WATCH_SECONDS = 0.5


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "status",
        help="how the running daemon is doing",
        description="Ask the running daemon how it is doing: transport, model, ports, bars in time, what went wrong.",
        epilog="example: hitpoint status --watch",
    )
    parser.add_argument("--watch", action="store_true", help="again and again, until Ctrl-C")
    parser.add_argument("--osc-port", type=int, metavar="N", help="UDP port it listens on")
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument("--json", action="store_true", help="print one JSON object (with --watch one a line)")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    settings = load_settings(arguments.config)
    port = arguments.osc_port or settings.osc.port
    while True:
        status = json.loads(str(ask(settings.osc.host, port, "/hitpoint/status")[0]))
        if arguments.json:
            print(json.dumps(status), flush=True)
        elif arguments.watch and sys.stdout.isatty():
            # Over what was there, so that the eye can rest.
            print(f"\x1b[H\x1b[2J{_table(status)}", flush=True)
        else:
            print(_table(status), flush=True)
        if not arguments.watch:
            return 0
        time.sleep(WATCH_SECONDS)


def _table(status: dict[str, Any]) -> str:
    play, bars = status["play"], status["bars_by_model"] + status["bars_by_fallback"]
    in_time = f"{status['bars_by_model'] / bars:.1%} by the model" if bars else "none yet"
    rows = {
        "transport": f"{'rolling' if status['rolling'] else 'stopped'} at {status['place']}, "
        f"{status['tempo_bpm']:g} bpm, {status['leader']} leads",
        "hosts": _hosts(status),
        "state": _state(status),
        "model": status["bundle"],
        "ports": f"{len(status['ports'])} of {status['output']}",
        **({"offsets": _offsets(status["offsets_ms"])} if status["offsets_ms"] else {}),
        "bars": f"{bars} written, {in_time}",
        "played": _played(status["played"]),
        "now, next": _bars(status["bars_ahead"]),
        "restarts": ", ".join(f"{name} {count}" for name, count in status["restarts"].items()) or "none",
    }
    if (page := status["page"])["address"]:
        rows["page"] = _page(page)
    if status["midi_bindings"] or status["midi_unbound"]:
        unbound = f"; last unbound {status['midi_unbound']}" if status["midi_unbound"] else ""
        rows["midi"] = f"{status['midi_bindings']} bound{unbound}"
    if status["midi_learning"]:
        rows["learning"] = f"{status['midi_learning']}: move a MIDI control"
    if clock := status["clock"]:
        bpm = f"{clock['bpm']:.1f} bpm, " if clock["bpm"] else ""
        if status["leader"] == LEADERS[MIDI]:
            # Of the others none tells a tempo.
            bpm = bpm or "no tempo yet, "
        row = f"{clock['state']} for {clock['seconds']:.0f} s, {bpm}"
        if (peers := clock.get("peers")) is None:
            rows["clock"] = f"{row}jitter {clock['jitter_ms']:.2f} ms"
        else:
            rows["link"] = f"{row}{_peers(peers)}, {clock['jitter_ms']:.2f} ms off"
    if status["sources"]:
        rows["leads"] = f"for {status['leads_seconds'] or 0:.0f} s; {status['why']}"
        rows["sources"] = "; ".join(map(_source, status["sources"]))
    if play:
        rows["notes"] = f"{play['notes_sent']} sent, {play['notes_late']} late, {play['notes_dropped']} left out"
        rows["sending"] = f"worst {play['worst_late_ms']:g} ms late; lost {play['notes_lost']} notes"
    lines = [f"{name:10} {value}" for name, value in rows.items()]
    return "\n".join([*lines, *(f"{'trouble':10} {text}" for text in status["troubles"][-5:])])


def _offsets(offsets: dict[str, float]) -> str:
    return ", ".join(f"{name} {milliseconds:+g} ms" for name, milliseconds in offsets.items())


def _source(source: dict[str, Any]) -> str:
    """One of several that may lead: "REAPER locked, 0.40 ms ahead, jitter 0.20 ms"."""
    name = LEADERS[source["name"]]
    if source["state"] == SILENT:
        return f"{name} silent for {source['silent_seconds']:.1f} s"
    said = [f"{name} {source['state']}"]
    if (off := source["off_ms"]) is not None:
        said.append(f"{abs(off):.2f} ms {'behind' if off < 0 else 'ahead'}")
    if source["state"] not in (NEVER_HEARD, HERE):
        said.append(f"jitter {source['jitter_ms']:.2f} ms")
    return ", ".join(said)


def _hosts(status: dict[str, Any]) -> str:
    """Whose scripts speak, and whose project is followed."""
    told = []
    for host in status["hosts"]:
        waits = f", {host['jobs']} takes wait" if host["jobs"] else ""
        follows = ", followed" if host["leads"] else ""
        told.append(f"{host['host']}: {host['project'] or 'unsaved'}{follows}{waits}")
    done, of = status["keeping"]
    return "; ".join(told) + (f"; {done} of {of} bars of a take written" if of else "") or "no script of a DAW speaks"


def _page(page: dict[str, Any]) -> str:
    code = f", on other machines {page['lan_address']} with code {page['code']}" if page["code"] else ""
    return f"{page['address']}{code}, {page['clients']} open"


def _peers(count: int) -> str:
    return "no peer" if not count else "1 peer" if count == 1 else f"{count} peers"


def _played(played: dict[str, int]) -> str:
    if not played["bars"]:
        return "nothing yet"
    by = f"{played['late']} of them with the fallback" if played["late"] else "all by the model"
    return f"{played['bars']} bars, {by}"


def _bars(states: Sequence[dict[str, Any]]) -> str:
    """Bars that are alike as one: "12 playing (model), 13–17 ready (model), 18 writing, 19–22 planned"."""
    told = []
    for (stage, by), alike in groupby(states, lambda state: (state["stage"], state["by"])):
        numbers = [state["bar"] for state in alike]
        span = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
        told.append(f"{span} {stage} ({by})" if by else f"{span} {stage}")
    return ", ".join(told)


def _state(status: dict[str, Any]) -> str:
    coming, frozen = status["coming_state"], status["frozen_bar"]
    said = [status["state"] or "as the timeline says"]
    if coming is not None:
        said.append(f"{coming or 'as the timeline says'} from {status['coming_at']}")
    if frozen is not None:
        said.append(f"bar {frozen} repeats")
    return ", ".join(said)
