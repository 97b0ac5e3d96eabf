"""`hitpoint takes log`: what was done with takes, in order, checked before it is shown."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hitpoint.cli.asked_file import add_force, asked_path, check_place, report_stream
from hitpoint.cli.takes_open import open_takes
from hitpoint.score.whole_file import write_asked

if TYPE_CHECKING:
    from hitpoint.engine.take_log import LogEntry

_UNTOLD = ("at", "event", "salt")
_TOLD_OF_MADE = ("cue", "picture", "prompt", "parent")


def add_log_options(parser: argparse.ArgumentParser) -> None:
    """Declare what it shows, and where."""
    parser.add_argument("id", nargs="?", default="", metavar="ID", help="only what was done with this take")
    parser.add_argument("--head", default="", metavar="HASH", help="a hash that the log must have: it was not cut off")
    parser.add_argument("--no-words", action="store_true", help="hashes only, for others to follow: no word of yours")
    parser.add_argument("-o", "--output", type=asked_path, metavar="FILE", help="write it as JSON, an entry a line")
    add_force(parser)


def log(arguments: argparse.Namespace) -> int:
    """Print or write the log. Raises ScoreError where it was changed."""
    with open_takes(arguments) as store:
        entries, head = store.log(arguments.id, arguments.head), store.head
    if arguments.output is not None:
        return _write(arguments.output, entries, not arguments.no_words, arguments.force)
    if arguments.json:
        said = [entry.as_json(not arguments.no_words) for entry in entries]
        print(json.dumps({"entries": said, "head": head}, ensure_ascii=False))
        return 0
    for entry in entries:
        print(_line(entry, not arguments.no_words))
    print(f"{len(entries)} entries, whole; the last hash is {head}")
    return 0


def _write(path: Path, entries: "tuple[LogEntry, ...]", with_words: bool, force: bool) -> int:
    check_place(path)
    lines = "".join(json.dumps(entry.as_json(with_words), ensure_ascii=False) + "\n" for entry in entries)
    write_asked([(path, lines.encode("utf-8", "replace"))], force)
    print(f"{path}: {len(entries)} entries", file=report_stream(path))
    return 0


def _line(entry: "LogEntry", with_words: bool) -> str:
    said = entry.said if with_words else {}
    told = f"{said.get('at', '-'):20} {entry.take:7} {said.get('event', 'purged words' if with_words else '-'):9}"
    return f"{entry.number:5} {entry.hash[:12]} {told} {_told(said)}".rstrip()


def _told(said: Mapping[str, Any]) -> str:
    keys = _TOLD_OF_MADE if said.get("event") == "made" else [key for key in said if key not in _UNTOLD]
    return ", ".join(f"{key} {said[key]}" for key in keys if said.get(key) not in (None, "", []))
