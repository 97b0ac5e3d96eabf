"""Bars that went wrong, and how often music repeats itself, in cues and in what people wrote."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hitpoint.training.dataset import Dataset
from hitpoint.training.judge.played import BAR, DURATION, ONSET, PART, PITCH, Played, played_piece
from hitpoint.training.judge.statistics import FEWEST, share

LEAST_NOTES = 4
"""Pitched notes from which a bar with a single pitch class is called collapsed. Our choice."""
STUCK_BARS = 4
"""Bars running that are the same, from which they are called stuck. Our choice."""
FIGURES = {
    "empty": "bars", "collapsed": "bars", "stuck": "bars", "repeats_bar_before": "bars", "repeats_note_before": "notes"
}  # fmt: skip
"""Name of each figure, and what it is a share of."""
OF = {"bars": -2, "notes": -1}
"""Where `counted` says how many of those there are."""


def bars_of_cues(cues: Sequence[Sequence[Played]]) -> dict[str, Any]:
    """Figures of written cues. cues: a row a prompt, without their last bars, which hold one chord."""
    counts = np.array([sum(counted(cue) for cue in row) for row in cues])
    return {"prompts": len(cues), "cues": sum(map(len, cues)), **_shares(counts)}


def bars_of_people(split: Dataset) -> dict[str, Any]:
    """The same figures of a prepared split, all pieces and by source, with the least and greatest source's."""
    counts = np.array([counted(played_piece(split, piece)) for piece in range(len(split))])
    sources = {str(source): counts[split.sources == source] for source in np.unique(split.sources)}
    by_source = {source: {"pieces": len(rows), **_shares(rows)} for source, rows in sources.items()}
    large = [source for source, rows in sources.items() if len(rows) >= FEWEST]
    ranges = {}
    for name, unit in FIGURES.items():
        # Drums alone have no notes of which any could repeat a key.
        found = [by_source[source][name]["share"] for source in large if sources[source][:, OF[unit]].sum()]
        ranges[name] = [min(found), max(found)] if found else None
    return {"pieces": len(counts), **_shares(counts), "range": ranges, "by_source": by_source}


def counted(played: Played) -> NDArray[np.float64]:
    """How many of each of FIGURES, then bars, then notes that have a note of their part before them."""
    same = _same_as_before(played)
    notes = played.pitched
    key = notes[np.lexsort((notes[:, PITCH], notes[:, ONSET], notes[:, BAR], notes[:, PART]))]
    follows = key[1:, PART] == key[:-1, PART]
    again = follows & (key[1:, PITCH] == key[:-1, PITCH])
    silent = ~_sounds(played)
    wrong = (silent, _collapsed(played), _stuck(same), same, again)
    return np.array([*(found.sum() for found in wrong), played.bars, follows.sum()], float)


def _shares(counts: NDArray[np.float64]) -> dict[str, Any]:
    return {name: share(counts[:, column], counts[:, OF[unit]]) for column, (name, unit) in enumerate(FIGURES.items())}


def _sounds(played: Played) -> NDArray[np.bool_]:
    """Bars in which anything sounds, struck in them or held from before."""
    starts = played.bar_starts
    first = played.notes[:, BAR]
    end = starts[first] + played.notes[:, ONSET] + played.notes[:, DURATION]
    last = np.minimum(played.bars, np.searchsorted(starts, end, side="left"))
    change = np.bincount(first, minlength=played.bars + 1) - np.bincount(last, minlength=played.bars + 1)
    return np.asarray(np.cumsum(change)[: played.bars] > 0)


def _collapsed(played: Played) -> NDArray[np.bool_]:
    """Bars in which all parts together strike one pitch class, again and again."""
    pitched = played.pitched
    cells = np.unique(np.column_stack([pitched[:, BAR], pitched[:, PITCH] % 12]), axis=0)
    classes = np.bincount(cells[:, 0], minlength=played.bars)
    return np.asarray((np.bincount(pitched[:, BAR], minlength=played.bars) >= LEAST_NOTES) & (classes == 1))


def _same_as_before(played: Played) -> NDArray[np.bool_]:
    """Bars that have notes, and have those of the bar before: part, onset and key."""
    cells = [
        {tuple(row) for row in played.notes[played.notes[:, BAR] == bar][:, [PART, ONSET, PITCH]].tolist()}
        for bar in range(played.bars)
    ]
    return np.array([bool(cells[bar]) and bar > 0 and cells[bar] == cells[bar - 1] for bar in range(played.bars)], bool)


def _stuck(same: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bars from the fourth of a run of equal ones on."""
    running = np.zeros(len(same), int)
    for bar in range(len(same)):
        running[bar] = running[bar - 1] + 1 if same[bar] and bar else int(same[bar])
    return np.asarray(running >= STUCK_BARS - 1)
