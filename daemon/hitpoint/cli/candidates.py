"""`--candidates`: how many answers an infill is chosen from."""

import argparse

from hitpoint.errors import ConfigError
from hitpoint.score.likeliest import CANDIDATES, LARGEST_HOLE

MOST_CANDIDATES = 64
"""They are compared two by two."""


def add_candidates_option(parser: argparse.ArgumentParser, when: str = "") -> None:
    """Declare it. when: said before its help."""
    parser.add_argument(
        "--candidates",
        type=int,
        metavar="N",
        help=f"{when}answers to draw, of which the one most like the others is kept; 1 takes the first, which is "
        f"bolder and sooner there (default {CANDIDATES}; fewer for more than {LARGEST_HOLE} bars of parts)",
    )


def check_candidates(count: int | None) -> None:
    """Raises ConfigError where one was given that is no number of answers."""
    if count is not None and not 1 <= count <= MOST_CANDIDATES:
        raise ConfigError(f"--candidates {count} is outside 1 to {MOST_CANDIDATES}.")
