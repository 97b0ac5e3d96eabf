"""Sorts what comes in at MIDI inputs: clock or time code, from one port only, and what is for control. Never raises.

Whatever strangers send, play must go on in time: what comes faster than clocks tick and hands move is passed over.
"""

from math import inf

from hitpoint.hosts.midi_clock import ClockMessage, MidiClockReader
from hitpoint.hosts.midi_machine_control import MachineMessage, read_machine_control
from hitpoint.hosts.midi_timecode import TimecodeMessage, TimecodeReader
from hitpoint.score.midi_message import HeardMessage

MOST_CLOCK_A_SECOND, MOST_CLOCK_AT_ONCE = 800.0, 64.0
"""At 1000 bpm there are 400 pulses a second, and a cable that was stuck hands out what it kept back."""
MOST_OTHERS_A_SECOND, MOST_OTHERS_AT_ONCE = 400.0, 40.0
"""A fader sends some 200 a second. Each costs play 0.05 ms, which dense music must not feel."""
LONGEST_MESSAGE = 256
"""Bytes; sample dumps and the like are nobody's wish here."""
CLOCK_SILENT_SECONDS = 2.0
"""After so long without a word from the port that leads another one may lead."""
TIMECODE_SILENT_SECONDS = 0.1
"""Ten quarter frames: then the count begins anew. Our choice."""
_FIRST_STATUS = 0x80
_NOT_FOR_CONTROL = frozenset((0xF1, 0xF2, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFE))
"""Time code, clock and active sensing: they come by themselves, many times a second."""


class Allowance:
    """So many a second, and a few more at once."""

    def __init__(self, a_second: float, at_once: float) -> None:
        self._a_second, self._at_once = a_second, at_once
        self._left, self._at = at_once, -inf

    def takes(self, at: float) -> bool:
        """True for one more at second `at`. A second before the last one counts as that."""
        passed = max(0.0, at - self._at)
        self._at = max(self._at, at)
        self._left = min(self._at_once, self._left + passed * self._a_second)
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class MidiEar:
    """One thread uses it."""

    def __init__(self) -> None:
        self._readers: dict[str, MidiClockReader] = {}
        self._timecodes: dict[str, TimecodeReader] = {}
        self._clock = Allowance(MOST_CLOCK_A_SECOND, MOST_CLOCK_AT_ONCE)
        self._others = Allowance(MOST_OTHERS_A_SECOND, MOST_OTHERS_AT_ONCE)
        self._leads = ""
        self._led_at = -inf
        self.passed_over = 0
        """Messages that came too fast, or were too long."""

    def clock(self, heard: HeardMessage) -> tuple[ClockMessage, ...]:
        """What it says of the clock that leads: two masters at once would tear the music between them."""
        reader = self._readers.setdefault(heard.port, MidiClockReader())
        messages = tuple(reader.read(heard.data[:LONGEST_MESSAGE]))
        if not messages or not self._leading(heard):
            return ()
        if not self._clock.takes(heard.at):
            self.passed_over += len(messages)
            return ()
        return messages

    def timecode(self, heard: HeardMessage) -> tuple[TimecodeMessage | MachineMessage, ...]:
        """What it says of the time code that leads, and what a machine is asked to do; from one master, likewise."""
        reader = self._timecodes.setdefault(heard.port, TimecodeReader())
        data = heard.data[:LONGEST_MESSAGE]
        if heard.port == self._leads and heard.at - self._led_at > TIMECODE_SILENT_SECONDS:
            reader.restart()
        machine = read_machine_control(data)
        messages = (*reader.read(data), *(() if machine is None else (machine,)))
        if not messages or not self._leading(heard):
            return ()
        if not self._clock.takes(heard.at):
            self.passed_over += len(messages)
            return ()
        return messages

    def is_for_control(self, heard: HeardMessage) -> bool:
        """True for notes, controllers and the like, as long as there are not too many."""
        data = heard.data
        if not data or data[0] < _FIRST_STATUS or data[0] in _NOT_FOR_CONTROL:
            return False
        if len(data) <= LONGEST_MESSAGE and self._others.takes(heard.at):
            return True
        self.passed_over += 1
        return False

    def _leading(self, heard: HeardMessage) -> bool:
        if heard.port != self._leads and heard.at - self._led_at <= CLOCK_SILENT_SECONDS:
            return False
        self._leads, self._led_at = heard.port, max(self._led_at, heard.at)
        return True
