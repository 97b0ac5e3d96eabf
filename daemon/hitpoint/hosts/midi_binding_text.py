"""Bindings as people write them, in settings and over OSC, and as they are saved: three texts for each.

    source   cc 1 | cc14 1 | nrpn 300 | nrpn14 300 | note 36 | bend | program 5 | pressure | key-pressure 36,
             then, where it matters, `channel 3` (1 to 16) and `of PORT`
    target   an address and the arguments that stay the same: /hitpoint/cue/vary 5 8 brass
    how      any of: a mode, a take-over, a range of values as 0.2..0.8 (8..1 is upside down), omni, any-port

What is not said of `how` follows from source and target.
"""

import shlex
from dataclasses import dataclass, replace
from difflib import get_close_matches
from math import isfinite

from hitpoint.errors import HostError
from hitpoint.hosts.actions import Ask, Subscribe, Unsubscribe
from hitpoint.hosts.commands import LAST_BAR, Argument, Command, Kind, Value, find, read
from hitpoint.hosts.midi_bindings import Binding, Source, Target
from hitpoint.hosts.midi_modes import RELATIVE, Mode, Span, TakeOver
from hitpoint.hosts.midi_readings import NUMBERS, SourceKind
from hitpoint.score.bound_control import BoundControl

OMNI, ANY_PORT = "omni", "any-port"
"""Words that let a control of any channel, or any port, do."""
STEPS = 127
"""Of an argument without an end, such as a bar: it covers one value for each step of a 7-bit control."""
LONGEST_TARGET = 300
"""Characters: all bindings together are told in one packet."""
_STRUCK = (SourceKind.NOTE, SourceKind.PROGRAM, SourceKind.PRESSURE, SourceKind.KEY_PRESSURE)
"""What does not stay where it is put, so that there is nothing to pick up."""


@dataclass(frozen=True, slots=True)
class How:
    """What was said of a binding's ways; None for what was not."""

    mode: Mode | None = None
    take_over: TakeOver | None = None
    low: float | None = None
    high: float | None = None
    omni: bool = False
    any_port: bool = False


def source_of(text: str) -> Source:
    """The control that a text names. Raises HostError."""
    body, _, port = text.partition(" of ")
    words = body.split()
    try:
        kind = SourceKind(words.pop(0).lower())
        number = int(words.pop(0)) if NUMBERS[kind] else 0
        channel = None
        if words:
            word, shown = words
            channel = int(shown) - 1
            if word != "channel" or not 0 <= channel < 16:
                raise ValueError
        if not 0 <= number < max(1, NUMBERS[kind]):
            raise ValueError
    except (ValueError, IndexError):
        raise HostError(
            f"{text[:60]!r} is no MIDI control. Write such as `cc 1`, `note 36 channel 10`, `bend of PORT`; "
            f"kinds are {', '.join(kind.value for kind in SourceKind)}."
        ) from None
    return Source(kind, number, channel, port.strip() or None)


def target_of(text: str) -> Target:
    """The address and fixed arguments that a text names. Raises HostError when there is no such address."""
    if len(text) > LONGEST_TARGET:
        raise HostError(f"{text[:60]!r}… is too long. Say what a control drives in {LONGEST_TARGET} characters.")
    try:
        address, *words = shlex.split(text)
    except ValueError:
        raise HostError(f"{text[:60]!r} is no address. Write one such as /hitpoint/control/intensity.") from None
    arguments = find(address)[0].arguments
    if len(words) > len(arguments):
        raise HostError(f"{address} takes at most {len(arguments)} arguments, not {len(words)}.")
    given = tuple(_value(argument, word) for argument, word in zip(arguments, words, strict=False))
    return Target(address, given)


def _value(argument: Argument, word: str) -> Value:
    if argument.kind is Kind.TEXT:
        return word
    try:
        return float(word)
    except ValueError:
        raise HostError(f"{argument.name} must be a number, not {word[:40]!r}.") from None


def how_of(text: str) -> How:
    """What a text says of a binding's ways. Raises HostError for a word that is none."""
    how = How()
    for word in text.lower().split():
        if word == OMNI:
            how = replace(how, omni=True)
        elif word == ANY_PORT:
            how = replace(how, any_port=True)
        elif word in {mode.value for mode in Mode}:
            how = replace(how, mode=Mode(word))
        elif word in {take_over.value for take_over in TakeOver}:
            how = replace(how, take_over=TakeOver(word))
        else:
            low, high = _range(word)
            how = replace(how, low=low, high=high)
    return how


def _range(word: str) -> tuple[float, float]:
    low, dots, high = word.partition("..")
    try:
        values = float(low), float(high)
    except ValueError:
        values = (float("nan"), 0.0)
    if not dots or not all(map(isfinite, values)):
        known = [*(mode.value for mode in Mode), *(take_over.value for take_over in TakeOver), OMNI, ANY_PORT]
        near = get_close_matches(word, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}, and ranges such as 0.2..0.8."
        raise HostError(f"{word[:40]!r} says nothing about a binding. {hint}")
    return values


def binding(source: Source, target: Target, how: How = How(), guess: Mode | None = None) -> Binding:
    """A binding of which all fits together. Raises HostError that says what does not.

    guess: the mode that the control seemed to have while it was learned, where it makes sense for the target.
    """
    command = find(target.address)[0]
    source = replace(
        source,
        channel=None if how.omni else source.channel,
        port=None if how.any_port else source.port,
    )
    driven = None if how.mode is Mode.TRIGGER else _driven(command, target)
    span = None if driven is None else _span(command, driven, how)
    _check_asks(command, target, span)
    mode = how.mode or _usual_mode(driven, guess)
    _check_mode(source, command, mode, driven)
    readable = command.readable and not target.arguments
    take_over = _take_over(source, command, how.take_over, readable and mode is Mode.ABSOLUTE and span is not None)
    return Binding(source, target, mode, take_over, span, readable)


def _take_over(source: Source, command: Command, wanted: TakeOver | None, can: bool) -> TakeOver:
    if wanted in (TakeOver.PICKUP, TakeOver.SCALE) and not can:
        raise HostError(f"{command.address} has no value here that could be taken over. Leave {wanted.value} out.")
    return wanted or (TakeOver.PICKUP if can and source.kind not in _STRUCK else TakeOver.JUMP)


def _driven(command: Command, target: Target) -> Argument | None:
    """The argument that a control fills: the first that is not fixed, where it is needed or is an amount. Whole numbers
    and texts that may be left out are: a pad bound to /hitpoint/cue/vary varies everything."""
    left = command.arguments[len(target.arguments) :]
    if not left or left[0].kind is Kind.TEXT:
        return None
    return left[0] if not left[0].optional or left[0].kind in (Kind.NUMBER, Kind.SWITCH) else None


def _span(command: Command, driven: Argument, how: How) -> Span:
    top = driven.low + STEPS if driven.high == LAST_BAR else driven.high
    low, high = (driven.low, top) if how.low is None or how.high is None else (how.low, how.high)
    if not driven.low <= min(low, high) or not max(low, high) <= driven.high:
        raise HostError(
            f"{command.address}: the range {low:g}..{high:g} is not within {driven.low:g} to {driven.high:g}."
        )
    return Span(low, high, whole=driven.kind is not Kind.NUMBER)


def _check_asks(command: Command, target: Target, span: Span | None) -> None:
    """What the control will ask must be what the address takes: tried out, once, when the binding is made."""
    ends = [()] if span is None else [(span.value_at(0.0),), (span.value_at(1.0),)]
    for sent in ends:
        action = read(target.address, (*target.arguments, *sent))
        if isinstance(action, Ask | Subscribe | Unsubscribe):
            raise HostError(f"{command.address} only answers who asks over OSC. Bind an address that does something.")


def _usual_mode(driven: Argument | None, guess: Mode | None) -> Mode:
    if driven is None:
        return Mode.TRIGGER
    if driven.kind is Kind.SWITCH:
        return Mode.TOGGLE
    return guess or Mode.ABSOLUTE


def _check_mode(source: Source, command: Command, mode: Mode, driven: Argument | None) -> None:
    if mode in RELATIVE and source.kind not in (SourceKind.CC, SourceKind.NRPN):
        raise HostError(f"{source} cannot be {mode.value}: only cc and nrpn controls turn without an end.")
    if driven is None and mode is not Mode.TRIGGER:
        raise HostError(
            f"{command.address} is left no value to drive, so it cannot be {mode.value}. Leave the mode out."
        )


def as_text(bound: Binding) -> BoundControl:
    """A binding in words, all of `how` said: `binding_of` gives it back."""
    how = [bound.mode.value]
    if bound.span is not None:
        if bound.mode is Mode.ABSOLUTE:
            how.append(bound.take_over.value)
        how.append(f"{bound.span.low!r}..{bound.span.high!r}")
    words = (_word(argument) for argument in bound.target.arguments)
    return BoundControl(str(bound.source), " ".join([bound.target.address, *words]), " ".join(how))


def _word(argument: Value) -> str:
    if isinstance(argument, str):
        return shlex.quote(argument)
    return repr(int(argument) if argument == int(argument) else argument)


def binding_of(words: BoundControl) -> Binding:
    """The binding that words describe. Raises HostError that says what is wrong with them."""
    return binding(source_of(words.source), target_of(words.target), how_of(words.how))
