"""Random afternoons: a host and a person who do anything in any order, over a line that loses and reorders it, with a
model that is late or dies, and processes that stall or are started anew. Every message is judged as it is sent.

    play_script(seed)                                # raises AssertionError that names the law which was broken
    pytest -n auto -m slow tests/engine/test_host_scripts.py --many 20         # by hand: a hundred thousand of them

The laws: every note-on has its note-off; no key is struck twice; send time never runs back; what sounds is written on
the pages, and answers the plan where its bar began after the last change; a locked part plays what it was locked with.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from math import inf

from fakes.stage import PORTS, STEP_SECONDS, Stage
from hitpoint.engine.conductor import Conductor
from hitpoint.errors import HostError
from hitpoint.planner.horizon import Horizon
from hitpoint.planner.plan import plan_bar
from hitpoint.scheduler.performance import LoopChange, TempoChange, TransportChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.score.articulation import ArticulationMap
from hitpoint.score.expression import EXPRESSIVE
from hitpoint.score.midi_message import PEDAL, PortMessage, is_note_on, let_go, pressed, released
from hitpoint.score.request import BarPlan
from hitpoint.score.session import ControlMoved, DirectionGiven, LoopVaries, PartSet, Session, Switch, VariationAsked
from hitpoint.score.state import States
from hitpoint.score.stem import INSTRUMENTS
from hitpoint.score.stinger import read_stinger
from hitpoint.score.when import When
from hitpoint.score.wish import FreezeAsked, ReturnAsked, StateAsked, VaryAsked
from hitpoint.timeline.host_event import MarkersChanged, MeterMapChanged, TempoMapChanged
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Bar, Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.transport import start_at

BAR = 3840
LENGTH = 14 * BAR
CUE = Marker(0, "1m01 calm, strings, D minor")
MARKER_NAMES = ("HIT a", "HIT b stop", "tense, brass", "calm, strings, piano", "2m02 furious, orchestra", "END")
STATES = States((("calm", "calm, harp, flute"), ("chase", "furious, brass, drums")))
STINGERS = {"impact": read_stinger("hit, brass, timpani"), "rise": read_stinger("rise, strings, 4 beats")}
LOWEST = min(instrument.low for instrument in INSTRUMENTS)
"""No instrument plays below it: those keys are switches."""
LOST, LATEST_SECONDS = 0.05, 0.1
"""Of what is said over the line, and how late the rest may come: a host that looks every 100 ms."""

Said = Callable[["Afternoon"], None]


@dataclass
class Line:
    """Carries what is said, late, out of order, and not always."""

    source: random.Random
    waiting: list[tuple[float, int, Said]] = field(default_factory=list)
    said: int = 0

    def say(self, now: float, what: Said) -> None:
        """Put it on the line."""
        self.said += 1
        if self.source.random() >= LOST:
            self.waiting.append((now + self.source.uniform(0.0, LATEST_SECONDS), self.said, what))

    def arrived(self, now: float) -> list[Said]:
        """What comes out of it now."""
        come = sorted(one for one in self.waiting if one[0] <= now)
        self.waiting = [one for one in self.waiting if one[0] > now]
        return [what for _, _, what in come]


class Afternoon(Stage):
    """A stage on which everything that is sent is judged at once."""

    def __init__(self, session: Session, line: Line, articulations: ArticulationMap | None = None) -> None:
        super().__init__(session, 0.1, STINGERS)
        self._articulations = articulations
        self.scheduler = self._scheduler()
        self.scheduler.apply(TempoChange(session.timeline.tempo_map), self.now)
        self._line = line
        self._sounding: set[tuple[int, int, int]] = set()
        self._last_at = -inf
        self._kept: dict[tuple[str, int], tuple[object, ...]] = {}
        self._stood: dict[str, set[tuple[int, int]]] = {}
        self._bar_began: tuple[int, float, Session, dict[str, set[tuple[int, int]]]] = (-1, 0.0, session, {})
        self.changed_at = self.now
        self._stepped_at = self.now
        self.pedals = 0
        """Pressed so far."""
        self.switches = 0
        """Keyswitches sent so far."""

    def _scheduler(self) -> Scheduler:
        return Scheduler(PORTS, {}, EXPRESSIVE, articulations=self._articulations)

    def run(self, seconds: float) -> list[object]:  # type: ignore[override]
        """Let time pass, and what was said arrive. Nothing is kept: an afternoon is long."""
        until = self.now + seconds
        while self.now < until:
            for what in self._line.arrived(self.now):
                what(self)
                self.changed_at = self.now
            self._remember_beginning()
            self._step()
            self._stepped_at = self.now
            self._tick_over()
            self._remember_turns()
        return []

    def control_starts_anew(self) -> None:
        """A control process that knows the session and its pages, and nothing of what play holds."""
        before = self.conductor
        self.conductor = Conductor(before.session, Horizon())
        self.conductor.pages.keep(before.pages.all())
        self.conductor.adopt(before.session.transport)
        self._asked = None

    def play_starts_anew(self) -> None:
        """A play process that first ends what the one before left sounding, and then knows nothing."""
        left = [PortMessage(self.now, port, let_go(channel, key), "") for port, channel, key in self._sounding]
        self._judge(left)
        self.scheduler, self._told = self._scheduler(), None
        timeline, transport = self.session.timeline, self.session.transport
        self.scheduler.apply(TempoChange(timeline.tempo_map), self.now)
        self.scheduler.apply(LoopChange(transport.loop), self.now)
        located, started = start_at(transport.whole_tick_at(self.now, timeline.tempo_map), self.now)
        self.apply(located)
        if transport.rolling:
            self.scheduler.apply(TransportChange(started), self.now)
        self.conductor.forget_play()

    def lock(self, part: str, on: bool) -> None:
        """Lock a part, or let it go; what it is locked with must stay."""
        if on and part not in self.session.locked:
            bars = (bar for bar in self.conductor.pages.all() if bar.part == part)
            self._kept.update(((part, bar.bar), bar.notes) for bar in bars)
        if not on:
            self._kept = {key: notes for key, notes in self._kept.items() if key[0] != part}
        self.apply(PartSet(part, Switch.LOCK, on))

    def take_back(self) -> None:
        """Undo. What is locked may be so no more, and what was free be locked."""
        with suppress(HostError):
            self.undo()
        self._kept = {key: notes for key, notes in self._kept.items() if key[0] in self.session.locked}

    def end(self) -> None:
        """Stop; nothing may sound after."""
        super().end()
        assert not self._sounding, "every note-on gets its note-off, and every pedal its up"

    def _send(self, now: float, until: float) -> None:
        messages = self.scheduler.due(now, until)
        assert all(now <= message.at for message in messages), "nothing is sent before its window"
        self._judge(messages)

    def _judge(self, messages: list[PortMessage]) -> None:
        for message in messages:
            assert message.at >= self._last_at, "send time never runs back"
            self._last_at = message.at
            voice = (message.port, message.data[0] & 15)
            if (key := pressed(message.data)) is not None:
                assert (*voice, key) not in self._sounding, "no key is struck twice"
                self._sounding.add((*voice, key))
                self.pedals += key == PEDAL
                self.switches += key < LOWEST
                if is_note_on(message.data) and key >= LOWEST:
                    self._judge_note(message)
            elif (key := released(message.data)) is not None:
                self._sounding.discard((*voice, key))

    def _remember_beginning(self) -> None:
        """Keep what the bar that sounds has begun with: in a loop, what has come of itself since (a state that holds
        for all of the loop from now on) is for the bar's next turn."""
        session, tick = self.session, max(0, round(self.tick))
        index = session.timeline.meter_map.bar_at(tick).index
        if index != self._bar_began[0]:
            self._bar_began = (index, self.now, session, self._notes_of(index))

    def _turns_inside(self, bar: Bar) -> bool:
        """Whether the loop lies in this bar. Such a bar is its own next bar: its page has the answer of the next turn
        while this one sounds."""
        loop = self.session.transport.turning
        return loop is not None and loop.lies_in(bar.start, bar.end)

    def _remember_turns(self) -> None:
        """Keep each answer that stood on the page of a bar in which a loop turns."""
        loop = self.session.transport.turning
        bar = None if loop is None else self.session.timeline.meter_map.bar_at(loop.start)
        if bar is None or not self._turns_inside(bar):
            self._stood = {}
            return
        for part, notes in self._notes_of(bar.index).items():
            self._stood.setdefault(part, set()).update(notes)

    def _notes_of(self, index: int) -> dict[str, set[tuple[int, int]]]:
        pages = (page for page in self.conductor.pages.all() if page.bar == index)
        return {page.part: {(note.tick, note.pitch) for note in page.notes} for page in pages}

    def _plans_at(self, session: Session, index: int, tick: int) -> list[BarPlan]:
        """What is asked for of the bar: now, and before each change in it that is still to come at `tick`, such as a
        state that ends a freeze."""
        coming = [at for at in session.holds_from(*self._span_of(session, index)) if at > tick]
        heard = [*(session.before(at) for at in coming), session]
        return [plan for one in heard if (plan := plan_bar(one, index)) is not None]

    @staticmethod
    def _span_of(session: Session, index: int) -> tuple[int, int]:
        bar = session.timeline.meter_map.bar(index)
        return bar.start, bar.end

    def _unseen_turn(self, message: PortMessage, tick: int) -> bool:
        """Whether a loop has turned while control stalls: what changed in the bar that sounded before is told to play
        behind the turn."""
        if self.now == self._stepped_at:
            return False
        session, tempo_map = self.session, self.session.timeline.tempo_map
        loop = session.transport.turning
        if loop is None or not loop.start <= tick < loop.end:
            return False
        turned_at = message.at - (tempo_map.seconds_at(tick) - tempo_map.seconds_at(loop.start))
        return turned_at > self._stepped_at

    def _judge_note(self, message: PortMessage) -> None:
        if message.part.startswith("stinger"):
            return
        session, tempo_map = self.session, self.session.timeline.tempo_map
        tick = round(session.transport.tick_at(message.at, tempo_map))
        bar = session.timeline.meter_map.bar_at(tick)
        began_at = message.at - (tempo_map.seconds_at(tick) - tempo_map.seconds_at(bar.start))
        if began_at <= self.changed_at + STEP_SECONDS or self._unseen_turn(message, tick):
            # Half of it may be of before: it is played out.
            return
        locked = session.locked & {message.part, "strings", "brass"}
        turns = self._turns_inside(bar)
        pages = [bar for bar in self.conductor.pages.all() if bar.part == message.part]
        written = self.conductor.pages.at(message.part, bar.index)
        # What is locked stays at its ticks, whatever bars are counted there now.
        sources = pages if locked else [page for page in pages if page is written]
        assert sources, "what sounds is written"
        notes = {(note.tick, note.pitch) for page in sources for note in page.notes}
        index, seen_at, began_with, began_notes = self._bar_began
        known = session.transport.turning is not None and index == bar.index and seen_at > self.changed_at
        if turns and not locked:
            notes |= self._stood.get(message.part, set())
        elif known and not locked:
            notes |= began_notes.get(message.part, set())
        assert (tick, message.data[1]) in notes, "nothing stale sounds"
        frozen = session.frozen is not None and session.frozen.bar == bar.index
        varied = turns and session.loop_varies
        if not locked and not frozen and not varied and written is not None:
            sessions = (session, began_with) if known else (session,)
            plans = [plan for one in sessions for plan in self._plans_at(one, bar.index, tick)]
            assert plans, "where nothing is asked nothing sounds"
            assert written.basis in {plan.basis(message.part) for plan in plans}, "nothing stale sounds"
        kept = self._kept.get((message.part, bar.index))
        assert kept is None or (written is not None and written.notes == kept), (
            "a locked part plays what it was locked with"
        )


def play_script(seed: int, cue: Marker = CUE, articulations: ArticulationMap | None = None) -> tuple[int, int]:
    """One afternoon. Returns how often a pedal was pressed and a keyswitch sent. Raises AssertionError when a law was
    broken."""
    source = random.Random(seed)
    timeline = Timeline(TempoMap.constant(source.uniform(60, 200)), MeterMap(), (cue, *some_markers(source)[1:]))
    stage = Afternoon(Session(timeline, states=STATES), Line(source), articulations)
    stage.run(source.choice([0.0, 0.5]))
    stage.play()
    for _ in range(source.randrange(2, 12)):
        stage._line.say(stage.now, some_event(source))
        stage.seconds_a_bar = source.choice([0.02, 0.1, 0.5, 3.0, inf])
        stage.run(source.choice([0.04, 0.3, 1.2]))
        trouble(stage, source)
    stage.end()
    return stage.pedals, stage.switches


def trouble(stage: Afternoon, source: random.Random) -> None:
    """What goes wrong inside, now and then."""
    match source.randrange(16):
        case 0:
            stage.model_dies()
        case 1:
            stage.stall(source.choice([0.1, 0.6]))
        case 2:
            stage.control_starts_anew()
        case 3:
            stage.play_starts_anew()
        case _:
            return
    stage.changed_at = stage.now


def some_markers(source: random.Random) -> tuple[Marker, ...]:
    """A cue and three more."""
    return (CUE, *(Marker(source.randrange(LENGTH), name) for name in source.sample(MARKER_NAMES, 3)))


def some_event(source: random.Random) -> Said:
    """One thing that a host or a person may do."""
    tick, when = source.randrange(LENGTH), source.choice(list(When))
    match source.randrange(24):
        case 0 | 1 | 2:
            return Afternoon.play
        case 3:
            return Afternoon.stop
        case 4 | 5:
            return partial(Afternoon.locate, tick=tick)
        case 6:
            points = (TempoPoint(0, source.uniform(40, 220), source.choice(list(Ramp))),
                      TempoPoint(1 + tick, source.uniform(40, 220)))  # fmt: skip
            return lambda stage: stage.apply(TempoMapChanged(TempoMap(points), stage.now))
        case 7:
            meter = Meter(source.randrange(2, 8), source.choice([4, 8]))
            changes = (MeterChange(source.choice([0, tick]), meter),)
            return lambda stage: stage.apply(MeterMapChanged(MeterMap(changes)))
        case 8 | 9:
            markers = some_markers(source)
            return lambda stage: stage.apply(MarkersChanged(markers))
        case 10 | 11:
            start, length = source.choice([tick, tick // BAR * BAR]), source.choice([240, BAR, 2 * BAR + 77])
            return partial(Afternoon.loop, start=start, end=start + length)
        case 12:
            return Afternoon.loop_off
        case 13:
            event = LoopVaries(source.random() < 0.5)
        case 14:
            event = ControlMoved(source.choice(["intensity", "tension"]), source.choice([None, 0.1, 0.9]))
        case 15:
            switch = source.choice([Switch.MUTE, Switch.SOLO])
            event = PartSet(source.choice(["cello", "strings", "brass"]), switch, source.random() < 0.5)
        case 16:
            return partial(Afternoon.lock, part=source.choice(["cello", "violin 1"]), on=source.random() < 0.6)
        case 17:
            event = VariationAsked(0, 20, frozenset(source.choice([(), ("cello",), ("brass",)])))
        case 18:
            event = DirectionGiven(source.choice(["", "tense, choir"]))
        case 19:
            return partial(throw_in, name=source.choice(list(STINGERS)), when=when)
        case 20:
            return Afternoon.take_back
        case 21:
            return partial(ask, wish=source.choice([ReturnAsked(when), FreezeAsked(source.random() < 0.5)]))
        case 22:
            return partial(ask, wish=VaryAsked(when, source.choice([frozenset[str](), frozenset({"cello"})])))
        case _:
            start, bridge = source.random() < 0.5, source.random() < 0.3
            name, hold = source.choice(["calm", "chase"]), source.choice([None, 1, 3])
            return partial(ask, wish=StateAsked(name, when, start, bridge, hold))
    return lambda stage: stage.apply(event)


def ask(stage: Afternoon, wish: StateAsked | ReturnAsked | VaryAsked | FreezeAsked) -> None:
    """There may be nothing to return from."""
    with suppress(HostError):
        stage.ask(wish)


def throw_in(stage: Afternoon, name: str, when: When) -> None:
    """There may be no place for it."""
    with suppress(HostError):
        stage.throw_in(name, when)


def broken_by(seed: int) -> str:
    """What a script broke, or an empty text."""
    try:
        play_script(seed)
    except Exception as error:
        return f"script {seed}: {type(error).__name__}: {error}"
    return ""
