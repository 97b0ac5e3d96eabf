"""States: directions that a person calls by name while the music runs, one in place of another, and leaves again.

Which state holds at a tick is a function of this value: the states below one another that hold from the start, and
the changes laid on the timeline after that. No clock: whoever asks has worked out the tick already.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hitpoint.errors import HostError
from hitpoint.score.when import When

MOST_STATES = 256
"""More than anyone calls by name."""
LONGEST_NAME = 64
MOST_NESTED = 16
"""States kept below the one that holds, to return to; a longer evening forgets the first."""


@dataclass(frozen=True, slots=True)
class HeldState:
    """A state that was called."""

    name: str
    direction: str
    """Its words as they were when it was called: to define it anew changes the next call, not this one."""
    begun: int = 0
    """Tick at which it came in."""
    from_start: bool = False
    """True when it counts its bars from `begun`; else it goes on at the timeline's place."""
    until: int | None = None
    """Tick at which it returns by itself to the state below; None when it holds until someone changes it."""


Stack = tuple[HeldState, ...]
"""States below one another; the last one holds. Empty: what the timeline says."""


@dataclass(frozen=True, slots=True)
class StateDefined:
    """A state has other words from now on; empty ones take it away."""

    name: str
    direction: str


@dataclass(frozen=True, slots=True)
class StatesChanged:
    """Other states are called, or called off."""

    states: "States"


@dataclass(frozen=True, slots=True)
class StateChange:
    """From `tick` on these states hold."""

    tick: int
    when: When
    """The kind of sync point that `tick` is: where the host jumps before it is reached, the next such one is meant."""
    stack: Stack
    bridge_from: int | None = None
    """Tick of a bar before, in which the old and the new play together; None for none."""

    @property
    def begins(self) -> int:
        """The first tick at which anything of it is heard."""
        return self.tick if self.bridge_from is None else self.bridge_from


@dataclass(frozen=True, slots=True)
class StateSpan:
    """Where one state holds: from `start` to the next span."""

    start: int
    state: HeldState | None
    """None for what the timeline says."""
    bridge_to: HeldState | None = None
    """In a bridge: the state that comes after it (`over` tells a bridge to the timeline from no bridge)."""
    over: bool = False
    """True in a bridge, where old and new play together."""


@dataclass(frozen=True, slots=True)
class States:
    """The states there are, those that hold, and the changes to come."""

    known: tuple[tuple[str, str], ...] = ()
    """Name and direction of each, in order of their names."""
    stack: Stack = ()
    """What holds from the timeline's start."""
    changes: tuple[StateChange, ...] = ()
    """In time order."""
    seen_until: int | None = None
    """What begins at this tick or later is not known yet; None when all is."""

    def defined(self, name: str, direction: str) -> "States":
        """With these words for a name; empty words take the state away.

        Raises HostError for a name of no or more than LONGEST_NAME characters, and for more than MOST_STATES.
        """
        if not 0 < len(name) <= LONGEST_NAME:
            raise HostError(f"a state's name must have 1 to {LONGEST_NAME} characters, not {len(name)}.")
        if direction and name not in dict(self.known) and len(self.known) >= MOST_STATES:
            raise HostError(f"there are {MOST_STATES} states already. Take one away first, with empty words.")
        others = {known: words for known, words in self.known if known != name}
        return replace(self, known=tuple(sorted((others | ({name: direction} if direction else {})).items())))

    def with_known(self, known: tuple[tuple[str, str], ...]) -> "States":
        """With those too whose names are free."""
        return replace(self, known=tuple(sorted((dict(known) | dict(self.known)).items())))

    def asked(self, change: StateChange, reached: int) -> "States":
        """With `change`. Those that were asked before and begin at `reached` or later are replaced by it."""
        kept = (earlier for earlier in self.changes if earlier.begins < min(reached, change.begins))
        # A bridge that is under way breaks off where the new change begins.
        cut = tuple(replace(earlier, tick=min(earlier.tick, change.begins)) for earlier in kept)
        return replace(self, changes=(*cut, change))

    def dropped(self, reached: int) -> "States":
        """Without the changes that begin at `reached` or later."""
        return replace(self, changes=tuple(change for change in self.changes if change.begins < reached))

    def settled(self, tick: int) -> "States":
        """What holds at `tick` holds from the start: a state that was called is the state, wherever the host goes."""
        if not self.changes and not self.stack:
            return self
        changes = tuple(change for change in self.changes if change.tick > tick)
        return replace(self, stack=self.at(tick), changes=changes)

    def at(self, tick: int) -> Stack:
        """The states that hold at a tick, the last one on top; empty for what the timeline says."""
        stack = self.stack
        for start, later in self._steps():
            if start > tick:
                break
            stack = later
        return stack

    @property
    def wished(self) -> Stack:
        """What was asked last, whether its time has come or not."""
        return self.changes[-1].stack if self.changes else self.stack

    def everywhere(self) -> tuple[HeldState, ...]:
        """Every state that holds, will hold, or may be returned to."""
        stacks = (self.stack, *(change.stack for change in self.changes))
        return tuple(dict.fromkeys(state for stack in stacks for state in stack))

    def pending(self, tick: float) -> StateChange | None:
        """The change that was asked for and has not come at `tick`."""
        return next((change for change in self.changes if change.tick > tick), None)

    def spans(self) -> tuple[StateSpan, ...]:
        """Who holds where, in time order, the first from the start on."""
        found = {0: StateSpan(0, _top(self.stack))}
        for change in self.changes:
            bridge = change.bridge_from
            if bridge is not None:
                found[bridge] = StateSpan(bridge, _top(self.at(bridge)), _top(change.stack), over=True)
        found |= {tick: StateSpan(tick, _top(stack)) for tick, stack in self._steps()}
        return tuple(found[start] for start in sorted(found))

    def turns(self) -> tuple[int, ...]:
        """Ticks at which one state gives way to another, in time order."""
        return tuple(dict.fromkeys(tick for tick, _ in self._steps()))

    def heard(self) -> tuple[StateSpan, ...]:
        """The spans as far as they are known."""
        return self.spans() if self.seen_until is None else self.heard_by(self.seen_until)

    def heard_by(self, tick: int) -> tuple[StateSpan, ...]:
        """The spans that have begun before `tick`: what is asked for later is not foreseen."""
        spans = self.spans()
        tick = tick if self.seen_until is None else min(tick, self.seen_until)
        return tuple(span for span in spans if span.start < tick) or spans[:1]

    def _steps(self) -> Iterator[tuple[int, Stack]]:
        """Every tick at which the stack changes, and what it then is; of two at one tick the last holds."""
        stack = self.stack
        for change in (*self.changes, None):
            while (end := _end(stack)) is not None and (change is None or end < change.tick):
                stack = _returned(stack, end)
                yield end, stack
            if change is not None:
                stack = change.stack
                yield change.tick, stack


def called(stack: Stack, state: HeldState) -> Stack:
    """`state` above what holds; called again, it takes its own place."""
    below = stack[:-1] if stack and stack[-1].name == state.name else stack
    return (*below, state)[-MOST_NESTED:]


def _top(stack: Stack) -> HeldState | None:
    return stack[-1] if stack else None


def _end(stack: Stack) -> int | None:
    return stack[-1].until if stack else None


def _returned(stack: Stack, tick: int) -> Stack:
    """Without those on top whose time is over."""
    while stack and stack[-1].until is not None and stack[-1].until <= tick:
        stack = stack[:-1]
    return stack
