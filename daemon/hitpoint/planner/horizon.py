"""How far ahead to write and to commit. Pure: a position in, bars out.

Both hold while the transport stands too, from the playhead on, so that Play finds its bars ready. In a loop they run
round its turn: to its end, then from its start, each bar once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hitpoint.planner.sync import LEAD_SECONDS
from hitpoint.score.session import Session
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.meter import Bar


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far ahead the music is written, and how far ahead it is given to play."""

    compose_seconds: float = 16.0
    """Write this far ahead of the position. Farther would be thrown away by the next change."""
    compose_bars: int = 6
    """… and at least these whole bars, also where bars are long."""
    commit_seconds: float = 2.0
    """Give to play what begins within this time. Play holds at least 0.25 s of events."""
    commit_bars: int = 2
    """… and at least these bars, the one at the position included."""
    closing_seconds: float = 0.1
    """A bar closes this long before it begins: an answer of the model that comes later is not given to play any more.
    It has to go through a pipe, and must be there whole before the bar's first note goes out."""
    most_bars: int = 64
    """Never more than this, also where bars are very short."""


def bars_to_compose(session: Session, tick: float, horizon: Horizon) -> Sequence[int]:
    """Indices of the bars that should be written when the transport is at `tick`, most urgent first."""
    return _bars_ahead(session, tick, horizon.compose_seconds, horizon.compose_bars, horizon.most_bars)


def bars_to_commit(session: Session, tick: float, horizon: Horizon) -> Sequence[int]:
    """Indices of the bars that play should hold when the transport is at `tick`, in order."""
    return _bars_ahead(session, tick, horizon.commit_seconds, horizon.commit_bars, horizon.most_bars)


def comes_again(session: Session, bar: Bar) -> bool:
    """True for a bar that is its own next one while it sounds: the whole loop is in it, or all but what is over too
    soon for anything to be written meanwhile."""
    loop, tempo_map = session.transport.turning, session.timeline.tempo_map
    if loop is None or not (loop.start < bar.end and bar.start < loop.end):
        return False
    if loop.lies_in(bar.start, bar.end):
        return True
    seconds = tempo_map.seconds_at
    before = max(0.0, seconds(bar.start) - seconds(loop.start))
    return before + max(0.0, seconds(loop.end) - seconds(bar.end)) < LEAD_SECONDS


def deadline(session: Session, bar: int, lead_seconds: float, now: float, from_tick: int | None = None) -> float | None:
    """The second of the clock by which that bar must be written: its start, less `lead_seconds`.

    from_tick: where in the bar that has begun the notes begin that are to be written; None for the whole bar.
    In a loop that is its next start, but for the bar that the transport is in, which has begun; where the loop is all
    in one bar, the next turn. None while the transport stands: there is no hurry.
    """
    transport, tempo_map = session.transport, session.timeline.tempo_map
    if not transport.rolling:
        return None
    if from_tick is not None:
        return transport.clock_at(from_tick, tempo_map, now) - lead_seconds
    whole, loop = session.timeline.meter_map.bar(bar), transport.turning
    start = whole.start
    if loop is not None and (here := transport.tick_at(now, tempo_map)) >= start:
        if here < whole.end and not comes_again(session, whole):
            return now - lead_seconds
        start = max(start, loop.start)
    return transport.clock_at(start, tempo_map, now) - lead_seconds


def _bars_ahead(session: Session, tick: float, seconds: float, bars: int, most: int) -> Sequence[int]:
    tempo_map, meter_map = session.timeline.tempo_map, session.timeline.meter_map
    here, loop = max(0.0, tick), session.transport.turning
    # The nearest tick: the clock's fractions may fall a hair before a bar line, or the turn.
    nearest = round(here)
    if loop is not None:
        nearest = loop.start if nearest == loop.end else nearest
        return _bars_round(session, loop, nearest, seconds, bars)[:most]
    first = meter_map.bar_at(nearest).index
    far = tempo_map.fractional_tick_at(tempo_map.seconds_at(here) + seconds)
    count = max(bars, meter_map.bar_at(int(far)).index - first + 1)
    return range(first, first + min(count, most))


def _bars_round(session: Session, loop: Loop, tick: int, seconds: float, bars: int) -> Sequence[int]:
    tempo_map, meter_map = session.timeline.tempo_map, session.timeline.meter_map
    first, begins = meter_map.bar_at(tick).index, meter_map.bar_at(loop.start).index
    before = range(first, meter_map.bar_at(loop.end - 1).index + 1)
    after = range(begins, first)
    left = seconds - (tempo_map.seconds_at(loop.end) - tempo_map.seconds_at(tick))
    if left < 0.0:
        far = tempo_map.fractional_tick_at(tempo_map.seconds_at(tick) + seconds)
        count = meter_map.bar_at(int(far)).index - first + 1
    else:
        far = tempo_map.fractional_tick_at(tempo_map.seconds_at(loop.start) + left)
        count = len(before) + meter_map.bar_at(int(far)).index - begins + 1
    return (*before, *after)[: max(bars, count)]
