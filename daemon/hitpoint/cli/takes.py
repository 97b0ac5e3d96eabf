"""`hitpoint takes`: the take memory. What was rendered is listed, recalled, rated, varied, handed on and purged."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from hitpoint.cli.asked_file import add_force
from hitpoint.cli.take_options import add_take_options
from hitpoint.cli.takes_change import keep, lock, purge, rate, status, undo
from hitpoint.cli.takes_log import add_log_options, log
from hitpoint.cli.takes_make import add_make_options, make
from hitpoint.cli.takes_show import compare, export, list_, render, show
from hitpoint.cli.takes_vary import add_vary_options, vary

_Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_Do = Callable[[argparse.Namespace], int]


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "takes",
        help="recall, rate, vary, compare, export and purge what was rendered, or make more",
        description="The take memory: every render is kept with all that it came from, under a short id that brings\n"
        "it back byte for byte. An id may be given by its first letters. Nothing that is kept is overwritten.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: hitpoint takes list --text strings\n"
        '         hitpoint takes vary qxp --note "darker, less busy"',
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    _add_list(actions)
    one = _add(actions, "show", show, "all that is known of a take, with a picture of its notes", "takes show qxp")
    _take(one)
    one.add_argument("--no-picture", action="store_true", help="leave the picture out")
    add_vary_options(_add(actions, "vary", vary, "make another take of one", 'takes vary qxp --note "darker"'))
    add_make_options(_add(actions, "make", make, "make takes of a sheet's cues", "takes make --sheet reel1.yaml"))
    one = _add(actions, "render", render, "write a take to a file again", "takes render qxp -o cue.rpp")
    _take(one)
    one.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help=".mid, .rpp or .dawproject")
    add_force(one)
    one = _add(actions, "rate", rate, "rate a take, or note something", 'takes rate qxp 4 --note "the horns!"')
    _take(one)
    one.add_argument("rating", nargs="?", type=int, metavar="0-5", help="how good it is")
    one.add_argument("--note", metavar="TEXT", help="what there is to say; replaces an earlier note")
    one = _add(actions, "lock", lock, "have variations leave parts as they are", "takes lock qxp strings")
    _take(one)
    one.add_argument("parts", nargs="+", metavar="PART", help="parts, instruments or sections")
    one.add_argument("--off", action="store_true", help="let go of them")
    one = _add(actions, "keep", keep, "have purges spare a take", "takes keep qxp")
    _take(one)
    one.add_argument("--off", action="store_true", help="spare it no more")
    one = _add(
        actions, "status", status, "say how far a take is: temp, submitted, approved, final or withdrawn",
        'takes status qxp approved --by "A. Producer" --reference "mail of 3 May"',
    )  # fmt: skip
    _take(one)
    one.add_argument("status", metavar="STATUS", help="temp, submitted, approved, final or withdrawn")
    one.add_argument("--by", default="", metavar="NAME", help="who says so; asked for with approved and final")
    one.add_argument("--reference", default="", metavar="TEXT", help="a letter, a meeting, a contract")
    add_log_options(_add(actions, "log", log, "all that was done with takes, checked", "takes log qxp"))
    one = _add(actions, "compare", compare, "what two takes share", "takes compare qxp bnt")
    _take(one)
    one.add_argument("other", metavar="OTHER", help="the other take's id")
    one = _add(actions, "export", export, "a take's MIDI, stems and provenance", "takes export qxp bnt -o for-the-mix")
    one.add_argument("ids", nargs="+", metavar="ID", help="ids of takes")
    one.add_argument("-o", "--output", required=True, type=Path, metavar="DIR", help="a folder; made if need be")
    add_force(one)
    _add_purge(actions)
    _add(actions, "undo", undo, "take back the last rating, note, lock, keep or variation", "takes undo")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    do: _Do = arguments.do
    return do(arguments)


def _add(actions: _Actions, name: str, do: _Do, what: str, example: str) -> argparse.ArgumentParser:
    parser = actions.add_parser(
        name, help=what, description=f"{what[0].upper()}{what[1:]}.", epilog=f"example: hitpoint {example}"
    )
    parser.set_defaults(do=do)
    add_take_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _take(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the take's id, or its first letters")


def _add_list(actions: _Actions) -> None:
    parser = _add(actions, "list", list_, "the takes there are, the newest first", "takes list --cue 1m03 --rated 4")
    parser.add_argument("--cue", metavar="N", help="only those of this cue")
    parser.add_argument("--rated", type=int, metavar="N", help="only those rated N or better")
    parser.add_argument("--text", metavar="WORDS", help="only those whose prompt, note or request has these words")
    parser.add_argument("--kept", action="store_true", help="only kept ones")


def _add_purge(actions: _Actions) -> None:
    parser = _add(actions, "purge", purge, "delete takes for good", "takes purge --unrated --older-than 30")
    parser.add_argument("ids", nargs="*", metavar="ID", help="ids of takes")
    parser.add_argument("--unrated", action="store_true", help="those that nobody has rated")
    parser.add_argument("--older-than", type=float, metavar="DAYS", help="those made longer ago; with --unrated, both")
    parser.add_argument("--even-kept", action="store_true", help="kept ones too")
    parser.add_argument("--yes", action="store_true", help="do not ask")
