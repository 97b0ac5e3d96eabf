"""What a bar must meet: who strikes, on which chord, how loud, and the clearance around."""

from collections.abc import Iterable, Sequence

from hitpoint.planner.keys import chord_for
from hitpoint.planner.outline import Meeting
from hitpoint.planner.passages import Passage
from hitpoint.score.dynamics import velocity_window
from hitpoint.score.request import Landing, LandingKind
from hitpoint.score.stem import Part
from hitpoint.timeline.meter import Bar
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.units import TICKS_PER_QUARTER

CLEARANCE_SECONDS = 0.080
"""Nothing but a landing strikes nearer to it than this."""
WIDEST_CLEARANCE = 2 * TICKS_PER_QUARTER
"""More ticks than CLEARANCE_SECONDS last at the fastest tempo there is."""
HIT_VELOCITY = (114, 127)
"""Louder than LOUDEST_PLAIN, so that a HIT is louder than anything around it, whatever the intensity."""
ACCENT_RING_SECONDS = 2.0
"""An accent late in its bar rings alone to the bar line, at most for this long. Our choice."""
MOST_LANDINGS = 48
"""Landings in one bar; further ones are not met. More would leave the model's grid no place between them."""

Span = tuple[int, int]


def landing(meeting: Meeting, passage: Passage | None, active: Sequence[Part], all_parts: Sequence[Part],
            intensity: float, tension: float | None) -> Landing:  # fmt: skip
    """How `meeting` is met by the passage it falls in.

    active: the parts that play around it; all_parts: those that could.
    """
    if passage is None or meeting.kind is LandingKind.STOP:
        return Landing(meeting.tick, LandingKind.STOP, meeting.name, frozenset())
    softest, loudest = velocity_window(intensity)
    return Landing(
        meeting.tick,
        meeting.kind,
        meeting.name,
        frozenset(part.name for part in (all_parts if meeting.loud else active)),
        chord_for(meeting.kind, passage.key, tension),
        HIT_VELOCITY if meeting.loud else ((softest + loudest) // 2, loudest),
    )


def clearance(tempo_map: TempoMap, tick: int) -> Span:
    """First and last tick that are too near to `tick`, a tick on the safe side."""
    return (
        tick + tempo_map.ticks_in(-CLEARANCE_SECONDS, tick) - 1,
        tick + tempo_map.ticks_in(CLEARANCE_SECONDS, tick) + 1,
    )


def quiet_spans(bar: Bar, meetings: Iterable[Meeting], tempo_map: TempoMap, gaps: Iterable[Span]) -> tuple[Span, ...]:
    """The spans of the bar in which only landings strike: clearances, rings and gaps, joined where they touch.

    meetings: those in the bar and WIDEST_CLEARANCE around it. Where two are nearer than their clearances, all between
    them is quiet, and both are met.
    """
    spans = list(gaps)
    for meeting in meetings:
        first, last = clearance(tempo_map, meeting.tick)
        if meeting.loud and meeting.bar == bar.index and meeting.release > meeting.bar:
            last = max(last, meeting.tick + tempo_map.ticks_in(ACCENT_RING_SECONDS, meeting.tick))
        spans.append((first, last))
    return tuple(_joined((max(first, bar.start), min(last, bar.end - 1)) for first, last in spans))


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined
