"""Who leads the transport, as control knows it from play, and the tempo that music is planned by."""

from collections.abc import Sequence
from typing import Any

from hitpoint.engine.clock_watch import ClockWatch
from hitpoint.engine.leader import BUILT_IN, JACK, LEADERS, LINK, MIDI, order_of, why
from hitpoint.hosts.built_in import START_LEAD_SECONDS
from hitpoint.scheduler.performance import ClockHeard, LeaderHeard, LedBy, ToPlay, TransportChange
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.transport import Transport, start_at


class WhoLeads:
    """Process: control. `planned` is always the session's tempo map, which a clock that leads may have changed."""

    def __init__(self, follow: Sequence[str], own: TempoMap, moves_jack: bool = False) -> None:
        """follow: of those in `leader`; of several, the most trusted first. own: the timeline's tempo. moves_jack: the
        built-in host moves JACK's transport."""
        order = order_of(follow)
        self.several = len(order) > 1
        """True where another one may come to lead."""
        self._leader = order[-1]
        """Of several: until play tells, the one that is always there."""
        self._leads: LeaderHeard | None = None
        self._clock = ClockWatch(own)
        self.moves_jack = moves_jack
        """True where what is asked of the built-in host is asked of JACK's transport."""

    @property
    def is_built_in(self) -> bool:
        """True when the built-in host leads."""
        return self._leader == BUILT_IN

    @property
    def is_link(self) -> bool:
        """True when a Link session leads."""
        return self._leader == LINK

    @property
    def link_peers(self) -> int:
        """How many others are in the Link session that leads; 0 without one."""
        return self._clock.peers

    @property
    def refusal(self) -> str:
        """What to say to a person who would drive the transport that another one leads."""
        reason = f" ({why(self._leads)})" if self._leads is not None else ""
        return f"{LEADERS[self._leader]} leads the transport{reason}. Use its own play, stop, locate and loop."

    def own_tempo(self, planned: TempoMap) -> TempoMap:
        """What play keeps: where several may lead, the project's own, by which those that tell seconds are followed."""
        return self._clock.own(planned) if self.several else planned

    def heard(self, leads: LeaderHeard, planned: TempoMap) -> tuple[str, TempoMap | None]:
        """Play has told. Returns why another one leads now, empty when none does, and the tempo to plan by from now on;
        None when it stays."""
        self._leads = leads
        if leads.leader == self._leader:
            return "", None
        was, self._leader = self._leader, leads.leader
        return why(leads), self._clock.forget(planned) if was in (MIDI, LINK) else None

    def heard_clock(self, clock: ClockHeard, planned: TempoMap, tick: float) -> TempoMap | None:
        """How the one that leads is followed. Returns the tempo to plan by from now on; None when it stays."""
        return self._clock.heard(clock, planned, tick)

    def introduction(self, transport: Transport, planned: TempoMap, now: float) -> tuple[TempoMap, list[ToPlay]]:
        """The tempo for a play process that knows nothing yet, and what to tell it of the place after that."""
        # A clock is followed more closely than its tempo is planned by.
        tempo_map = self.own_tempo(planned) if self.several else self._clock.tempo or planned
        if self._leader == JACK or self.moves_jack:
            # It tells itself where it is, with its next cycle.
            return tempo_map, [LedBy(JACK, ())] if self.several else []
        at = now + START_LEAD_SECONDS
        located, started = start_at(transport.whole_tick_at(at, tempo_map), at)
        moves = (located, started) if transport.rolling else (located,)
        told: list[ToPlay] = [LedBy(self._leader, moves)] if self.several else [TransportChange(move) for move in moves]
        return tempo_map, told

    def status(self, now: float) -> dict[str, Any]:
        """Fields of `Status`. now: second of the clock."""
        told: dict[str, Any] = {"leader": LEADERS[self._leader], "clock": self._clock.status(now)}
        if self._leads is None:
            return told
        seconds = round(max(0.0, now - self._leads.since), 1)
        return {**told, "why": why(self._leads), "leads_seconds": seconds, "sources": self._leads.sources}
