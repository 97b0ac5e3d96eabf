"""What a person asks to happen in time, as events with ticks; and what becomes of them when the host jumps.

A state that was called is the state, wherever the host goes: a locate does not take it back, and one that had not come
yet comes at the next such point from there. All pure.
"""

from dataclasses import replace

from hitpoint.errors import HostError
from hitpoint.planner.outline import outline_of
from hitpoint.planner.passages import FOREVER
from hitpoint.planner.sync import earliest_tick, sync_point
from hitpoint.score.session import Event, FreezeChanged, PersonEvent, Session, VariationAsked
from hitpoint.score.state import HeldState, Stack, StateChange, States, StatesChanged, called
from hitpoint.score.when import When
from hitpoint.score.wish import FreezeAsked, Frozen, ReturnAsked, StateAsked, VaryAsked, Wish

LAST_BAR = 1_000_000
"""Beyond any cue."""


def event_of(session: Session, tick: float, wish: Wish) -> Event:
    """The event that `wish`, asked for at the position `tick`, comes to. Raises HostError for what cannot be."""
    earliest = earliest_tick(session, tick)
    match wish:
        case VaryAsked(when, parts):
            return _variation(session, _in_turn(session, _point(session, earliest, when)), parts)
        case FreezeAsked(on):
            return FreezeChanged(_frozen(session, tick, earliest, on))
        case StateAsked():
            return StatesChanged(_called(session, earliest, wish))
        case ReturnAsked(when):
            return StatesChanged(_returned(session, tick, earliest, when))


def jumped(session: Session, before: float, after: float) -> Session:
    """The session when the host was at `before` and is at `after`, or the metre, the markers or the loop have changed,
    or the host goes on from there."""
    states = session.states
    if not states.stack and not states.changes and session.frozen is None:
        return session
    here, moved = round(before), before != after
    # What holds stays, wherever the host went; what is still to come is looked for anew.
    settled = states.settled(here) if moved else states
    settled = replace(settled, stack=tuple(_moved(session, state, here, round(after)) for state in settled.stack))
    earliest = earliest_tick(session, after)
    changes = tuple(_again(session, change, earliest, moved) for change in settled.changes)
    return replace(
        session, states=replace(settled, changes=changes), frozen=_frozen_again(session, here, round(after), earliest)
    )


def settled_wishes(session: Session, tick: float) -> Session:
    """The session when the host is at `tick`, without what is over.

    In a loop a state that has come holds for all of it as soon as its bar is over, so that the next turn begins in it;
    not before the loop is reached, where what has come may still be on its way. One that comes with the turn holds as
    soon as the last bar has begun (see `comes_with_turn`), so that the next turn is written in it.
    """
    start, let_go = session.timeline.meter_map.bar_at(max(0, round(tick))).start, session.let_go_at
    if let_go is not None and let_go <= start:
        session = replace(session, frozen=None)
    loop = session.transport.turning
    if loop is None or tick < loop.start:
        return session
    if comes_with_turn(session, tick):
        return replace(session, states=session.states.settled(loop.end))
    if any(turn < start for turn in session.states.turns()):
        return replace(session, states=session.states.settled(start - 1))
    return session


def comes_with_turn(session: Session, tick: float) -> bool:
    """True when a state comes, or is over, where the loop turns, and the host, at `tick`, is in the bar before that.
    What is left of this bar in this turn is to sound as it is."""
    loop = session.transport.turning
    if loop is None or loop.end not in session.states.turns():
        return False
    return tick >= max(loop.start, session.timeline.meter_map.bar_at(loop.end - 1).start)


def taken_back(session: Session, before: States, tick: float) -> States:
    """The states when the last call is undone: what was wished before it comes again, at the next bar line."""
    earliest = earliest_tick(session, tick)
    kept = session.states.dropped(earliest)
    wished = tuple(state for state in before.wished if state.until is None or state.until > earliest)
    if kept.at(earliest) == wished:
        return kept
    return session.states.asked(StateChange(_point(session, earliest, When.BAR), When.BAR, wished), earliest)


def undone(session: Session, event: PersonEvent, earlier: Session, tick: float) -> Session:
    """The session when `event`, asked for when the session was `earlier`, is taken back at the position `tick`.

    Only the event itself is: what has come of itself since then (a state that was reached, a bar that was let go)
    stays as it now is.
    """
    before = session.with_wishes_of(earlier)
    match event:
        case StatesChanged():
            states = replace(taken_back(session, earlier.states, tick), known=earlier.states.known)
            return replace(before, states=states, frozen=session.frozen)
        case FreezeChanged() if earlier.frozen is None:
            earliest = earliest_tick(session, tick)
            return replace(session, frozen=_let_go(session, earliest))
        case FreezeChanged():
            return replace(before, states=session.states)
        case _:
            known = replace(session.states, known=earlier.states.known)
            return replace(before, states=known, frozen=session.frozen)


def _point(session: Session, earliest: int, when: When) -> int:
    """The sync point, or the turn of a loop that comes before it: what lies behind a loop never comes."""
    found, loop = sync_point(session, earliest, when), session.transport.turning
    return found if loop is None or not session.transport.rolling else min(found, loop.end)


def _in_turn(session: Session, tick: int) -> int:
    """The tick, or of a loop's end its start: what is asked for from there on is heard in the next turn."""
    loop = session.transport.turning
    return loop.start if loop is not None and tick == loop.end else tick


def _variation(session: Session, start: int, parts: frozenset[str]) -> VariationAsked:
    bars, outline = session.timeline.meter_map, outline_of(session)
    ends = [marker.tick for marker in session.timeline.markers if marker.tick > start]
    ends += [meeting.tick for meeting in outline.meetings_in(start + 1, FOREVER)][:1]
    ends += [one.cue_end for one in outline.passages_in(start, start + 1) if start < one.cue_end < FOREVER]
    last = bars.bar_at(min(ends) - 1).index if ends else LAST_BAR
    return VariationAsked(bars.bar_at(start).index, last, parts, start)


def _frozen(session: Session, tick: float, earliest: int, on: bool) -> Frozen | None:
    frozen = session.frozen
    if not on:
        return _let_go(session, earliest)
    # Who freezes what is frozen already keeps it, also when it was about to be let go.
    index = session.timeline.meter_map.bar_at(round(tick)).index
    return Frozen(index, round(tick)) if frozen is None else replace(frozen, until=None)


def _let_go(session: Session, earliest: int) -> Frozen | None:
    frozen = session.frozen
    return None if frozen is None else replace(frozen, until=_point(session, earliest, When.BAR))


def _frozen_again(session: Session, before: int, after: int, earliest: int) -> Frozen | None:
    frozen, let_go = session.frozen, session.let_go_at
    if frozen is None or (let_go is not None and let_go <= before):
        return None
    since = after if before != after else frozen.since
    until = None if frozen.until is None else _point(session, earliest, When.BAR)
    return replace(frozen, since=since, until=until)


def _called(session: Session, earliest: int, asked: StateAsked) -> States:
    words = dict(session.states.known).get(asked.name)
    if words is None:
        known = ", ".join(name for name, _ in session.states.known) or "none yet"
        raise HostError(f"no state is called {asked.name!r}. There are: {known}. See /hitpoint/state/define.")
    begins = _point(session, earliest, asked.when)
    tick = _bridged(session, begins) if asked.bridge else begins
    state = HeldState(asked.name, words, tick, asked.from_start, _held_until(session, tick, asked.hold_bars))
    stack = called(session.states.dropped(earliest).at(tick), state)
    return session.states.asked(StateChange(tick, asked.when, stack, begins if asked.bridge else None), earliest)


def _returned(session: Session, tick: float, earliest: int, when: When) -> States:
    states = session.states
    kept = states.dropped(earliest)
    if kept != states:
        return kept
    holding = states.at(max(earliest - 1, round(tick)))
    if not holding:
        raise HostError("no state holds: there is nothing to return from.")
    change_tick = _point(session, earliest, when)
    then = states.at(change_tick)
    below = then[:-1] if then and then[-1] == holding[-1] else then
    below = tuple(state for state in below if state.until is None or state.until > change_tick)
    return states.asked(StateChange(change_tick, when, below), earliest)


def _bridged(session: Session, begins: int) -> int:
    """Where a bridge that begins there ends: after a whole bar, at a bar line."""
    bars = session.timeline.meter_map
    bar = bars.bar_at(begins)
    return bar.end if bar.start == begins else bars.bar(bar.index + 1).end


def _held_until(session: Session, tick: int, hold_bars: int | None) -> int | None:
    if hold_bars is None:
        return None
    bars = session.timeline.meter_map
    bar = bars.bar_at(tick)
    return bars.bar(bar.index + hold_bars + int(bar.start < tick)).start


def _moved(session: Session, state: HeldState, before: int, after: int) -> HeldState:
    """A state that holds for some bars has as many left as it had."""
    if state.until is None:
        return state
    bars = session.timeline.meter_map
    left = max(1, bars.bar_at(state.until).index - bars.bar_at(before).index)
    return replace(state, until=bars.bar(bars.bar_at(after).index + left).start)


def _again(session: Session, change: StateChange, earliest: int, moved: bool) -> StateChange:
    """A change that has not come, at the next point of its kind. One that is under way stays, unless the host moved."""
    if not moved and (change.begins < earliest or change.when is When.NOW):
        return change
    begins = _point(session, earliest, change.when)
    if begins == change.begins:
        return change
    tick = begins if change.bridge_from is None else _bridged(session, begins)
    stack: Stack = tuple(
        replace(state, begun=tick, until=_held_again(session, state, change.tick, tick))
        if state.begun == change.tick
        else state
        for state in change.stack
    )
    return replace(change, tick=tick, stack=stack, bridge_from=None if change.bridge_from is None else begins)


def _held_again(session: Session, state: HeldState, before: int, tick: int) -> int | None:
    if state.until is None:
        return None
    bars = session.timeline.meter_map
    return _held_until(session, tick, bars.bar_at(state.until).index - bars.bar_at(before).index)
