"""What comes in from MIDI controllers: it teaches while one is being learned, and drives what it is bound to otherwise.

Everything it drives, it drives as an OSC packet would. Process: control, on its loop.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Protocol

from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.actions import MidiAsked, MidiBound, MidiForgotten, MidiLearned, MidiLearningCancelled
from hitpoint.hosts.commands import Value
from hitpoint.hosts.midi_binding_text import How, as_text, binding, binding_of, how_of, source_of, target_of
from hitpoint.hosts.midi_bindings import MOST_BINDINGS, Asked, Binding, Bindings, Source, Target
from hitpoint.hosts.midi_learn import GIVE_UP_SECONDS, Learning
from hitpoint.hosts.midi_readings import Reading, SourceKind
from hitpoint.score.bound_control import BoundControl

LEARN_ADDRESS = "/hitpoint/midi/learn"
"""Tells what is being learned."""
_ANY_CONTROL = Source(SourceKind.CC)


class Driven(Protocol):
    """What controllers may do with the daemon: ask as a packet does."""

    def take(self, address: str, arguments: tuple[Value, ...]) -> None:
        """Do as a packet asks. Raises HitpointError when it can't be done."""
        ...

    def number_at(self, address: str) -> float | None:
        """The number that an address tells; None when nobody holds it."""
        ...

    def report(self, address: str) -> None:
        """Tell subscribers what an address tells now."""
        ...


@dataclass(frozen=True, slots=True)
class _Armed:
    """What the next control is to drive."""

    target: Target
    how: How
    shown: str
    """The target as it was asked."""
    learning: Learning


class Controllers:
    """All that MIDI controllers do.

    settled: bindings of the settings, which are there at every start. own: those of the session, which win over them.
    keep: takes the session's bindings when they have changed. trouble: takes a line for the person.
    """

    def __init__(
        self,
        driven: Driven,
        keep: Callable[[tuple[BoundControl, ...]], None],
        trouble: Callable[[str], None],
        settled: Iterable[BoundControl] = (),
        own: Iterable[BoundControl] = (),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._driven = driven
        self._keep = keep
        self._trouble = trouble
        self._clock = clock
        self._settled = tuple(map(binding_of, settled))
        self._bindings = Bindings()
        for bound in (*self._settled, *map(binding_of, own)):
            self._bindings = self._bindings.bound(bound)
        self._armed: _Armed | None = None
        self._refused: set[Target] = set()
        self.unbound = ""
        """The last message that drove nothing, in words; empty when there was none."""

    @property
    def learning(self) -> str:
        """The target that waits for a control; empty for none."""
        return self._armed.shown if self._armed is not None else ""

    @property
    def bound(self) -> tuple[BoundControl, ...]:
        """All bindings, in words."""
        return tuple(map(as_text, self._bindings.all.values()))

    def heard(self, port: str, data: bytes, at: float) -> None:
        """Take in a message from the MIDI input called `port`, that came at that second of the clock."""
        if self._armed is not None:
            heard = self._bindings.heard_only(port, data)
            learning = self._armed.learning.heard(port, heard.readings, at)
            self._armed = replace(self._armed, learning=learning)
            self._bindings = heard.bindings
            return
        heard = self._bindings.heard(port, data, self._driven.number_at)
        self._bindings = heard.bindings
        if not heard.bound and heard.readings and not _is_release(heard.readings[0]):
            self.unbound = _in_words(port, heard.readings[0])
        for asked in heard.asks:
            self._ask(asked)

    def ask(self, asked: MidiAsked) -> None:
        """Do what a person asked. Raises HostError that says what is wrong with it; then nothing has changed."""
        match asked:
            case MidiLearned(text, how):
                target, ways = target_of(text), how_of(how)
                # Told now what would be wrong with any control, not after one was moved.
                binding(_ANY_CONTROL, target, ways)
                self._armed = _Armed(target, ways, text, Learning(self._clock()))
                self._driven.report(LEARN_ADDRESS)
            case MidiLearningCancelled():
                self._disarm()
            case MidiBound(source, text, how):
                self._bind(binding(source_of(source), target_of(text), how_of(how)))
            case MidiForgotten(text):
                self._forget(text)

    def step(self, now: float) -> None:
        """Come to a decision about what is being learned, where it is time. now: second of the clock."""
        if self._armed is None:
            return
        armed = self._armed
        learned = armed.learning.learned(now)
        if learned is not None:
            self._disarm()
            try:
                self._bind(binding(learned.source, armed.target, armed.how, learned.guess))
            except HostError as error:
                self._trouble(f"{learned.source} was not bound: {error}")
        elif armed.learning.over(now):
            self._disarm()
            self._trouble(f"no MIDI control was moved within {GIVE_UP_SECONDS:g} s, so {armed.shown} has none.")

    def _ask(self, asked: Asked) -> None:
        try:
            self._driven.take(asked.target.address, asked.arguments)
        except HitpointError as error:
            # A knob asks the same a hundred times on its way: the first is told.
            if asked.target not in self._refused:
                self._refused.add(asked.target)
                self._trouble(f"{self._bindings.all[asked.target].source} asked what cannot be: {error}")

    def _bind(self, bound: Binding) -> None:
        if bound.target not in self._bindings.all and len(self._bindings.all) >= MOST_BINDINGS:
            raise HostError(f"{MOST_BINDINGS} targets have their controls already. Forget one first.")
        self._change(self._bindings.bound(bound))

    def _forget(self, text: str) -> None:
        named = set(self._bindings.all)
        if text:
            target = target_of(text)
            # An address alone stands for all that is asked of it.
            named = {bound for bound in named if target in (bound, Target(bound.address))}
        if not named:
            raise HostError(f"no MIDI control drives {text or 'anything'}. /hitpoint/midi/bindings/get lists them.")
        self._change(self._bindings.without(frozenset(named)))

    def _change(self, bindings: Bindings) -> None:
        self._bindings = bindings
        self._refused.clear()
        own = (bound for bound in bindings.all.values() if bound not in self._settled)
        self._keep(tuple(map(as_text, own)))

    def _disarm(self) -> None:
        self._armed = None
        self._driven.report(LEARN_ADDRESS)


def _is_release(reading: Reading) -> bool:
    return reading.kind is SourceKind.NOTE and reading.value == 0


def _in_words(port: str, reading: Reading) -> str:
    return f"{Source(reading.kind, reading.number, reading.channel, port)} at {reading.value}"
