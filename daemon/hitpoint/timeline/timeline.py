"""All that the host's timeline holds, as one value."""

from dataclasses import dataclass, field

from hitpoint.timeline.host_event import HostEvent, MarkersChanged, MeterMapChanged, TempoMapChanged
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
    start_frame: int | None = None
    """Of the picture, where the timeline starts, counted from 00:00:00:00; None where nobody has said."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "markers", tuple(sorted(self.markers, key=lambda marker: marker.tick)))
        object.__setattr__(self, "regions", tuple(sorted(self.regions, key=lambda region: region.start)))

    def changes_to(self, other: "Timeline", at: float) -> tuple[HostEvent, ...]:
        """What a host would tell at second `at` of the clock if its timeline became `other`: nothing for the same."""
        told: list[HostEvent] = []
        if other.meter_map != self.meter_map:
            told.append(MeterMapChanged(other.meter_map))
        if other.tempo_map != self.tempo_map:
            told.append(TempoMapChanged(other.tempo_map, at))
        if (other.markers, other.regions) != (self.markers, self.regions):
            told.append(MarkersChanged(other.markers, other.regions))
        return tuple(told)
