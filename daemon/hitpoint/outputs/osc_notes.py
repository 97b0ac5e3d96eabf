"""Notes over OSC, for hosts and synthesizers that take no MIDI port. UDP, so what is lost is lost; nothing is queued.

OSC has time tags, but no DAW honours them, so a note goes when it is due. How late that was is said in the message.
"""

from collections.abc import Sequence
from enum import Enum

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import UDPClient

from hitpoint.errors import PortError
from hitpoint.score.midi_message import CONTROL_CHANGE, PROGRAM_CHANGE, PortMessage, is_note_off, is_note_on

LOOPBACK = "127.0.0.1"


class OscDialect(Enum):
    """Who listens."""

    HITPOINT = "hitpoint"
    """`/hitpoint/out/<part>/note pitch velocity channel late_ms`; velocity 0 ends it, channels count from 0.
    `/hitpoint/out/<part>/cc controller value channel late_ms`, on each channel by its first part."""
    REAPER = "reaper"
    """`/vkb_midi/<channel>/note/<pitch> velocity`, into REAPER's virtual keyboard. Source: REAPER's
    Default.ReaperOSC, VKB_MIDI_NOTE."""


class OscNotes:
    """Sends each message to one address. Raises PortError."""

    kind = "osc"

    def __init__(
        self, ports: Sequence[str], port: int, host: str = LOOPBACK, dialect: OscDialect = OscDialect.HITPOINT
    ) -> None:
        self.ports = tuple(ports)
        self._dialect = dialect
        try:
            self._client = UDPClient(host, port)
        except OSError as error:
            raise PortError(f"OSC cannot be sent to {host}:{port}: {error}. Check host and port.") from error

    def send(self, message: PortMessage, late_seconds: float) -> None:
        """Send it now. What the dialect has no word for is left out."""
        packet = _in_reaper(message) if self._dialect is OscDialect.REAPER else _in_hitpoint(message, late_seconds)
        if packet is None:
            return
        try:
            self._client.send(packet.build())
        except OSError as error:
            raise PortError(f"OSC cannot be sent: {error}. Is the listener's machine reachable?") from error

    def close(self) -> None:
        """Close the socket."""
        self._client._sock.close()


def _in_hitpoint(message: PortMessage, late_seconds: float) -> OscMessageBuilder | None:
    data = message.data
    moves = data[0] & 0xF0 == CONTROL_CHANGE
    if not moves and not is_note_on(data) and not is_note_off(data):
        return None
    packet = OscMessageBuilder(f"/hitpoint/out/{_address_word(message.part)}/{'cc' if moves else 'note'}")
    for value in (data[1], 0 if is_note_off(data) else data[2], data[0] & 15):
        packet.add_arg(value, OscMessageBuilder.ARG_TYPE_INT)
    packet.add_arg(1000.0 * late_seconds, OscMessageBuilder.ARG_TYPE_FLOAT)
    return packet


def _in_reaper(message: PortMessage) -> OscMessageBuilder | None:
    data = message.data
    status, channel = data[0] & 0xF0, data[0] & 15
    if is_note_on(data) or is_note_off(data):
        address, value = f"note/{data[1]}", data[2] if is_note_on(data) else 0
    elif status == CONTROL_CHANGE:
        address, value = f"cc/{data[1]}", data[2]
    elif status == PROGRAM_CHANGE:
        address, value = "program", data[1]
    else:
        return None
    packet = OscMessageBuilder(f"/vkb_midi/{channel}/{address}")
    packet.add_arg(value, OscMessageBuilder.ARG_TYPE_INT)
    return packet


def _address_word(part: str) -> str:
    """A part's name without what OSC addresses may not hold: "violin 1" is violin_1. Source: OSC 1.0, addresses."""
    return "".join("_" if sign in " #*,/?[]{}" else sign for sign in part) or "all"
