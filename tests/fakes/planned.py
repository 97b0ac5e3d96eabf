"""Sessions of a few markers at 120 a minute, and what is planned for their bars."""

from collections.abc import Iterable

from hitpoint.planner.plan import plan_bar
from hitpoint.score.request import BarPlan
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

BAR = 3840
CUE = Marker(0, "1m01 calm, strings, 96 bpm, D minor")


def session_of(*markers: Marker, regions: tuple[Region, ...] = (), seed: int = 0, bpm: float = 120) -> Session:
    return Session(Timeline(TempoMap.constant(bpm), markers=markers, regions=regions), seed=seed)


def planned(session: Session, index: int) -> BarPlan:
    plan = plan_bar(session, index)
    assert plan is not None
    return plan


def intensities(session: Session, bars: Iterable[int]) -> list[float]:
    return [planned(session, bar).controls.intensity or 0.0 for bar in bars]
