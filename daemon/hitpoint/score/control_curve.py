"""A control drawn over the bars: one value, a list, a line or points, all kept as points with straight lines between.

The grammar, in which bars count from 1 and space and comma mean the same:

    0.7                 the same in every bar
    0.2,0.3,0.9         a value a bar; the last one holds
    0.2>0.9             a line from the first bar to the last; 0.2>0.9>0.4 has its turns evenly between
    1:0.2 8:0.9 16:0.4  values at bars, lines between; the first and the last hold outside
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from hitpoint.errors import ConfigError
from hitpoint.score.controls import CONTROL_RANGES

LONGEST_TEXT = 50_000
"""Characters: more than a value for each bar of the longest cue needs."""
HOW_TO = "Write 0.7, a value a bar (0.2,0.3,0.9), a line (0.2>0.9) or values at bars (1:0.2 8:0.9)."


class BarPoint(NamedTuple):
    """A value at a bar."""

    bar: float
    """Index of the bar, counted from 0; a turn of a line may lie between two."""
    value: float


@dataclass(frozen=True, slots=True)
class ControlCurve:
    """How one control goes over the bars."""

    name: str
    """One of CONTROL_RANGES."""
    points: tuple[BarPoint, ...]
    """In order of bars, at least one. Straight lines between; the first and the last value hold outside."""

    def at(self, bar: int) -> float:
        """The value in the bar of that index."""
        if bar <= self.points[0].bar:
            return self.points[0].value
        for before, after in pairwise(self.points):
            if bar < after.bar:
                return before.value + (after.value - before.value) * (bar - before.bar) / (after.bar - before.bar)
        return self.points[-1].value


def read_curve(name: str, text: str, bars: int) -> ControlCurve:
    """The curve of the control `name`, one of CONTROL_RANGES, over a cue of so many bars.

    Raises ConfigError that says what is wrong and what to write, without naming the option.
    """
    if len(text) > LONGEST_TEXT:
        raise ConfigError(f"is longer than {LONGEST_TEXT:,} characters. {HOW_TO}")
    if ">" in text:
        values = [_value(name, word) for word in text.split(">")]
        reach = (bars - 1) / (len(values) - 1)
        # In one bar there is no way to go: it has what the line begins with.
        places = [place * reach for place in range(len(values))] if reach else [0.0]
        return ControlCurve(name, tuple(map(BarPoint, places, values)))
    words = [word for word in re.split(r"\s*,\s*|\s+", text.strip()) if word]
    if not words:
        raise ConfigError(f"is empty. {HOW_TO}")
    if any(":" in word for word in words):
        return ControlCurve(name, _in_order([_point(name, word, bars) for word in words]))
    if len(words) > bars:
        raise ConfigError(f"has {len(words)} values for {bars} bars. Leave some out, or ask for more bars.")
    return ControlCurve(name, tuple(BarPoint(bar, _value(name, word)) for bar, word in enumerate(words)))


def checked_curve(curve: ControlCurve) -> ControlCurve:
    """The curve itself, where it was not read from text. Its points may lie between bars, or outside a cue.

    Raises ConfigError for points out of order, values outside their range, or no points at all.
    """
    if not curve.points or not all(isfinite(point.bar) for point in curve.points):
        raise ConfigError("has no points, or one that is nowhere")
    for point in curve.points:
        _held(curve.name, point.value, f"{point.value}")
    _in_order(curve.points)
    return curve


def curve_text(curve: ControlCurve) -> str:
    """The curve as values at bars, as `read_curve` reads it."""
    return " ".join(f"{point.bar + 1:g}:{point.value:g}" for point in curve.points)


def _point(name: str, word: str, bars: int) -> BarPoint:
    bar, colon, value = word.partition(":")
    if not colon:
        raise ConfigError(f"has {word[:40]!r} without a bar beside values at bars. {HOW_TO}")
    if not (bar.isdecimal() and bar.isascii() and 1 <= int(bar[:9]) <= bars):
        raise ConfigError(f"has a value at bar {bar[:40]!r}, and there are bars 1 to {bars}. {HOW_TO}")
    return BarPoint(int(bar) - 1, _value(name, value))


def _in_order(points: Sequence[BarPoint]) -> tuple[BarPoint, ...]:
    for before, after in pairwise(points):
        if after.bar <= before.bar:
            raise ConfigError(
                f"says bar {after.bar + 1:g} after bar {before.bar + 1:g}. Write them in order, each once."
            )
    return tuple(points)


def _value(name: str, word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        raise ConfigError(f"has {word.strip()[:40]!r} where a number is wanted. {HOW_TO}") from None
    return _held(name, value, word.strip()[:40])


def _held(name: str, value: float, shown: str) -> float:
    low, high = CONTROL_RANGES[name]
    if not (isfinite(value) and low <= value <= high):
        raise ConfigError(f"has {shown}, which is outside {low:g} to {high:g}. {HOW_TO}")
    return value
