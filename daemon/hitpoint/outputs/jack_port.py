"""MIDI ports of JACK, frame-accurate: messages are placed in the cycle they belong to, at their frame.

JACK calls once a cycle, on its own real-time thread, and wants an answer within the cycle. The port's clock is JACK's
frame count divided by the sample rate, so that nothing drifts against the sound. What is written for a cycle is final;
everything later is still the scheduler's.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from threading import Event
from typing import Any

import jack

from hitpoint.errors import PortError
from hitpoint.outputs import jack_connections
from hitpoint.outputs.frame_count import FrameCount
from hitpoint.outputs.jack_inputs import JackInputs
from hitpoint.outputs.output import Cycle, HostPosition, Losses, PortPair
from hitpoint.outputs.sent_cycles import Sent, SentCycles
from hitpoint.score.midi_message import PortMessage, is_note_on
from hitpoint.score.midi_port import InputsWanted

_HALF = 0.5
"""A cycle is told from half a frame before its first, so that what is nearest to one of its frames is in it."""
_ROUND = _HALF + 1e-4
"""Exactly half way goes up, whatever the arithmetic before lost: seconds are good to a millionth of a frame."""
CLOSE_SECONDS = 0.5
"""How long the last messages get to go out."""
LAST_CYCLES = 4
"""In so many the last note-offs are said: when all ends at once some cycles are late, and nobody comes after this
process to mend what was lost."""


class JackOutput:
    """A JACK client with one MIDI port for each name. Raises PortError when there is no server or the name is taken.

    client: what JACK calls us; a port's full name is "client:port". follow: report JACK's transport with every cycle.
    inputs: told of with every cycle, before it is filled.
    """

    kind = "jack"

    def __init__(
        self, ports: Sequence[str], client: str, follow: bool = False, inputs: InputsWanted | None = None
    ) -> None:
        self.losses = Losses()
        self._follow = follow
        self._client = _open(client)
        self._rate = float(self._client.samplerate)
        self._own = _register(self._client, ports)
        self.ports = tuple(port.name for port in self._own)
        self._ears = JackInputs(self._client, inputs or InputsWanted())
        self._sent = SentCycles(self.losses)
        self._unsent: deque[Sent] = deque()
        self._count = FrameCount(self._client.frame_time)
        self._doubtful = False
        self._overran = False
        self._xruns = 0
        self._xruns_seen = 0
        self._closing = False
        self._last_cycles = 0
        self._closed = Event()
        self.gone = ""
        self._fill: Callable[[Cycle], Sequence[PortMessage]] = lambda _: ()

    @property
    def realtime(self) -> bool:
        """True when JACK's thread has real-time priority."""
        return bool(self._client.realtime)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs that are listened to."""
        return self._ears.names

    def connect_inputs(self) -> tuple[str, ...]:
        """Connect the sources that have come since the last call. Returns those that are not there."""
        return self._ears.connect()

    def start(self, fill: Callable[[Cycle], Sequence[PortMessage]]) -> None:
        """Begin to call `fill`. Thread: JACK's."""
        self._fill = fill
        self._client.set_process_callback(self._process)
        self._client.set_xrun_callback(self._count_xrun)
        self._client.set_shutdown_callback(self._server_gone)
        self._count = FrameCount(self._client.frame_time)
        self._client.activate()

    def port_seconds(self) -> float:
        """The port's clock now. Not for JACK's thread."""
        return self._count.nearest(self._client.frame_time) / self._rate

    def connections(self) -> frozenset[PortPair]:
        """Every connection of our ports. Not for JACK's thread."""
        return jack_connections.connections_of(self._client)

    def connect(self, wanted: Iterable[PortPair]) -> frozenset[PortPair]:
        """Make connections; returns those that can't be made. After `start`, and not for JACK's thread."""
        return jack_connections.connect(self._client, wanted)

    def close(self) -> None:
        """Let the cycle under way and what is still unsent go out, then leave JACK."""
        self._closing = True
        self._closed.wait(CLOSE_SECONDS)
        self._client.deactivate(ignore_errors=True)
        self._client.close(ignore_errors=True)

    # JACK's thread

    def start_transport(self) -> None:
        """Ask JACK's transport to roll: it does from one of the next cycles on."""
        self._client.transport_start()

    def stop_transport(self) -> None:
        """Ask it to stand, likewise."""
        self._client.transport_stop()

    def locate_transport(self, seconds: float) -> None:
        """Ask it to go to the frame nearest to there on the timeline, likewise."""
        self._client.transport_frame = max(0, int(seconds * self._rate + _ROUND))

    def _process(self, frames: int) -> None:
        for port in self._own:
            port.clear_buffer()
        told = self._client.last_frame_time
        rolling, host = self._transport()
        start, in_turn = self._count.begin(told, frames, host if rolling else None)
        position = HostPosition(rolling, host / self._rate, start / self._rate) if self._follow else None
        # What is mended goes first: a note that waits may strike its key.
        messages = [(start, sent) for sent in (*self._mend(), *self._unsent)]
        self._unsent.clear()
        heard = self._ears.heard(start, self._rate)
        cycle = Cycle((start - _HALF) / self._rate, (start + frames - _HALF) / self._rate, position, heard)
        for message in self._fill(cycle):
            messages.append((int(message.at * self._rate + _ROUND), (message.port, message.data)))
        self._write(messages, start, frames, hold_notes=self._overran or not in_turn)
        if self._closing and not self._unsent:
            self._last_cycles += 1
            if self._last_cycles > LAST_CYCLES:
                self._closed.set()
        # In time, the server still stands at our cycle. What it estimates in between is not to be trusted: it counts
        # anew when it goes on without us, and after a stall it is off for half a second.
        self._overran = self._client.last_frame_time != told
        self._doubtful = self._overran or not in_turn

    def _transport(self) -> tuple[bool, int]:
        if not self._follow:
            return False, 0
        state, position = self._client.transport_query_struct()
        return state == jack.ROLLING, position.frame

    def _mend(self) -> list[Sent]:
        """The note-offs to send again, after a cycle of ours in doubt or one of somebody else's."""
        if self._closing:
            return self._sent.offs_again()
        if self._doubtful:
            return self._sent.mend_last()
        xruns, self._xruns_seen = self._xruns - self._xruns_seen, self._xruns
        return self._sent.offs_again() if xruns else []

    def _write(self, messages: list[tuple[int, Sent]], start: int, frames: int, hold_notes: bool) -> None:
        """hold_notes: note-ons wait for the next cycle, as receivers may miss this one, or hear it twice."""
        written: list[Sent] = []
        waiting: set[int] = set()
        for frame, sent in messages:
            port, data = sent
            offset = min(max(frame - start, 0), frames - 1)
            held = port in waiting or (hold_notes and is_note_on(data))
            # A port holds a few dozen messages a cycle. Behind one that waits all of its port wait, to stay in order.
            if held or not self._written(port, offset, data):
                waiting.add(port)
                self._unsent.append(sent)
            else:
                written.append(sent)
        self._sent.add(written)

    def _written(self, port: int, offset: int, data: bytes) -> bool:
        try:
            self._own[port].write_midi_event(offset, data)
        except jack.JackError:
            return False
        return True

    # Other threads of JACK's

    def _count_xrun(self, delayed_microseconds: float) -> None:  # noqa: ARG002
        self._xruns += 1

    def _server_gone(self, status: Any, reason: str) -> None:  # noqa: ARG002
        self.gone = f"the JACK server has stopped or thrown us out ({reason}). Start it again, then Hitpoint."


def _open(name: str) -> Any:
    jack.set_error_function(lambda _: None)
    jack.set_info_function(lambda _: None)
    try:
        client = jack.Client(name, use_exact_name=True, no_start_server=True)
    except jack.JackOpenError as error:
        # jackd 1.9 answers a name that is taken with a server error.
        if error.status.name_not_unique or error.status.server_error:
            raise PortError(
                f"JACK takes no client called {name!r}: most likely it has one already. Stop the other Hitpoint, "
                "or give this one another name."
            ) from error
        raise PortError(
            "no JACK server answers. Start it (`jackd -R -d alsa`, or PipeWire's JACK), or choose another `output`."
        ) from error
    return client


def _register(client: Any, ports: Sequence[str]) -> list[Any]:
    try:
        return [client.midi_outports.register(name) for name in ports]
    except jack.JackError as error:
        client.close()
        raise PortError(f"JACK makes no port of one of {', '.join(ports)}: {error}. Choose other names.") from error
