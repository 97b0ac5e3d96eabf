"""How a gap between two hits can be barred: whole bars of the cue's metre, and few odd ones.

Lengths are counted in eighth notes, the shortest beat there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hitpoint.timeline.meter import Meter

ODD_BAR = 1.0
"""What a bar of another metre costs: it changes the metre there and back. The unit of all costs."""
OTHER_BEAT = 0.5
"""What it costs more when its beat is another note."""
SHORT_BAR = 0.3
"""What a bar shorter than four eighths costs more."""
_LONGEST_ODD = 14
"""Eighths: 7/4."""
_MOST_EIGHTHS = 7
"""Beats in a bar."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A metre as the search sees it."""

    meter: Meter
    length: int
    """Eighths in a bar."""
    beat: int
    """Eighths in a beat."""

    @classmethod
    def of(cls, meter: Meter) -> "Shape | None":
        """None for a metre whose beats are no whole eighths."""
        beat = 8 // meter.denominator
        return cls(meter, meter.numerator * beat, beat) if beat and meter.numerator * beat > 1 else None


FOUR_FOUR = Shape(Meter(4, 4), 8, 2)


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a hit to the next."""

    reshaped: Shape | None
    """What the bar around the first hit becomes; None where it stays."""
    bars: tuple[Shape, ...]
    """The bars that begin after the first hit (or on it), all but the last ended by the second hit."""
    phase: int
    """Eighths of the last of them before the second hit; 0 when the hit is on the bar line after it."""
    cost: float
    """Of odd bars alone."""


def odd_shape(length: int, base: Shape, beat: int | None = None) -> Shape | None:
    """A bar of that many eighths, of 2 to 7 beats, with beats of `beat` eighths where that is asked."""
    quarters = length % 2 == 0 and 4 <= length <= _LONGEST_ODD
    eighths = 2 <= length <= _MOST_EIGHTHS
    if quarters and beat != 1 and not (base.beat == 1 and eighths):
        return Shape(Meter(length // 2, 4), length, 2)
    if eighths and beat != 2:
        return Shape(Meter(length, 8), length, 1)
    return None


def odd_cost(shape: Shape, base: Shape) -> float:
    """What one bar of `shape` costs among bars of `base`."""
    if shape == base:
        return 0.0
    return ODD_BAR + OTHER_BEAT * (shape.beat != base.beat) + SHORT_BAR * (shape.length < 4)


@lru_cache(maxsize=100_000)
def ways(base: Shape, open_bar: Shape, phase: int, gap: int) -> tuple[Way, ...]:
    """Every way worth trying over `gap` eighths from a hit that is `phase` eighths into `open_bar` (0: on a line)."""
    if phase == 0:
        return tuple(_from_line(base, gap))
    found: list[Way] = []
    rest = open_bar.length - phase
    if gap < rest:
        if (phase + gap) % open_bar.beat == 0:
            found.append(Way(None, (), phase + gap, 0.0))
    elif gap == rest:
        found.append(Way(None, (), 0, 0.0))
    else:
        found.extend(_from_line(base, gap - rest))
    cut = odd_shape(phase + gap, base, 1 if open_bar.beat == 1 else None)
    if cut is not None and gap != rest and phase % cut.beat == 0:
        found.append(Way(cut, (), 0, odd_cost(cut, base) - odd_cost(open_bar, base)))
    return tuple(found)


def _from_line(base: Shape, gap: int) -> Iterator[Way]:
    whole, rest = divmod(gap, base.length)
    full = (base,) * whole
    if rest == 0:
        yield Way(None, full, 0, 0.0)
        return
    if rest % base.beat == 0:
        yield Way(None, (*full, base), rest, 0.0)
    singles = [(full, odd_shape(rest, base))]
    if whole:
        singles.append((full[1:], odd_shape(rest + base.length, base)))
    found = [Way(None, (*bars, odd), 0, odd_cost(odd, base)) for bars, odd in singles if odd is not None]
    yield from found
    if not found:
        yield from _two_odd(base, full, rest)
    if rest % base.beat and rest < _MOST_EIGHTHS:
        for length in sorted({min(rest + 2, _MOST_EIGHTHS), _MOST_EIGHTHS}):
            odd = Shape(Meter(length, 8), length, 1)
            yield Way(None, (*full, odd), rest, odd_cost(odd, base))


def _two_odd(base: Shape, full: tuple[Shape, ...], rest: int) -> Iterator[Way]:
    total = rest + (base.length if full else 0)
    for first in range(total // 2, 1, -1):
        pair = odd_shape(first, base), odd_shape(total - first, base)
        if pair[0] is not None and pair[1] is not None:
            bars = (*full[1:], pair[1], pair[0])
            yield Way(None, bars, 0, odd_cost(pair[0], base) + odd_cost(pair[1], base))
            return
