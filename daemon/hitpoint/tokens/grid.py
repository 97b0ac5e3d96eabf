"""The grid that the model writes on: ticks, velocities and levels as small whole numbers, and back.

Every pair `x_class` / `x_of_class` is a round trip: a class gives the value in its middle, and that value its class.
The functions take numbers or NumPy arrays alike, so that training and playing share them.
"""

from bisect import bisect_left
from itertools import pairwise
from math import log2

from hitpoint.score.chord import QUALITIES, Chord
from hitpoint.timeline.meter import DENOMINATORS
from hitpoint.timeline.units import TICKS_PER_QUARTER

POSITIONS_PER_QUARTER = 24
"""Divides quarters into triplet sixteenths and thirty-seconds alike; MIDI clock counts the same way."""
POSITION_TICKS = TICKS_PER_QUARTER // POSITIONS_PER_QUARTER
"""Ticks from one position to the next: 40."""
POSITIONS = 8 * POSITIONS_PER_QUARTER
"""Positions in the longest bar the model sees, 8 quarters. Longer bars are split."""
LONGEST_BAR_TICKS = POSITIONS * POSITION_TICKS

DURATIONS: tuple[int, ...] = (
    *range(1, 25),
    *range(26, 49, 2),
    *range(52, 97, 4),
    *range(104, 193, 8),
    *range(240, 385, 48),
)
"""Lengths that a note may have, in positions: fine when short, coarse when long, every plain and dotted value exact."""
_DURATION_EDGES = [(shorter + longer) / 2 for shorter, longer in pairwise(DURATIONS)]

VELOCITY_CLASSES = 32
TEMPO_CLASSES = 16
LEVEL_CLASSES = 10
COUNTDOWN_CLASSES = 8
LENGTH_CLASSES = 16
KEY_CLASSES = 24
CHORD_CLASSES = 12 * len(QUALITIES) + 1
NO_CHORD = CHORD_CLASSES - 1
"""The class of a half bar in which no chord is clear."""
HIT_BEAT_CLASSES = 16
PART_DENSITY_EDGES = (0.0, 0.3, 0.6, 1.1, 1.6, 2.1, 3.1)
"""Onsets a quarter; the class counts how many of these are exceeded, so that class 0 is a silent part."""
PART_DENSITY_CLASSES = len(PART_DENSITY_EDGES) + 1
REGISTER_CLASSES = 8
_QUALITY_NAMES = tuple(QUALITIES)


def duration_class(ticks: int) -> int:
    """The nearest of DURATIONS to a length in ticks."""
    return bisect_left(_DURATION_EDGES, ticks / POSITION_TICKS)


def duration_ticks(duration: int) -> int:
    """The length in ticks of a class of DURATIONS."""
    return DURATIONS[duration] * POSITION_TICKS


def velocity_class(velocity: int) -> int:
    """0 to 31 for 1 to 127."""
    return (velocity - 1) // 4


def velocity_of_class(velocity: int) -> int:
    """The middle of a class: 2, 6 … 126."""
    return 4 * velocity + 2


def tempo_class(bpm: float) -> int:
    """0 to 15: sixths of an octave above 40 quarters a minute; slower and faster ones are clamped."""
    return min(TEMPO_CLASSES - 1, max(0, round(6 * log2(max(bpm, 1.0) / 40))))


def level_class(level: float) -> int:
    """0 to 9 for a level from 0 to 1."""
    return min(LEVEL_CLASSES - 1, max(0, int(level * LEVEL_CLASSES)))


def signed_level_class(level: float) -> int:
    """0 to 9 for a level from −1 to 1."""
    return level_class((level + 1) / 2)


def length_class(ticks: int) -> int:
    """0 to 15: a bar's length in eighth notes, rounded up, less one."""
    return min(LENGTH_CLASSES, max(1, -(-ticks // (TICKS_PER_QUARTER // 2)))) - 1


def denominator_class(denominator: int) -> int:
    """The place of a metre's denominator among those that can be."""
    return DENOMINATORS.index(denominator)


def key_class(tonic: int, minor: bool) -> int:
    """0 to 23: C major, C minor, C# major …"""
    return 2 * (tonic % 12) + int(minor)


def chord_class(chord: Chord) -> int:
    """0 to 47: C major, C minor, C diminished, C seventh, C# major …"""
    return len(QUALITIES) * chord.root + _QUALITY_NAMES.index(chord.quality)


def chord_of_class(chord: int) -> Chord | None:
    """The chord of a class; None for NO_CHORD."""
    root, quality = divmod(chord, len(QUALITIES))
    return None if chord == NO_CHORD else Chord(root, _QUALITY_NAMES[quality])


def hit_beat_class(ticks: int) -> int:
    """0 to 15: the eighth of its bar in which a strike falls. ticks: from the bar line."""
    return min(HIT_BEAT_CLASSES - 1, max(0, ticks // (TICKS_PER_QUARTER // 2)))


def second_half(positions: int, denominator: int) -> int:
    """Where the second half of a bar begins, for its harmony: the middle, or the beat after it where none is there.

    positions: the bar's length. Three dotted quarters are three beats, not nine.
    """
    beat = 4 * POSITIONS_PER_QUARTER // denominator
    if denominator >= 8 and positions % (3 * beat) == 0 and positions > 3 * beat:
        beat *= 3
    beats = max(1, round(positions / beat))
    return positions // 2 if beats < 2 else min(positions, beat * ((beats + 1) // 2))


def part_density_class(onsets_per_quarter: float) -> int:
    """0 (silent) to 7 (more than three onsets a quarter)."""
    return bisect_left(PART_DENSITY_EDGES, onsets_per_quarter)


def register_class(mean_pitch: float) -> int:
    """0 to 7 from the lowest octave to the highest."""
    return min(REGISTER_CLASSES - 1, max(0, int((mean_pitch - 24) / 10.5)))
