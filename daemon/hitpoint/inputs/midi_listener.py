"""Ears for MIDI by python-rtmidi: a virtual input of our own, and ports that exist.

Drivers call on a thread of theirs, which must not do anything but hand over; `take` gets what came, from any thread.
"""

import sys
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any

import rtmidi

from hitpoint.errors import PortError
from hitpoint.inputs.driver_clock import DriverClock
from hitpoint.score.midi_message import HeardMessage
from hitpoint.score.midi_port import InputsWanted, find_port

MOST_AT_ONCE = 16
"""Messages handed on in one go: each may take 0.15 ms, and a note may be due in 3 ms."""
MOST_WAITING = 4096
"""Then the oldest go: whoever sends so much is no master and no controller."""


class MidiListener:
    """Open until closed. Raises PortError when no port of `wanted` can be had; `missing` are those that were not there.

    client: what ALSA and JACK call us. woken: called, on the driver's thread, when something has come.
    """

    def __init__(self, wanted: InputsWanted, client: str, woken: Callable[[], None]) -> None:
        self._heard: deque[tuple[str, bytes, float, float]] = deque(maxlen=MOST_WAITING)
        self._woken = woken
        self._clocks: dict[str, DriverClock] = {}
        self._ins: list[Any] = []
        self.missing: tuple[str, ...] = ()
        api = _api_that_opens(client)
        names = ((wanted.port,) if wanted.port else ()) + wanted.sources
        for name in dict.fromkeys(names):
            midi_in = rtmidi.MidiIn(rtapi=api, name=client)
            if _opened(midi_in, name, virtual=name == wanted.port and sys.platform != "win32"):
                self._listen(midi_in, name)
            else:
                midi_in.delete()
                self.missing += (name,)
        if not self._ins:
            raise PortError(f"no MIDI input is called {' or '.join(map(repr, self.missing))}. See `hitpoint doctor`.")

    @property
    def ports(self) -> tuple[str, ...]:
        """Names of what is listened to."""
        return tuple(self._clocks)

    def take(self) -> list[HeardMessage]:
        """What has come, in the order of its stamps, in seconds of CLOCK_MONOTONIC; a few messages at a time."""
        taken: list[HeardMessage] = []
        while self._heard and len(taken) < MOST_AT_ONCE:
            port, data, delta, arrived = self._heard.popleft()
            taken.append(HeardMessage(self._clocks[port].stamp(delta, arrived), port, data))
        if self._heard:
            self._woken()
        taken.sort(key=lambda message: message.at)
        return taken

    def close(self) -> None:
        """Listen no more."""
        for midi_in in self._ins:
            midi_in.cancel_callback()
            midi_in.close_port()
            midi_in.delete()
        self._ins.clear()

    def _listen(self, midi_in: Any, name: str) -> None:
        self._clocks[name] = DriverClock()
        self._ins.append(midi_in)
        # RtMidi leaves clock and sysex out unless it is told not to.
        midi_in.ignore_types(sysex=False, timing=False, active_sense=True)
        heard, woken = self._heard, self._woken

        def callback(event: tuple[list[int], float], _: object) -> None:
            message, delta = event
            heard.append((name, bytes(message), delta, monotonic()))
            woken()

        midi_in.set_callback(callback)


def _api_that_opens(client: str) -> int:
    # RtMidi takes the first that is built in, not the first that works: on Linux both are tried.
    compiled = set(rtmidi.get_compiled_api())
    wanted = (rtmidi.API_LINUX_ALSA, rtmidi.API_UNIX_JACK, rtmidi.API_MACOSX_CORE, rtmidi.API_WINDOWS_MM)
    causes = []
    for api in (api for api in wanted if api in compiled):
        try:
            rtmidi.MidiIn(rtapi=api, name=client).delete()
            return int(api)
        # RtMidi's own error, or a SystemError about it, by version.
        except (rtmidi.RtMidiError, RuntimeError, SystemError) as error:
            causes.append(f"{rtmidi.get_api_display_name(api)}: {error}")
    raise PortError(
        f"no MIDI input can be opened ({'; '.join(causes) or 'no driver is built in'}), so neither clock nor "
        "controllers are heard. See `hitpoint doctor`."
    )


def _opened(midi_in: Any, name: str, virtual: bool) -> bool:
    try:
        if virtual:
            midi_in.open_virtual_port(name)
            return True
        found = find_port(midi_in.get_ports(), name)
        if found is not None:
            midi_in.open_port(found, name=name)
        return found is not None
    except (rtmidi.RtMidiError, NotImplementedError, RuntimeError, SystemError):
        return False
