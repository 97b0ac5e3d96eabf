"""All that the host's timeline holds, as one value."""

from dataclasses import dataclass, field

from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.units import FrameRate


@dataclass(frozen=True)
class Timeline:
    """Tempo, metre and words, as the host last told them."""

    tempo_map: TempoMap = field(default_factory=TempoMap)
    meter_map: MeterMap = field(default_factory=MeterMap)
    markers: tuple[Marker, ...] = ()
    """In time order, whatever order the host gave them in."""
    regions: tuple[Region, ...] = ()
    """In time order."""
    frame_rate: FrameRate = field(default_factory=lambda: FrameRate.named("24"))
    """Of the picture."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "markers", tuple(sorted(self.markers, key=lambda marker: marker.tick)))
        object.__setattr__(self, "regions", tuple(sorted(self.regions, key=lambda region: region.start)))
