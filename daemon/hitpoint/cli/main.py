"""The command `hitpoint`: finds the subcommand, runs it, and turns a person's mistakes into one line and exit 2."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from hitpoint import __version__
from hitpoint.cli.command_parser import CommandParser, mistyped
from hitpoint.errors import HitpointError
from hitpoint.score.one_line import one_line

SUBCOMMANDS = (
    "run", "demo", "render", "infill", "check", "index", "parse", "convert", "sheet", "tempo",
    "tempomap", "takes", "status", "layout", "mcp", "install", "doctor", "config", "bench", "train",
)  # fmt: skip
"""In the order of `hitpoint --help`; each is the module of that name beside this one."""

EXIT_MISTAKE = 2
EXIT_INTERRUPTED = 130
"""What shells report after Ctrl-C: 128 + SIGINT."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `hitpoint` with `arguments` (the process's own without). Returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _say_what_can_be_said()
    try:
        options = _options(given)
        return int(options.run(options))
    except HitpointError as error:
        # Names and texts of others are in it.
        print(f"hitpoint: {one_line(str(error))}", file=sys.stderr)
        return EXIT_MISTAKE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left (`hitpoint config | head`); Python would complain once more at exit.
        sys.stderr.close()
        return 0


def _say_what_can_be_said() -> None:
    """Names that the console has no letters for are told with "?", as stderr does in its way: Windows' are of 256."""
    if isinstance(sys.stdout, TextIOWrapper) and (sys.stdout.errors == "strict" or not _is_unicode(sys.stdout)):
        sys.stdout.reconfigure(errors="replace")


def _is_unicode(stream: TextIOWrapper) -> bool:
    return stream.encoding.lower().replace("-", "").startswith("utf")


def _options(given: Sequence[str]) -> argparse.Namespace:
    """What was typed. Raises ConfigError."""
    # The command asked for is the only one loaded, so that each starts fast; help loads them all.
    parser = _parser(given[:1] if given[:1] and given[0] in SUBCOMMANDS else SUBCOMMANDS)
    options, unknown = parser.parse_known_args(given)
    if unknown:
        raise mistyped(options.prog, f"unrecognized arguments: {' '.join(unknown)}")
    return options


def _parser(names: Sequence[str]) -> CommandParser:
    parser = CommandParser(
        prog="hitpoint",
        description="Writes music to picture, inside the DAW: parts that build to your markers and land on them.",
        epilog="Begin with `hitpoint demo`. Each command has its own --help with an example.",
    )
    parser.add_argument("--version", action="version", version=f"hitpoint {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in names:
        module = import_module(f"hitpoint.cli.{name}")
        module.add_parser(subparsers)
        subparsers.choices[name].set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
