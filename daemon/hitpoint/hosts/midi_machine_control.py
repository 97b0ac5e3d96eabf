"""MIDI machine control's bytes as plain events: play, stop, and where to go.

Source: MIDI 1.0, MIDI Machine Control (RP013): F0 7F device 06 command … F7. Devices are all taken to be us.
"""

from enum import Enum

from hitpoint.hosts import actions
from hitpoint.hosts.midi_timecode import FullFrame, TimecodeStart, full_frame
from hitpoint.timeline.timeline import Timeline


class MachineSignal(Enum):
    """What has no more to say than that it is."""

    PLAY = "play"
    STOP = "stop"


MachineMessage = MachineSignal | FullFrame
"""A full frame is where to go."""

_SIGNALS = {1: MachineSignal.STOP, 2: MachineSignal.PLAY, 3: MachineSignal.PLAY, 9: MachineSignal.STOP}
"""By command: stop, play, deferred play (once it is there, and we are at once), pause."""
_LOCATE = [0x44, 0x06, 0x01]
_HEAD_LENGTH = 4
"""F0 7F device 06."""


def read_machine_control(data: bytes) -> MachineMessage | None:
    """What a whole message means; None when it is something else. The device and what is finer than a frame are
    passed over."""
    if len(data) <= _HEAD_LENGTH + 1 or data[:2] != b"\xf0\x7f" or data[3] != 6 or data[-1] != 0xF7:
        return None
    command = list(data[_HEAD_LENGTH:-1])
    if len(command) == 1:
        return _SIGNALS.get(command[0])
    if command[:3] == _LOCATE and len(command) == 8:
        return full_frame([0x7F, 0x7F, 1, 1, *command[3:7]])
    return None


def as_asked(message: MachineMessage, timeline: Timeline, start: TimecodeStart) -> actions.TransportAsked:
    """The same as a person would ask it of the built-in host. What lies before the project's start is its start."""
    match message:
        case MachineSignal.PLAY:
            return actions.Play()
        case MachineSignal.STOP:
            return actions.Stop()
    seconds = max(0.0, start.seconds(message.quarters, message.labels))
    tick = timeline.tempo_map.tick_at(seconds)
    bar = timeline.meter_map.bar_at(tick)
    return actions.Locate(bar.index + 1 + (tick - bar.start) / bar.ticks)
