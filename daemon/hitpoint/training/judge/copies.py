"""Copies of parts of lines: drawn, weighed, moved to other keys and tempi, planted into other music."""

import numpy as np

from hitpoint.originality.grams import GRAM, SURE, steps_of
from hitpoint.originality.index import Index
from hitpoint.originality.lines import Line


def drawn(line: Line, notes: int, random: np.random.Generator) -> Line:
    """So many notes running of a line that has as many."""
    first = int(random.integers(len(line.pitches) - notes + 1))
    return Line(line.onsets[first : first + notes], line.pitches[first : first + notes])


def most_bits(index: Index, line: Line) -> tuple[float, float]:
    """What those 9 and those 13 notes carry that carry most."""
    steps, found = steps_of(line), []
    for width in (GRAM, SURE):
        if len(steps.intervals) < width:
            found.append(0.0)
            continue
        windows = [np.lib.stride_tricks.sliding_window_view(one, width) for one in (steps.intervals, steps.ratios)]
        found.append(float(index.information.bits(*windows).max()))
    return found[0], found[1]


def moved(line: Line, up: int, slower: float) -> Line:
    """The line in another key and tempo, from tick 0. up: semitones."""
    return Line(np.rint((line.onsets - line.onsets[0]) * slower).astype(np.int64), line.pitches + up)


def planted(into: Line, copy: Line, at: int) -> Line:
    """`into` with `copy` before its note `at`, which is not its first; what follows moves."""
    step = into.onsets[at] - into.onsets[at - 1]
    copied = copy.onsets + into.onsets[at]
    after = into.onsets[at:] - into.onsets[at] + copied[-1] + step
    return Line(
        np.concatenate([into.onsets[:at], copied, after]),
        np.concatenate([into.pitches[:at], copy.pitches, into.pitches[at:]]),
    )
