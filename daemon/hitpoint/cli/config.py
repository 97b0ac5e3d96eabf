"""`hitpoint config`: the settings in effect, and where each came from."""

import argparse
import json
from pathlib import Path

from hitpoint.config.load import Origin, explain
from hitpoint.config.places import user_config_file


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "config",
        help="the settings in effect and where each came from",
        description="Show every setting in effect, and which of these said so, later ones winning: the defaults, your "
        "own file, a file given with --config, the environment (HITPOINT_OSC_PORT for osc.port).",
        epilog="example: hitpoint config --config studio.yaml",
    )
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    file = user_config_file()
    origins = explain(arguments.config)
    if arguments.json:
        settings = {origin.key: {"value": origin.value, "source": origin.source} for origin in origins}
        print(json.dumps({"user_file": str(file), "settings": settings}, ensure_ascii=False))
        return 0
    print(f"your own file: {file}{'' if file.is_file() else ' (not there yet)'}")
    print("\n".join(_table(origins)))
    return 0


def _table(origins: tuple[Origin, ...]) -> list[str]:
    rows = [(origin.key, _shown(origin.value), origin.source) for origin in origins]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return [f"{key:{widths[0]}}  {value:{widths[1]}}  {source}" for key, value, source in rows]


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
