"""What play does with messages and with windows of time, whoever drives it: a clock, JACK's cycles, or none at all.

It must not die: whatever goes wrong inside is told once, what sounds is ended, and the music goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from heapq import merge
from math import inf

from hitpoint.engine.clock_leader import ClockLeader
from hitpoint.engine.jack_hand import JackHand
from hitpoint.engine.jack_leader import JackLeader
from hitpoint.engine.leader import BUILT_IN, MIDI, TIMECODE
from hitpoint.engine.leaders import Leaders
from hitpoint.engine.link_leader import LinkLeader
from hitpoint.engine.link_proposal import LinkProposal
from hitpoint.engine.midi_ear import MidiEar
from hitpoint.engine.position_leader import PositionLeader
from hitpoint.errors import HitpointError
from hitpoint.hosts.midi_clock import PositionUnit
from hitpoint.hosts.midi_machine_control import read_machine_control
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.inputs.link_session import LinkSession
from hitpoint.outputs.output import HostPosition, Losses, MovesTransport
from hitpoint.scheduler.audition import Audition, Auditioning, AuditionMore, AuditionStop
from hitpoint.scheduler.clock import ClockFit
from hitpoint.scheduler.performance import (
    FromPlay,
    HostAt,
    Introduce,
    Known,
    LedBy,
    MeterChange,
    MidiHeard,
    Panic,
    Ready,
    Statistics,
    TempoChange,
    ToPlay,
    TransportChange,
    Trouble,
)
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.sounding import SoundingTable
from hitpoint.score.midi_message import CLOCK_STOP, HeardMessage, PortMessage
from hitpoint.timeline.host_event import Followed, Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap

REPORT_SECONDS = 0.1
"""How often a rolling player says where it is."""
REPORTS_A_STATISTIC = 10
ARRIVAL_SECONDS = 0.1
"""By then a message has arrived, or its driver has said that it may not have, and sent it again."""


class Player:
    """One thread uses it. `now` is always a second of the port's clock.

    say: takes a message for control; must not block. fit: the port's clock against the daemon's. ready: what a control
    is told first.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        table: SoundingTable,
        fit: ClockFit,
        say: Callable[[FromPlay], None],
        losses: Losses | None = None,
        ready: Ready | None = None,
    ) -> None:
        self.scheduler = scheduler
        self._audition = Auditioning(scheduler.ports)
        self._table = table
        self._fit = fit
        self.say = say
        self._losses = losses or Losses()
        self._cycles_lost = 0
        self._losing = False
        self._troubles: set[str] = set()
        self._ready = ready
        self._led = False
        self.holds_left_over = False
        """True while what a process before this one left sounding is not ended yet, as nobody is connected yet."""
        self._left_over = [PortMessage(0.0, port, data, "") for port, data in table.note_offs()]
        self._sent: Sequence[PortMessage] = ()
        self._sent_at = 0.0
        self._next_report = 0.0
        self._reports = 0
        self._worst_late = 0.0
        self._sent_until = -inf
        self._ear = MidiEar()
        self._leader: ClockLeader | PositionLeader | LinkLeader | None = None
        self._jack = JackLeader(scheduler, self._say_event)
        self._jack_hand: JackHand | None = None
        self._leaders: Leaders | None = None
        self._timecode_ear = MidiEar()
        self._proposal: LinkProposal | None = None
        self._tempo_map = scheduler.tempo_map
        """Control's, which what leads us may not keep."""

    def follow_clock(self, unit: PositionUnit | None = None) -> None:
        """From now on the MIDI clock leads. unit: what its song position counts; None finds out."""
        self._leader = ClockLeader(self.scheduler, unit, self._say_event)

    def follow_positions(self, timecode: TimecodeStart | None = None) -> None:
        """From now on a host leads that says where it is: in MIDI time code, or, with None, through control."""
        self._leader = PositionLeader(self.scheduler, self._say_event, timecode)

    def follow_several(
        self,
        order: Sequence[str],
        timecode: TimecodeStart,
        unit: PositionUnit | None = None,
        session: LinkSession | None = None,
    ) -> None:
        """From now on the most trusted one leads that is there. order: names of `leader`, most trusted first. timecode,
        unit: as above, for those. session: the Link session, where it is one of them."""
        link = None if session is None else LinkLeader(self.scheduler, session, self._fit, self._say_event)
        self._leaders = Leaders(self.scheduler, order, unit, timecode, self._say_event, link)

    def lead_jack(self, output: MovesTransport) -> None:
        """From now on what control asks of the transport is asked of JACK's, and that one leads."""
        self._jack_hand = JackHand(output)

    def follow_link(self, session: LinkSession) -> None:
        """From now on that Link session leads, in tempo, phase, start and stop."""
        self._leader = LinkLeader(self.scheduler, session, self._fit, self._say_event)

    def lead_link(self, session: LinkSession) -> None:
        """From now on that Link session is told our tempo, phase, start and stop."""
        self._proposal = LinkProposal(self.scheduler, session, self._fit)

    def end_clock_of_before(self, port: int) -> None:
        """A process before this one may have led others by MIDI clock, at that port: they are stopped first."""
        self._left_over.append(PortMessage(0.0, port, CLOCK_STOP, ""))

    def hear(self, message: ToPlay, now: float) -> None:
        """Take in what control said."""
        try:
            if isinstance(message, Introduce):
                self._introduce()
                # Who asked for it is gone.
                self._audition.stop()
            reached = max(now, self._sent_until)
            if isinstance(message, Audition):
                self._audition.begin(message, reached)
                return
            if isinstance(message, AuditionMore):
                self._audition.go_on(message)
                return
            if isinstance(message, AuditionStop | Panic):
                self._audition.stop()
            self._count_bars(message)
            if self._jack_hand is not None and isinstance(message, TransportChange):
                self._jack_hand.ask(replace(message.event, at=self._fit.there_at(message.event.at)))
                return
            if self._leaders is not None and self._is_for_leaders(self._leaders, message, reached):
                return
            match self._leader, message:
                case LinkLeader() as leader, TempoChange(tempo_map):
                    leader.assume(tempo_map, reached)
                    return
                case LinkLeader() as leader, TransportChange(event):
                    leader.asked(replace(event, at=self._fit.there_at(event.at)), reached)
                    return
                case ClockLeader() as leader, TempoChange(tempo_map):
                    # The master's tempo is what is played; control's is a guess at it.
                    leader.assume(tempo_map)
                    return
                case PositionLeader() as leader, TempoChange(tempo_map):
                    leader.assume(tempo_map, reached)
                    return
                case PositionLeader() as leader, HostAt(at=at):
                    leader.told(replace(message, at=self._fit.there_at(at)), reached)
                    return
            if isinstance(message, TransportChange):
                self._led = True
                event = message.event
                message = TransportChange(replace(event, at=self._fit.there_at(event.at)))
            self.scheduler.apply(message, now)
            if isinstance(self._leader, ClockLeader | PositionLeader) and isinstance(message, TransportChange):
                self._leader.be_told(message.event, reached)
        except HitpointError as error:
            self.trouble(str(error))
        except Exception as error:
            self.trouble(f"a message could not be played ({type(error).__name__}: {error}). Please report it.")

    def _is_for_leaders(self, leaders: Leaders, message: ToPlay, reached: float) -> bool:
        """True when it was for those who may lead, who have heard it."""
        match message:
            case TempoChange(tempo_map):
                leaders.assume(tempo_map, reached)
            case HostAt(at=at):
                leaders.told(replace(message, at=self._fit.there_at(at)), reached)
            case LedBy(leader, moves):
                self._led = True
                leaders.led_by(leader, reached)
                for event in moves:
                    there = replace(event, at=self._fit.there_at(event.at))
                    self.scheduler.apply(TransportChange(there), reached)
                    leaders.be_told(there, reached)
            case TransportChange(event) if leaders.leader != BUILT_IN:
                if not leaders.asked(replace(event, at=self._fit.there_at(event.at)), reached):
                    # Control did not know yet that another one leads, and takes the music to be elsewhere now.
                    self._tell_where(reached)
            case _:
                return False
        return True

    def _tell_where(self, at: float) -> None:
        tick = round(self.scheduler.tick_at(at))
        if self.scheduler.rolling:
            self._say_event(Located(tick, at))
            self._say_event(Started(at))
        else:
            self._say_event(Stopped(tick, at))

    def next_due(self) -> float:
        """The second of the port's clock before which nothing is due."""
        return min(self.scheduler.next_due(), self._audition.next_due())

    def window(self, now: float, until: float) -> Sequence[PortMessage]:
        """What is to be sent from `now` until `until`. When it has gone out, and before the next, call `sent`."""
        self.sent()
        floor = max(self._sent_until, now)
        self._sent_until = max(floor, until)
        if self._losing:
            self._losing = False
            self.scheduler.tell_clock_anew()
        if self._losses.cycles != self._cycles_lost:
            # Not before the next window: this one may be lost as well.
            self._cycles_lost, self._losing = self._losses.cycles, True
        try:
            messages = self.scheduler.due(now, until)
            # First, as what it lets go the scheduler may strike.
            heard = self._audition.due(floor, self._sent_until, self.scheduler.rolling)
            messages = list(merge(heard, messages, key=_at)) if heard else messages
        except Exception as error:
            self.trouble(f"the scheduler failed ({type(error).__name__}: {error}). Please report it.")
            messages = [PortMessage(now, port, data, "") for port, data in self._table.struck()]
        if self._left_over and not self.holds_left_over:
            messages[:0] = [message._replace(at=now) for message in self._left_over]
            self._left_over.clear()
        for message in messages:
            self._table.before(message.port, message.data)
        self._sent, self._sent_at = messages, until
        return messages

    @property
    def _clock_leads(self) -> bool:
        if self._leaders is not None:
            return self._leaders.leader == MIDI
        return isinstance(self._leader, ClockLeader)

    def _count_bars(self, message: ToPlay) -> None:
        """What only Link needs to know: control's own tempo, and where its bar lines are."""
        if isinstance(message, TempoChange):
            self._tempo_map = message.tempo_map
        elif isinstance(message, MeterChange):
            if isinstance(self._leader, LinkLeader):
                self._leader.count_bars(message.meter_map)
            if self._leaders is not None:
                self._leaders.count_bars(message.meter_map)
            if self._proposal is not None:
                self._proposal.meters = message.meter_map

    def _introduce(self) -> None:
        """Tell a control that comes later what it must know to go on as if it had always been there."""
        if self._leaders is not None:
            self._leaders.tell_anew()
        if self._ready is None:
            return
        transport = self.scheduler.motion.transport
        known = Known(replace(transport, at=self._fit.here_at(transport.at)), self.scheduler.tempo_map)
        self.say(replace(self._ready, known=known if self._led else None))

    def sent(self) -> None:
        """The last window has gone out."""
        for message in self._sent:
            self._table.after(message.port, message.data, self._sent_at)
        self._sent = ()

    def listen(self, heard: Sequence[HeardMessage], now: float) -> None:
        """Take in what came in at MIDI inputs, before the window from `now` on."""
        try:
            reached = max(now, self._sent_until)
            for message in heard:
                if self._is_timecode(message):
                    continue
                if self._ear.is_for_control(message):
                    self.say(MidiHeard(message.port, message.data, self._fit.here_at(message.at)))
                elif isinstance(self._leader, ClockLeader):
                    for said in self._ear.clock(message):
                        self._leader.hear(said, message.at, reached)
                elif self._leaders is not None and self._leaders.hears_clock:
                    for said in self._ear.clock(message):
                        self._leaders.hear_clock(said, message.at, reached)
            if self._leader is not None:
                self._leader.steer(reached)
            elif self._leaders is not None:
                self._leaders.look(reached)
        except Exception as error:
            self.trouble(f"a MIDI input failed ({type(error).__name__}: {error}). Please report it.")

    def _is_timecode(self, message: HeardMessage) -> bool:
        """True when the leader follows time code and has heard this as such: nobody else need hear it."""
        if self._leaders is not None:
            return self._is_timecode_for(self._leaders, message)
        if not isinstance(self._leader, PositionLeader) or self._leader.timecode is None:
            return False
        said = self._ear.timecode(message)
        for frame in said:
            self._leader.hear(frame, message.at)
        return bool(said)

    def _is_timecode_for(self, leaders: Leaders, message: HeardMessage) -> bool:
        """The same of one of several. What machines are asked to do is for the built-in host, while another leads."""
        if not leaders.hears_timecode or (leaders.leader != TIMECODE and read_machine_control(message.data)):
            return False
        # It comes from one port, and the clock from one, and these need not be the same.
        said = self._timecode_ear.timecode(message)
        for frame in said:
            leaders.hear_timecode(frame, message.at)
        return bool(said)

    def follow(self, host: HostPosition) -> None:
        """Do as JACK's transport does, where it leads."""
        if self._leaders is not None:
            self._leaders.follow_jack(host, max(host.at, self._sent_until))
        else:
            self._jack.follow(host)
        if self._jack_hand is not None:
            self._jack_hand.work(host.at, self.scheduler.tempo_map)

    def _say_event(self, event: Located | Stopped | Started) -> None:
        self._led = True
        self.say(replace(event, at=self._fit.here_at(event.at)))

    def report(self, now: float) -> None:
        """Tell control, now and then, where we are, what has been played, and how well."""
        if isinstance(self._leader, PositionLeader | LinkLeader):
            # A host that falls silent tells nobody, and Link never calls.
            self._leader.steer(max(now, self._sent_until))
        if self._leaders is not None:
            self._leaders.look(max(now, self._sent_until))
            self._tell_leader(self._leaders, now)
        if self._proposal is not None:
            # A clock's tempo is what is played; what else leads is only steered towards.
            heard = self._clock_leads
            tempo_map = TempoMap(self.scheduler.tempo_map.points[-1:]) if heard else self._tempo_map
            self._proposal.steer(max(now, self._sent_until), tempo_map)
        if now < self._next_report:
            return
        self._next_report = now + REPORT_SECONDS
        self._table.forget(now - ARRIVAL_SECONDS)
        self._reports += 1
        for over in self._audition.take_over():
            self.say(over)
        if self.scheduler.rolling:
            self.say(Followed(self.scheduler.tick_at(now), self._fit.here_at(now)))
        leads = self._leaders or self._leader
        clock = leads.report(now) if leads is not None else None
        if clock is not None:
            self.say(replace(clock, since=self._fit.here_at(clock.since), at=self._fit.here_at(clock.at)))
        for played in self.scheduler.take_played(now):
            self.say(played)
        if self._reports % REPORTS_A_STATISTIC == 0:
            self.say(self._statistics())

    def _tell_leader(self, leaders: Leaders, now: float) -> None:
        # Before control has told who led before this process was there, nothing is known.
        if self._led and (news := leaders.news(now)) is not None:
            self.say(replace(news, since=self._fit.here_at(news.since), at=self._fit.here_at(news.at)))

    def late(self, seconds: float) -> None:
        """A message was sent this long after it was due."""
        self._worst_late = max(self._worst_late, seconds)

    def trouble(self, message: str) -> None:
        """Tell control of something wrong, once."""
        if message not in self._troubles:
            self._troubles.add(message)
            self.say(Trouble(message))

    def finish(self, now: float) -> None:
        """Silence everything, and stop those who follow our clock: the last window's messages do it."""
        self.hear(Panic(), now)
        self.scheduler.end_clock()

    def last_words(self, now: float) -> None:
        """All that has been played, and the final counts. After the last window was sent."""
        self.sent()
        self._table.forget(inf)
        if self.scheduler.rolling:
            self.scheduler.move(Stopped(round(self.scheduler.tick_at(now)), now), now)
        for played in self.scheduler.take_played(now):
            self.say(played)
        self.say(self._statistics())

    def _statistics(self) -> Statistics:
        counts, losses, lead = self.scheduler.counts, self._losses, self.scheduler.take_least_lead()
        worst, self._worst_late = self._worst_late, 0.0
        return Statistics(
            notes_sent=counts.sent,
            notes_late=counts.late,
            notes_dropped=counts.dropped,
            notes_lost=losses.notes,
            offs_repaired=losses.offs_repaired,
            midi_passed_over=self._ear.passed_over,
            cycles_lost=losses.cycles,
            worst_late_ms=round(1000.0 * worst, 3),
            least_lead_ms=None if lead is None else round(1000.0 * lead, 1),
        )


def _at(message: PortMessage) -> float:
    return message.at
