"""The outline as it is heard: the timeline's own, with the states that a person called laid over it.

A bar knows nothing of what is asked for after it. So the outline is made for a tick: states that begin at that tick or
later are not in it, and the bars before a change stay exactly as they were.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from hitpoint.planner.outline import EARLY_IN_BAR, Meeting, Outline, outline_of
from hitpoint.planner.passages import Passage
from hitpoint.planner.state_layout import StateLayout
from hitpoint.score.request import LandingKind
from hitpoint.score.session import Session
from hitpoint.score.state import StateSpan
from hitpoint.timeline.timeline import Timeline

_MOST_KEPT = 8


class _Kept:
    """The last few outlines; a timeline's own one is known by identity."""

    def __init__(self) -> None:
        self._kept: list[tuple[Outline, tuple[StateSpan, ...], Outline]] = []

    def outline(self, session: Session, spans: tuple[StateSpan, ...]) -> Outline:
        own = outline_of(session)
        for known, known_spans, outline in self._kept:
            if known is own and known_spans == spans:
                return outline
        made = _laid(session.timeline, own, spans, session.seed)
        self._kept = [(own, spans, made), *self._kept[: _MOST_KEPT - 1]]
        return made


_KEPT = _Kept()


def heard_outline(session: Session, tick: int) -> Outline:
    """The outline with the states that have begun before `tick`; quick when asked again. Pure."""
    spans = session.states.heard_by(tick)
    if len(spans) == 1 and spans[0].state is None:
        return outline_of(session)
    return _KEPT.outline(session, spans)


def _laid(timeline: Timeline, own: Outline, spans: Sequence[StateSpan], seed: int) -> Outline:
    passages = StateLayout(timeline, own.passages, seed).laid(spans)
    meetings = {meeting.tick: meeting for meeting in own.meetings if _still_met(meeting, passages)}
    for tick, kind in _comings_in(passages, spans):
        meeting = meetings.get(tick)
        # The last chord of a cue falls on the first of the state.
        if meeting is None or meeting.kind is LandingKind.END:
            meetings[tick] = _meeting(timeline, tick, kind, meeting is not None and meeting.loud)
    ordered = tuple(meetings[tick] for tick in sorted(meetings))
    accents = tuple(sorted((meeting for meeting in ordered if meeting.accent), key=lambda accent: accent.release))
    return Outline(own.spotting, tuple(passages), ordered, accents)


def _still_met(meeting: Meeting, passages: Sequence[Passage]) -> bool:
    """A turn that the timeline asks for is none where a state plays on through it as it was."""
    if meeting.kind is not LandingKind.TURN or meeting.loud:
        return True
    place = bisect_left(passages, meeting.tick, key=lambda passage: passage.start)
    if place == 0 or place == len(passages):
        return True
    before, after = passages[place - 1], passages[place]
    return (before.direction, before.key) != (after.direction, after.key)


def _comings_in(passages: Sequence[Passage], spans: Sequence[StateSpan]) -> Iterator[tuple[int, LandingKind]]:
    """Ticks at which a state comes in: turns, and entrances where nothing played before."""
    starts = {passage.start: passage for passage in passages}
    turns = {span.start for span in spans[1:] if not span.over}
    ends = {passage.end for passage in passages}
    for tick, passage in starts.items():
        if passage.over:
            continue
        if tick in turns and tick in ends:
            yield tick, LandingKind.TURN
        elif tick in turns or (passage.start == passage.cue_start and tick not in ends):
            yield tick, LandingKind.ENTRANCE


def _meeting(timeline: Timeline, tick: int, kind: LandingKind, loud: bool) -> Meeting:
    bar = timeline.meter_map.bar_at(tick)
    late = tick - bar.start >= EARLY_IN_BAR * bar.ticks
    # Without a name: it is no marker, and no countdown leads to it.
    return Meeting(tick, kind, "", loud, bar.index, bar.index + int(late))
