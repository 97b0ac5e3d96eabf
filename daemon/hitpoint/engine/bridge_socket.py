"""The UDP socket through which a host's script and we pass objects, where the script can have one.

It has the methods of BridgeFolder, and `positions` besides. Everything stays on this machine. Jobs are kept here and
not on disk: that is for who gives them, and gives them anew; the script answers those that were done.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Protocol

from hitpoint.errors import HostError, PortError
from hitpoint.hosts.clip_job import ClipJob
from hitpoint.hosts.pieces import LARGEST_DATAGRAM, Joiner, Outbox, cut, received
from hitpoint.hosts.protocol import PIECE, POSITION, RECEIVED, read_object
from hitpoint.inputs.udp import open_udp

HITPOINT_PORT = 19791
"""We listen here. Our choice."""
SCRIPT_PORT = 19792
"""The script inside the host listens here. Our choice."""
MOST_READ = 128
"""Datagrams in one look: a script gone wild must not keep control from its work."""
MOST_SENT = 16
"""Datagrams in one look: so much fits into the smallest receive buffer of the three systems. Our choice."""
HERE_SECONDS = 1.0
"""How often the script is told that we are there."""
MOST_KEPT = 1000
"""Asks, answers or positions that wait to be taken; of more, the oldest are forgotten."""

_HOST = "127.0.0.1"


class Datagrams(Protocol):
    """What is wanted of a socket, which must not block."""

    def recvfrom(self, size: int, /) -> tuple[bytes, Any]: ...
    def sendto(self, data: bytes, address: Any, /) -> int: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ScriptPosition:
    """Where the host was."""

    quarter: float
    bpm: float
    """Quarter notes a minute."""
    rolling: bool
    host_at: float
    """Seconds of the host's own clock when it was there."""
    received_at: float
    """Seconds of our clock at the look that found it."""


class BridgeSocket:
    """Process: control, on its event loop. Never blocks. Call `look` often: what it finds is there to be taken."""

    def __init__(
        self,
        port: int = HITPOINT_PORT,
        script_port: int = SCRIPT_PORT,
        open_socket: Callable[[int], Datagrams] | None = None,
    ) -> None:
        """Listen on `port` of this machine. Raises PortError when it is taken."""
        self._socket = (open_socket or _open)(port)
        self._script = (_HOST, script_port)
        self._run = f"hitpoint-{token_hex(4)}"
        self._outbox, self._joiner = Outbox(), Joiner()
        self._jobs: dict[str, bytes] = {}
        self._saying: tuple[str, str] | None = None
        """The job that is with the script, and the name of its message."""
        self._messages = 0
        self._here_at = float("-inf")
        self._snapshot: bytes | None = None
        self._last: tuple[str, int] = ("", 0)
        """Run and serial of the last snapshot."""
        self._answers: deque[bytes] = deque(maxlen=MOST_KEPT)
        self._asks: deque[bytes] = deque(maxlen=MOST_KEPT)
        self._positions: deque[ScriptPosition] = deque(maxlen=MOST_KEPT)
        self.malformed = 0
        """Datagrams that made no sense."""

    def look(self, now: float) -> None:
        """Take in what has come, and say (again) what is to be heard. now: seconds, monotonic."""
        for _ in range(MOST_READ):
            try:
                data, sender = self._socket.recvfrom(LARGEST_DATAGRAM + 1)
            except BlockingIOError:
                break
            except OSError:
                # Windows tells here that the script's port is closed, by ConnectionResetError: no trouble of ours.
                continue
            if sender != self._script:
                continue
            try:
                self._take(data, now)
            except HostError:
                self.malformed += 1
        self._say(now)

    def snapshot(self) -> bytes | None:
        """The project, where the script has told it anew; None where it has not."""
        data, self._snapshot = self._snapshot, None
        return data

    def put(self, job: ClipJob) -> None:
        """Give the script a job, or the same again; they are done in this order. Raises HostError for one too large."""
        data = job.as_bytes()
        cut(self._run, data)  # Here, where whoever gives it can be told that it is too large.
        if self._saying is not None and self._saying[0] == job.job:
            self._start(job.job, data)
        self._jobs[job.job] = data
        self._next_job()

    @property
    def waiting(self) -> frozenset[str]:
        """Names of the jobs that are not answered yet."""
        return frozenset(self._jobs)

    def answers(self) -> Iterator[bytes]:
        """How jobs ended, each told once."""
        while self._answers:
            yield self._answers.popleft()

    def asks(self) -> Iterator[bytes]:
        """What people asked for, each told once."""
        while self._asks:
            yield self._asks.popleft()

    def positions(self) -> Iterator[ScriptPosition]:
        """Where the host was, in the order in which it was heard, each told once."""
        while self._positions:
            yield self._positions.popleft()

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()

    def _say(self, now: float) -> None:
        if now >= self._here_at:
            self._here_at = now + HERE_SECONDS
            self._send(received(self._run))
        for datagram in self._outbox.due(now, MOST_SENT):
            self._send(datagram)

    def _send(self, datagram: bytes) -> None:
        # What cannot be sent is lost, as UDP's datagrams are: it is said again.
        with suppress(OSError):
            self._socket.sendto(datagram, self._script)

    def _take(self, data: bytes, now: float) -> None:
        if len(data) > LARGEST_DATAGRAM:
            raise HostError(f"the host's script sent a datagram of more than {LARGEST_DATAGRAM} bytes.")
        shape, said = read_object(data, PIECE, RECEIVED, POSITION)
        if shape is POSITION:
            quarter, bpm, at = float(said["quarter"]), float(said["bpm"]), float(said["at"])
            self._positions.append(ScriptPosition(quarter, bpm, said["rolling"], at, now))
        elif shape is PIECE:
            self._take_piece(said)
        # RECEIVED needs nothing: a job is said until it is answered, and nothing else is said by us.

    def _take_piece(self, piece: Mapping[str, Any]) -> None:
        name = piece["message"]
        message = self._joiner.take(piece)
        if self._joiner.has(name):
            self._send(received(name))
        if message is not None:
            self._sort(name.rpartition("-")[0], message)

    def _sort(self, run: str, message: bytes) -> None:
        """Keep a message until it is taken, by what it is. It is checked by those who read it."""
        try:
            said = json.loads(message)
            kind = said["kind"]
        except (ValueError, RecursionError, TypeError, KeyError) as error:
            raise HostError("the host's script sent a message that is no object of ours.") from error
        if kind == "snapshot":
            self._keep_snapshot(run, said.get("serial"), message)
        elif kind == "answer":
            self._keep_answer(said.get("job"), message)
        elif kind == "ask":
            self._asks.append(message)
        else:
            raise HostError(f"the host's script sent kind {str(kind)[:40]!r}, not snapshot, answer or ask.")

    def _keep_snapshot(self, run: str, serial: Any, message: bytes) -> None:
        number = serial if isinstance(serial, int) else 0
        if self._last[0] == run and number < self._last[1]:
            # One that was overtaken on its way.
            return
        self._last, self._snapshot = (run, number), message

    def _keep_answer(self, job: Any, message: bytes) -> None:
        if not isinstance(job, str) or self._jobs.pop(job, None) is None:
            return
        self._answers.append(message)
        if self._saying is not None and self._saying[0] == job:
            self._outbox.drop(self._saying[1])
            self._saying = None
        self._next_job()

    def _next_job(self) -> None:
        if self._saying is None and self._jobs:
            name, data = next(iter(self._jobs.items()))
            self._start(name, data)

    def _start(self, job: str, data: bytes) -> None:
        if self._saying is not None:
            self._outbox.drop(self._saying[1])
        self._messages += 1
        message = f"{self._run}-{self._messages}"
        self._outbox.put(message, data)
        self._saying = job, message


def _open(port: int) -> Datagrams:
    try:
        return open_udp(_HOST, port)
    except OSError as error:
        raise PortError(
            f"UDP port {port}, on which Ableton Live's script is heard, cannot be opened ({error.strerror or error}). "
            "Is another Hitpoint running? Stop it."
        ) from error
