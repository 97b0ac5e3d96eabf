"""Lays the states that a person called over the passages of the timeline.

A state takes the place of the direction of whatever plays: what it says holds, what it leaves unsaid and the key stay
the cue's. Markers are met as before. Where no cue plays it plays as a cue of its own.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hitpoint.planner.keys import key_for
from hitpoint.planner.passages import FOREVER, REST_SECONDS, Passage
from hitpoint.score.controls import Key
from hitpoint.score.direction import Direction, parse
from hitpoint.score.ensemble import named_by
from hitpoint.score.state import HeldState, StateSpan
from hitpoint.timeline.timeline import Timeline

BRIDGE_AROUSAL = 0.3
BRIDGE_TENSION = 0.2
"""How much a bridge rises above the mood half-way between the two states. Our choice."""


@dataclass(frozen=True)
class StateLayout:
    """The timeline, its own passages in time order, and the seed."""

    timeline: Timeline
    passages: Sequence[Passage]
    seed: int

    def laid(self, spans: Sequence[StateSpan]) -> list[Passage]:
        """The passages as they are where these states hold, in time order; they do not overlap."""
        made: list[Passage] = []
        for span, following in zip(spans, [*spans[1:], None], strict=True):
            end = FOREVER if following is None else following.start
            made += self._span(span, end, made[-1].key if made else None)
        return made

    def _span(self, span: StateSpan, end: int, key: Key | None) -> Iterator[Passage]:
        free = span.start
        for passage in self._own(span.start, end):
            # Silence inside a cue is the cue's: it rests after a STOP, or falls silent before a HIT.
            if free < passage.start == passage.cue_start:
                yield from self._alone(span, free, passage.start, passage.start, key)
            start = max(passage.start, span.start)
            yield _over(replace(passage, start=start, end=min(end, passage.end)), span)
            free, key = self._rested(passage), passage.key
        following = self._following(end)
        if free < end and (following is None or free < following.cue_start):
            yield from self._alone(span, free, end, FOREVER if following is None else following.start, key)

    def _own(self, start: int, end: int) -> list[Passage]:
        """The timeline's passages with any tick of [start, end); a last chord that falls on `start` is none."""
        return [
            passage
            for passage in self.passages
            if passage.start < end and passage.end > start and not (passage.cue_end == start == passage.end - 1)
        ]

    def _rested(self, passage: Passage) -> int:
        """Where a state may come in after a cue has ended: after a rest, at a bar line."""
        if passage.end == FOREVER:
            return FOREVER
        rested = passage.end + self.timeline.tempo_map.ticks_in(REST_SECONDS, passage.end)
        bar = self.timeline.meter_map.bar_at(rested)
        return bar.start if bar.start == rested else bar.end

    def _following(self, tick: int) -> Passage | None:
        """The timeline's first passage that starts at `tick` or later."""
        place = bisect_left(self.passages, tick, key=lambda passage: passage.start)
        return self.passages[place] if place < len(self.passages) else None

    def _alone(self, span: StateSpan, start: int, end: int, next_cue: int, key: Key | None) -> Iterator[Passage]:
        """The state as a cue of its own."""
        direction = _direction(span, None)
        if direction is None:
            return
        name = span.state.name if span.state is not None else ""
        own = key_for(direction, key, self.seed)
        passage = Passage(name, start, end, direction, own, start, next_cue, start, next_cue, over=span.over)
        yield _counted(passage, span.state)


def _over(passage: Passage, span: StateSpan) -> Passage:
    """The state over a passage of the timeline."""
    direction = _direction(span, passage.direction)
    if direction is None or direction is passage.direction:
        return passage
    # A bridge stays in the key that it comes from: the turn at its end is where the new one is heard.
    stated = parse(span.state.direction) if span.state is not None else Direction()
    key = key_for(stated, passage.key, seed=0)
    return _counted(replace(passage, direction=direction, key=key, over=span.over), span.state)


def _counted(passage: Passage, state: HeldState | None) -> Passage:
    """Where the state counts from its own start: its arc, its bars' seeds, and nothing before it as its past."""
    if state is None or not state.from_start:
        return passage
    return replace(
        passage,
        cue=f"{state.name} from {state.begun}",
        seeded=(state.name, state.begun),
        mood_from=state.begun,
        mood_until=FOREVER,
    )


def _direction(span: StateSpan, below: Direction | None) -> Direction | None:
    """What is asked in the span where `below` is the timeline's direction; None where nothing is."""
    before = _said(span.state, below)
    if not span.over:
        return before
    after = _said(span.bridge_to, below)
    return _mixed(before, after) if before is not None and after is not None else before or after


def _said(state: HeldState | None, below: Direction | None) -> Direction | None:
    return below if state is None else parse(state.direction).after(below or Direction())


def _mixed(before: Direction, after: Direction) -> Direction:
    """A bridge: the players of both, the mood half-way, and rising."""
    players = tuple(dict.fromkeys([*named_by(before), *named_by(after)]))
    arousal = _between(before.arousal, after.arousal)
    tension = _between(before.tension, after.tension)
    return replace(
        before,
        instruments=players,
        valence=_between(before.valence, after.valence),
        arousal=min(1.0, (arousal or 0.0) + BRIDGE_AROUSAL),
        tension=min(1.0, (tension or 0.0) + BRIDGE_TENSION),
        arc=(),
    )


def _between(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return other if one is None else one
    return (one + other) / 2
