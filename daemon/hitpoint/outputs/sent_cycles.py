"""What went out in the last cycles, to mend what may not have arrived. Bytes only: knows no driver.

When a JACK client fills a cycle too late, or the server catches up, receivers may read the next cycle's buffer in its
stead, some of them twice: measured with jackd 1.9.21, 14 of 14 late cycles were lost so. Nothing says what arrived. So
note-offs (and pedals' ups) of a doubtful cycle are sent again, which harms nobody, unless the key has been struck anew;
note-ons are only counted, as a second one might be heard.
"""

from collections import deque
from collections.abc import Iterable

from hitpoint.outputs.output import Losses
from hitpoint.score.midi_message import is_note_on, pressed, released

CYCLES_KEPT = 4
"""How far back note-offs are sent again when somebody else was late: it is told within a cycle or two."""

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
            if (key := pressed(data)) is not None:
                self._sounding.add((port, data[0] & 15, key))
            elif (key := released(data)) is not None:
                self._sounding.discard((port, data[0] & 15, key))

    def mend_last(self) -> list[Sent]:
        """Count the latest cycle as lost. Answers what to send again."""
        messages = self._cycles[-1] if self._cycles else []
        self._losses.cycles += bool(messages)
        self._losses.notes += sum(is_note_on(data) for _, data in messages)
        return self._offs(messages)

    def offs_again(self) -> list[Sent]:
        """Every note-off of the cycles that are kept: for when a receiver may have been late."""
        return self._offs(sent for messages in self._cycles for sent in messages)

    def _offs(self, messages: Iterable[Sent]) -> list[Sent]:
        # What was sent again and again is sent again once.
        offs = [
            (port, data)
            for port, data in dict.fromkeys(messages)
            if (key := released(data)) is not None and (port, data[0] & 15, key) not in self._sounding
        ]
        self._losses.offs_repaired += len(offs)
        return offs
