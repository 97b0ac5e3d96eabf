"""What sounds, in memory that outlives the process: after a crash the note-offs are still known.

An entry is written before its note-on goes out and wiped after its note-off has, so whenever the process dies, every
key that may sound is in the table. One byte a key: port × channel × pitch, 2 KiB a port.
"""

from contextlib import suppress
from multiprocessing.shared_memory import SharedMemory

from hitpoint.score.midi_message import is_note_off, is_note_on, note_off

CHANNELS, PITCHES = 16, 128
_BYTES_PER_PORT = CHANNELS * PITCHES


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
        self.name = self._memory.name

    def before(self, port: int, data: bytes) -> None:
        """A message is about to go out."""
        if is_note_on(data):
            self._keys[port * _BYTES_PER_PORT + (data[0] & 15) * PITCHES + data[1]] = 1

    def after(self, port: int, data: bytes) -> None:
        """A message has gone out."""
        if is_note_off(data):
            self._keys[port * _BYTES_PER_PORT + (data[0] & 15) * PITCHES + data[1]] = 0

    def note_offs(self) -> list[tuple[int, bytes]]:
        """Port and note-off of every key that may sound."""
        return [
            (port, note_off(*divmod(rest, PITCHES)))
            for port, rest in (
                divmod(index, _BYTES_PER_PORT) for index, byte in enumerate(bytes(self._keys[: self._size])) if byte
            )
        ]

    def close(self) -> None:
        """Let the memory go; it stays for others."""
        self._keys.release()
        self._memory.close()

    def unlink(self) -> None:
        """Give the memory back to the system, when nobody needs it any more."""
        with suppress(FileNotFoundError):
            self._memory.unlink()
