"""What of control's state is another than it was told: values as they are, compared as cheaply as they allow."""

from collections.abc import Mapping
from typing import Any, Protocol

from hitpoint.engine.conductor import Conductor
from hitpoint.engine.landings import Landings
from hitpoint.engine.pages import Pages
from hitpoint.page.state import BarAhead, Players
from hitpoint.planner.ensemble import ensemble_of
from hitpoint.planner.outline import outline_of
from hitpoint.planner.plan import plan_bar
from hitpoint.score.session import Session
from hitpoint.score.state import States
from hitpoint.timeline.transport import Transport

BAR, ALL_BARS = "written bar ", "written bars"
"""Names under which revisions are told one by one, and that those not named have none."""
SAME_PLACE_SECONDS = 0.001
"""Of a rolling host: a report that puts it no further than that from where it was expected tells nothing new."""


class Daemon(Protocol):
    """What is looked at."""

    @property
    def session(self) -> Session:
        """As it is now."""
        ...

    def tick(self) -> float:
        """Where the host is."""
        ...


class Sections:
    """One page's: a new one knows nothing."""

    def __init__(self) -> None:
        self._told: dict[str, Any] = {}
        self._transport: Transport | None = None
        self._revision = 0
        self._forgotten: int | None = None
        self._looked_at: tuple[Any, ...] = ()
        self._landings_of: tuple[Any, ...] = ()

    def changed(self, daemon: Daemon, conductor: Conductor, now: float) -> dict[str, Any]:
        """By name: what is another since the last time."""
        session = daemon.session
        found = self._transport_of(session)
        found |= self._written(conductor)
        outline = outline_of(session)
        told: dict[str, Any] = {
            "timeline": session.timeline,
            "spotting": outline.spotting,
            "controls": session.controls,
            "curves": session.curves,
            "direction": session.direction,
            "loop_varies": session.loop_varies,
        }
        players = (ensemble_of(session), session.muted, session.soloed, session.locked)
        told["parts"] = told["stems"] = Players(*players)
        tick = daemon.tick()
        told["states"] = _states(session, tick)
        found |= self.anew(told)
        # What a bar's state depends on, but for the place: so it is looked at when the next bar has come.
        looked_at = (
            session.timeline.meter_map.bar_at(int(tick)).index,
            session.transport.rolling,
            len(session.variations),
            conductor.pages.revision,
            conductor.writing,
            found.keys() - {"transport"},
        )
        if looked_at != self._looked_at:
            self._looked_at = looked_at
            found |= self.anew({"bars": _bars(session, conductor, now)})
        return found

    def landings(self, landings: Landings, session: Session, pages: Pages, first: int, last: int) -> dict[str, Any]:
        """Likewise of the hits in bars `first` to `last`, and of those that have sounded."""
        looked_at = (pages.revision, landings.heard, first, last)
        if looked_at == self._landings_of:
            return {}
        self._landings_of = looked_at
        return self.anew({"landings": landings.told(session, pages, first, last)})

    def anew(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of them that were not told so."""
        found = {name: value for name, value in values.items() if not self._is_told(name, value)}
        self._told.update(found)
        return found

    def _is_told(self, name: str, value: Any) -> bool:
        if name not in self._told:
            return False
        told = self._told[name]
        # To compare 5,000 markers takes longer than to look whether they are the very same.
        return told is value or (name not in ("timeline", "spotting") and bool(told == value))

    def _transport_of(self, session: Session) -> dict[str, Any]:
        transport, told = session.transport, self._transport
        tempo = session.timeline.tempo_map
        if told is not None and (told.state, told.loop) == (transport.state, transport.loop):
            if self._told.get("timeline") is session.timeline and told.rolling:
                expected = tempo.seconds_at(told.tick_at(transport.at, tempo))
                if abs(expected - tempo.seconds_at(transport.tick)) < SAME_PLACE_SECONDS:
                    return {}
            elif told == transport:
                return {}
        self._transport = transport
        return {"transport": transport}

    def _written(self, conductor: Conductor) -> dict[str, Any]:
        pages = conductor.pages
        if pages.forgotten != self._forgotten:
            self._forgotten, self._revision = pages.forgotten, pages.revision
            return {ALL_BARS: True, **{f"{BAR}{bar + 1}": at for bar, at in pages.changed_since(0).items()}}
        if pages.revision == self._revision:
            return {}
        changed = pages.changed_since(self._revision)
        self._revision = pages.revision
        return {f"{BAR}{bar + 1}": at for bar, at in changed.items()}


def _bars(session: Session, conductor: Conductor, now: float) -> tuple[BarAhead, ...]:
    bars = []
    for state in conductor.bars_ahead(now):
        bar, plan = session.timeline.meter_map.bar(state.bar - 1), plan_bar(session, state.bar - 1)
        cue, controls = ("", None) if plan is None else (plan.cue, plan.controls)
        bars.append(BarAhead(state.bar, state.stage, state.by, bar.start, bar.end, cue, controls))
    return tuple(bars)


def _states(session: Session, tick: float) -> dict[str, Any]:
    states: States = session.states
    holding, coming = states.at(int(tick)), states.pending(tick)
    told = None
    if coming is not None:
        place = str(session.timeline.meter_map.bar_beat_tick_at(coming.tick))
        told = {"name": coming.stack[-1].name if coming.stack else "", "tick": coming.tick, "place": place}
    return {
        "known": dict(states.known),
        "holding": holding[-1].name if holding else "",
        "coming": told,
        "frozen_bar": None if session.frozen is None else session.frozen.bar + 1,
    }
