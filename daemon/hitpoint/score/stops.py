"""What fingers hold, under one bow or on frets, for whoever writes notes. By the law of the checker.

On frets with the lower key on the lower string, as chords are mostly held: to try all fingerings of six strings takes
too long while a note waits.
"""

from collections.abc import Iterable
from functools import lru_cache

from hitpoint.score.playability import stoppable
from hitpoint.score.player_limits import PLAYERS
from hitpoint.score.stem import Instrument


def bowed(instrument: Instrument) -> bool:
    """True for who stops strings under a bow."""
    player = PLAYERS.get(instrument.name)
    return player is not None and player.strings is not None and player.strings.bowed


def fretted(instrument: Instrument) -> bool:
    """True for who stops strings and plucks them."""
    player = PLAYERS.get(instrument.name)
    return player is not None and player.strings is not None and not player.strings.bowed


def frets_hold(instrument: Instrument, keys: Iterable[int]) -> bool:
    """Whether fingers hold these keys when they are struck together, for who has frets."""
    return _held(instrument.name, tuple(sorted(set(keys))))


def fingers_hold(instrument: Instrument, keys: Iterable[int]) -> bool:
    """Whether fingers hold these keys together under the bow. Any keys, for who has no bow, and any single one."""
    chord = tuple(sorted(set(keys)))
    return len(chord) < 2 or not bowed(instrument) or _held(instrument.name, chord)


@lru_cache(maxsize=8192)  # every chord of two notes of who has strings
def _held(name: str, chord: tuple[int, ...]) -> bool:
    strings = PLAYERS[name].strings
    return strings is None or (len(chord) <= len(strings.tuning) and stoppable(chord, strings, not strings.bowed))
