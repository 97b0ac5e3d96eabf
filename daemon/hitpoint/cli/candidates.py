"""`--candidates`: how many answers an infill is chosen from."""

import argparse

from hitpoint.errors import ConfigError
from hitpoint.score.likeliest import CANDIDATES

MOST_CANDIDATES = 64
"""They are compared two by two."""


def add_candidates_option(parser: argparse.ArgumentParser, when: str = "") -> None:
    """Declare it. when: said before its help."""
    parser.add_argument(
        "--candidates",
        type=int,
        default=CANDIDATES,
        metavar="N",
        help=f"{when}answers to draw, of which the one most like the others is kept; 1 takes the first, which is "
        f"bolder and sooner there (default {CANDIDATES})",
    )


def check_candidates(count: int) -> None:
    """Raises ConfigError where it is no number of answers."""
    if not 1 <= count <= MOST_CANDIDATES:
        raise ConfigError(f"--candidates {count} is outside 1 to {MOST_CANDIDATES}.")
