"""What a surface tells of a REAPER project: markers, regions, tempi, the edit cursor and the loop, in seconds."""

from dataclasses import dataclass, field


@dataclass
class Mark:
    """A marker, or a region when it has an end."""

    number: int
    name: str
    time: float
    end: float | None = None


@dataclass
class Project:
    """What a person has open. Tempi are (second, quarters a minute), the first at 0."""

    marks: list[Mark] = field(default_factory=list)
    tempi: list[tuple[float, float]] = field(default_factory=lambda: [(0.0, 120.0)])
    cursor: float = 0.0
    loop: tuple[float, float] = (0.0, 0.0)
    repeat: bool = False

    def of(self, regions: bool) -> list[Mark]:
        """In the order of the timeline."""
        return sorted((one for one in self.marks if (one.end is not None) is regions), key=lambda one: one.time)

    def bpm_at(self, seconds: float) -> float:
        return [bpm for second, bpm in self.tempi if second <= max(0.0, seconds)][-1]
