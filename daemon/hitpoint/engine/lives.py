"""When a process that died is started again. A value: no clock, no processes."""

from dataclasses import dataclass, replace

SETTLED_SECONDS = 2.0
"""Who lived so long after being ready died of something new, and is started again at once."""
WAITS_SECONDS = (0.0, 0.25, 0.5, 1.0, 2.0, 5.0)
"""Before each restart of one that dies again and again: the last for all that follow, so that a broken driver is not
hammered, and one that comes back is found soon."""


@dataclass(frozen=True, slots=True)
class Lives:
    """What became of one process's lives so far."""

    deaths: int = 0
    quick_deaths: int = 0
    """Deaths in a row before it had settled."""

    def died(self, lived_seconds: float) -> "Lives":
        """After another death. lived_seconds: since it was ready; 0 for one that never was."""
        quick = 0 if lived_seconds >= SETTLED_SECONDS else self.quick_deaths + 1
        return replace(self, deaths=self.deaths + 1, quick_deaths=quick)

    @property
    def wait_seconds(self) -> float:
        """How long to wait with the next start."""
        # The first quick death may be chance; from the second on it is a habit.
        return WAITS_SECONDS[min(max(0, self.quick_deaths - 1), len(WAITS_SECONDS) - 1)]
