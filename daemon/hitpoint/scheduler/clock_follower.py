"""Follows a MIDI clock: where the master is at any second, from stamped pulses and start, continue, stop and place.

Pure: no I/O, no threads, no look at a clock. Stamps may be a few milliseconds off, pulses may be lost or doubled or
stop arriving, tempo may step or slide. What is told never runs back while it rolls. Source: MIDI 1.0, System Real-Time
and Song Position Pointer: the first pulse after a start or continue is at that place.
"""

from enum import Enum
from math import ceil

from hitpoint.scheduler.clock_line import ClockLine
from hitpoint.scheduler.clock_motion import Motion
from hitpoint.scheduler.clock_pulses import PulseTracker
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.units import CLOCK_PULSES_PER_QUARTER, TICKS_PER_QUARTER

LOCKED_PULSES = 12
"""A line through half a quarter: at 1 ms jitter the phase is sure to half of that (sd)."""
SAME_PLACE_QUARTERS = 0.25
"""A song position this near to where a rolling master is says where it is: it counts sixteenths, and may be late."""
_TICKS_PER_PULSE = TICKS_PER_QUARTER // CLOCK_PULSES_PER_QUARTER

ClockEvents = tuple[Started | Stopped | Located, ...]


class ClockState(Enum):
    """How well the master is followed."""

    STOPPED = "stopped"
    """It stands; pulses, if any, tell its tempo only."""
    UNLOCKED = "unlocked"
    """It has started, but no tempo was heard yet."""
    LOCKING = "locking"
    """Too few pulses agree yet: just started, or in a new tempo."""
    LOCKED = "locked"
    FREEWHEELING = "freewheeling"
    """No pulses arrive; it goes on at the last tempo."""


class ClockFollower:
    """One thread uses it. Every call is told its second of one clock; answers are for seconds not before the last call.

    Calls that tell something return what it means to the transport.
    """

    def __init__(self, bpm: float = 120.0) -> None:
        """bpm: quarters a minute, until one is heard."""
        self._tracker = PulseTracker(60.0 / bpm / CLOCK_PULSES_PER_QUARTER)
        self._running = False
        self._motion: Motion | None = None
        self._place = 0
        self._asked = float("-inf")
        self._told = 0.0

    @property
    def bpm(self) -> float:
        """Quarters a minute, heard or assumed."""
        return 60.0 / self._tracker.line.period / CLOCK_PULSES_PER_QUARTER

    @property
    def steady_bpm(self) -> float | None:
        """The same once enough pulses agree on it, so that something can be planned by it; None before."""
        return self.bpm if self._tracker.line.pulses >= LOCKED_PULSES else None

    @property
    def line(self) -> ClockLine:
        """The master's motion by all that is known, in pulses; what sounds goes towards it. It changes with a pulse."""
        return self._tracker.line

    @property
    def rolling(self) -> bool:
        """True from the first pulse after a start or continue until a stop."""
        return self._motion is not None

    @property
    def jitter_ms(self) -> float:
        """Standard deviation of the stamps, as estimated."""
        return 1000.0 * self._tracker.jitter

    def assume(self, bpm: float) -> None:
        """Quarters a minute until one is heard: what the timeline says."""
        self._tracker.assume(60.0 / bpm / CLOCK_PULSES_PER_QUARTER)

    def state_at(self, at: float) -> ClockState:
        """How well the master is followed at second `at`."""
        if not self._running:
            return ClockState.STOPPED
        if not self._tracker.measured:
            return ClockState.UNLOCKED
        if self.rolling and self._tracker.silent(at):
            return ClockState.FREEWHEELING
        return ClockState.LOCKED if self._tracker.line.pulses >= LOCKED_PULSES else ClockState.LOCKING

    def position_at(self, at: float) -> float:
        """Quarters from the song's start at second `at`: what is to sound then. While rolling it never runs back.

        To look ahead use `seconds_at`: what was told here for a second binds until then.
        """
        if self._motion is None:
            return self._place / CLOCK_PULSES_PER_QUARTER
        pulses = max(0.0, self._motion.index_at(at))
        if at >= self._asked:
            # A hair's difference where two motions meet would be a step back, too.
            self._asked, self._told = at, max(self._told, pulses)
            pulses = self._told
        return pulses / CLOCK_PULSES_PER_QUARTER

    def seconds_at(self, quarters: float) -> float | None:
        """The second at which the master will be there, as it now seems; None while it stands."""
        return None if self._motion is None else self._motion.seconds_at(quarters * CLOCK_PULSES_PER_QUARTER)

    def pulse(self, at: float) -> ClockEvents:
        """A clock pulse (F8)."""
        self._tracker.hear(at)
        if not self._running:
            return ()
        if self._motion is None:
            self._roll(Motion.along(self._tracker.line))
            return (Started(at),)
        if self._motion.line is not self._tracker.line:
            self._motion = self._motion.steered(self._tracker.line, max(at, self._asked))
        return ()

    def start(self, at: float) -> ClockEvents:
        """Start (FA): the next pulse is the downbeat at 0."""
        told = self._stand_at(0, at)
        self._wait()
        return told

    def resume(self, at: float) -> ClockEvents:  # noqa: ARG002 - all events are stamped alike
        """Continue (FB): the next pulse is at the song position. Nothing new to a master that rolls."""
        if not self._running:
            self._wait()
        return ()

    def go_on(self, quarters: float, at: float) -> None:
        """The master has been rolling before it was heard, and is there at second `at`."""
        self._running = True
        self._tracker.go_on(quarters * CLOCK_PULSES_PER_QUARTER, at)
        self._roll(Motion.along(self._tracker.line))

    def stop(self, at: float) -> ClockEvents:
        """Stop (FC): it stands at the pulse that would have been next."""
        if not self._running:
            return ()
        place = self._place
        if self._motion is not None:
            place = self._tracker.next_index
            if self._tracker.silent(at):
                place = max(place, ceil(self._motion.index_at(at)))
        told = self._stand_at(place, at)
        self._running = False
        return told

    def song_position(self, quarters: float, at: float) -> ClockEvents:
        """Song position (F2), in quarters: the next pulse is there, whether after a continue or while it rolls."""
        place = max(0, round(quarters * CLOCK_PULSES_PER_QUARTER))
        if self._motion is None:
            told = self._stand_at(place, at)
            if self._running:
                self._wait()
            return told
        if abs(self._motion.index_at(at) / CLOCK_PULSES_PER_QUARTER - quarters) <= SAME_PLACE_QUARTERS:
            return ()
        self._tracker.move(place - self._tracker.next_index)
        self._roll(Motion.along(self._tracker.line))
        return (Located(max(0, round(self._tracker.line.index_at(at) * _TICKS_PER_PULSE)), at),)

    def _stand_at(self, place: int, at: float) -> ClockEvents:
        """No longer rolling, and at this pulse."""
        rolled, moved = self._motion is not None, place != self._place
        self._motion = None
        self._place = place
        if rolled:
            return (Stopped(place * _TICKS_PER_PULSE, at),)
        return (Located(place * _TICKS_PER_PULSE, at),) if moved else ()

    def _wait(self) -> None:
        """For the pulse that is at the song's position."""
        self._running = True
        self._tracker.restart(self._place)

    def _roll(self, motion: Motion) -> None:
        self._motion = motion
        self._asked, self._told = float("-inf"), 0.0
