"""How one window of a piece is varied before it is read: key, parts, their order, and what is said about it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.training.dataset import BAR_CODES

MOST_PARTS = 12
"""Parts kept in a window, so that it holds several bars."""
LOWEST_TRANSPOSITION, HIGHEST_TRANSPOSITION = -5, 6
ALWAYS_SAID = ("length", "denominator")
NOTHING_SAID_SHARE = 0.12
"""Windows in which no control is said at all."""
SAID_SHARE = 0.6
"""How often each control is said in the other windows."""
SAID_IN_BAR_SHARE = 0.92
"""How often a control that is said is said in each bar."""
PART_SAID_SHARE = 0.3
"""How often a part's density and register are said."""
SILENT_SHARE = 0.2
"""Windows in which parts that are silent in a bar are opened all the same, half of the time."""


@dataclass(frozen=True)
class Variation:
    """One way to read a piece."""

    transposition: int
    """Semitones; drums stay."""
    parts: NDArray[np.int64]
    """The parts kept, in the order they are opened."""
    shuffled: bool
    """True when each bar orders its parts anew."""
    bar_fields: NDArray[np.bool_]
    """Which of BAR_CODES are said."""
    part_density_said: bool
    part_register_said: bool
    silent_share: float
    """How often a silent part is opened."""


def draw_variation(parts: int, random: np.random.Generator) -> Variation:
    """A random way to read a piece of `parts` parts."""
    kept = parts if random.random() < 0.4 else int(random.integers(1, parts + 1))
    chosen = random.permutation(parts)[: min(kept, MOST_PARTS)]
    order = random.random()
    nothing = random.random() < NOTHING_SAID_SHARE
    return Variation(
        transposition=int(random.integers(LOWEST_TRANSPOSITION, HIGHEST_TRANSPOSITION + 1)),
        parts=chosen if order < 0.3 else np.sort(chosen),
        shuffled=order > 0.75,
        bar_fields=np.array(
            [name in ALWAYS_SAID or (not nothing and random.random() < SAID_SHARE) for name in BAR_CODES]
        ),
        part_density_said=not nothing and random.random() < PART_SAID_SHARE,
        part_register_said=not nothing and random.random() < PART_SAID_SHARE,
        silent_share=0.5 if random.random() < SILENT_SHARE else 0.0,
    )


def plain_variation(parts: int, said: bool) -> Variation:
    """The piece as it stands, for evaluation: every bar control said, or none."""
    return Variation(
        transposition=0,
        parts=np.arange(parts)[:MOST_PARTS],
        shuffled=False,
        bar_fields=np.array([said or name in ALWAYS_SAID for name in BAR_CODES]),
        part_density_said=False,
        part_register_said=False,
        silent_share=0.0,
    )
