"""The one table of what can be asked of a running Hitpoint over OSC (`hosts.actions` has what that is).

The listener checks packets against it, the README's address table (`hosts.address_table`) is printed from it, and a
test keeps them alike. No sockets here: `read` turns an address and its arguments into a plain value, or says what is
wrong with them.

Surfaces such as TouchOSC send floats for everything, so a float is taken wherever a whole number or a switch is
meant. Nothing is clamped: a value out of range is an error and changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import isfinite

from hitpoint.errors import ConfigError, HostError
from hitpoint.hosts.actions import (
    Action,
    Ask,
    ChooseModel,
    KeepTake,
    Locate,
    LoopBars,
    MidiBound,
    MidiForgotten,
    MidiLearned,
    MidiLearningCancelled,
    Panic,
    Play,
    PutMarker,
    RemoveMarker,
    SetMeter,
    SetTempo,
    Stop,
    Subscribe,
    ThrowIn,
    Undo,
    Unsubscribe,
)
from hitpoint.score.control_curve import ControlCurve, read_curve
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.one_line import writable
from hitpoint.score.session import ControlMoved, CurveDrawn, DirectionGiven, LoopVaries, PartSet, Switch, VariationAsked
from hitpoint.score.state import StateDefined
from hitpoint.score.when import When
from hitpoint.score.wish import FreezeAsked, ReturnAsked, StateAsked, VaryAsked
from hitpoint.timeline.meter import DENOMINATORS, LARGEST_NUMERATOR
from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM

LONGEST_TEXT = 10_000
"""Characters of a prompt that are read; a longer one is refused."""


class Kind(Enum):
    """What an argument is, and the OSC type tag that announces it."""

    NUMBER = "f"
    WHOLE = "i"
    SWITCH = "T"
    TEXT = "s"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command."""

    name: str
    kind: Kind
    low: float = 0.0
    high: float = 1.0
    optional: bool = False
    """True when it may be left out, with all that follow it."""
    words: tuple[str, ...] = ()
    """Of a text: the only ones there are; empty for any."""


Value = float | int | bool | str


@dataclass(frozen=True, slots=True)
class Command:
    """One address: what it takes, what it does."""

    address: str
    """Under /hitpoint; `{part}` stands for a part's or a stem's name, spaces as underscores; so does any {name}."""
    does: str
    """One line for the README and for surfaces."""
    arguments: tuple[Argument, ...] = ()
    build: Callable[[str, tuple[Value, ...]], Action] | None = None
    """From the name in the address and the checked arguments; None when it can only be asked for."""
    readable: bool = False
    """True when `<address>/get` answers with its value and subscribers hear of changes."""


def _control(name: str, means: str) -> Command:
    low, high = CONTROL_RANGES[name]
    return Command(
        f"/hitpoint/control/{name}",
        f"{means}; without an argument the cue decides again",
        (Argument(name, Kind.NUMBER, low, high, optional=True),),
        lambda _, values: ControlMoved(name, float(values[0]) if values else None),
        readable=True,
    )


def _curve(name: str) -> Command:
    return Command(
        f"/hitpoint/curve/{name}",
        f"{name} over the bars, as values at bars with lines between (1:0.2 8:0.9); without an argument no more",
        (Argument("curve", Kind.TEXT, optional=True),),
        lambda _, values: CurveDrawn(name, drawn_curve(name, str(values[0])) if values and values[0] else None),
        readable=True,
    )


def drawn_curve(name: str, text: str) -> ControlCurve:
    """The curve of a control as values at bars. Raises HostError that says what is wrong with it."""
    if ">" in text:
        raise HostError(f"/hitpoint/curve/{name}: say at which bars, as in 1:0.2 8:0.9: a timeline has no last bar.")
    try:
        return read_curve(name, text, LAST_BAR)
    except ConfigError as error:
        raise HostError(f"/hitpoint/curve/{name}: the curve {error}") from error


def _part(switch: Switch, does: str) -> Command:
    return Command(
        f"/hitpoint/part/{{part}}/{switch.value}",
        does,
        (Argument("on", Kind.SWITCH),),
        lambda part, values: PartSet(part, switch, bool(values[0])),
        readable=True,
    )


def _variation(_: str, values: tuple[Value, ...]) -> VariationAsked:
    first = int(values[0]) - 1 if values else 0
    last = int(values[1]) - 1 if len(values) > 1 else first
    if not values:
        last = LAST_BAR
    parts = frozenset({str(values[2])}) if len(values) > 2 else frozenset[str]()
    return VariationAsked(first, last, parts)


def _keep(_: str, values: tuple[Value, ...]) -> KeepTake:
    first = int(values[0]) - 1 if values else 0
    last = int(values[1]) - 1 if len(values) > 1 else first if values else LAST_BAR
    if last < first:
        raise HostError(f"/hitpoint/take/keep: last bar {last + 1} lies before first bar {first + 1}.")
    return KeepTake(first, last, frozenset(str(part) for part in values[2:] if part))


def _loop(_: str, values: tuple[Value, ...]) -> LoopBars:
    if not values:
        return LoopBars(None, None)
    first, last = int(values[0]), int(values[-1])
    if last < first:
        raise HostError(f"/hitpoint/transport/loop: last bar {last} lies before first bar {first}. Change them round.")
    return LoopBars(first, last)


def _vary_next(_: str, values: tuple[Value, ...]) -> VaryAsked:
    parts = frozenset(str(part) for part in values[1:] if part)
    return VaryAsked(When(values[0]), parts)


def _state(_: str, values: tuple[Value, ...]) -> StateAsked:
    defaults: tuple[Value, ...] = ("", When.BAR.value, POSITION, False, 0)
    name, when, place, bridge, hold = values + defaults[len(values) :]
    return StateAsked(str(name), When(when), place == START, bool(bridge), int(hold) or None)


START, POSITION = "start", "position"
"""Where a state begins: at its own first bar, or at the timeline's place."""
LAST_BAR = 1_000_000
"""Beyond any cue: "to the end"."""
_PORT = Argument("port", Kind.WHOLE, 1, 65535, optional=True)
WHEN = Argument("when", Kind.TEXT, optional=True, words=tuple(when.value for when in When))
"""When a change is to take place."""

COMMANDS: tuple[Command, ...] = (
    Command("/hitpoint/transport/play", "roll (built-in host)", (), lambda _, __: Play()),
    Command("/hitpoint/transport/stop", "stand still (built-in host)", (), lambda _, __: Stop()),
    Command(
        "/hitpoint/transport/locate",
        "go to a bar, counted from 1 (built-in host)",
        (Argument("bar", Kind.NUMBER, 1, LAST_BAR),),
        lambda _, values: Locate(float(values[0])),
    ),
    Command(
        "/hitpoint/transport/tempo",
        "go on at that tempo, in quarters a minute, until the timeline's next change (built-in host)",
        (Argument("bpm", Kind.NUMBER, SLOWEST_BPM, FASTEST_BPM),),
        lambda _, values: SetTempo(float(values[0])),
    ),
    Command(
        "/hitpoint/transport/meter",
        "count so from the next bar line on, until the timeline's next change (built-in host)",
        (
            Argument("beats", Kind.WHOLE, 1, LARGEST_NUMERATOR),
            Argument("beat unit", Kind.WHOLE, DENOMINATORS[0], DENOMINATORS[-1]),
        ),
        lambda _, values: SetMeter(int(values[0]), int(values[1])),
    ),
    Command(
        "/hitpoint/transport/loop",
        "play bars first to last round and round (built-in host); without arguments no more",
        (
            Argument("first bar", Kind.WHOLE, 1, LAST_BAR, optional=True),
            Argument("last bar", Kind.WHOLE, 1, LAST_BAR, optional=True),
        ),
        _loop,
        readable=True,
    ),
    Command(
        "/hitpoint/transport/loop/vary",
        "another answer for each bar of the loop, every turn",
        (Argument("on", Kind.SWITCH),),
        lambda _, values: LoopVaries(bool(values[0])),
        readable=True,
    ),
    Command("/hitpoint/transport", "rolling (1 or 0), bar, beat, tick, tempo in bpm", readable=True),
    Command(
        "/hitpoint/marker/put",
        "set a marker at a bar, or move the one of that name there",
        (Argument("name", Kind.TEXT), Argument("bar", Kind.NUMBER, 1, LAST_BAR)),
        lambda _, values: PutMarker(str(values[0]), float(values[1])),
    ),
    Command(
        "/hitpoint/marker/remove",
        "take the marker of that name away",
        (Argument("name", Kind.TEXT),),
        lambda _, values: RemoveMarker(str(values[0])),
    ),
    Command("/hitpoint/markers", "the markers there are: bar, beat, tick and name of each", readable=True),
    Command(
        "/hitpoint/cue/generate",
        "what to play where no marker says anything; empty for nothing",
        (Argument("direction", Kind.TEXT),),
        lambda _, values: DirectionGiven(str(values[0])),
        readable=True,
    ),
    Command(
        "/hitpoint/cue/vary",
        "another answer for bars first to last (from 1; all without arguments), for one part, one stem or all",
        (
            Argument("first bar", Kind.WHOLE, 1, LAST_BAR, optional=True),
            Argument("last bar", Kind.WHOLE, 1, LAST_BAR, optional=True),
            Argument("part", Kind.TEXT, optional=True),
        ),
        _variation,
    ),
    Command(
        "/hitpoint/cue/vary_next",
        "another answer from the next sync point to the next marker or the cue's end, for one part, one stem or all",
        (replace(WHEN, optional=False), Argument("part", Kind.TEXT, optional=True)),
        _vary_next,
    ),
    Command(
        "/hitpoint/cue/freeze",
        "let the bar that plays repeat; off: go on at the next bar line",
        (Argument("on", Kind.SWITCH),),
        lambda _, values: FreezeAsked(bool(values[0])),
        readable=True,
    ),
    Command(
        "/hitpoint/state/define",
        "the words of a state; empty ones take it away",
        (Argument("name", Kind.TEXT), Argument("direction", Kind.TEXT)),
        lambda _, values: StateDefined(str(values[0]).strip(), str(values[1]).strip()),
    ),
    Command(
        "/hitpoint/state/go",
        "play in a state from the next sync point on: at the timeline's place, or from its own start; with a bar that "
        "leads over if bridge is 1; for so many bars if hold is not 0",
        (
            Argument("name", Kind.TEXT),
            WHEN,
            Argument("place", Kind.TEXT, optional=True, words=(POSITION, START)),
            Argument("bridge", Kind.SWITCH, optional=True),
            Argument("hold", Kind.WHOLE, 0, LAST_BAR, optional=True),
        ),
        _state,
    ),
    Command(
        "/hitpoint/state/return",
        "leave the state for what played before it; call off one that has not come yet",
        (WHEN,),
        lambda _, values: ReturnAsked(When(values[0]) if values else When.BAR),
    ),
    Command(
        "/hitpoint/state",
        "the state that holds, the one that is to come, and its tick (−1 for none); empty for what the timeline says",
        readable=True,
    ),
    _control("intensity", "how much of everything, 0 to 1"),
    _control("density", "how busy, 0 to 1"),
    _control("valence", "dark to bright, −1 to 1"),
    _control("arousal", "still to agitated, −1 to 1"),
    _control("tension", "at rest to unbearable, 0 to 1"),
    *map(_curve, CONTROL_RANGES),
    _part(Switch.MUTE, "silence a part or stem"),
    _part(Switch.SOLO, "let only soloed parts sound"),
    _part(Switch.LOCK, "keep a part's notes as they are, whatever changes"),
    Command(
        "/hitpoint/stinger/{stinger}",
        "let a stinger sound over the music, at the next beat unless told otherwise",
        (WHEN,),
        lambda name, values: ThrowIn(name, When(values[0]) if values else When.BEAT),
    ),
    Command("/hitpoint/stingers", "the names of the stingers there are", readable=True),
    Command(
        "/hitpoint/take/keep",
        "write bars first to last (from 1; all without arguments) of one part, one stem or all into the DAW's own "
        "tracks, as one undo step there (needs its script: `hitpoint install`)",
        (
            Argument("first bar", Kind.WHOLE, 1, LAST_BAR, optional=True),
            Argument("last bar", Kind.WHOLE, 1, LAST_BAR, optional=True),
            Argument("part", Kind.TEXT, optional=True),
        ),
        _keep,
    ),
    Command(
        "/hitpoint/model",
        "have that model write from now on: one that comes with Hitpoint, or a bundle of yours in its `models` folder; "
        "what is written stays until it is varied. Undo does not bring the one before back: choose it again",
        (Argument("bundle", Kind.TEXT),),
        lambda _, values: ChooseModel(str(values[0]).strip()),
        readable=True,
    ),
    Command("/hitpoint/undo", "take back what was asked last", (), lambda _, __: Undo()),
    Command("/hitpoint/panic", "silence everything that sounds, now", (), lambda _, __: Panic()),
    Command(
        "/hitpoint/midi/learn",
        "the MIDI control moved next drives that address (with arguments that stay the same after it); "
        "how: toggle, pickup, 0.2..0.8 …",
        (Argument("address", Kind.TEXT), Argument("how", Kind.TEXT, optional=True)),
        lambda _, values: MidiLearned(str(values[0]), "".join(map(str, values[1:]))),
        readable=True,
    ),
    Command("/hitpoint/midi/cancel", "learn nothing now", (), lambda _, __: MidiLearningCancelled()),
    Command(
        "/hitpoint/midi/bind",
        "that MIDI control (`cc 1 channel 3`, `note 36` …) drives that address",
        (Argument("control", Kind.TEXT), Argument("address", Kind.TEXT), Argument("how", Kind.TEXT, optional=True)),
        lambda _, values: MidiBound(str(values[0]), str(values[1]), "".join(map(str, values[2:]))),
    ),
    Command(
        "/hitpoint/midi/forget",
        "no MIDI control drives that address any more; empty for all of them. Undo does not bring them back",
        (Argument("address", Kind.TEXT),),
        lambda _, values: MidiForgotten(str(values[0])),
    ),
    Command("/hitpoint/midi/bindings", "what MIDI controls drive, as one JSON text", readable=True),
    Command("/hitpoint/status", "how it is running, as one JSON text", readable=True),
    Command(
        "/hitpoint/subscribe",
        "report changes to you, on this port of your machine (the one you send from, without it)",
        (_PORT,),
        lambda _, values: Subscribe(int(values[0]) if values else None),
    ),
    Command(
        "/hitpoint/unsubscribe",
        "report no more",
        (_PORT,),
        lambda _, values: Unsubscribe(int(values[0]) if values else None),
    ),
)

_GET = "/get"


def part_address(part: str) -> str:
    """A part's name as it stands in an address: OSC allows no spaces in one."""
    return part.replace(" ", "_")


def read(address: str, arguments: Sequence[object]) -> Action:
    """What a packet asks. Raises HostError that says what is wrong with it; then nothing is to be changed."""
    if not writable(address):
        raise HostError(f"no address {address[:80]!r}: it has half a character in it.")
    asks = address.endswith(_GET)
    command, name = find(address.removesuffix(_GET))
    if asks or command.build is None:
        if not command.readable:
            raise HostError(f"{command.address} has no value to get. Ask one of those marked readable.")
        return Ask(address.removesuffix(_GET))
    return command.build(name, _checked(command, arguments))


def find(address: str) -> tuple[Command, str]:
    """The row of the table for an address, and what is named in it. Raises HostError where there is none."""
    pieces = address.split("/")
    for command in COMMANDS:
        wanted = command.address.split("/")
        if len(wanted) != len(pieces):
            continue
        named = [piece for word, piece in zip(wanted, pieces, strict=True) if word.startswith("{")]
        if all(word == piece or word.startswith("{") for word, piece in zip(wanted, pieces, strict=True)):
            return command, "".join(named).replace("_", " ")
    raise HostError(f"no address {address[:80]!r}. `hitpoint run --help` lists those there are.")


def _checked(command: Command, arguments: Sequence[object]) -> tuple[Value, ...]:
    needed = sum(1 for argument in command.arguments if not argument.optional)
    # Buttons on surfaces send a 1 when pressed (and a 0 when let go) even where nothing is asked.
    if not command.arguments:
        return ()
    if not needed <= len(arguments) <= len(command.arguments):
        raise HostError(f"{command.address} takes {taken(command)}, not {len(arguments)} arguments.")
    return tuple(
        _check(command.address, argument, given) for argument, given in zip(command.arguments, arguments, strict=False)
    )


def taken(command: Command) -> str:
    """What it takes, in words."""
    return " ".join(f"[{a.name}]" if a.optional else a.name for a in command.arguments)


def _check(address: str, argument: Argument, given: object) -> Value:
    if argument.kind is Kind.TEXT:
        if not isinstance(given, str) or len(given) > LONGEST_TEXT:
            raise HostError(f"{address}: {argument.name} must be text of at most {LONGEST_TEXT} characters.")
        if not writable(given):
            raise HostError(f"{address}: {argument.name} has half a character in it. Send whole ones.")
        if argument.words and given not in argument.words:
            words = ", ".join(argument.words)
            raise HostError(f"{address}: {argument.name} must be one of {words}, not {given[:40]!r}.")
        return given
    if not isinstance(given, int | float) or not isfinite(given):
        raise HostError(f"{address}: {argument.name} must be a number, not {str(given)[:40]!r}.")
    if argument.kind is Kind.SWITCH:
        return given >= 0.5
    if not argument.low <= given <= argument.high:
        raise HostError(f"{address}: {argument.name} {given:g} is outside {argument.low:g} to {argument.high:g}.")
    if argument.kind is Kind.WHOLE:
        if given != int(given):
            raise HostError(f"{address}: {argument.name} must be a whole number, not {given:g}.")
        return int(given)
    return float(given)
