"""How one window of a piece is varied before it is read: key, parts, their order, and what is said about it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.training.dataset import BAR_CODES
from hitpoint.training.orchestrate import REORCHESTRATED_SHARE, Players, as_written, other_players
from hitpoint.training.rebar import AS_WRITTEN, Barring, draw_barring

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
"""How often a part's density, its register and its role are said."""
SILENT_SHARE = 0.2
"""Windows in which parts that are silent in a bar are opened all the same, half of the time."""


@dataclass(frozen=True)
class Variation:
    """One way to read a piece."""

    transposition: int
    """Semitones; drums stay."""
    players: Players
    """Who plays each part of the piece."""
    parts: NDArray[np.int64]
    """The parts kept, in the order they are opened."""
    shuffled: bool
    """True when each bar orders its parts anew."""
    bar_fields: NDArray[np.bool_]
    """Which of BAR_CODES are said."""
    part_density_said: bool
    part_register_said: bool
    part_role_said: bool
    silent_share: float
    """How often a silent part is opened."""
    barring: Barring = AS_WRITTEN
    """Where bar lines fall."""


def draw_variation(parts: NDArray[np.int64], random: np.random.Generator) -> Variation:
    """A random way to read a piece. parts: its own, as in `Dataset.parts`."""
    count = len(parts)
    transposition = int(random.integers(LOWEST_TRANSPOSITION, HIGHEST_TRANSPOSITION + 1))
    moved = random.random() < REORCHESTRATED_SHARE
    players = other_players(parts, transposition, random) if moved else as_written(parts)
    kept = count if random.random() < 0.4 else int(random.integers(1, count + 1))
    chosen = random.permutation(count)[: min(kept, MOST_PARTS)]
    order = random.random()
    if order >= 0.3:
        # In score order, as a plan has it; with other players that is another one.
        chosen = chosen[np.lexsort((chosen, players.instruments[chosen]))] if moved else np.sort(chosen)
    nothing = random.random() < NOTHING_SAID_SHARE
    return Variation(
        transposition=transposition,
        players=players,
        parts=chosen,
        shuffled=order > 0.75,
        bar_fields=np.array(
            [name in ALWAYS_SAID or (not nothing and random.random() < SAID_SHARE) for name in BAR_CODES]
        ),
        part_density_said=not nothing and random.random() < PART_SAID_SHARE,
        part_register_said=not nothing and random.random() < PART_SAID_SHARE,
        part_role_said=not nothing and random.random() < PART_SAID_SHARE,
        silent_share=0.5 if random.random() < SILENT_SHARE else 0.0,
        barring=draw_barring(random),
    )


def plain_variation(parts: NDArray[np.int64], said: bool) -> Variation:
    """The piece as it stands, for evaluation: every bar control said, or none. parts: as in `Dataset.parts`."""
    return Variation(
        transposition=0,
        players=as_written(parts),
        parts=np.arange(len(parts))[:MOST_PARTS],
        shuffled=False,
        bar_fields=np.array([said or name in ALWAYS_SAID for name in BAR_CODES]),
        part_density_said=False,
        part_register_said=False,
        part_role_said=False,
        silent_share=0.0,
    )
