"""A note on the page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note of one part. Order is by tick, then pitch."""

    tick: int
    """Onset, ticks from the timeline's start."""
    pitch: int
    """MIDI key, 0 to 127; 60 is middle C. For drums the General MIDI percussion key."""
    duration: int
    """Ticks it sounds, at least 1."""
    velocity: int
    """1 to 127."""

    @property
    def end(self) -> int:
        """The tick of its note-off."""
        return self.tick + self.duration
