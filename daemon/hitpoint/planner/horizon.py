"""How far ahead to write and to commit. Pure: a position in, bars out.

Both hold while the transport stands too, from the playhead on, so that Play finds its bars ready.
"""

from dataclasses import dataclass

from hitpoint.score.session import Session


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


def bars_to_compose(session: Session, tick: float, horizon: Horizon) -> range:
    """Indices of the bars that should be written when the transport is at `tick`, most urgent first."""
    return _bars_ahead(session, tick, horizon.compose_seconds, horizon.compose_bars, horizon.most_bars)


def bars_to_commit(session: Session, tick: float, horizon: Horizon) -> range:
    """Indices of the bars that play should hold when the transport is at `tick`, in order."""
    return _bars_ahead(session, tick, horizon.commit_seconds, horizon.commit_bars, horizon.most_bars)


def deadline(session: Session, start: int, lead_seconds: float) -> float | None:
    """The second of the clock by which notes from tick `start` on must be written: when it comes, less `lead_seconds`.

    None while the transport stands: there is no hurry.
    """
    if not session.transport.rolling:
        return None
    return session.transport.clock_at(start, session.timeline.tempo_map) - lead_seconds


def _bars_ahead(session: Session, tick: float, seconds: float, bars: int, most: int) -> range:
    tempo_map, meter_map = session.timeline.tempo_map, session.timeline.meter_map
    here = max(0.0, tick)
    # The nearest tick: the clock's fractions may fall a hair before a bar line.
    first = meter_map.bar_at(round(here)).index
    far = tempo_map.fractional_tick_at(tempo_map.seconds_at(here) + seconds)
    count = max(bars, meter_map.bar_at(int(far)).index - first + 1)
    return range(first, first + min(count, most))
