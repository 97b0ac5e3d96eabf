"""How strong each bar is: the direction's own level, the build before an accent, the release after it.

All in bars, not ticks, so that a marker moved inside its bar changes nothing but that bar and its neighbours.
"""

from dataclasses import dataclass
from itertools import accumulate

from hitpoint.score.direction import Direction, parse

PLAIN = 0.45
"""Intensity of music about which nothing is said. Our choice, as are all numbers here."""
BUILD_BARS = 4
"""Bars that lead to an accent, where there is room."""
RELEASE_BARS = 4
"""Bars after an accent until the level is back."""
BUILD_RISE = 0.55
"""Least rise over the build: a bar that is strong already steps back first, so that there is somewhere to go."""
LEAST_PEAK = 0.78
GREATEST_PEAK = 0.92
CURVE = 2.5
"""Above 1 the last bar rises most."""
RELEASE_DROP = 0.4
FALL = (0.08, 0.4, 0.7, 0.9)
"""Before a HIT out of silence: share of the level one, two, three, four bars before (the first is a level)."""
ARC_BARS = 16
"""Length of an arc in a cue without an end."""


@dataclass(frozen=True, slots=True)
class Mood:
    """What is asked at one moment; None where nothing is said."""

    valence: float | None
    arousal: float | None
    tension: float | None

    @property
    def intensity(self) -> float:
        """The level that goes with it: arousal counts most, tension a little. Our choice."""
        if self.arousal is None:
            return PLAIN
        tension = 0.3 if self.tension is None else self.tension
        return min(0.92, max(0.08, PLAIN + 0.38 * self.arousal + 0.15 * (tension - 0.3)))


def mood_at(direction: Direction, way: float) -> Mood:
    """The mood `way` (0 to 1) along the direction's arc; without an arc, always the same.

    A state that has a length holds for its share of the way; otherwise they blend into each other.
    """
    states = _states(direction)
    if direction.arc_lengths:
        ends = accumulate(direction.arc_lengths)
        passed = sum(way * sum(direction.arc_lengths) >= end for end in ends)
        return states[min(passed, len(states) - 1)]
    place = min(1.0, max(0.0, way)) * (len(states) - 1)
    index = min(int(place), len(states) - 2) if len(states) > 1 else 0
    if len(states) == 1:
        return states[0]
    return _between(states[index], states[index + 1], place - index)


def _states(direction: Direction) -> list[Mood]:
    first = Mood(direction.valence, direction.arousal, direction.tension)
    later = (parse(words) for words in direction.arc[1:])
    return [first, *(Mood(state.valence, state.arousal, state.tension) for state in later)]


def _between(first: Mood, second: Mood, way: float) -> Mood:
    def mixed(one: float | None, other: float | None) -> float | None:
        return other if one is None else one if other is None else (1 - way) * one + way * other

    return Mood(
        mixed(first.valence, second.valence),
        mixed(first.arousal, second.arousal),
        mixed(first.tension, second.tension),
    )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a bar stands among the accents."""

    to_release: int | None = None
    """Bars to the first bar of the next accent's release: 1 is the last bar before; None when none comes."""
    since_release: int | None = None
    """Bars since the last accent's release began: 0 is its first bar; None when none was."""
    room: int = BUILD_BARS + 1
    """Bars between the last accent's release (or the cue's start) and the next accent's."""
    from_silence: bool = False
    """The next accent comes out of silence."""


def build(around: Surroundings) -> float | None:
    """How far the build to the next accent has come, 0 to 1; None where there is none."""
    if around.to_release is None:
        return None
    length = min(BUILD_BARS, max(1, around.room - 1))
    if around.to_release > length:
        return None
    return 1.0 if length == 1 else float(((length - around.to_release) / (length - 1)) ** CURVE)


def level(base: float, around: Surroundings) -> float:
    """Intensity, 0 to 1, of a bar whose own level is `base`."""
    calm = _released(base, around.since_release)
    built = build(around)
    if built is None or around.to_release is None:
        return calm
    if around.from_silence:
        return FALL[0] if around.to_release == 1 else calm * FALL[around.to_release - 1]
    peak = min(GREATEST_PEAK, max(LEAST_PEAK, base + 0.35))
    bottom = min(calm, peak - BUILD_RISE)
    return bottom + (peak - bottom) * built


def _released(base: float, since: int | None) -> float:
    if since is None or since >= RELEASE_BARS:
        return base
    bottom = max(0.05, base - RELEASE_DROP)
    return bottom + (base - bottom) * since / RELEASE_BARS
