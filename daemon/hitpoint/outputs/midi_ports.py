"""Virtual MIDI ports by python-rtmidi: ALSA and JACK on Linux, CoreMIDI on macOS; on Windows ports that exist.

None of these drivers can be handed a message for later, so what is sent goes now. Over JACK, RtMidi puts everything at
the start of the next cycle, up to a period late: the `jack` output is the better one there.
"""

import sys
from collections.abc import Sequence
from typing import Any

import rtmidi

from hitpoint.errors import PortError
from hitpoint.score.midi_message import PortMessage
from hitpoint.score.midi_port import bare_name

_LINUX_ADVICE = (
    "Load ALSA's sequencer (`modprobe snd-seq`), or start JACK or PipeWire's JACK, or choose another `output`."
)
_WINDOWS_ADVICE = (
    "Windows has no virtual ports of its own. Make a loopback port of that very name with loopMIDI "
    "(tobias-erichsen.de), or a loopback endpoint with Windows MIDI Services, and start Hitpoint again. Use it in "
    "one direction only, or the DAW hears itself."
)


class RtmidiOutput:
    """One driver port for each name. Raises PortError when one cannot be had.

    client: what ALSA and JACK call us; JACK adds a number for every port but the first, as RtMidi makes a client of
    each. api: one of rtmidi.API_…; None tries what the system has, best first.
    """

    kind = "rtmidi"

    def __init__(self, ports: Sequence[str], client: str, api: int | None = None) -> None:
        self.ports = tuple(ports)
        self._api, first = _first_that_opens(api, client)
        self._outs = [first]
        try:
            self._outs += [_client(self._api, client) for _ in ports[1:]]
            taken = set() if sys.platform == "win32" else _taken(first)
            for out, name in zip(self._outs, ports, strict=False):
                _open(out, name, taken)
        except PortError:
            self.close()
            raise

    def send(self, message: PortMessage, late_seconds: float) -> None:  # noqa: ARG002
        """Hand it to the driver now."""
        try:
            self._outs[message.port].send_message(message.data)
        except (rtmidi.RtMidiError, ValueError) as error:
            raise PortError(
                f"port {self.ports[message.port]!r} takes no message: {error}. Restart Hitpoint."
            ) from error

    def close(self) -> None:
        """Close the ports."""
        for out in self._outs:
            out.close_port()
            out.delete()
        self._outs.clear()


def listed_ports() -> tuple[str, ...]:
    """What the system's driver lists to write to. Raises PortError when none runs."""
    _, client = _first_that_opens(None, "Hitpoint check")
    try:
        return tuple(client.get_ports())
    finally:
        client.delete()


def _first_that_opens(api: int | None, client: str) -> tuple[int, Any]:
    """The driver to use, with one client of it: asking is the only way to know whether it runs."""
    causes = []
    for candidate in (api,) if api is not None else _apis():
        try:
            return candidate, _client(candidate, client)
        except PortError as error:
            causes.append(str(error))
    advice = _LINUX_ADVICE if sys.platform.startswith("linux") else "Is the MIDI service running?"
    raise PortError(f"no MIDI driver can be reached ({'; '.join(causes) or 'none is built in'}). {advice}")


def _apis() -> tuple[int, ...]:
    # RtMidi takes the first that is built in, not the first that works: on Linux both are asked for by name.
    compiled = set(rtmidi.get_compiled_api())
    wanted = (rtmidi.API_LINUX_ALSA, rtmidi.API_UNIX_JACK, rtmidi.API_MACOSX_CORE, rtmidi.API_WINDOWS_MM)
    return tuple(api for api in wanted if api in compiled)


def _client(api: int, name: str) -> Any:
    try:
        return rtmidi.MidiOut(rtapi=api, name=name)
    except (rtmidi.RtMidiError, RuntimeError) as error:
        raise PortError(f"{rtmidi.get_api_display_name(api)}: {error}") from error


def _open(out: Any, name: str, taken: set[str]) -> None:
    if sys.platform == "win32":
        _open_existing(out, name)
        return
    if name in taken:
        raise PortError(f"port {name!r} exists already. Stop the other Hitpoint, or give this one other port names.")
    try:
        out.open_virtual_port(name)
    except (rtmidi.RtMidiError, NotImplementedError) as error:
        raise PortError(f"port {name!r} cannot be made: {error}. Stop what holds it, or restart the driver.") from error


def _open_existing(out: Any, name: str) -> None:
    # WinMM adds a number to every name.
    found = [index for index, port in enumerate(out.get_ports()) if port == name or port.rpartition(" ")[0] == name]
    if not found:
        raise PortError(f"no MIDI port is called {name!r}. {_WINDOWS_ADVICE}")
    try:
        out.open_port(found[0])
    except rtmidi.RtMidiError as error:
        raise PortError(f"port {name!r} is in use: {error}. Close it in the program that has it.") from error


def _taken(out: Any) -> set[str]:
    """Names of what can be read from now: our virtual outputs are others' inputs."""
    listener = rtmidi.MidiIn(rtapi=out.get_current_api(), name="Hitpoint check")
    try:
        return {bare_name(port) for port in listener.get_ports()}
    finally:
        listener.delete()
