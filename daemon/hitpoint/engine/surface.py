"""The conversation over OSC: what is heard becomes an event, what is asked is answered, what changes is told."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from hitpoint.engine.controllers import Controllers
from hitpoint.engine.status import Status
from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts import actions, commands
from hitpoint.inputs.osc_listener import OscListener, listen
from hitpoint.inputs.packet_budget import Sender
from hitpoint.score.control_curve import curve_text
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.session import (
    ControllersBound,
    ControlMoved,
    CurveDrawn,
    DirectionGiven,
    Event,
    FreezeChanged,
    LoopVaries,
    PartSet,
    Session,
    Switch,
)
from hitpoint.score.state import StatesChanged
from hitpoint.score.when import When
from hitpoint.score.wish import FreezeAsked, ReturnAsked, StateAsked, VaryAsked, Wish
from hitpoint.timeline.host_event import (
    Followed,
    Located,
    LoopChanged,
    MarkersChanged,
    MeterMapChanged,
    Started,
    Stopped,
    TempoMapChanged,
)

MOST_SUBSCRIBERS = 64
"""More than anyone's desk holds; beyond it a new one is refused rather than the telling slowed."""

MOST_MARKERS_TOLD = 400
"""What one packet holds."""


_STATE, _FREEZE = "/hitpoint/state", "/hitpoint/cue/freeze"
_WATCHED = (_STATE, _FREEZE)


class Controllable(Protocol):
    """What a surface may do with the daemon."""

    @property
    def session(self) -> Session:
        """As it is now."""
        ...

    @property
    def controllers(self) -> Controllers:
        """The MIDI controllers."""
        ...

    def apply(self, event: Event) -> None:
        """Take in what a person did."""
        ...

    def ask(self, wish: Wish) -> None:
        """Take in what a person wants to happen in time. Raises HostError for what cannot be."""
        ...

    def transport(self, asked: actions.TransportAsked) -> None:
        """Drive the built-in host."""
        ...

    def keep_take(self, asked: actions.KeepTake) -> None:
        """Have bars written into the host's arrangement. Raises HostError for what cannot be."""
        ...

    def mark(self, asked: actions.MarkersAsked) -> None:
        """Set, move or remove a marker. Raises HostError when there is none of that name."""
        ...

    def panic(self) -> None:
        """Silence everything."""
        ...

    def throw_in(self, name: str, when: When) -> None:
        """Let a stinger sound over the music. Raises HostError when there is none of that name, or no place for it."""
        ...

    def choose_model(self, bundle: str) -> None:
        """Have another model write what is not written yet. Raises ModelError when there is none of that name."""
        ...

    @property
    def stingers(self) -> tuple[str, ...]:
        """Names of the stingers there are."""
        ...

    def undo(self) -> None:
        """Take back what a person asked last. Raises HostError when there is nothing."""
        ...

    def tick(self) -> float:
        """Where the host is."""
        ...

    def status(self) -> Status:
        """How it is running."""
        ...


class Surface:
    """One OSC socket and those who subscribed on it. Process: control, on its loop."""

    def __init__(self, daemon: Controllable) -> None:
        self._daemon = daemon
        self._listener: OscListener | None = None
        self._subscribers: set[Sender] = set()
        self._reply_port: int | None = None
        self._refused = 0
        self._told: dict[str, list[object]] = {}
        self.also: Callable[[str, Sequence[object]], None] | None = None
        """Told whatever subscribers are."""

    async def open(self, host: str, port: int, reply_port: int | None = None) -> None:
        """Listen; answer to `reply_port` of who asks, or to the port it asks from. Raises PortError when it's taken."""
        self._reply_port = reply_port
        self._listener = await listen(host, port, self._heard)

    def close(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            self._listener.close()

    @property
    def port(self) -> int | None:
        """The UDP port that is listened on; None while closed."""
        return self._listener.port if self._listener is not None else None

    @property
    def rejected(self) -> int:
        """Packets that were malformed, or asked for what there is not."""
        return self._refused + (self._listener.malformed if self._listener is not None else 0)

    @property
    def dropped(self) -> int:
        """Packets that were not read, because their sender sent too many."""
        return self._listener.dropped if self._listener is not None else 0

    @property
    def subscribers(self) -> frozenset[Sender]:
        """Who hears of changes."""
        return frozenset(self._subscribers)

    def resume(self, subscribers: Iterable[Sender]) -> None:
        """Go on telling those who subscribed before; at once of all there is, as they may have missed some of it."""
        for subscriber in subscribers:
            self._subscribe(subscriber)

    def tell(self, event: Event) -> None:
        """Report a change to every subscriber."""
        for address in _addresses(event):
            self.report(address)

    def report(self, address: str) -> None:
        """Tell every subscriber what an address tells now."""
        if self._is_heard:
            self._tell(address, self._value(address))

    @property
    def _is_heard(self) -> bool:
        return bool(self._subscribers) or self.also is not None

    def _tell(self, address: str, value: list[object]) -> None:
        for subscriber in self._subscribers:
            self._send(address, value, subscriber)
        if self.also is not None:
            self.also(address, value)

    def answer(self, address: str, arguments: Sequence[object]) -> list[object]:
        """Do what a packet with these would ask, or tell what it asks for; nothing where it asks for no value.

        Raises HitpointError.
        """
        action = commands.read(address, arguments)
        if isinstance(action, actions.Ask):
            return self._value(action.address)
        self._do(action)
        return []

    def take(self, address: str, arguments: Sequence[object]) -> None:
        """Do what a packet with these would ask, for one who has no address to answer to. Raises HitpointError."""
        self._do(commands.read(address, arguments))

    def number_at(self, address: str) -> float | None:
        """The first number that an address tells; None where nobody holds it."""
        value = self._value(address)
        return float(value[0]) if value and isinstance(value[0], int | float) else None

    def watch(self) -> None:
        """Report to every subscriber what has come about by itself: a state whose time has come, a bar let go."""
        if not self._is_heard:
            return
        for address in _WATCHED:
            value = self._value(address)
            if value != self._told.get(address):
                self._told[address] = value
                self._tell(address, value)

    def _heard(self, address: str, arguments: list[object], sender: Sender) -> None:
        sender = (sender[0], self._reply_port or sender[1])
        try:
            self._answer(commands.read(address, arguments), sender)
        except HitpointError as error:
            self._refused += 1
            self._send("/hitpoint/error", [str(error)], sender)

    def _answer(self, action: actions.Action, sender: Sender) -> None:
        match action:
            case actions.Ask(address):
                self._send(address, self._value(address), sender)
            case actions.Subscribe(port):
                self._subscribe((sender[0], port or sender[1]))
            case actions.Unsubscribe(port):
                self._subscribers.discard((sender[0], port or sender[1]))
            case _:
                self._do(action)

    def _do(self, action: actions.Action) -> None:
        match action:
            case (
                actions.Play()
                | actions.Stop()
                | actions.Locate()
                | actions.LoopBars()
                | actions.SetTempo()
                | actions.SetMeter()
            ):
                self._daemon.transport(action)
            case actions.PutMarker() | actions.RemoveMarker():
                self._daemon.mark(action)
            case actions.KeepTake():
                self._daemon.keep_take(action)
            case actions.Panic():
                self._daemon.panic()
            case actions.ThrowIn(name, when):
                self._daemon.throw_in(name, when)
            case StateAsked() | ReturnAsked() | VaryAsked() | FreezeAsked():
                self._daemon.ask(action)
            case actions.ChooseModel(bundle):
                self._daemon.choose_model(bundle)
            case actions.Undo():
                self._daemon.undo()
            case (
                actions.MidiLearned() | actions.MidiBound() | actions.MidiForgotten() | actions.MidiLearningCancelled()
            ):
                self._daemon.controllers.ask(action)
            case actions.Ask() | actions.Subscribe() | actions.Unsubscribe():
                raise HostError("that is answered to who asks over OSC, and to nobody else.")
            case _:
                self._daemon.apply(action)

    def _subscribe(self, subscriber: Sender) -> None:
        if len(self._subscribers) >= MOST_SUBSCRIBERS and subscriber not in self._subscribers:
            raise HostError(f"{MOST_SUBSCRIBERS} have subscribed already. Unsubscribe one first.")
        self._subscribers.add(subscriber)
        # Told at once of all there is, so that a surface that comes late shows what is so.
        controls = (f"/hitpoint/control/{name}" for name in CONTROL_RANGES)
        for address in ("/hitpoint/transport", *controls, *_WATCHED):
            self._send(address, self._value(address), subscriber)

    def _send(self, address: str, arguments: list[object], to: Sender) -> None:
        if self._listener is not None:
            self._listener.send(address, arguments, to)

    def _value(self, address: str) -> list[object]:
        session = self._daemon.session
        match address.split("/")[2:]:
            case ["transport"]:
                tick = int(self._daemon.tick())
                place = session.timeline.meter_map.bar_beat_tick_at(tick)
                bpm = session.timeline.tempo_map.bpm_at(tick)
                return [session.transport.rolling, place.bar, place.beat, place.tick, float(bpm)]
            case ["markers"]:
                bars, markers = session.timeline.meter_map, session.timeline.markers[:MOST_MARKERS_TOLD]
                places = ((bars.bar_beat_tick_at(max(0, marker.tick)), marker.name) for marker in markers)
                return [value for place, name in places for value in (place.bar, place.beat, place.tick, name)]
            case ["transport", "loop"]:
                loop, meter_map = session.transport.loop, session.timeline.meter_map
                return [] if loop is None else [meter_map.bar_at(tick).index + 1 for tick in (loop.start, loop.end - 1)]
            case ["transport", "loop", "vary"]:
                return [session.loop_varies]
            case ["control", name]:
                value = getattr(session.controls, name)
                return [] if value is None else [float(value)]
            case ["curve", name]:
                return [curve_text(curve) for curve in session.curves if curve.name == name]
            case ["part", part, switch]:
                names = {"mute": session.muted, "solo": session.soloed, "lock": session.locked}[switch]
                return [part.replace("_", " ") in names]
            case ["model"]:
                return [self._daemon.status().bundle]
            case ["stingers"]:
                return list(self._daemon.stingers)
            case ["state"]:
                return _state_value(session, self._daemon.tick())
            case ["cue", "freeze"]:
                return [session.frozen is not None and session.frozen.until is None]
            case ["cue", "generate"]:
                return [session.direction]
            case ["midi", "learn"]:
                return [self._daemon.controllers.learning]
            case ["midi", "bindings"]:
                return [json.dumps([bound._asdict() for bound in self._daemon.controllers.bound], ensure_ascii=False)]
            case _:
                return [json.dumps(self._daemon.status().as_json())]


def _state_value(session: Session, tick: float) -> list[object]:
    """The name of the state that holds, of the one to come, and when it comes."""
    holding, coming = session.states.at(int(tick)), session.states.pending(tick)
    names = [stack[-1].name if stack else "" for stack in (holding, coming.stack if coming else ())]
    return [*names, coming.tick if coming else -1]


def _addresses(event: Event) -> list[str]:
    """What a subscriber should hear again after `event`."""
    match event:
        case Started() | Stopped() | Located() | Followed():
            return ["/hitpoint/transport"]
        case TempoMapChanged() | MeterMapChanged():
            return ["/hitpoint/transport"]
        case MarkersChanged():
            return ["/hitpoint/markers"]
        case LoopChanged():
            return ["/hitpoint/transport/loop"]
        case LoopVaries():
            return ["/hitpoint/transport/loop/vary"]
        case ControlMoved(name, _):
            return [f"/hitpoint/control/{name}"]
        case CurveDrawn(name, _):
            return [f"/hitpoint/curve/{name}"]
        case PartSet(part, switch, _):
            return [f"/hitpoint/part/{commands.part_address(part)}/{Switch(switch).value}"]
        case StatesChanged():
            return [_STATE]
        case FreezeChanged():
            return [_FREEZE]
        case DirectionGiven():
            return ["/hitpoint/cue/generate"]
        case ControllersBound():
            return ["/hitpoint/midi/bindings"]
        case _:
            return []
