"""What is due, and when. Pure: no I/O, no threads, no clock of its own.

Notes wait by tick and become seconds only in the window in which they are sent, so until then everything can be
cancelled, and a change of tempo costs nothing. The laws, kept for any order of messages:

- every note-on gets its note-off, and a key is let go before it is struck again; so does and is the pedal;
- times of what is sent never run back, and of two messages at one tick the note-off goes first;
- what was cancelled, muted, stopped or located away from does not sound;
- a plain note has the level that the dynamics have at its tick, and a controller moves before the notes of its tick;
- a loop goes on at the very second of its turn, with the notes it has, and what sounds over the turn ends there;
- a note that comes late is sent at once while that is hardly heard (LATEST_SECONDS), else left out whole and counted;
- a note's articulation is switched to before it, never after, and only when it is another;
- MIDI clock, where it is sent, comes after the notes of its second.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import chain
from math import inf, nextafter

from hitpoint.errors import PortError
from hitpoint.scheduler.clock_source import ClockSource
from hitpoint.scheduler.controllers import Controllers
from hitpoint.scheduler.motion import Motion
from hitpoint.scheduler.part_queue import PartQueue
from hitpoint.scheduler.performance import (
    Cancel,
    LoopChange,
    Mute,
    Panic,
    Played,
    Routing,
    Schedule,
    TempoChange,
    ToPlay,
    TransportChange,
)
from hitpoint.scheduler.played_notes import PlayedNotes
from hitpoint.scheduler.struck_notes import StruckNote, StruckNotes
from hitpoint.scheduler.voices import Unsent, Voice, Voices
from hitpoint.scheduler.written_levels import WrittenLevels
from hitpoint.score.articulation import (
    ARTICULATIONS,
    LEAD_SECONDS,
    SWITCH_TICKS,
    SWITCH_VELOCITY,
    ArticulationMap,
    Switch,
)
from hitpoint.score.dynamics import Dynamics, velocity_at
from hitpoint.score.expression import CONTROLLER_RANGES, ControllerMove
from hitpoint.score.midi_message import PEDAL, SUSTAIN_PEDAL, PortMessage, let_go, press
from hitpoint.score.note import Note
from hitpoint.timeline.course import Course
from hitpoint.timeline.host_event import Located, Started, Stopped, TransportEvent
from hitpoint.timeline.tempo_map import TempoMap

LATEST_SECONDS = 0.03
"""A note this late is still sent: less than the asynchrony of good ensembles, so it is not heard as a mistake.
Source: Rasch, Synchronization in performed ensemble music, Acustica 43 (1979): 30 to 50 ms."""

_START_TOLERANCE = 0.001
"""Seconds by which a note may lie before the place of a start and still belong to it: hosts round to frames."""


@dataclass(slots=True)
class Counts:
    """What became of the notes since play started."""

    sent: int = 0
    late: int = 0
    dropped: int = 0


class Scheduler:
    """Takes messages, gives what is due. Process: play; one thread only.

    ports: names of the open ports, in the order in which they are numbered. port_offsets: seconds by port, added to
    those of its parts. controllers: those that follow the dynamics, and 64 for the pedal. clock_port: number of the
    port for MIDI clock; None sends none. articulations: what selects how notes are played; None for nothing. `now`,
    everywhere, is a second of the port's clock.
    """

    def __init__(
        self,
        ports: Sequence[str],
        port_offsets: Mapping[str, float] | None = None,
        controllers: Sequence[int] = (),
        clock_port: int | None = None,
        articulations: ArticulationMap | None = None,
    ) -> None:
        self.counts = Counts()
        self._voices = Voices(ports, port_offsets or {})
        self.motion = Motion()
        """Where the transport is; moved by `apply` and `move` only."""
        self._clock = None if clock_port is None else ClockSource(clock_port)
        self._sent_until = -inf
        self._muted: frozenset[str] = frozenset()
        self._queues: dict[str, PartQueue] = {}
        self._articulations = articulations or ArticulationMap()
        self._switching: dict[str, PartQueue] = {}
        """What each part is switched to, as notes whose pitch is a place in ARTICULATIONS, ahead of the part by
        LEAD_SECONDS."""
        self._switched: dict[Voice, Switch] = {}
        """What was sent last on a voice."""
        self._dynamics: Dynamics | None = None
        self._written: defaultdict[str, WrittenLevels] = defaultdict(WrittenLevels)
        self._controllers = Controllers([number for number in controllers if number in CONTROLLER_RANGES])
        self._pedals = SUSTAIN_PEDAL in controllers
        self._struck = StruckNotes()
        self._played = PlayedNotes()
        self._at_once: list[Unsent] = []
        self._least_lead = inf

    @property
    def ports(self) -> tuple[str, ...]:
        """Names of the open ports, in the order in which they are numbered."""
        return self._voices.ports

    @property
    def rolling(self) -> bool:
        """True while time moves."""
        return self.motion.transport.rolling

    @property
    def tempo_map(self) -> TempoMap:
        """The one in force."""
        return self.motion.tempo_map

    def tick_at(self, now: float) -> float:
        """The position at a second of the clock."""
        return self.motion.transport.tick_at(now, self.motion.tempo_map)

    def clock_at(self, tick: float, after: float = -inf) -> float:
        """The second of the clock at which a rolling transport is at `tick`; in a loop, the first from `after` on."""
        return self.motion.transport.clock_at(tick, self.motion.tempo_map, after)

    def next_due(self) -> float:
        """The second of the clock before which nothing is due."""
        if self._at_once:
            return -inf
        pulse = inf if self._clock is None else self._clock.next_due(self.motion)
        if not self.motion.transport.rolling:
            return pulse
        heads = min((queue.next_seconds for queue in self._all_queues()), default=inf)
        heads = min(heads, self._controllers.next_seconds)
        sounds = max(min(heads, self._struck.next_seconds), self.motion.start_seconds) + self.motion.shift
        return min(sounds, pulse)

    def take_least_lead(self) -> float | None:
        """How many seconds before its time the most belated bar came since the last call; None when none did."""
        least, self._least_lead = self._least_lead, inf
        return least if least < inf else None

    def take_played(self, now: float) -> list[Played]:
        """The notes that have ended since the last call."""
        self._reach(now)
        return self._played.take()

    def apply(self, message: ToPlay, now: float) -> None:
        """Take in what control said. Raises PortError, after doing the rest, for routes to ports that are not open."""
        match message:
            case Schedule():
                self._schedule(message, now)
            case Dynamics():
                self._follow(message, now)
            case Cancel(part, from_tick):
                for name, queue in (*self._queues.items(), *self._switching.items()):
                    if part in (None, name):
                        queue.cancel(from_tick, self._sent_seconds())
            case TransportChange(event):
                self.move(event, now)
            case TempoChange(tempo_map):
                self._told_anew(self.motion.course, self.motion.change_tempo(tempo_map, now))
            case LoopChange(loop):
                self._told_anew(self.motion.course, self.motion.change_loop(loop, now))
            case Mute(parts):
                self._muted = parts
                self._end_where(lambda note: note.part in parts, now)
            case Panic():
                self._end_where(_any, now)
                self._at_once += self._voices.silence()
                self._switched.clear()
            case Routing():
                self._route(message, now)
            case _:
                pass

    def move(self, event: TransportEvent, now: float) -> None:
        """Follow the transport. A start or jump in the past takes place now: nothing can be sent before."""
        starts = isinstance(event, Started) and not self.motion.transport.rolling
        if self._clock is not None and (starts or isinstance(event, Located)):
            self._clock.begin()
        if isinstance(event, Stopped | Located):
            self._silence(now)
        if isinstance(event, Located):
            self._dynamics = None  # of another place
            self._controllers.leave()
        if isinstance(event, Started | Located):
            event = replace(event, at=max(event.at, now))
        self._told_anew(self.motion.course, self.motion.move(event))
        if starts:
            self._at_once += self._voices.programs()
        if starts or isinstance(event, Located):
            self._played.begin(round(self.motion.start_tick))
        if starts:
            self._switched.clear()
            self._controllers.forget_sent()
            self._played.move(self._move_controllers(self.motion.start_tick))

    def tell_clock_anew(self) -> None:
        """Those who follow our MIDI clock may have lost count: the next window tells them where we are."""
        if self._clock is not None:
            self._clock.begin()

    def end_clock(self) -> None:
        """No more MIDI clock: the next window stops those who follow it."""
        if self._clock is not None:
            self._clock.end()

    def due(self, now: float, until: float) -> list[PortMessage]:
        """What is to be sent before `until`, in order, none of it before `now`.

        Windows follow each other: what belongs before this one and comes only now is late.
        """
        floor = max(now, self._sent_until)
        self._sent_until = max(until, floor)
        messages = [PortMessage(floor, *unsent) for unsent in self._at_once]
        self._at_once.clear()
        shift = self.motion.shift
        if self.motion.transport.rolling:
            played: list[PortMessage] = []
            moved = self._controllers_until(self._sent_until - shift, floor - shift)
            self._play_until(self._sent_until - shift, floor - shift, played)
            # A controller that moves with a note moves before it.
            messages += merge(moved, played, key=_at) if moved else played
        # A sum may be rounded to the window's end, which is the next one's, or to a hair before its start.
        last = max(floor, nextafter(self._sent_until, -inf))
        messages = _within(floor, last, messages)
        pulses = self._clock.due(self.motion, floor, self._sent_until) if self._clock is not None else []
        # Both in order, and of two at one time the first list's: no pulse is before a note of its second.
        return list(merge(messages, _within(floor, last, pulses), key=_at)) if pulses else messages

    # From here on seconds are the course's: a window costs no conversion, and a turn is nothing special.

    def _controllers_until(self, horizon: float, floor: float) -> list[PortMessage]:
        floor = max(floor, self.motion.start_seconds)
        if max(self._controllers.next_seconds, floor) >= horizon:
            return []
        moves, kept = self._controllers.due(floor, horizon)
        self._played.move(kept)
        return [PortMessage(move.seconds + self.motion.shift, move.port, move.data, move.part) for move in moves]

    def _play_until(self, horizon: float, floor: float, messages: list[PortMessage]) -> None:
        due = []
        # Of one moment and tick switches go first; where a start has all wait for it each goes before its own note.
        for music, queues in enumerate((self._switching, self._queues)):
            for part, queue in queues.items():
                # What an offset would have before the start waits for it.
                if max(queue.next_seconds, self.motion.start_seconds) < horizon:
                    due += [
                        (max(seconds, self.motion.start_seconds), note.tick, music, note, seconds, turn, part)
                        for seconds, turn, note in queue.take(horizon)
                    ]
        due.sort()
        for seconds, _, music, note, written, turn, part in due:
            self._let_go_until(seconds, floor, messages)
            if music:
                self._strike(part, note, turn, seconds, seconds - written, floor, messages)
            else:
                self._switch(part, note, turn, max(seconds, floor), seconds - written, messages)
        self._let_go_until(nextafter(horizon, -inf), floor, messages)

    def _strike(
        self, part: str, note: Note, turn: int, seconds: float, wait: float, floor: float, messages: list[PortMessage]
    ) -> None:
        course = self.motion.course
        if part in self._muted or course.seconds_at(note.tick, turn) < self.motion.start_seconds - _START_TOLERANCE:
            return
        voice = self._voices.voice(part)
        delay = self._voices.offset(part) + wait
        off_seconds = course.off_at(note.end, turn) + delay
        if voice is None or floor - seconds > LATEST_SECONDS or off_seconds <= floor:
            self.counts.dropped += note.pitch != PEDAL
            return
        self.counts.sent += note.pitch != PEDAL
        self.counts.late += seconds < floor and note.pitch != PEDAL
        sent = max(seconds, floor)
        key = (*voice, note.pitch)
        before = self._struck.at(key)
        if before is not None:
            self._struck.end(before)
            self._let_go(before, sent, messages)
        tick = note.tick if sent == seconds else self._tick_at(sent - delay, turn)
        velocity = self._velocity(part, note)
        self._struck.strike(StruckNote(key, part, velocity, tick, note.end, turn, delay, off_seconds))
        messages.append(PortMessage(sent + self.motion.shift, voice[0], press(voice[1], note.pitch, velocity), part))

    def _switch(self, part: str, note: Note, turn: int, sent: float, wait: float, messages: list[PortMessage]) -> None:
        """Select how the note that begins at the tick of `note` is played, unless it is selected."""
        passed = self.motion.course.seconds_at(note.tick, turn) < self.motion.start_seconds - _START_TOLERANCE
        voice, instrument = self._voices.voice(part), self._voices.instrument(part)
        switch = self._articulations.switch(instrument, ARTICULATIONS[note.pitch])
        if passed or part in self._muted or voice is None or switch is None or self._switched.get(voice) == switch:
            return
        self._switched[voice] = switch
        if switch.kind == "key":
            key = (*voice, switch.number)
            if (before := self._struck.at(key)) is not None:
                self._struck.end(before)
                self._let_go(before, sent, messages)
            delay = self._voices.offset(part) - LEAD_SECONDS + wait
            off = max(sent, self.motion.course.off_at(note.end, turn) + delay)
            struck = StruckNote(key, part, SWITCH_VELOCITY, note.tick, note.end, turn, delay, off, switch=True)
            self._struck.strike(struck)
        messages.append(PortMessage(sent + self.motion.shift, voice[0], switch.message(voice[1]), part))

    def _velocity(self, part: str, note: Note) -> int:
        written = self._written[part].at(note.tick)
        if written is None or self._dynamics is None:
            return note.velocity
        return velocity_at(note.velocity, written, self._dynamics.step_at(note.tick))

    def _let_go_until(self, latest: float, floor: float, messages: list[PortMessage]) -> None:
        while (note := self._struck.end_next(latest)) is not None:
            self._let_go(note, max(note.off_seconds, floor), messages)

    def _let_go(self, note: StruckNote, seconds: float, messages: list[PortMessage]) -> None:
        port, channel, pitch = note.key
        messages.append(PortMessage(seconds + self.motion.shift, port, let_go(channel, pitch), note.part))
        self._note_played(note, seconds)

    def _end_where(self, wanted: Callable[[StruckNote], bool], now: float) -> None:
        """Let go at once what sounds and is wanted gone."""
        for note in self._struck.all():
            if wanted(note):
                self._struck.end(note)
                port, channel, pitch = note.key
                self._at_once.append((port, let_go(channel, pitch), note.part))
                self._note_played(note, max(now, self._sent_until) - self.motion.shift)

    def _note_played(self, note: StruckNote, seconds: float) -> None:
        if note.switch:
            return
        on_time = seconds == note.off_seconds
        end = note.off_tick if on_time else self._tick_at(seconds - note.delay, note.turn)
        loop = self.motion.course.loop
        self._played.add(note, end if loop is None else min(end, loop.end))

    def _tick_at(self, seconds: float, turn: int) -> int:
        return self.motion.tempo_map.tick_at(self.motion.course.seconds_in_turn(seconds, turn))

    # Messages, one by one

    def _follow(self, dynamics: Dynamics, now: float) -> None:
        known, self._dynamics = self._dynamics, dynamics
        self._controllers.follow(dynamics)
        # While nothing rolls only a hand on the fader is answered: the first dynamics of a place wait for the start.
        tick = self.tick_at(now)
        if not self.motion.transport.rolling and known is not None and known.level_at(tick) != dynamics.level_at(tick):
            self._move_controllers(tick)

    def _move_controllers(self, tick: float) -> list[tuple[int, ControllerMove]]:
        """Send at once what the controllers are at `tick`. Returns it as it is kept."""
        if self._dynamics is None:
            return []
        moves, kept = self._controllers.at_once(self.motion.tempo_map.seconds_at(tick))
        self._at_once += [(move.port, move.data, move.part) for move in moves]
        return kept

    def _schedule(self, message: Schedule, now: float) -> None:
        self._written[message.part].put(message.start, message.end, message.level)
        queue = self._queue(message.part, self._queues)
        new = message.start >= max(queue.covered_until, self.motion.start_tick)
        pressed = message.pedal if self._pedals else ()
        sounds_on = queue.replace(replace(message, notes=(*message.notes, *pressed)), self._sent_seconds())
        if self._articulations.switches(self._voices.instrument(message.part)):
            asked = tuple(
                Note(one.tick, ARTICULATIONS.index(one.articulation), SWITCH_TICKS, SWITCH_VELOCITY)
                for one in message.articulations
            )
            switching = self._queue(message.part, self._switching, LEAD_SECONDS)
            switching.replace(replace(message, notes=asked, cut_at=None), self._sent_seconds())
        if message.cut_at is not None and not sounds_on:
            self._shorten(message.part, message.cut_at)
        if self.motion.transport.rolling and message.notes and new:
            self._least_lead = min(self._least_lead, self.clock_at(message.notes[0].tick) - now)

    def _shorten(self, part: str, tick: int) -> None:
        for note in self._struck.all():
            if note.part == part and note.tick < tick < note.off_tick:
                # What had waited for the start does not end the later for it.
                ends = self.motion.course.off_at(tick, note.turn) + self._voices.offset(part)
                self._struck.shorten(note, tick, ends)

    def _sent_seconds(self) -> float:
        """Up to where this roll has been sent; minus infinity when nothing has."""
        # Not by seconds alone: at a start the two are equal but for rounding, and the first note would count as sent.
        began = self.motion.transport.rolling and self._sent_until > self.motion.began_at
        return self._sent_until - self.motion.shift if began else -inf

    def _queue(self, part: str, queues: dict[str, PartQueue], ahead: float = 0.0) -> PartQueue:
        if part not in queues:
            queues[part] = PartQueue()
            queues[part].retime(self.motion.course, self._voices.offset(part) - ahead)
            queues[part].enter(self._sent_seconds())
        return queues[part]

    def _all_queues(self) -> Iterator[PartQueue]:
        return chain(self._queues.values(), self._switching.values())

    def _told_anew(self, earlier: Course, turns: int) -> None:
        """The motion was told anew; seconds count from so many turns later on."""
        if not turns and self.motion.course == earlier:
            return
        self._struck.turned(turns)
        self._played.turned(turns)
        if self._clock is not None:
            self._clock.turned(turns)
        self._controllers.turned(turns)
        for queue in self._all_queues():
            queue.turned(turns)
        if self.motion.course.loop != earlier.loop:
            self._struck.leave_way(earlier)
            if self._clock is not None:
                self._clock.change_way()
            for queue in self._all_queues():
                queue.change_way(self.motion.course, self._sent_seconds())
            if self.motion.transport.rolling:
                self._played.begin(round(self.motion.transport.tick))
        self._struck.retime(self.motion.course)
        self._controllers.retime(self.motion.course)
        self._retime_queues()

    def _route(self, message: Routing, now: float) -> None:
        changed, nowhere = self._voices.change(message.routes)
        self._end_where(lambda note: note.part in changed, now)
        self._at_once += self._voices.programs(changed)
        if changed:
            self._switched.clear()
        self._controllers.route(self._voices.pitched())
        self._retime_queues()
        if nowhere:
            raise PortError(f"no port called {', '.join(nowhere)} is open: what is routed there is not heard.")

    def _silence(self, now: float) -> None:
        self._end_where(_any, now)
        self._reach(now)
        self._played.end()
        for queue in self._all_queues():
            queue.clear()
        self._written.clear()

    def _reach(self, now: float) -> None:
        self._played.reach(self.motion.seconds_at(now), self.motion.course, self._voices.latest_offset)

    def _retime_queues(self) -> None:
        for part, queue in self._queues.items():
            queue.retime(self.motion.course, self._voices.offset(part))
        for part, queue in self._switching.items():
            queue.retime(self.motion.course, self._voices.offset(part) - LEAD_SECONDS)


def _within(first: float, last: float, messages: list[PortMessage]) -> list[PortMessage]:
    return [one if first <= one.at <= last else one._replace(at=min(max(one.at, first), last)) for one in messages]


def _any(_: StruckNote) -> bool:
    return True


def _at(message: PortMessage) -> float:
    return message.at
