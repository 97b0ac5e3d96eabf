"""What fingers hold under one bow, for whoever writes notes. By the law of the checker.

Guitars are left out: their chords are wide, and to try all fingerings of six strings takes too long while a note waits.
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


def fingers_hold(instrument: Instrument, keys: Iterable[int]) -> bool:
    """Whether fingers hold these keys together under the bow. Any keys, for who has no bow, and any single one."""
    chord = tuple(sorted(set(keys)))
    return len(chord) < 2 or not bowed(instrument) or _held(instrument.name, chord)


@lru_cache(maxsize=4096)  # every chord of two notes of the four instruments
def _held(name: str, chord: tuple[int, ...]) -> bool:
    strings = PLAYERS[name].strings
    return strings is None or (len(chord) <= len(strings.tuning) and stoppable(chord, strings))
