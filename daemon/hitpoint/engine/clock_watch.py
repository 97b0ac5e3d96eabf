"""What control makes of a MIDI clock that leads: a tempo to plan by, and a line for people."""

from hitpoint.engine.heard_tempo import HeardTempo
from hitpoint.scheduler.performance import ClockHeard
from hitpoint.timeline.tempo_map import TempoMap


class ClockWatch:
    """Process: control. Until a clock is heard it does nothing."""

    def __init__(self, own: TempoMap) -> None:
        """own: the timeline's tempo."""
        self._tempo = HeardTempo.trusting(own)
        self._latest: ClockHeard | None = None
        self._bpm: float | None = None

    def heard(self, clock: ClockHeard, planned: TempoMap, tick: float) -> TempoMap | None:
        """The tempo to plan by from now on; None when it stays. planned, tick: the session's tempo and position."""
        self._latest = clock
        self._bpm = clock.bpm or self._bpm
        if planned is not self._tempo.planned:
            # A host or a person has given the timeline another.
            self._tempo = HeardTempo.trusting(planned)
        if clock.bpm is None:
            return None
        self._tempo = self._tempo.heard(clock.bpm, tick, clock.at)
        return self._tempo.planned if self._tempo.planned is not planned else None

    def own(self, planned: TempoMap) -> TempoMap:
        """The timeline's tempo, whatever is planned by. planned: the session's."""
        return self._tempo.own if planned is self._tempo.planned else planned

    def forget(self, planned: TempoMap) -> TempoMap | None:
        """Another one leads. Returns the timeline's tempo, where that is not planned by."""
        own = self.own(planned)
        self._tempo, self._latest, self._bpm = HeardTempo.trusting(own), None, None
        return own if own is not planned else None

    @property
    def tempo(self) -> TempoMap | None:
        """The last one that was heard, by whatever play process; None when none was."""
        return None if self._bpm is None else TempoMap.constant(self._bpm)

    @property
    def peers(self) -> int:
        """How many others are in the Link session that leads; 0 without one."""
        return 0 if self._latest is None else self._latest.peers or 0

    def status(self, now: float) -> dict[str, str | float | None]:
        """For `Status.clock`. now: second of the clock."""
        clock = self._latest
        if clock is None:
            return {}
        bpm = None if clock.bpm is None else round(clock.bpm, 2)
        seconds = round(max(0.0, now - clock.since), 1)
        told: dict[str, str | float | None] = {
            "state": clock.state,
            "seconds": seconds,
            "bpm": bpm,
            "jitter_ms": clock.jitter_ms,
        }
        return told if clock.peers is None else {**told, "peers": clock.peers}
