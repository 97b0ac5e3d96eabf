"""A take heard at the ports while the transport stands: its messages wait by second, apart from the scheduler's music.

The laws are the scheduler's: every note-on gets its note-off, a key is let go before it is struck again, times never
run back, and nothing of it sounds once the transport rolls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from hitpoint.score.midi_message import PEDAL, PortMessage, let_go, pressed, released

BEGIN_SECONDS = 0.05
"""From being asked to the first note: all of it must have come by then."""
LATEST_SECONDS = 0.5
"""A note that is later than this, as after a stalled computer, is left out."""


@dataclass(frozen=True, slots=True)
class AuditionMessage:
    """One message of a take."""

    seconds: float
    """From the place that it is heard from."""
    port: str
    """Name of a port."""
    data: bytes
    part: str


@dataclass(frozen=True, slots=True)
class Audition:
    """Play this now, in place of what is heard so already. While the transport rolls it is over at once."""

    number: int
    """Tells it from others."""
    messages: tuple[AuditionMessage, ...]
    """In order of time."""
    more: bool = False
    """True where what comes after is told later, in time."""


@dataclass(frozen=True, slots=True)
class AuditionMore:
    """What comes next of it; passed over once it has ended."""

    number: int
    messages: tuple[AuditionMessage, ...]
    """In order of time."""
    more: bool


@dataclass(frozen=True, slots=True)
class AuditionStop:
    """No more of it."""


@dataclass(frozen=True, slots=True)
class AuditionOver:
    """It has ended, was stopped, or gave way to the transport."""

    number: int


_Key = tuple[int, int, int]
"""Port, channel, and key or pedal."""


class Auditioning:
    """What sounds so, and what is to come. Pure. Process: play; one thread only.

    ports: names of the open ports, in the order in which they are numbered.
    """

    def __init__(self, ports: Sequence[str]) -> None:
        self._ports = {name: index for index, name in enumerate(ports)}
        self._asked: Audition | None = None
        self._messages: list[AuditionMessage] = []
        self._next = 0
        self._more = False
        self._origin = 0.0
        self._down: dict[_Key, str] = {}
        """What is struck, with its part."""
        self._over: list[AuditionOver] = []
        self._stopping = False

    def next_due(self) -> float:
        """The second of the clock before which nothing is due."""
        if self._stopping:
            return -inf
        if self._asked is None:
            return inf
        if self._next == len(self._messages):
            return inf if self._more else -inf
        return self._origin + self._messages[self._next].seconds

    def begin(self, asked: Audition, now: float) -> None:
        """Play from second `now` of the clock on."""
        self.stop()
        self._asked, self._messages, self._more = asked, list(asked.messages), asked.more
        self._next, self._origin = 0, now + BEGIN_SECONDS

    def go_on(self, more: AuditionMore) -> None:
        """Play this after what is known."""
        if self._asked is not None and self._asked.number == more.number:
            # Parts that sound earlier than they are written reach back into what was told before.
            self._messages = sorted((*self._messages[self._next :], *more.messages), key=_seconds)
            self._next, self._more = 0, more.more

    def stop(self) -> None:
        """The next window ends all of it."""
        self._stopping = bool(self._down)
        if self._asked is not None:
            self._over.append(AuditionOver(self._asked.number))
        self._asked, self._messages, self._next = None, [], 0

    def due(self, now: float, until: float, rolling: bool) -> list[PortMessage]:
        """What is to be sent before `until`, in order, none of it before `now`. rolling: whether the transport is."""
        if rolling and self._asked is not None:
            self.stop()
        messages: list[PortMessage] = []
        if self._stopping:
            self._let_all_go(now, messages)
        if self._asked is None:
            return messages
        while self._next < len(self._messages):
            message = self._messages[self._next]
            at = self._origin + message.seconds
            if at >= until:
                break
            self._next += 1
            port = self._ports.get(message.port)
            if port is not None:
                self._send(PortMessage(max(at, now), port, message.data, message.part), now - at, messages)
        if self._next == len(self._messages) and not self._more:
            self._let_all_go(messages[-1].at if messages else now, messages)
            self.stop()
        return messages

    def take_over(self) -> list[AuditionOver]:
        """Those that have ended since the last call."""
        over, self._over = self._over, []
        return over

    def _send(self, message: PortMessage, late: float, messages: list[PortMessage]) -> None:
        channel = message.data[0] & 15
        if (key := pressed(message.data)) is not None:
            if late > LATEST_SECONDS:
                return
            voice = (message.port, channel, key)
            if key != PEDAL and voice in self._down:
                messages.append(message._replace(data=let_go(channel, key)))
            self._down[voice] = message.part
        elif (key := released(message.data)) is not None and self._down.pop((message.port, channel, key), None) is None:
            return
        messages.append(message)

    def _let_all_go(self, now: float, messages: list[PortMessage]) -> None:
        messages += [
            PortMessage(now, port, let_go(channel, key), part) for (port, channel, key), part in self._down.items()
        ]
        self._down.clear()
        self._stopping = False


def _seconds(message: AuditionMessage) -> float:
    return message.seconds
