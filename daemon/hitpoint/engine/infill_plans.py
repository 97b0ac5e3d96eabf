"""The bars of a MIDI file as the model is told of them: metre, tempo, key, and what a direction asks of some."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from hitpoint.planner.keys import scale_for
from hitpoint.score.controls import Controls, Key
from hitpoint.score.direction import Direction
from hitpoint.score.key_finder import find_keys
from hitpoint.score.midi_score import KeyChange
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.timeline.meter import Bar
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER
from hitpoint.tokens.bar_grid import short_plans
from hitpoint.tokens.grid import COUNTDOWN_CLASSES

KEY_BARS = (3, 4)
"""Bars before and after that are heard for a bar's key, as in training."""
LONGEST_HEARD = 2 * TICKS_PER_QUARTER
"""A note counts for no longer, as in training."""


def plans_of(
    timeline: Timeline,
    bars: Sequence[Bar],
    pitched: Iterable[Note],
    signatures: Sequence[KeyChange],
    rewritten: Collection[int],
    direction: Direction,
) -> tuple[BarPlan, ...]:
    """Plans of all bars of a file; a long bar has several.

    pitched: the notes that are read, drums left out; their key is said where it is clear, else the key signature, if
    there is one. rewritten: indices of the bars for which the direction is meant.
    """
    heard = _keys(bars, pitched)
    plans: list[BarPlan] = []
    for bar, key in zip(bars, heard, strict=True):
        if key is None:
            key = next((change.key for change in reversed(signatures) if change.tick <= bar.start), None)
        controls, scale = Controls(key), None
        if bar.index in rewritten:
            stated = direction.key
            controls = Controls(
                stated or key, valence=direction.valence, arousal=direction.arousal, tension=direction.tension
            )
            scale = None if stated is None else scale_for(stated, direction.tension)
        left = bars[-1].index - bar.index
        cut_at = bars[min(bar.index + 1, len(bars) - 1)].end
        tempi = timeline.tempo_map.extremes(bar.start, cut_at)
        plan = BarPlan(
            bar=bar,
            cue="",
            controls=controls,
            tempo_bpm=timeline.tempo_map.bpm_at(bar.start),
            parts=(),
            scale=scale,
            cut_at=cut_at,
            tempo_range=None if tempi[0] == tempi[1] else tempi,
            bars_to_end=left if left < COUNTDOWN_CLASSES else None,
        )
        plans += short_plans(plan)
    return tuple(plans)


def _keys(bars: Sequence[Bar], notes: Iterable[Note]) -> list[Key | None]:
    """The key of each bar by what sounds around it; None where none is clear."""
    starts = np.array([bar.start for bar in bars])
    chroma = np.zeros((len(bars), 12))
    for note in notes:
        bar = int(np.searchsorted(starts, note.tick, side="right")) - 1
        chroma[bar, note.pitch % 12] += min(note.duration, LONGEST_HEARD)
    before, after = KEY_BARS
    windows = np.array([chroma[max(0, bar - before) : bar + after + 1].sum(0) for bar in range(len(bars))])
    found, _ = find_keys(windows)
    return [None if key < 0 else Key(int(key) // 2, "minor" if key % 2 else "major") for key in found]
