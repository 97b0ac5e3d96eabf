"""A cue's hits, as the tempo finders see them: frames from the cue's start."""

from dataclasses import dataclass

from hitpoint.errors import ScoreError
from hitpoint.timeline.units import FrameRate

DEFAULT_WINDOW = (1.0, 1.0)
"""Frames early and late that still count as met, where nobody says otherwise. Source: Netflix's quality control graded
music at one frame off picture, and worse at two."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A moment that the music must meet."""

    frame: int
    """From the cue's start, at least 0."""
    name: str = ""
    weight: float = 1.0
    """How much it matters beside the others; above 0."""
    window: tuple[float, float] = DEFAULT_WINDOW
    """Frames by which the music may be early and late."""
    locked: bool = True
    """False where a map may pass it by."""


@dataclass(frozen=True, slots=True)
class HitList:
    """The hits of one cue. Raises ScoreError where there are none, or one lies outside the cue."""

    hits: tuple[Hit, ...]
    """In time order."""
    rate: FrameRate
    end: int | None = None
    """The frame, from the cue's start, on which it ends; None when nobody says."""

    def __post_init__(self) -> None:
        if not self.hits:
            raise ScoreError("the cue has no hits: any tempo meets them. Give it hits.")
        if self.end is not None and self.end <= 0:
            raise ScoreError("the cue ends before it begins. Mend its start or its end.")
        for hit in self.hits:
            if hit.frame < 0 or (self.end is not None and hit.frame > self.end):
                raise ScoreError(f"hit {hit.name!r} lies outside its cue. Move it, or the cue's start or end.")
        object.__setattr__(self, "hits", tuple(sorted(self.hits, key=lambda hit: hit.frame)))

    @property
    def frames_per_second(self) -> float:
        """Of the picture."""
        return float(self.rate.frames_per_second)

    def seconds(self, frame: int) -> float:
        """Seconds from the cue's start to a frame."""
        return float(frame / self.rate.frames_per_second)
