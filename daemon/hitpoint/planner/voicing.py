"""Which keys an instrument has for a chord or a scale, and how many of them it can strike together."""

from bisect import bisect_left
from collections.abc import Sequence

from hitpoint.score.register import highest_key
from hitpoint.score.stem import Instrument
from hitpoint.score.stops import fingers_hold, frets_hold, fretted

MOST_STRUCK = 4
"""Keys of the fullest chord that is struck at once."""


def keys_in(instrument: Instrument, pitch_classes: frozenset[int] | None, register: float | None = None) -> list[int]:
    """Keys of the instrument in these pitch classes, rising; all of them for None, for drums, and where none fits.

    register: how high it plays, 0 to 1; None for as high as it can.
    """
    keys = range(instrument.low, highest_key(instrument, register) + 1)
    if pitch_classes is None or instrument.drums:
        return list(keys)
    return [key for key in keys if key % 12 in pitch_classes] or list(keys)


def in_reach(instrument: Instrument, keys: Sequence[int]) -> list[int]:
    """As many of the keys, rising, as one hand holds from the lowest on; one hand's reach is enough here."""
    rising = sorted(keys)
    one_hand = instrument.stem == "keys" or instrument.name == "harp"
    most = max(1, (instrument.polyphony + 1) // 2 if one_hand else instrument.polyphony)
    hold = frets_hold if fretted(instrument) else fingers_hold
    held: list[int] = []
    for key in rising:
        if len(held) < most and key - rising[0] <= instrument.span and hold(instrument, (*held, key)):
            held.append(key)
    return held


def key_near(keys: Sequence[int], wanted: float) -> int:
    """The place in `keys`, rising, of the first that is not below `wanted`; the last place where all are."""
    return min(len(keys) - 1, bisect_left(keys, wanted))
