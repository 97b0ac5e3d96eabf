"""Which tempo to plan by when a MIDI clock leads: the timeline's as long as the clock keeps it, else the heard one.

What sounds follows the clock by itself; this is for how far ahead bars are written, and for what is clear of a hit.
"""

from dataclasses import dataclass, replace

from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM, TempoMap

AGREES = 0.03
"""Part of the tempo: people's nudges and a clock's rounding are less, another tempo on purpose is rarely so near."""
CHANGES_MIND_SECONDS = 1.0
"""So long must it be heard: around a step of the timeline's tempo both are right in turn."""
ROUNDED_TO = 10.0
"""Parts of a bpm: what is told to people is not to flicker."""


@dataclass(frozen=True, slots=True)
class HeardTempo:
    """A value, `heard` gives the next."""

    own: TempoMap
    """The timeline's."""
    planned: TempoMap
    """What to plan by."""
    doubted_since: float | None = None
    """Second from which on another map than the planned one would be right; None while it is."""

    @classmethod
    def trusting(cls, own: TempoMap) -> "HeardTempo":
        """The timeline's until something else is heard."""
        return cls(own, own)

    def heard(self, bpm: float, tick: float, at: float) -> "HeardTempo":
        """After hearing so many quarters a minute at that place and second."""
        right = self._right(bpm, tick)
        if right is self.planned:
            return replace(self, doubted_since=None)
        since = at if self.doubted_since is None else self.doubted_since
        if at - since < CHANGES_MIND_SECONDS:
            return replace(self, doubted_since=since)
        return replace(self, planned=right, doubted_since=None)

    def _right(self, bpm: float, tick: float) -> TempoMap:
        for tempo_map in (self.own, self.planned):
            if abs(bpm / tempo_map.bpm_at(tick) - 1.0) <= AGREES:
                return tempo_map
        # Rounded, so that a tempo that drifts a little is the same, and nothing is written again for it.
        return TempoMap.constant(min(FASTEST_BPM, max(SLOWEST_BPM, round(bpm * ROUNDED_TO) / ROUNDED_TO)))
