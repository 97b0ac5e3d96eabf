"""Whoever counts the pulses that we send is where we are."""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.clock_receiver import ClockReceiver
from hitpoint.hosts.midi_clock import ClockSignal, MidiClockReader, SongPosition
from hitpoint.scheduler.clock_follower import ClockFollower, ClockState
from hitpoint.scheduler.performance import LoopChange, Panic, Route, Routing, Schedule, TempoChange, TransportChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.steering import steered
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Followed, Located, Started, Stopped
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

PORT, CLOCK = "Hitpoint strings", 1
BAR, SIXTEENTH, PULSE = 3840, 240, 40
START, CONTINUE, STOP, BEAT = "fa", "fb", "fc", "f8"
AT_60 = TempoMap.constant(60.0)
RAMP = TempoMap(
    (TempoPoint(0, 60.0, Ramp.LINEAR_IN_TIME), TempoPoint(BAR, 180.0, Ramp.LINEAR_IN_BEATS), TempoPoint(2 * BAR, 90.0))
)


def leading(tempo_map: TempoMap = AT_60, loop: Loop | None = None, tick: int = 0) -> Scheduler:
    """One violin that stands at `tick`; its clock goes to a port of its own."""
    scheduler = Scheduler((PORT,), clock_port=CLOCK)
    scheduler.apply(TempoChange(tempo_map), 0.0)
    scheduler.apply(LoopChange(loop), 0.0)
    scheduler.apply(Routing((Route("violin", PORT, 0, None),)), 0.0)
    scheduler.apply(TransportChange(Located(tick, 0.0)), 0.0)
    return scheduler


def start(scheduler: Scheduler, at: float = 10.0) -> Scheduler:
    scheduler.apply(TransportChange(Started(at)), at)
    return scheduler


def told(scheduler: Scheduler, now: float, until: float) -> list[tuple[float, str]]:
    return [(round(m.at, 6), m.data.hex()) for m in scheduler.due(now, until) if m.port == CLOCK]


def position(sixteenths: int) -> str:
    return bytes((0xF2, sixteenths % 128, sixteenths // 128)).hex()


def test_a_start_from_the_top_is_a_start_and_its_first_pulse_is_the_downbeat() -> None:
    heard = told(start(leading()), 10.0, 12.0)

    assert heard[:3] == [(10.0, START), (10.0, BEAT), (round(10.0 + 1 / 24, 6), BEAT)]
    assert [data for _, data in heard[1:]] == [BEAT] * 48


def test_a_start_elsewhere_tells_the_place_and_continues() -> None:
    assert told(start(leading(tick=BAR)), 10.0, 10.01) == [(10.0, position(16)), (10.0, CONTINUE), (10.0, BEAT)]


def test_between_sixteenths_the_first_pulse_is_the_next_sixteenth() -> None:
    heard = told(start(leading(tick=BAR + 144)), 10.0, 10.11)

    assert heard == [(10.0, position(17)), (10.0, CONTINUE), (10.1, BEAT)]


def test_a_start_that_is_told_early_is_passed_on_early_and_rolls_when_it_is_time() -> None:
    scheduler = leading()
    scheduler.apply(TransportChange(Started(10.0)), 9.9)

    assert scheduler.next_due() == -inf
    assert told(scheduler, 9.9, 9.95) == [(9.9, START)]
    assert scheduler.next_due() == 10.0
    assert told(scheduler, 9.95, 10.01) == [(10.0, BEAT)]


def test_what_cannot_be_said_in_14_bits_is_the_last_place_that_can() -> None:
    assert told(start(leading(tick=20_000 * SIXTEENTH)), 10.0, 10.01)[0] == (10.0, position(16383))


def test_a_stop_is_told_at_once_and_then_nothing_is() -> None:
    scheduler = start(leading())
    told(scheduler, 10.0, 11.01)
    scheduler.apply(TransportChange(Stopped(SIXTEENTH, 11.01)), 11.01)

    assert scheduler.next_due() == -inf
    assert told(scheduler, 11.01, 15.0) == [(11.01, STOP)]
    assert scheduler.next_due() == inf


def test_a_locate_while_it_rolls_is_a_stop_a_place_and_a_continue() -> None:
    scheduler = start(leading())
    told(scheduler, 10.0, 10.99)
    scheduler.apply(TransportChange(Located(2 * BAR, 10.99)), 10.99)

    assert told(scheduler, 10.99, 11.0) == [(10.99, STOP), (10.99, position(32)), (10.99, CONTINUE), (10.99, BEAT)]


def test_a_locate_while_it_stands_says_nothing() -> None:
    scheduler = leading(tick=BAR)
    assert scheduler.next_due() == inf
    assert told(scheduler, 0.0, 10.0) == []


def test_a_loop_goes_back_before_the_first_pulse_of_the_turn() -> None:
    heard = told(start(leading(loop=Loop(BAR, 2 * BAR), tick=2 * BAR - SIXTEENTH)), 10.0, 10.26)

    assert heard[2:8] == [(round(10.0 + n / 24, 6), BEAT) for n in range(6)]
    assert heard[8:] == [(10.25, STOP), (10.25, position(16)), (10.25, CONTINUE), (10.25, BEAT)]


def test_a_loop_between_sixteenths_goes_on_at_its_first_one() -> None:
    heard = told(start(leading(loop=Loop(144, BAR))), 10.0, 14.11)

    assert heard[-4:] == [(14.0, STOP), (14.0, position(1)), (14.0, CONTINUE), (14.1, BEAT)]


def test_a_loop_with_no_sixteenth_in_it_has_no_pulse() -> None:
    assert told(start(leading(loop=Loop(10, 200), tick=20)), 10.0, 12.0) == []


def test_a_ramp_sends_every_pulse_at_its_own_second() -> None:
    pulses = [m.at - 10.0 for m in start(leading(RAMP)).due(10.0, 16.0) if m.data == b"\xf8"]

    assert pulses == pytest.approx([RAMP.seconds_at(PULSE * n) for n in range(len(pulses))], abs=1e-9)
    assert len(pulses) > 200


def test_a_pulse_comes_after_the_notes_of_its_second_and_moves_none() -> None:
    with_clock, without = leading(), Scheduler((PORT,))
    for message in (TempoChange(AT_60), Routing((Route("violin", PORT, 0, None),))):
        without.apply(message, 0.0)
    sent = []
    for scheduler in (with_clock, without):
        scheduler.apply(Schedule("violin", 0, 0, BAR, tuple(Note(80 * n, 60 + n % 4, 80, 80) for n in range(40))), 0.0)
        sent.append(start(scheduler).due(10.0, 13.0))

    assert [message for message in sent[0] if message.port != CLOCK] == sent[1]
    for earlier, later in pairwise(sent[0]):
        assert earlier.at < later.at or earlier.port <= later.port


def test_one_late_pulse_is_sent_at_once() -> None:
    scheduler = start(leading())
    told(scheduler, 10.0, 10.99)

    assert told(scheduler, 11.03, 11.06) == [(11.03, BEAT), (round(11.0 + 1 / 24, 6), BEAT)]


def test_after_a_stall_late_pulses_are_left_out_and_the_place_is_told_anew() -> None:
    scheduler = start(leading())
    told(scheduler, 10.0, 10.99)

    heard = told(scheduler, 11.3, 11.55)
    assert heard[:4] == [(11.3, STOP), (11.3, position(6)), (11.3, CONTINUE), (11.5, BEAT)]
    assert len(heard) == 5


def test_a_host_that_sets_us_back_a_little_is_waited_for_and_one_that_does_so_far_is_told_of() -> None:
    scheduler = start(leading())
    told(scheduler, 10.0, 10.99)
    scheduler.move(Followed(930.0, 10.99), 10.99)
    assert told(scheduler, 10.99, 11.03) == [(round(10.99 + 30 / 960, 6), BEAT)]

    scheduler.move(Followed(800.0, 11.03), 11.03)
    assert told(scheduler, 11.03, 11.04) == [(11.03, STOP), (11.03, position(4)), (11.03, CONTINUE)]


def test_a_host_that_turned_before_us_takes_our_followers_along() -> None:
    scheduler = start(leading(loop=Loop(0, BAR)))
    told(scheduler, 10.0, 13.995)
    scheduler.move(Followed(0.0, 13.995), 13.995)

    assert [data for _, data in told(scheduler, 13.995, 14.0)] == [STOP, position(0), CONTINUE, BEAT]


def test_a_turn_that_was_to_bring_them_in_and_is_called_off_brings_them_in_where_we_then_are() -> None:
    scheduler = start(leading(loop=Loop(0, BAR - 100), tick=BAR - 200))
    assert told(scheduler, 10.0, 10.01) == []
    scheduler.apply(LoopChange(None), 10.01)

    at = round(10.0 + 200 / 960, 6)
    assert told(scheduler, 10.01, 10.22) == [(10.01, position(16)), (10.01, CONTINUE), (at, BEAT)]


def test_a_loop_taken_off_when_its_turn_was_sent_already_takes_our_followers_along() -> None:
    scheduler = start(leading(loop=Loop(0, BAR)))
    assert told(scheduler, 10.0, 14.001)[-1] == (14.0, BEAT)
    scheduler.apply(LoopChange(None), 13.9995)

    assert told(scheduler, 14.001, 14.26) == [(14.001, STOP), (14.001, position(17)), (14.001, CONTINUE), (14.25, BEAT)]


@pytest.mark.parametrize("bpm", [60.0, 97.5, 297.5])
def test_our_own_follower_locks_to_it_and_is_where_we_are(bpm: float) -> None:
    """To the 2 thousandths of a quarter that the follower promises after a quarter of clean pulses."""
    scheduler = start(leading(TempoMap.constant(bpm), tick=2 * BAR))
    follower, reader, now = ClockFollower(), MidiClockReader(), 10.0
    for event in (None, Located(5 * BAR + 77, 10.0), Stopped(0, 10.0), Started(10.0)):
        if event is not None:
            scheduler.apply(TransportChange(replace(event, at=now)), now)
        until = now + 3 * 60.0 / bpm
        for message in scheduler.due(now, until):
            for said in reader.read(message.data) if message.port == CLOCK else ():
                hear(follower, said, message.at)
        now = until
        if scheduler.rolling:
            assert follower.state_at(now) is ClockState.LOCKED
            assert follower.position_at(now) == pytest.approx(scheduler.tick_at(now) / 960, abs=0.002)
        assert follower.rolling == scheduler.rolling


def hear(follower: ClockFollower, said: ClockSignal | SongPosition, at: float) -> None:
    match said:
        case SongPosition(count):
            follower.song_position(count / 4, at)
        case ClockSignal.PULSE:
            follower.pulse(at)
        case ClockSignal.START:
            follower.start(at)
        case ClockSignal.CONTINUE:
            follower.resume(at)
        case ClockSignal.STOP:
            follower.stop(at)


def test_at_the_end_they_are_stopped_and_nothing_follows() -> None:
    scheduler = start(leading())
    told(scheduler, 10.0, 10.5)
    scheduler.apply(Panic(), 10.5)
    scheduler.end_clock()

    assert told(scheduler, 10.5, 10.5) == [(10.5, STOP)]
    assert told(scheduler, 10.5, 12.0) == []


# Laws

ticks = st.one_of(st.integers(0, 3 * 16).map(lambda place: place * SIXTEENTH), st.integers(0, 3 * BAR))
maps = st.sampled_from((AT_60, TempoMap.constant(297.5), RAMP, TempoMap.constant(1000.0)))
loops = st.one_of(
    st.none(),
    st.builds(
        lambda begin, length: Loop(begin, begin + length),
        ticks,
        st.sampled_from((BAR, 2 * BAR, 1234, SIXTEENTH, 480, 90, 7)),
    ),
)
steps = st.lists(
    st.one_of(
        st.floats(0.0005, 0.4),
        st.floats(0.0005, 0.4),
        st.just("start"),
        st.just("start"),
        st.just("start soon"),
        st.just("stop"),
        st.builds(lambda tick: ("locate", tick), ticks),
        st.builds(lambda tick: ("locate soon", tick), ticks),
        st.builds(lambda loop: ("loop", loop), loops),
        st.builds(lambda tempo_map: ("tempo", tempo_map), maps),
        st.builds(lambda off: ("steer", off), st.floats(-0.05, 0.05)),
        st.builds(lambda seconds: ("stall", seconds), st.floats(0.001, 0.4)),
    ),
    min_size=10,
    max_size=60,
)
HAIR = 1e-6
SOON_SECONDS = 0.1
"""As the built-in host does, so that the first notes are there in time."""


@dataclass
class Studio:
    """Our scheduler, and a box that follows its clock."""

    scheduler: Scheduler = field(default_factory=leading)
    box: ClockReceiver = field(default_factory=ClockReceiver)
    now: float = 10.0
    stalled: bool = False

    def do(self, step: object) -> None:
        scheduler, now = self.scheduler, self.now
        match step:
            case float(seconds):
                self.send(seconds)
            case "start":
                scheduler.apply(TransportChange(Started(now)), now)
            case "start soon" if not scheduler.rolling:
                scheduler.apply(TransportChange(Started(now + SOON_SECONDS)), now)
            case ("locate soon", int(tick)):
                scheduler.apply(TransportChange(Located(tick, now + SOON_SECONDS)), now)
            case "stop":
                scheduler.apply(TransportChange(Stopped(max(0, round(scheduler.tick_at(now))), now)), now)
            case ("locate", int(tick)):
                scheduler.apply(TransportChange(Located(tick, now)), now)
            case ("loop", loop):
                scheduler.apply(LoopChange(loop), now)
            case ("tempo", TempoMap() as tempo_map):
                scheduler.apply(TempoChange(tempo_map), now)
            case ("steer", float(off)):
                scheduler.apply(TempoChange(steered(scheduler.tempo_map, scheduler.tick_at(now), off, 0.2)), now)
            case ("stall", float(seconds)):
                self.now, self.stalled = now + seconds, True

    def send(self, seconds: float) -> None:
        until, next_due = self.now + seconds, self.scheduler.next_due()
        for message in self.scheduler.due(self.now, until):
            if message.port == CLOCK:
                assert message.at >= next_due - HAIR
                self.look_before(message.at)
                self.box.hear(message.at, message.data)
                if message.data == b"\xf8":
                    self.on_time(message.at)
        self.look_before(until)
        # A driver that were told otherwise would not sleep.
        assert self.scheduler.next_due() >= until - HAIR
        self.now, self.stalled = until, False

    def on_time(self, at: float) -> None:
        """A pulse is where we are to a millionth of a second, unless it is the late one after a stall."""
        assert self.box.place is not None
        tempo_map, tick = self.scheduler.tempo_map, self.scheduler.tick_at(at)
        if not (self.stalled and at <= self.now + HAIR):
            assert abs(tempo_map.seconds_at(tick) - tempo_map.seconds_at(self.box.place * PULSE)) <= HAIR

    def look_before(self, at: float) -> None:
        """Where both are just before `at`, when they were last told of something earlier."""
        if at - HAIR <= max(self.box.at, self.now):
            return
        scheduler = self.scheduler
        motion = scheduler.motion
        # Until a start that was told early it stands where it will start.
        pulses = motion.course.place_at(max(motion.seconds_at(at - HAIR), motion.start_seconds)).tick / PULSE
        if not scheduler.rolling:
            assert not self.box.rolls
        elif self.box.rolls and self.box.place is not None:
            assert -HAIR <= pulses - self.box.place <= 1.0 + HAIR
        elif self.box.rolls:
            assert -HAIR <= self.box.awaited - pulses < 6.0
        else:
            # No sixteenth is left before the turn.
            loop = motion.course.loop
            assert loop is not None
            assert -(-round(pulses * PULSE) // SIXTEENTH) * SIXTEENTH >= loop.end


@given(steps)
@settings(max_examples=150, deadline=None)
def test_who_counts_our_pulses_is_where_we_are_whatever_happens(script: list[object]) -> None:
    studio = Studio()
    for step in ["start", 0.1, *script, 1.0]:
        studio.do(step)

    assert studio.box.complaints == []
