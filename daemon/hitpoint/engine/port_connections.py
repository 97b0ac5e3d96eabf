"""Who listens to our ports: remembered beyond the life of the play process, and connected again in its next.

Thread: play's own, never the driver's.
"""

from collections.abc import Callable, Iterable
from time import monotonic

from hitpoint.outputs.output import Connectable, PortPair

LOOK_SECONDS = 0.5
"""How often the connections are looked at: what was connected a moment before a death may be forgotten."""


class PortConnections:
    """wanted: what was connected before. keep: told what there now is to remember, whenever that changes."""

    def __init__(
        self,
        output: Connectable,
        wanted: Iterable[PortPair],
        keep: Callable[[frozenset[PortPair]], None],
        trouble: Callable[[str], None],
    ) -> None:
        self._output = output
        self._missing = frozenset(wanted)
        self._kept = self._missing
        self._less: frozenset[PortPair] | None = None
        self._keep = keep
        self._trouble = trouble
        self._look_at = 0.0

    def restore(self) -> None:
        """Connect what was connected before, and name what can't be: its program does not run any more."""
        if self._missing:
            self._missing = self._output.connect(self._missing)
        for source, sink in sorted(self._missing):
            self._trouble(
                f"{source} could not be connected to {sink} again. When that is back, it will be; else by hand."
            )

    def look(self) -> None:
        """Call often: now and then it looks who is connected, and connects what was missing and has come back."""
        if monotonic() < self._look_at:
            return
        self._look_at = monotonic() + LOOK_SECONDS
        if self._missing:
            self._missing = self._output.connect(self._missing)
        there = self._output.connections() | self._missing
        # When JACK's server dies its connections go first. What is gone must be gone a second time to be forgotten.
        if self._kept - there and self._less != there:
            self._less = there
            there |= self._kept
        else:
            self._less = None
        if there != self._kept:
            self._kept = there
            self._keep(there)
