"""Leads others by MIDI clock: what they are told of where our transport is, and when.

Pure: told of a motion and a window, gives the window's messages. Those who follow know no tempo and no loop, they count
pulses from a place. So the count is all that matters here: where ours and theirs would part, by a jump, a turn or a
stall, they are stopped, told a place, and let go on from it. Source: MIDI 1.0, System Real-Time and Song Position.
"""

from collections.abc import Iterator
from math import inf

from hitpoint.scheduler.motion import Motion
from hitpoint.score.midi_message import (
    CLOCK_CONTINUE,
    CLOCK_PULSE,
    CLOCK_START,
    CLOCK_STOP,
    PortMessage,
    song_position,
)
from hitpoint.timeline.course import Course, Place
from hitpoint.timeline.units import CLOCK_PULSES_PER_QUARTER, TICKS_PER_QUARTER

PULSES_PER_SIXTEENTH = CLOCK_PULSES_PER_QUARTER // 4
"""Places that can be told are this far apart. Source: MIDI 1.0, Song Position Pointer."""
_TICKS_PER_PULSE = TICKS_PER_QUARTER // CLOCK_PULSES_PER_QUARTER
_TICKS_PER_SIXTEENTH = PULSES_PER_SIXTEENTH * _TICKS_PER_PULSE
_HAIR = 1e-9
"""Seconds of rounding: a pulse as late as that is not late."""


class ClockSource:
    """One thread uses it, in the order of time. Seconds are the course's, but for those of messages and windows, which
    are the port's clock's.

    port: number of the port that it is sent at.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._leads = False
        """They have been told to go, and not to stop since."""
        self._waits = False
        """They have been told to go, and wait for the first pulse."""
        self._anew = False
        self._ended = False
        self._next = 0
        """The pulse to come, counted from the song's start. Behind the loop's end it never comes: the turn does."""
        self._turn = 0

    def begin(self) -> None:
        """The transport starts, or jumps, or they may have lost count: they are told where it is."""
        self._anew = True

    def turned(self, turns: int) -> None:
        """Seconds are counted from so many turns later on."""
        self._turn -= turns

    def change_way(self) -> None:
        """The loop is another."""
        # They are ahead of us, in a turn that will not come, or behind, in one that is over, or they wait for a turn.
        self._anew = self._anew or self._turn != 0 or not self._leads

    def end(self) -> None:
        """The next window is the last one."""
        self._ended = True

    def next_due(self, motion: Motion) -> float:
        """The second of the clock before which nothing is due; infinite when nothing is."""
        if self._ended or not motion.transport.rolling:
            return -inf if self._leads else inf
        if self._anew:
            return -inf
        return max(self._next_seconds(motion.course), motion.start_seconds) + motion.shift

    def due(self, motion: Motion, first: float, until: float) -> list[PortMessage]:
        """What is to be sent from second `first` on, before `until`, in order. Windows follow each other."""
        return [PortMessage(at, self._port, data, "") for at, data in self._due(motion, first, until)]

    def _due(self, motion: Motion, first: float, until: float) -> Iterator[tuple[float, bytes]]:
        if self._ended or not motion.transport.rolling:
            yield from self._stop(first)
            return
        course, shift = motion.course, motion.shift
        here = max(first - shift, motion.start_seconds)
        if self._anew or self._lost(course, here):
            self._anew = False
            yield from self._go_from(course, course.place_at(here), first)
        while (seconds := max(self._next_seconds(course), here)) < until - shift:
            if self._turns(course):
                assert course.loop is not None  # only loops turn
                place = Place(self._turn + 1, course.loop.start)
                yield from self._go_from(course, place, seconds + shift)
            else:
                yield seconds + shift, CLOCK_PULSE
                self._waits = False
                self._next += 1

    def _go_from(self, course: Course, place: Place, at: float) -> Iterator[tuple[float, bytes]]:
        """On from the next sixteenth. One that lies behind the loop's end is waited for until the turn."""
        stood = not self._leads and not place.turn
        yield from self._stop(at)
        self._turn, self._next = place.turn, PULSES_PER_SIXTEENTH * _sixteenth_from(place.tick)
        if self._turns(course):
            return
        if stood and self._next == 0:
            yield at, CLOCK_START
        else:
            yield at, song_position(self._next // PULSES_PER_SIXTEENTH)
            yield at, CLOCK_CONTINUE
        self._leads = self._waits = True

    def _stop(self, at: float) -> Iterator[tuple[float, bytes]]:
        if self._leads:
            self._leads = False
            yield at, CLOCK_STOP

    def _turns(self, course: Course) -> bool:
        """True when the loop ends before the next pulse, or at it."""
        return course.loop is not None and self._next * _TICKS_PER_PULSE >= course.loop.end

    def _next_seconds(self, course: Course) -> float:
        if self._turns(course):
            return course.turn_at(self._turn + 1)
        return course.seconds_at(self._next * _TICKS_PER_PULSE, self._turn)

    def _lost(self, course: Course, here: float) -> bool:
        """True when two pulses are late, as after a stall, or we have been set back behind the last one: sent all at
        once they would be another tempo, and left out another place."""
        pulse, turn = self._next, self._turn
        if self._turns(course):
            assert course.loop is not None  # only loops turn
            pulse, turn = PULSES_PER_SIXTEENTH * _sixteenth_from(course.loop.start), turn + 1
        if course.seconds_at((pulse + 1) * _TICKS_PER_PULSE, turn) < here - _HAIR:
            return True
        # The last one was sent, so at worst we are a pulse behind it, as a follower that waits for the next would be.
        earliest = self._next - (2 if self._leads and not self._waits else PULSES_PER_SIXTEENTH + 1)
        return earliest >= 0 and course.seconds_at(earliest * _TICKS_PER_PULSE, self._turn) > here + _HAIR


def _sixteenth_from(tick: float) -> int:
    """The number of the first sixteenth at `tick` or after it. Hosts stand between ticks: the nearest is meant."""
    return -(-max(0, round(tick)) // _TICKS_PER_SIXTEENTH)
