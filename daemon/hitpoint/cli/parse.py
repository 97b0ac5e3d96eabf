"""`hitpoint parse`: what a prompt is understood to ask."""

import argparse
import json

from hitpoint.score.direction import parse


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "parse",
        help="say what a prompt is understood to ask",
        description="Say what a prompt is understood to ask. What it does not state stays empty; nothing is made up.",
        epilog='example: hitpoint parse "calm to furious, strings, 90-100 bpm, D minor"',
    )
    parser.add_argument("prompt", metavar="PROMPT", help="direction in words")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    direction = parse(arguments.prompt)
    understood = direction.as_json()
    if arguments.json:
        print(json.dumps(understood, ensure_ascii=False))
        return 0
    for name, value in understood.items():
        if name == "flags":
            # Sentences, with commas of their own.
            for place, flag in enumerate(direction.flags):
                print(f"{'' if place else name:18} {flag}")
        elif value not in (None, [], {}):
            print(f"{name:18} {_shown_arc(value) if name == 'arc' else _shown(value)}")
        if name == "instruments" and direction.leads:
            print(f"{'leads':18} {_shown(direction.leads)}")
    return 0


def _shown_arc(arc: object) -> str:
    """ "calm → furious over 8 bars", "calm for 4 bars → furious for 12 bars"."""
    if not isinstance(arc, dict):
        return ""
    over = f" over {arc['bars']} bars" if arc["bars"] else ""
    states = [
        state["words"] + next((f" for {state[unit]:g} {unit}" for unit in ("bars", "seconds") if state[unit]), "")
        for state in arc["states"]
    ]
    return " → ".join(states) + ("" if states[0] != arc["states"][0]["words"] else over)


def _shown(value: object) -> str:
    match value:
        case dict():
            return " ".join(str(item) for item in value.values())
        case list() | tuple():
            return ", ".join(str(item) for item in value)
        case _:
            return str(value)
