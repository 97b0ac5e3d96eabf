"""For which level of intensity a part's notes were written, by tick: what a live move is held against."""

from collections import deque
from typing import NamedTuple

MOST_SPANS = 128
"""More than play ever holds of one part, so that a night's music needs no more memory than a bar's."""


class _Span(NamedTuple):
    start: int
    end: int
    level: float | None


class WrittenLevels:
    """What was said last of a tick holds."""

    def __init__(self) -> None:
        self._spans: deque[_Span] = deque(maxlen=MOST_SPANS)

    def put(self, start: int, end: int, level: float | None) -> None:
        """The notes of [start, end) were written for `level`; None for notes that are to stay as they are."""
        # What is said of a span again replaces what was, so that a loop keeps its own however often one bar changes.
        within = [span for span in self._spans if start <= span.start and span.end <= end]
        for span in within:
            self._spans.remove(span)
        self._spans.append(_Span(start, end, level))

    def at(self, tick: int) -> float | None:
        """The level of a note at `tick`; None where it is to stay as it is."""
        return next((span.level for span in reversed(self._spans) if span.start <= tick < span.end), None)
