"""What went out in the last cycles, to mend what a driver loses. Bytes only: knows no driver.

When JACK leaves a client out of a cycle, what the client had written for the cycle before may never be delivered.
Nothing says what arrived, so note-offs of a doubtful cycle are sent again, which harms nobody, unless the key has been
struck anew since; note-ons are only counted, as a second one might be heard.
"""

from collections import deque

from hitpoint.outputs.output import Losses
from hitpoint.score.midi_message import is_note_off, is_note_on

CYCLES_KEPT = 8
"""How far back a loss may be told: xruns are reported within a few cycles."""

Sent = tuple[int, bytes]
"""Port and message."""


class SentCycles:
    """The last cycles' messages, and which keys sound."""

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._cycles: deque[list[Sent]] = deque(maxlen=CYCLES_KEPT)
        self._sounding: set[tuple[int, int, int]] = set()

    def add(self, messages: list[Sent]) -> None:
        """A cycle was filled."""
        self._cycles.append(messages)
        for port, data in messages:
            if is_note_on(data):
                self._sounding.add(_key(port, data))
            elif is_note_off(data):
                self._sounding.discard(_key(port, data))

    def repair(self, cycles: int) -> list[Sent]:
        """Count the latest `cycles` as lost. Answers what to send again; each cycle is answered for once."""
        again: list[Sent] = []
        for _ in range(min(cycles, len(self._cycles))):
            messages = self._cycles.pop()
            self._losses.cycles += bool(messages)
            self._losses.notes += sum(is_note_on(data) for _, data in messages)
            again[:0] = messages
        offs = [sent for sent in again if is_note_off(sent[1]) and _key(*sent) not in self._sounding]
        self._losses.offs_repaired += len(offs)
        return offs


def _key(port: int, data: bytes) -> tuple[int, int, int]:
    return port, data[0] & 15, data[1]
