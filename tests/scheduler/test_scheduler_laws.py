"""What must hold whatever control, people and hosts do, in any order."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitpoint.scheduler.performance import (
    Cancel,
    LoopChange,
    Mute,
    Panic,
    Route,
    Routing,
    Schedule,
    TempoChange,
    ToPlay,
    TransportChange,
)
from hitpoint.scheduler.scheduler import LATEST_SECONDS, Scheduler
from hitpoint.score.articulation import STACCATO, SUSTAIN, Articulated, ArticulationMap, Switch
from hitpoint.score.dynamics import Dynamics, LevelPoint, velocity_at
from hitpoint.score.expression import CONTROLLER_RANGES, EXPRESSIVE
from hitpoint.score.midi_message import CONTROL_CHANGE, PEDAL, PortMessage, is_note_off, is_note_on, pressed, released
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

PARTS = ("violin", "horn", "timpani")
PORTS = ("Hitpoint strings", "Hitpoint brass")
BAR = 3840
GRID = 160
BARS = 3
TEMPI = (
    TempoMap.constant(297.5),
    TempoMap.constant(440.0),
    TempoMap((TempoPoint(0, 160.0, Ramp.LINEAR_IN_BEATS), TempoPoint(2 * BAR, 480.0))),
)
"""Fast, so that a short script comes far."""


def route(part: str, offset_ms: float, port: int) -> Route:
    # Violin and timpani share a channel when they share a port: the worst case for keys struck twice.
    return Route(part, PORTS[port], 0 if part != "horn" else 1, 40, offset_ms)


MAP = ArticulationMap("", {"violin": {SUSTAIN: Switch("key", 12), STACCATO: Switch("key", 13)}})
"""By their programs all parts are violins."""
written_levels = st.sampled_from((None, 0.0, 0.1))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    bar = draw(st.integers(0, BARS - 1))
    places = draw(st.lists(st.tuples(st.integers(0, BAR // GRID - 1), st.integers(60, 62)), unique=True, max_size=16))
    # The velocity tells the tick, so that a note-on can be known again by its bytes.
    notes = tuple(
        Note(tick, pitch, draw(st.sampled_from((1, 100, GRID, 1000, 3 * BAR))), 1 + tick // GRID)
        for tick, pitch in sorted((bar * BAR + place * GRID, pitch) for place, pitch in places)
    )
    onsets = sorted({note.tick for note in notes})
    cut_at = draw(st.sampled_from((None, None, bar * BAR, bar * BAR + 3 * GRID)))
    downs = draw(st.lists(st.integers(0, BAR // GRID - 1), unique=True, max_size=4))
    pedal = tuple(Note(bar * BAR + down * GRID + 60, PEDAL, draw(st.sampled_from((GRID, BAR))), 127) for down in downs)
    return Schedule(
        draw(st.sampled_from(PARTS)), bar, bar * BAR, (bar + 1) * BAR, notes, cut_at, draw(written_levels), pedal=pedal,
        articulations=tuple(Articulated(tick, draw(st.sampled_from((SUSTAIN, STACCATO)))) for tick in onsets),
    )  # fmt: skip


@st.composite
def dynamics(draw: st.DrawFn) -> Dynamics:
    # Never softer than written, nor so loud that a velocity no longer tells its tick.
    steps = tuple(LevelPoint(bar * BAR, draw(st.sampled_from((0.1, 0.3, 0.5)))) for bar in range(BARS))
    curve = draw(st.lists(st.builds(LevelPoint, st.integers(0, BARS * BAR), st.floats(0, 1)), min_size=1, max_size=6))
    return Dynamics(steps, tuple(sorted(curve, key=lambda point: point.tick)))


ticks = st.integers(0, BARS * BAR // GRID).map(lambda place: place * GRID)
offsets = st.sampled_from((0.0, 0.0, -80.0, 45.0))
loops = st.one_of(
    st.none(),
    st.builds(lambda start, length: Loop(start, start + length), ticks, st.sampled_from((BAR, 2 * BAR, 1234, GRID, 7))),
)
SETTLING_SECONDS = 0.15
"""A part that is sent early or late is not where the transport is: for so long after it was sent elsewhere, or another
loop was set, nothing is promised of it."""
SHORT_SECONDS = 0.1
"""Rounds of a loop shorter than this cannot be told apart where notes may be late."""
messages = st.one_of(
    schedules(),
    schedules(),
    schedules(),
    dynamics(),
    dynamics(),
    st.builds(Cancel, st.sampled_from((None, *PARTS)), ticks),
    st.builds(TempoChange, st.sampled_from(TEMPI)),
    st.builds(Mute, st.frozensets(st.sampled_from(PARTS))),
    st.just(Panic()),
    st.builds(lambda a, b, c: Routing(tuple(map(route, PARTS, (a, b, c), (0, 1, 0)))), offsets, offsets, offsets),
    st.builds(LoopChange, loops),
    st.builds(LoopChange, loops),
    st.just("again"),
    st.just("again"),
    st.just("start"),
    st.just("start"),
    st.just("stop"),
    st.builds(lambda tick: ("locate", tick), ticks),
)
windows = st.floats(0.0005, 0.3)
gaps = st.tuples(st.just("gap"), st.floats(0.005, 0.2))
steps = st.lists(st.one_of(messages, windows, windows, gaps), min_size=20, max_size=60)


def is_expression(data: bytes) -> bool:
    return data[0] & 0xF0 == CONTROL_CHANGE and data[1] in CONTROLLER_RANGES


@dataclass
class Listener:
    """A receiver that knows what it was promised."""

    scheduler: Scheduler = field(default_factory=lambda: Scheduler(PORTS, controllers=EXPRESSIVE, articulations=MAP))
    now: float = 10.0
    last_sent: float = 0.0
    sounding: set[tuple[int, int, int]] = field(default_factory=set)
    queued: dict[str, dict[tuple[int, int], Note]] = field(default_factory=lambda: {part: {} for part in PARTS})
    promised: dict[str, set[tuple[int, int]]] = field(default_factory=lambda: {part: set() for part in PARTS})
    """What is still to come, in this turn of a loop or a later one."""
    heard: set[tuple[str, int, int, int]] = field(default_factory=set)
    """Part, tick, pitch and turn."""
    turns: int = 0
    """Turned before the scheduler began to count anew."""
    settled_from: float = 0.0
    muted: frozenset[str] = frozenset()
    offsets: dict[str, float] = field(default_factory=dict)
    latest: Schedule = field(default_factory=lambda: Schedule(PARTS[0], 0, 0, BAR, ()))
    roll_began: float = 0.0
    begun_at_tick: float = 0.0
    dynamics: Dynamics | None = None
    written: dict[tuple[str, int], float | None] = field(default_factory=dict)
    controllers: dict[tuple[int, int, int], int] = field(default_factory=dict)
    switched: dict[tuple[int, int], int] = field(default_factory=dict)
    """What was selected on each voice since the last start, panic or change of routes."""
    may_move: bool = False
    """While nothing rolls: a fader was moved since the last window, or something rolled in it."""

    def do(self, step: object) -> None:
        match step:
            case float():
                self.listen(step)
            case ("gap", float() as seconds):
                self.now += seconds
            case _:
                message = self.message(step)
                self.note(message)
                at, turn = self.scheduler.motion.transport.at, self.turn_at(self.now)
                self.scheduler.apply(message, self.now)
                if self.scheduler.rolling and self.scheduler.motion.transport.at > at:
                    self.turns = turn
                if isinstance(message, LoopChange):
                    self.heard = {heard for heard in self.heard if heard[3] <= turn}
                    self.forget_passed(self.now)

    def turn_at(self, at: float) -> int:
        """How often the loop was turned round since the roll began."""
        motion = self.scheduler.motion
        return self.turns + motion.course.place_at(motion.seconds_at(at)).turn

    def message(self, step: object) -> ToPlay:
        match step:
            case "start":
                return TransportChange(Started(self.now))
            case "stop":
                return TransportChange(Stopped(round(self.scheduler.tick_at(self.now)), self.now))
            case "again":
                return self.latest
            case Schedule():
                self.latest = step
            case ("locate", int() as tick):
                return TransportChange(Located(tick, self.now))
        return step  # type: ignore[return-value]

    def note(self, message: ToPlay) -> None:
        match message:
            case Schedule(part, _, start, end, notes):
                for key in [key for key in self.queued[part] if start <= key[0] < end]:
                    del self.queued[part][key]
                self.queued[part].update(((note.tick, note.pitch), note) for note in notes)
                self.written[part, start] = message.level
                self.promised[part] = {key for key in self.promised[part] if not start <= key[0] < end}
                self.promised[part] |= {(note.tick, note.pitch) for note in notes}
                # What has passed is sent late or left out, and is owed no more, also when the part is sent later now.
                self.forget_passed(self.now)
            case Dynamics():
                self.dynamics, self.may_move = message, True
            case Cancel(part, from_tick):
                for name in PARTS if part is None else (part,):
                    self.queued[name] = {key: note for key, note in self.queued[name].items() if key[0] < from_tick}
                    self.promised[name] &= self.queued[name].keys()
            case Panic():
                self.switched.clear()
            case Mute(parts):
                self.muted = parts
            case Routing(routes):
                self.switched.clear()
                self.offsets = {route.part: route.offset_ms / 1000 for route in routes}
                self.settled_from = self.now + SETTLING_SECONDS * (self.scheduler.motion.course.loop is not None)
            case LoopChange():
                self.settled_from = self.now + SETTLING_SECONDS
            case TransportChange(Started()) if not self.scheduler.rolling:
                self.begin(self.scheduler.tick_at(self.now))
            case TransportChange(Located(tick)):
                self.clear()
                self.begin(tick)
                self.dynamics = None
            case TransportChange(Stopped()):
                self.clear()

    def begin(self, tick: float) -> None:
        self.heard.clear()
        self.controllers.clear()
        self.may_move = True
        self.switched.clear()
        self.turns = 0
        self.begun_at_tick = tick
        self.roll_began = self.now

    def clear(self) -> None:
        for part in PARTS:
            self.queued[part].clear()
            self.promised[part].clear()
        self.written.clear()

    def forget_passed(self, until: float) -> None:
        """What has passed does not come again, but in the loop."""
        loop = self.scheduler.motion.course.loop
        if self.scheduler.rolling:
            for part, keys in self.promised.items():
                self.promised[part] = {
                    key
                    for key in keys
                    if (loop and loop.start <= key[0] < loop.end)
                    or self.scheduler.clock_at(key[0]) + self.offsets.get(part, 0.0) >= until
                }

    def listen(self, seconds: float) -> None:
        until = self.now + seconds
        expected = self.expected(until)
        struck: set[tuple[int, int, float]] = set()
        for message in self.scheduler.due(self.now, until):
            assert self.now <= message.at < until
            assert message.at >= self.last_sent, "time never runs back"
            self.last_sent = message.at
            self.hear(message)
            voice = (message.port, message.data[0] & 15, message.at)
            if is_note_on(message.data):
                struck.add(voice)
            assert not (is_expression(message.data) and voice in struck), "a controller moves before its tick's notes"
        self.may_move = False
        assert expected <= self.heard, "what is due and promised is heard"
        self.forget_passed(until)
        self.now = until

    def expected(self, until: float) -> set[tuple[str, int, int, int]]:
        """What must sound in the window: queued before it, and due in it."""
        if not self.scheduler.rolling:
            return set()
        motion, expected = self.scheduler.motion, set()
        for part, keys in self.promised.items():
            offset = self.offsets.get(part)
            if offset is None or part in self.muted or (offset and self.now < self.settled_from):
                continue
            for tick, pitch in keys:
                at = self.scheduler.clock_at(tick, self.now - offset)
                if not self.now <= at + offset < until - 1e-9:
                    continue
                turn = self.turns + motion.course.nearest_turn(tick, at - motion.shift)
                begun = turn > 0 or tick >= self.begun_at_tick
                if begun and self.queued[part][tick, pitch].duration >= 100:
                    expected.add((part, tick, pitch, turn))
        return expected

    def hear(self, message: PortMessage) -> None:
        data, key = message.data, (message.port, message.data[0] & 15, message.data[1])
        if is_expression(data):
            assert self.scheduler.rolling or self.may_move, "nothing moves while all stands, but for a hand on a fader"
            assert self.may_move or self.controllers.get(key) != data[2], "what is known is not sent again"
            self.controllers[key] = data[2]
        if is_note_off(data):
            self.sounding.discard(key)
        if released(data) == PEDAL:
            self.sounding.discard((*key[:2], PEDAL))
        if pressed(data) == PEDAL:
            assert (*key[:2], PEDAL) not in self.sounding, "the pedal is let go before it is pressed again"
            assert self.scheduler.rolling
            assert message.part not in self.muted
            self.sounding.add((*key[:2], PEDAL))
        if not is_note_on(data):
            return
        assert key not in self.sounding, "a key is let go before it is struck again"
        self.sounding.add(key)
        if data[1] in (12, 13):
            assert self.switched.get(key[:2]) != data[1], "what is selected is not selected again"
            assert message.part not in self.muted, "a muted part is not switched"
            self.switched[key[:2]] = data[1]
            return
        part, (tick, pitch) = message.part, self.recognized(message)
        assert part not in self.muted, "a muted part is silent"
        assert (tick, pitch) in self.queued[part], "what was cancelled does not sound"
        assert self.scheduler.rolling
        motion, offset = self.scheduler.motion, self.offsets[part]
        turn = motion.course.place_at(message.at - offset - motion.shift).turn
        if motion.course.loop and motion.course.seconds_at(tick, turn) + motion.shift + offset > message.at + 1e-6:
            turn -= 1
        due = motion.course.seconds_at(tick, turn) + motion.shift + offset
        turn += self.turns
        assert turn >= 0
        assert turn > 0 or tick >= self.begun_at_tick - 3
        if motion.course.loop_seconds > SHORT_SECONDS:
            assert (part, tick, pitch, turn) not in self.heard, "nothing sounds twice in a turn"
        due = max(due, self.roll_began)
        assert message.at - due <= LATEST_SECONDS + 1e-6, "too late is left out"
        assert message.at >= due - 1e-6, "nothing is early"
        self.heard.add((part, tick, pitch, turn))

    def recognized(self, message: PortMessage) -> tuple[int, int]:
        """Tick and pitch of the queued note that has this velocity at the level that now holds for it."""
        part, pitch, velocity = message.part, message.data[1], message.data[2]
        found = [
            key for key, note in self.queued[part].items() if key[1] == pitch and self.velocity(part, note) == velocity
        ]
        assert found, "what was cancelled does not sound, and the rest at the level of the dynamics"
        motion = self.scheduler.motion
        seconds = message.at - self.offsets[part] - motion.shift
        return min(
            found,
            key=lambda key: abs(
                motion.course.seconds_at(key[0], motion.course.nearest_turn(key[0], seconds)) - seconds
            ),
        )

    def velocity(self, part: str, note: Note) -> int:
        written = self.written[part, note.tick // BAR * BAR]
        if written is None or self.dynamics is None:
            return note.velocity
        return velocity_at(note.velocity, written, self.dynamics.step_at(note.tick))


def play(script: list[object]) -> None:
    listener = Listener()
    listener.do(Routing(tuple(route(part, 0.0, index % 2) for index, part in enumerate(PARTS))))
    listener.do(TempoChange(TEMPI[0]))
    for step in script:
        listener.do(step)
    listener.do("stop")
    listener.do(0.001)

    assert not listener.sounding, "every note-on gets its note-off, and every pedal its up"


@given(steps)
@settings(max_examples=80, deadline=None)
def test_the_laws_hold_for_any_script(script: list[object]) -> None:
    play(script)


@pytest.mark.slow
@pytest.mark.parametrize("_half", range(2))
@given(steps)
@settings(max_examples=1000, deadline=None)
def test_the_laws_hold_for_two_thousand_scripts(_half: int, script: list[object]) -> None:
    play(script)


@given(
    st.lists(schedules(), max_size=8),
    st.sampled_from(TEMPI),
    st.lists(st.floats(0.005, 0.3), min_size=1, max_size=20),
    offsets,
)
@settings(max_examples=40, deadline=None)
def test_what_is_scheduled_in_time_is_sent_at_its_time(
    given_schedules: list[Schedule], tempo_map: TempoMap, lengths: list[float], offset_ms: float
) -> None:
    scheduler = Scheduler(PORTS)
    # A channel for each part, so that none cuts another short.
    routes = (Route(part, PORTS[0], channel, None, offset_ms) for channel, part in enumerate(PARTS))
    scheduler.apply(Routing(tuple(routes)), 0.0)
    scheduler.apply(TempoChange(tempo_map), 0.0)
    scheduler.apply(TransportChange(Started(100.0)), 0.0)
    wanted: dict[tuple[str, int, int], Note] = {}
    for schedule in given_schedules:
        scheduler.apply(schedule, 1.0)
        for key in [key for key in wanted if key[0] == schedule.part and schedule.start <= key[1] < schedule.end]:
            del wanted[key]
        wanted.update(((schedule.part, note.tick, note.pitch), note) for note in schedule.notes)

    sent: dict[tuple[str, int, int], float] = {}
    now, index = 99.0, 0
    while now < 200.0:
        until = now + lengths[index % len(lengths)]
        for message in scheduler.due(now, until):
            if is_note_on(message.data):
                sent[message.part, (message.data[2] - 1) * GRID, message.data[1]] = message.at
        now, index = until, index + 1

    assert sent.keys() == wanted.keys()
    for (_, tick, _), at in sent.items():
        due = max(100.0, 100.0 + tempo_map.seconds_at(tick) + offset_ms / 1000)
        assert abs(at - due) < 1e-9
