"""A moment of a Link session as a line in the port's seconds, against our bars: shared by who follows and who leads."""

from math import floor

from hitpoint.inputs.link_session import LinkMoment
from hitpoint.scheduler.clock import ClockFit
from hitpoint.scheduler.clock_line import LONGEST_PERIOD, SHORTEST_PERIOD, ClockLine
from hitpoint.timeline.meter import Bar, MeterMap
from hitpoint.timeline.units import CLOCK_PULSES_PER_QUARTER, TICKS_PER_QUARTER

LOOK_SECONDS = 0.01
"""How often the session is looked at, at most: 3 to 15 µs each (measured). Our choice."""
AHEAD_SECONDS = 0.1
"""So long before it comes a start or jump is made: longer than play sleeps, and time for control to send notes."""
_HAIR = 1e-6


def line_of(moment: LinkMoment, fit: ClockFit, origin: float = 0.0) -> ClockLine:
    """The session's motion in pulses. fit: the port's clock. origin: our quarters at its beat 0."""
    at = fit.there_at(moment.at)
    period = (fit.there_at(moment.at + 60.0 / moment.bpm) - at) / CLOCK_PULSES_PER_QUARTER
    index = (moment.beat + origin) * CLOCK_PULSES_PER_QUARTER
    return ClockLine(index, at, min(LONGEST_PERIOD, max(SHORTEST_PERIOD, period)), 0)


def quarters_at(line: ClockLine, at: float) -> float:
    """Where the line is at a second of the port's clock."""
    return line.index_at(at) / CLOCK_PULSES_PER_QUARTER


def bar_of(meters: MeterMap, tick: float) -> Bar:
    """The bar of a place; hosts stand between ticks."""
    return meters.bar_at(max(0, floor(tick + 0.5)))


def quantum_of(bar: Bar) -> float:
    """Quarters of a whole bar of that metre: what is to have the same phase for all."""
    return bar.meter.bar_ticks / TICKS_PER_QUARTER


def phase_of(bar: Bar, tick: float) -> float:
    """Quarters since the bar line."""
    return (tick - bar.start) / TICKS_PER_QUARTER


def nearest(off: float, length: float) -> float:
    """The same modulo `length`, between minus and plus half of it."""
    return off - length * floor(off / length + 0.5)


def meets_phase_at(line: ClockLine, phase: float, quantum: float, after: float) -> float:
    """The first second from `after` on at which the line has that phase modulo the quantum."""
    ahead = (phase - quarters_at(line, after)) % quantum
    return after if ahead > quantum - _HAIR else after + ahead * CLOCK_PULSES_PER_QUARTER * line.period
