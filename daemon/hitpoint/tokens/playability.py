"""Which notes one player, or one section, can strike together."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.stem import Instrument
from hitpoint.score.stops import fingers_hold, frets_hold, fretted

TWO_HANDED_STEMS = frozenset({"keys"})
TWO_HANDED = frozenset({"harp"})
HIGHEST_KEY = 127


def two_handed(instrument: Instrument) -> bool:
    """True when its `span` is that of one hand of two."""
    return instrument.stem in TWO_HANDED_STEMS or instrument.name in TWO_HANDED


def highest_chord_note(instrument: Instrument, chord: list[int]) -> int:
    """The highest key that can still join `chord`; −1 when none can.

    chord: keys struck so far, rising. With two hands, the left takes some of the lowest and the right the others.
    """
    if len(chord) >= instrument.polyphony:
        return -1
    if not chord:
        return HIGHEST_KEY
    if not two_handed(instrument):
        return chord[0] + instrument.span
    hand = instrument.polyphony // 2
    reach = -1
    for left in range(min(hand, len(chord)) + 1):
        low, high = chord[:left], chord[left:]
        if not _fits(low, hand, instrument.span) or not _fits(high, hand - 1, instrument.span):
            continue
        reach = max(reach, high[0] + instrument.span if high else HIGHEST_KEY)
    return reach


@lru_cache(maxsize=2048)  # nearly always of one key: four instruments have a bow, two have frets
def out_of_fingers(instrument: Instrument, held: frozenset[int]) -> NDArray[np.bool_]:
    """The keys that fingers do not hold beside those, shape (128,). Not to be changed."""
    hold = frets_hold if fretted(instrument) else fingers_hold
    inside = range(instrument.low, instrument.high + 1)
    return np.array([key not in inside or not hold(instrument, (*held, key)) for key in range(HIGHEST_KEY + 1)])


def playable(instrument: Instrument, chord: list[int]) -> bool:
    """Whether these keys, rising, can be struck together."""
    return all(key <= highest_chord_note(instrument, chord[:index]) for index, key in enumerate(chord))


def _fits(keys: list[int], most: int, span: int) -> bool:
    return len(keys) <= most and (not keys or keys[-1] - keys[0] <= span)
