"""The span that a host plays round and round."""

from dataclasses import dataclass

from hitpoint.errors import HostError


@dataclass(frozen=True, slots=True)
class Loop:
    """From its end the host goes on at its start. Raises HostError when it has no length."""

    start: int
    """First tick, at least 0."""
    end: int
    """The tick after its last; greater than start."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise HostError(f"a loop from tick {self.start} to {self.end} cannot be played. End it after its start.")

    def holds(self, start: int, end: int) -> bool:
        """True when any tick of [start, end) lies in it."""
        return start < self.end and self.start < end

    def lies_in(self, start: int, end: int) -> bool:
        """True when all of it lies in [start, end)."""
        return start <= self.start and self.end <= end
