"""Leads a Link session: it is told our tempo, our bar lines, and our start and stop.

Our place cannot give way, as another host may lead it and notes are written to picture. So where the session's phase
is elsewhere it is forced, which is what Link has that call for: "to synchronize a Link session with an external clock
source" (Source: Link.hpp). The polite one, requestBeatAtTime, leaves the phase where it is as soon as others are there,
and waits for it; it would make nothing meet. What politeness there can be: nothing is forced while we stand, while the
phase is near enough, or more often than a few times a second.
"""

from math import inf

from hitpoint.engine.link_line import LOOK_SECONDS, bar_of, line_of, nearest, phase_of, quantum_of, quarters_at
from hitpoint.inputs.link_session import LinkMoment, LinkSession
from hitpoint.scheduler.clock import ClockFit
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap

FORCE_SECONDS = 0.002
"""What the phase may be off by. Our choice: less is not heard, and clocks that lead us jitter by as much."""
SAME_BPM = 0.001
"""Tempi nearer than this are one. Our choice."""
AGAIN_SECONDS = 0.1
"""What others have changed is not changed back sooner after our last word. Our choice."""
GRAIN_SECONDS = 1e-6
"""A tempo is kept as so many of these a quarter: at 999 bpm that is 0.02 bpm. Source: Ableton/link, Tempo.hpp."""
SLOWEST_BPM, FASTEST_BPM = 20.0, 999.0
"""What Link can have. Source: Ableton/link, Tempo clamping in Controller.hpp."""


class LinkProposal:
    """Process: play; one thread only. All seconds are the port's clock's.

    session: our peer in it. fit: the port's clock against the daemon's.
    """

    def __init__(self, scheduler: Scheduler, session: LinkSession, fit: ClockFit) -> None:
        self._scheduler, self._session, self._fit = scheduler, session, fit
        self.meters = MeterMap()
        self._said_playing = False
        self._said_bpm = 0.0
        self._said_at = -inf
        self._look_at = -inf

    def steer(self, reached: float, tempo_map: TempoMap) -> None:
        """Tell the session what it does not have yet. reached: the second up to which everything has been sent.
        tempo_map: by which tempo is told."""
        if reached < self._look_at:
            return
        self._look_at = reached + LOOK_SECONDS
        self.tell(reached, tempo_map)
        transport = self._scheduler.motion.transport
        if transport.rolling != self._said_playing:
            self._said_playing = transport.rolling
            self._session.set_playing(transport.rolling, self._fit.here_at(max(reached, transport.at)))

    def tell(self, reached: float, tempo_map: TempoMap) -> None:
        """Tempo and phase alone, and now."""
        transport = self._scheduler.motion.transport
        # A start may be ahead: what leads up to it is told as if it rolled, so that those who start with us meet it.
        at = max(reached, transport.at) if transport.rolling else reached
        tick = self._scheduler.tick_at(at)
        bar = bar_of(self.meters, tick)
        moment = self._session.capture(quantum_of(bar))
        self._tell_tempo(moment, min(FASTEST_BPM, max(SLOWEST_BPM, tempo_map.bpm_at(tick))), at)
        if transport.rolling:
            self._align(moment, phase_of(bar, tick), quantum_of(bar), at)

    def _tell_tempo(self, moment: LinkMoment, bpm: float, at: float) -> None:
        rolling = self._scheduler.rolling
        ours = abs(bpm - self._said_bpm) > SAME_BPM and (rolling or not moment.peers)
        other = abs(bpm - moment.bpm) > max(SAME_BPM, bpm * bpm / 60.0 * GRAIN_SECONDS)
        theirs = rolling and other and at >= self._said_at + AGAIN_SECONDS
        if ours or theirs:
            self._said_bpm, self._said_at = bpm, at
            self._session.set_tempo(bpm, self._fit.here_at(at))

    def _align(self, moment: LinkMoment, phase: float, quantum: float, at: float) -> None:
        line = line_of(moment, self._fit)
        off = nearest(quarters_at(line, at) - phase, quantum) * 60.0 / moment.bpm
        if abs(off) > FORCE_SECONDS:
            self._session.force_beat(phase, self._fit.here_at(at), quantum)
