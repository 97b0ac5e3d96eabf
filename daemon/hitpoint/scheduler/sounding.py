"""What sounds, in memory that outlives the process: after a crash the note-offs are still known, and the pedals' ups.

An entry is written before its note-on goes out and wiped some time after its note-off has, so whenever the process
dies, every key that may sound is in the table: what went out last may never have arrived. One byte a key: port ×
channel × pitch, 2 KiB a port; the pedal counts as one more key.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.shared_memory import SharedMemory

from hitpoint.score.midi_message import PEDAL, let_go, pressed, released

CHANNELS, KEYS = 16, PEDAL + 1
_BYTES_PER_PORT = CHANNELS * KEYS


class SoundingTable:
    """A table of sounding keys. `name` says where another process finds it.

    ports: how many there are. name: of a table that exists; None makes a new one, which its maker must `unlink`.
    """

    def __init__(self, ports: int, name: str | None = None) -> None:
        size = max(1, ports) * _BYTES_PER_PORT
        self._memory = SharedMemory(name=name, create=name is None, size=size)
        buffer = self._memory.buf
        assert buffer is not None  # only closed memory has none
        self._keys = buffer
        self._size = size
        self._let_go: deque[tuple[float, int, int]] = deque()
        self._latest: dict[int, int] = {}
        self._count = 0
        self.name = self._memory.name

    def before(self, port: int, data: bytes) -> None:
        """A message is about to go out."""
        if (key := pressed(data)) is not None:
            self._keys[_index(port, data, key)] = 1
            self._latest.pop(_index(port, data, key), None)

    def after(self, port: int, data: bytes, at: float) -> None:
        """A message has gone out at second `at` of any one clock. Call it for each, in the order of sending."""
        if (key := pressed(data)) is not None:
            # Let go and struck again in one go: the note-off before it ended the note before.
            self._latest.pop(_index(port, data, key), None)
        elif (key := released(data)) is not None:
            index = _index(port, data, key)
            self._count += 1
            self._latest[index] = self._count
            self._let_go.append((at, index, self._count))

    def forget(self, until: float) -> None:
        """What was let go until that second has arrived: it does not sound."""
        while self._let_go and self._let_go[0][0] <= until:
            _, key, number = self._let_go.popleft()
            if self._latest.get(key) == number:
                del self._latest[key]
                self._keys[key] = 0

    def note_offs(self) -> list[tuple[int, bytes]]:
        """Port and note-off of every key that may sound, and the up of every pedal that may be down."""
        keys = enumerate(bytes(self._keys[: self._size]))
        return [_note_off_at(key) for key, sounds in keys if sounds]

    def struck(self) -> list[tuple[int, bytes]]:
        """The same of those only that this process has not let go."""
        keys = enumerate(bytes(self._keys[: self._size]))
        return [_note_off_at(key) for key, sounds in keys if sounds and key not in self._latest]

    def close(self) -> None:
        """Let the memory go; it stays for others."""
        self._keys.release()
        self._memory.close()

    def unlink(self) -> None:
        """Give the memory back to the system, when nobody needs it any more."""
        with suppress(FileNotFoundError):
            self._memory.unlink()


@contextmanager
def sounding_table(ports: int, name: str | None = None) -> Iterator[SoundingTable]:
    """A SoundingTable for as long as it is used; whoever makes one gives it back to the system, too."""
    table = SoundingTable(ports, name)
    try:
        yield table
    finally:
        table.close()
        if name is None:
            table.unlink()


def _note_off_at(key: int) -> tuple[int, bytes]:
    port, rest = divmod(key, _BYTES_PER_PORT)
    return port, let_go(*divmod(rest, KEYS))


def _index(port: int, data: bytes, key: int) -> int:
    return port * _BYTES_PER_PORT + (data[0] & 15) * KEYS + key
