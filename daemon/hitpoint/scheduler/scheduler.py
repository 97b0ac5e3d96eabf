"""What is due, and when. Pure: no I/O, no threads, no clock of its own.

Notes wait by tick and become seconds only in the window in which they are sent, so until then everything can be
cancelled, and a change of tempo costs nothing. The laws, kept for any order of messages:

- every note-on gets its note-off, and a key is let go before it is struck again;
- times of what is sent never run back, and of two messages at one tick the note-off goes first;
- what was cancelled, muted, stopped or located away from does not sound;
- a plain note has the level that the dynamics have at its tick, and a controller moves before the notes of its tick;
- a note that comes late is sent at once while that is hardly heard (LATEST_SECONDS), else left out whole and counted.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from math import inf, nextafter

from hitpoint.errors import PortError
from hitpoint.scheduler.controllers import Controllers
from hitpoint.scheduler.part_queue import PartQueue
from hitpoint.scheduler.performance import (
    Cancel,
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
from hitpoint.scheduler.voices import Unsent, Voices
from hitpoint.scheduler.written_levels import WrittenLevels
from hitpoint.score.dynamics import Dynamics, velocity_at
from hitpoint.score.expression import ControllerMove
from hitpoint.score.midi_message import PortMessage, note_off, note_on
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Located, Started, Stopped, TransportEvent
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.transport import Transport

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
    those of its parts. controllers: those that follow the dynamics. `now`, everywhere, is a second of the port's clock.
    """

    def __init__(
        self, ports: Sequence[str], port_offsets: Mapping[str, float] | None = None, controllers: Sequence[int] = ()
    ) -> None:
        self.counts = Counts()
        self._voices = Voices(ports, port_offsets or {})
        self._tempo_map = TempoMap()
        self._transport = Transport()
        self._shift = 0.0  # the clock's second, less the tempo map's, of one moment
        self._start_tick = 0.0
        self._start_seconds = 0.0
        self._sent_until = -inf
        self._rolled_at = -inf  # the clock's second of the last start or jump
        self._muted: frozenset[str] = frozenset()
        self._queues: dict[str, PartQueue] = {}
        self._dynamics: Dynamics | None = None
        self._written: defaultdict[str, WrittenLevels] = defaultdict(WrittenLevels)
        self._controllers = Controllers(controllers)
        self._struck = StruckNotes()
        self._played = PlayedNotes()
        self._at_once: list[Unsent] = []
        self._least_lead = inf
        self._anchor()

    @property
    def rolling(self) -> bool:
        """True while time moves."""
        return self._transport.rolling

    @property
    def tempo_map(self) -> TempoMap:
        """The one in force."""
        return self._tempo_map

    def tick_at(self, now: float) -> float:
        """The position at a second of the clock."""
        return self._transport.tick_at(now, self._tempo_map)

    def clock_at(self, tick: float) -> float:
        """The second of the clock at which a rolling transport is at `tick`."""
        return self._transport.clock_at(tick, self._tempo_map)

    def seconds_at(self, now: float) -> float:
        """The position at a second of the clock, in the tempo map's seconds from the timeline's start."""
        return now - self._shift if self._transport.rolling else self._tempo_map.seconds_at(self._transport.tick)

    def next_due(self) -> float:
        """The second of the clock before which nothing is due."""
        if self._at_once:
            return -inf
        if not self._transport.rolling:
            return inf
        heads = min((queue.next_seconds for queue in self._queues.values()), default=inf)
        heads = min(heads, self._controllers.next_seconds)
        return max(min(heads, self._struck.next_seconds), self._start_seconds) + self._shift

    def take_least_lead(self) -> float | None:
        """How many seconds before its time the most belated bar came since the last call; None when none did."""
        least, self._least_lead = self._least_lead, inf
        return least if least < inf else None

    def take_played(self, now: float) -> list[Played]:
        """The notes that have ended since the last call."""
        self._played.reach(round(self.tick_at(now)))
        return self._played.take()

    def apply(self, message: ToPlay, now: float) -> None:
        """Take in what control said. Raises PortError, after doing the rest, for routes to ports that are not open."""
        match message:
            case Schedule():
                self._schedule(message, now)
            case Dynamics():
                self._follow(message, now)
            case Cancel(part, from_tick):
                for name, queue in self._queues.items():
                    if part in (None, name):
                        queue.cancel(from_tick, self._sent_seconds())
            case TransportChange(event):
                self.move(event, now)
            case TempoChange(tempo_map):
                self._change_tempo(tempo_map, now)
            case Mute(parts):
                self._muted = parts
                self._end_where(lambda note: note.part in parts, now)
            case Panic():
                self._end_where(_any, now)
                self._at_once += self._voices.silence()
            case Routing():
                self._route(message, now)
            case _:
                pass

    def move(self, event: TransportEvent, now: float) -> None:
        """Follow the transport. A start or jump in the past takes place now: nothing can be sent before."""
        starts = isinstance(event, Started) and not self._transport.rolling
        if isinstance(event, Stopped | Located):
            self._silence(now)
        if isinstance(event, Located):
            self._dynamics = None  # of another place
            self._controllers.leave()
        if isinstance(event, Started | Located):
            event = replace(event, at=max(event.at, now))
        self._transport = self._transport.apply(event, self._tempo_map)
        if starts:
            self._at_once += self._voices.programs()
        if starts or isinstance(event, Located):
            self._rolled_at = self._transport.at
            self._start_tick = self._transport.tick
            self._played.begin(round(self._start_tick))
        if starts:
            self._controllers.forget_sent()
            self._played.move(self._move_controllers(self._start_tick))
        self._anchor()

    def due(self, now: float, until: float) -> list[PortMessage]:
        """What is to be sent before `until`, in order, none of it before `now`.

        Windows follow each other: what belongs before this one and comes only now is late.
        """
        floor = max(now, self._sent_until)
        self._sent_until = max(until, floor)
        messages = [PortMessage(floor, *unsent) for unsent in self._at_once]
        self._at_once.clear()
        if self._transport.rolling:
            played: list[PortMessage] = []
            moved = self._controllers_until(self._sent_until - self._shift, floor - self._shift)
            self._play_until(self._sent_until - self._shift, floor - self._shift, played)
            # A controller that moves with a note moves before it.
            messages += merge(moved, played, key=_at) if moved else played
        return messages

    # From here on seconds are the tempo map's, from the timeline's start: a window costs no conversion.

    def _controllers_until(self, horizon: float, floor: float) -> list[PortMessage]:
        floor = max(floor, self._start_seconds)
        if max(self._controllers.next_seconds, floor) >= horizon:
            return []
        moves, kept = self._controllers.due(floor, horizon)
        self._played.move(kept)
        return [PortMessage(move.seconds + self._shift, move.port, move.data, move.part) for move in moves]

    def _play_until(self, horizon: float, floor: float, messages: list[PortMessage]) -> None:
        due = []
        for part, queue in self._queues.items():
            # What an offset would have before the start waits for it.
            if max(queue.next_seconds, self._start_seconds) < horizon:
                due += [
                    (max(seconds, self._start_seconds), note, seconds, part) for seconds, note in queue.take(horizon)
                ]
        due.sort()
        for seconds, note, written, part in due:
            self._let_go_until(seconds, floor, messages)
            self._strike(part, note, seconds, seconds - written, floor, messages)
        self._let_go_until(nextafter(horizon, -inf), floor, messages)

    def _strike(
        self, part: str, note: Note, seconds: float, wait: float, floor: float, messages: list[PortMessage]
    ) -> None:
        if part in self._muted or self._tempo_map.seconds_at(note.tick) < self._start_seconds - _START_TOLERANCE:
            return
        voice = self._voices.voice(part)
        delay = self._voices.offset(part) + wait
        off_seconds = self._tempo_map.seconds_at(note.end) + delay
        if voice is None or floor - seconds > LATEST_SECONDS or off_seconds <= floor:
            self.counts.dropped += 1
            return
        self.counts.sent += 1
        self.counts.late += seconds < floor
        sent = max(seconds, floor)
        key = (*voice, note.pitch)
        before = self._struck.at(key)
        if before is not None:
            self._struck.end(before)
            self._let_go(before, sent, messages)
        tick = note.tick if sent == seconds else self._tempo_map.tick_at(sent - delay)
        velocity = self._velocity(part, note)
        self._struck.strike(StruckNote(key, part, velocity, tick, note.end, delay, off_seconds))
        messages.append(PortMessage(sent + self._shift, voice[0], note_on(voice[1], note.pitch, velocity), part))

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
        messages.append(PortMessage(seconds + self._shift, port, note_off(channel, pitch), note.part))
        self._note_played(note, seconds)

    def _end_where(self, wanted: Callable[[StruckNote], bool], now: float) -> None:
        """Let go at once what sounds and is wanted gone."""
        for note in self._struck.all():
            if wanted(note):
                self._struck.end(note)
                port, channel, pitch = note.key
                self._at_once.append((port, note_off(channel, pitch), note.part))
                self._note_played(note, max(now, self._sent_until) - self._shift)

    def _note_played(self, note: StruckNote, seconds: float) -> None:
        on_time = seconds == note.off_seconds
        end = note.off_tick if on_time else self._tempo_map.tick_at(seconds - note.delay)
        self._played.add(note.part, note.tick, end, note.key[2], note.velocity)

    # Messages, one by one

    def _follow(self, dynamics: Dynamics, now: float) -> None:
        known, self._dynamics = self._dynamics, dynamics
        self._controllers.follow(dynamics)
        # While nothing rolls only a hand on the fader is answered: the first dynamics of a place wait for the start.
        tick = self.tick_at(now)
        if not self._transport.rolling and known is not None and known.level_at(tick) != dynamics.level_at(tick):
            self._move_controllers(tick)

    def _move_controllers(self, tick: float) -> list[ControllerMove]:
        """Send at once what the controllers are at `tick`. Returns it as it is kept."""
        if self._dynamics is None:
            return []
        moves, kept = self._controllers.at_once(self._tempo_map.seconds_at(tick))
        self._at_once += [(move.port, move.data, move.part) for move in moves]
        return kept

    def _schedule(self, message: Schedule, now: float) -> None:
        self._written[message.part].put(message.start, message.end, message.level)
        queue = self._queue(message.part)
        again, offset = queue.covered_until, self._voices.offset(message.part)
        sent_until = self._sent_seconds()
        # What the part was already asked for, and has sent, would sound twice.
        notes = [
            note
            for note in message.notes
            if note.tick >= again or self._tempo_map.seconds_at(note.tick) + offset >= sent_until
        ]
        queue.replace(message.start, message.end, notes)
        if message.cut_at is not None:
            queue.shorten(message.cut_at)
            self._shorten(message.part, message.cut_at)
        if self._transport.rolling and notes and message.start >= max(again, self._start_tick):
            self._least_lead = min(self._least_lead, self.clock_at(notes[0].tick) - now)

    def _shorten(self, part: str, tick: int) -> None:
        for note in self._struck.all():
            if note.part == part and note.tick < tick < note.off_tick:
                self._struck.shorten(note, tick, self._tempo_map.seconds_at(tick) + note.delay)

    def _sent_seconds(self) -> float:
        """Up to where this roll has been sent; minus infinity when nothing has."""
        # Not by seconds alone: at a start the two are equal but for rounding, and the first note would count as sent.
        began = self._transport.rolling and self._sent_until > self._rolled_at
        return self._sent_until - self._shift if began else -inf

    def _queue(self, part: str) -> PartQueue:
        if part not in self._queues:
            self._queues[part] = PartQueue()
            self._queues[part].retime(self._tempo_map, self._voices.offset(part))
        return self._queues[part]

    def _change_tempo(self, tempo_map: TempoMap, now: float) -> None:
        if now > self._transport.at:
            self._transport = self._transport.anchored_at(now, self._tempo_map)
        self._tempo_map = tempo_map
        self._struck.retime(tempo_map)
        self._controllers.retime(tempo_map)
        self._retime_queues()
        self._anchor()

    def _route(self, message: Routing, now: float) -> None:
        changed, nowhere = self._voices.change(message.routes)
        self._end_where(lambda note: note.part in changed, now)
        self._at_once += self._voices.programs(changed)
        self._controllers.route(self._voices.pitched())
        self._retime_queues()
        if nowhere:
            raise PortError(f"no port called {', '.join(nowhere)} is open: what is routed there is not heard.")

    def _silence(self, now: float) -> None:
        self._end_where(_any, now)
        self._played.reach(round(self.tick_at(now)))
        self._played.close()
        for queue in self._queues.values():
            queue.clear()
        self._written.clear()

    def _retime_queues(self) -> None:
        for part, queue in self._queues.items():
            queue.retime(self._tempo_map, self._voices.offset(part))

    def _anchor(self) -> None:
        self._shift = self._transport.at - self._tempo_map.seconds_at(self._transport.tick)
        self._start_seconds = self._tempo_map.seconds_at(self._start_tick)


def _any(_: StruckNote) -> bool:
    return True


def _at(message: PortMessage) -> float:
    return message.at
