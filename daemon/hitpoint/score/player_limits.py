"""What players can do, for checking what was written: compass, notes at once, hands, strings, breath.

This table stands by itself on purpose. `score.stem` says what is written for an instrument, a little inside of what is
possible; here is what a professional can do at most. So a mistake there is seen here.

Sources. Lowest notes follow from how instruments are built and their strings tuned; highest ones are those that
professionals in an orchestra reach: where marked, by [1] Orchestra Library Information, Ranges of Orchestral
Instruments. [2] Freund and Cutler 2024, Extreme Orchestration, left-hand techniques: on a violin first to fourth finger
span about a fourth; on cello and bass notes lie farther apart, and the thumb helps. [3] Goss, 100 Orchestration Tips,
note durations and breathing: no table of seconds replaces places to breathe. What is not marked is our choice.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hands:
    """Two hands on keys or strings."""

    fingers: int
    """Of each hand that strike."""
    span: int
    """Semitones that one hand reaches."""
    feet: int = 0
    """Notes that feet can take, of the lowest."""
    feet_high: int = 0
    """The highest key that they reach."""


@dataclass(frozen=True, slots=True)
class Strings:
    """Strings that one hand stops."""

    tuning: tuple[int, ...]
    """MIDI keys of the open strings, low to high."""
    stretch: int
    """Semitones along the strings between the nearest and the farthest finger."""
    thumb_stretch: int = 0
    """The same with the thumb on the strings, from an octave above the open ones on."""
    bowed: bool = True
    """Only strings beside each other sound together."""


@dataclass(frozen=True, slots=True)
class Player:
    """One player, or one section."""

    low: int
    """Lowest sounding MIDI key."""
    high: int
    voices: int
    """Most notes at once."""
    breath_seconds: float | None = None
    """Longest time without a place to breathe; None for who needs none."""
    rings: bool = False
    """True where a note sounds on by itself: only what is struck together must be reached together."""
    hands: Hands | None = None
    strings: Strings | None = None


_FLUTE, _REED, _DOUBLE_REED, _HIGH_BRASS, _LOW_BRASS, _TUBA = 15.0, 20.0, 30.0, 20.0, 15.0, 10.0
"""Seconds of one breath, at a middling loudness; generous, since loud playing takes half of them. Our choice, in the
order that players tell, with the warning of [3]: a tuba takes most air, an oboe least."""

_KEYS = Hands(5, 14)
"""A ninth: larger hands take a tenth, but nobody counts on them. Our choice."""
_VIOLIN, _VIOLA = (Strings((low, low + 7, low + 14, low + 21), 6) for low in (55, 48))
"""A fourth [2], and a semitone more by stretching."""
_CELLO = Strings((36, 43, 50, 57), 4, 7)
_CONTRABASS = Strings((28, 33, 38, 43), 2, 5)
_GUITAR = Strings((40, 45, 50, 55, 59, 64), 5, bowed=False)
_BASS = Strings((28, 33, 38, 43), 4, bowed=False)

PLAYERS: dict[str, Player] = {
    "piccolo": Player(74, 108, 1, _FLUTE),  # [1]
    "flute": Player(59, 98, 1, _FLUTE),  # with a foot joint to B
    "oboe": Player(58, 93, 1, _DOUBLE_REED),
    "english horn": Player(52, 84, 1, _DOUBLE_REED),  # [1]: written to G6
    "clarinet": Player(49, 94, 1, _REED),  # [1]: the lowest in A, the highest in B flat
    "saxophone": Player(36, 92, 1, _REED),  # baritone to soprano
    "bassoon": Player(34, 76, 1, _DOUBLE_REED),
    "french horn": Player(34, 77, 4, _HIGH_BRASS),
    "trumpet": Player(52, 86, 3, _HIGH_BRASS),
    "trombone": Player(34, 77, 3, _LOW_BRASS),
    "tuba": Player(26, 65, 1, _TUBA),
    "brass section": Player(26, 86, 11, _LOW_BRASS),
    "timpani": Player(36, 62, 2, rings=True),
    "bells": Player(48, 108, 4, rings=True),
    "harp": Player(23, 104, 8, rings=True, hands=Hands(4, 16)),  # 47 strings, a tenth in one hand
    "guitar": Player(40, 88, 6, rings=True, strings=_GUITAR),
    "piano": Player(21, 108, 10, rings=True, hands=_KEYS),
    "harpsichord": Player(29, 89, 10, hands=_KEYS),
    "organ": Player(24, 108, 12, hands=Hands(5, 14, 2, 67)),
    "choir": Player(38, 84, 8),  # breathes in turns
    "violin": Player(55, 100, 4, strings=_VIOLIN),
    "viola": Player(48, 91, 4, strings=_VIOLA),
    "cello": Player(36, 84, 4, strings=_CELLO),
    "contrabass": Player(24, 67, 4, strings=_CONTRABASS),
    "string ensemble": Player(24, 100, 10),
    "pizzicato strings": Player(24, 100, 10, rings=True),
    "bass": Player(28, 67, 4, rings=True, strings=_BASS),
    "drums": Player(0, 127, 4, rings=True),
}
"""By the name of the instrument. Parts of four horns, three trumpets and three trombones: the usual large orchestra.
What has no player (synthesisers) is not here."""

FEET_KEYS = frozenset({35, 36, 44})
"""Percussion keys that feet strike: kicks and the hi-hat's pedal. Source: General MIDI 1, percussion key map."""
MOST_IN_HANDS = 2
"""Percussion keys that two sticks strike together."""
