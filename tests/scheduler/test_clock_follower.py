"""Where the master is, by a clock that jitters, jumps, loses pulses, falls silent and stops."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fakes.clock_source import ClockSource
from hitpoint.hosts.midi_clock import ClockMessage, ClockSignal, MidiClockReader, PositionUnit, SongPosition
from hitpoint.scheduler.clock_follower import ClockEvents, ClockFollower, ClockState
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.transport import Transport

LOOK_SECONDS = 0.003


def hear(follower: ClockFollower, message: ClockMessage, at: float) -> ClockEvents:
    if isinstance(message, SongPosition):
        return follower.song_position(PositionUnit.SIXTEENTHS.quarters(message), at)
    tell = {
        ClockSignal.PULSE: follower.pulse,
        ClockSignal.START: follower.start,
        ClockSignal.CONTINUE: follower.resume,
        ClockSignal.STOP: follower.stop,
    }
    return tell[message](at)


def follow(follower: ClockFollower, source: ClockSource) -> list[Started | Stopped | Located]:
    """All that the source has sent so far."""
    reader = MidiClockReader()
    return [
        event
        for heard in source.messages()
        for message in reader.read(heard.data)
        for event in hear(follower, message, heard.at)
    ]


def looks(follower: ClockFollower, source: ClockSource) -> Iterator[tuple[float, float]]:
    """Second and told position, some before every message."""
    reader, now = MidiClockReader(), 0.0
    for heard in source.messages():
        while now < heard.at:
            yield now, follower.position_at(now)
            now += LOOK_SECONDS
        for message in reader.read(heard.data):
            hear(follower, message, heard.at)


def worst_ms(source: ClockSource, since: float, until: float = float("inf"), bpm: float = 97.5) -> float:
    """The greatest error, in milliseconds at that tempo."""
    return max(
        abs(told - source.quarters_at(at)) * 60_000.0 / bpm
        for at, told in looks(ClockFollower(), source)
        if since <= at < min(until, source.now)
    )


def playing(tempo_map: TempoMap, quarters: float, heard: Callable[[int], int] = lambda _: 1) -> ClockSource:
    source = ClockSource(tempo_map, jitter=0.0)
    source.start()
    source.play(quarters, heard)
    return source


def test_first_pulse_after_start_is_the_downbeat() -> None:
    follower = ClockFollower()
    assert follower.start(1.0) == ()
    assert follower.position_at(1.5) == 0.0
    assert follower.pulse(2.0) == (Started(2.0),)
    assert follower.position_at(2.0) == 0.0


@given(st.floats(20.0, 400.0), st.integers(2, 400), st.floats(0.0, 1e6))
@settings(max_examples=60)
def test_after_clean_pulses_the_position_is_their_number(bpm: float, pulses: int, begun: float) -> None:
    follower = ClockFollower()
    follower.start(begun)
    for index in range(pulses + 1):
        follower.pulse(begun + index * 60.0 / bpm / 24)
    at = begun + pulses * 60.0 / bpm / 24
    settled = pulses >= 24
    assert follower.position_at(at) == pytest.approx(pulses / 24, abs=0.002 if settled else 0.5)
    if settled:
        assert follower.bpm == pytest.approx(bpm, rel=2e-3)
        seconds = follower.seconds_at(pulses / 24 + 1.0)
        assert seconds == pytest.approx(at + 60.0 / bpm, abs=0.01)


@pytest.mark.parametrize("bpm", [97.5, 160.0])
def test_jitter_is_ridden(bpm: float) -> None:
    source = ClockSource(TempoMap.constant(bpm), jitter=0.001, seed=1)
    source.start()
    source.play(24)
    assert worst_ms(source, since=3.0, bpm=bpm) < 1.0


def test_five_milliseconds_of_jitter_are_ridden() -> None:
    source = ClockSource(TempoMap.constant(97.5), jitter=0.005, seed=2)
    source.start()
    source.play(24)
    follower = ClockFollower()
    errors = sorted(
        abs(told - source.quarters_at(at)) * 60_000.0 / 97.5 for at, told in looks(follower, source) if at > 5.0
    )
    assert errors[int(0.95 * len(errors))] < 3.0
    assert follower.jitter_ms == pytest.approx(5.0, rel=0.4)


@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_a_tempo_jump_is_followed_within_a_quarter(factor: float) -> None:
    source = playing(TempoMap((TempoPoint(0, 97.5), TempoPoint(16 * 960, 97.5 * factor))), 24)
    jumped = 16 * 60.0 / 97.5
    assert worst_ms(source, since=jumped + 60.0 / 97.5 / factor) < 1.0


def test_a_ramp_is_followed() -> None:
    ramp = TempoMap((TempoPoint(0, 97.5), TempoPoint(16 * 960, 97.5, Ramp.LINEAR_IN_BEATS), TempoPoint(32 * 960, 117)))
    assert worst_ms(playing(ramp, 36), since=3.0) < 3.0


@pytest.mark.parametrize("copies", [0, 2], ids=["lost", "doubled"])
@pytest.mark.parametrize("jitter", [0.0, 0.001])
def test_a_lost_or_doubled_pulse_moves_nothing(copies: int, jitter: float) -> None:
    source = ClockSource(TempoMap.constant(97.5), jitter, seed=3)
    source.start()
    source.play(24, heard=lambda index: copies if index in (150, 300, 301, 400) else 1)
    assert worst_ms(source, since=4.0) < 1.0


def test_a_burst_after_a_stall_moves_nothing() -> None:
    follower = ClockFollower()
    follower.start(0.0)
    for index in range(480):
        stalled = 300 <= index < 304
        follower.pulse((304 if stalled else index) * 0.025)
    assert follower.position_at(479 * 0.025) == pytest.approx(479 / 24, abs=0.01)


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("pulses_before", [0, 1, 2, 5])
def test_who_is_told_the_tempo_and_the_place_numbers_pulses_right_whatever_came_before(
    pulses_before: int, at_once: bool
) -> None:
    period, first = 60.0 / 150.0 / 24, 100
    follower = ClockFollower()
    for number in range(first, first + pulses_before):
        # A driver that was restarted with us hands out at once what it kept meanwhile.
        follower.pulse((first + pulses_before if at_once else number) * period)
    joined = first + pulses_before
    follower.assume(150.0)
    # Told a little ahead, as play is: by the tempo that was heard before.
    follower.go_on((joined + 5.5) / 24, (joined + 5.5) * period)
    for number in range(joined, joined + 60):
        follower.pulse(number * period)
    assert follower.position_at((joined + 59) * period) * 24 == pytest.approx(joined + 59, abs=0.1)


@pytest.mark.parametrize("held_back", [0, 1, 3, 8])
@pytest.mark.parametrize("told_wrong_quarters", [0.0, 0.4 / 24, -0.4 / 24])
def test_who_joins_a_rolling_master_is_not_misled_by_pulses_that_were_held_back(
    held_back: int, told_wrong_quarters: float
) -> None:
    """A driver that was restarted with us hands out at once what it kept meanwhile."""
    follower, period, first = ClockFollower(), 0.025, 100
    follower.assume(60.0 / period / 24)
    follower.go_on((first - 0.5) / 24 + told_wrong_quarters, (first - 0.5) * period)
    for index in range(first, first + 96):
        follower.pulse(max(index, first + held_back) * period)
        if index == first + 60:
            assert follower.position_at(index * period) == pytest.approx(index / 24, abs=0.02)
    assert follower.position_at((first + 95) * period) == pytest.approx((first + 95) / 24, abs=0.001)
    assert follower.stop((first + 95.9) * period) == (Stopped((first + 96) * 40, (first + 95.9) * period),)


@pytest.mark.parametrize("heard", [1, 5, 23])
def test_who_joins_a_master_that_stops_at_once_stands_where_it_does(heard: int) -> None:
    follower, period = ClockFollower(), 0.025
    follower.assume(60.0 / period / 24)
    follower.go_on(99.5 / 24, 99.5 * period)
    for index in range(100, 100 + heard):
        follower.pulse(index * period)
    assert follower.stop((99.9 + heard) * period) == (Stopped((100 + heard) * 40, (99.9 + heard) * period),)


def test_silence_is_told_and_bridged() -> None:
    source = playing(TempoMap.constant(97.5), 24, heard=lambda index: int(not 200 <= index < 278))
    follower = ClockFollower()
    states = {round(at, 3): follower.state_at(at) for at, _ in looks(follower, source)}
    silent = {state for at, state in states.items() if 200 / 39.0 + 0.1 < at < 278 / 39.0}
    assert silent == {ClockState.FREEWHEELING}
    assert states[max(states)] is ClockState.LOCKED
    assert worst_ms(source, since=3.0) < 1.0


def test_states_from_start_to_stop() -> None:
    follower = ClockFollower()
    assert follower.state_at(0.0) is ClockState.STOPPED
    follower.start(0.0)
    assert follower.state_at(0.1) is ClockState.UNLOCKED
    follower.pulse(0.2)
    assert follower.state_at(0.2) is ClockState.UNLOCKED
    follower.pulse(0.225)
    assert follower.state_at(0.225) is ClockState.LOCKING
    for index in range(2, 30):
        follower.pulse(0.2 + index * 0.025)
    assert follower.state_at(0.93) is ClockState.LOCKED
    assert follower.state_at(9.0) is ClockState.FREEWHEELING
    follower.stop(0.95)
    assert follower.state_at(0.95) is ClockState.STOPPED


def test_stop_stands_at_the_next_pulse_and_continue_goes_on_there() -> None:
    source = playing(TempoMap.constant(97.5), 2.5)
    source.stop()
    source.rest(3.0)
    source.resume()
    source.play(0.5)
    events = follow(ClockFollower(), source)
    assert [type(event) for event in events] == [Started, Stopped, Started]
    assert events[1] == Stopped(2400, source.messages()[61].at)
    assert worst_ms(source, since=source.now - 0.2) < 1.0


def test_song_position_while_stopped_is_where_continue_begins() -> None:
    source = ClockSource(TempoMap.constant(97.5))
    source.song_position(18)
    source.resume()
    source.play(4)
    follower = ClockFollower()
    assert follow(follower, source) == [Located(18 * 240, 0.0), Started(0.0)]
    assert follower.position_at(source.now) == pytest.approx(8.5, abs=0.001)


def test_a_locate_while_rolling_is_met_at_its_first_pulse() -> None:
    source = playing(TempoMap.constant(97.5), 16.3)
    located = source.now
    source.rest(0.1)
    source.locate(96)
    source.play(4)
    assert worst_ms(source, since=located + 0.1) < 1.0


def test_song_position_while_rolling_moves_the_next_pulse_and_keeps_the_beat() -> None:
    follower = ClockFollower()
    follow(follower, source := playing(TempoMap.constant(97.5), 8))
    assert [type(event) for event in follower.song_position(40.0, source.now)] == [Located]
    follower.pulse(source.now)
    assert follower.position_at(source.now) == pytest.approx(40.0, abs=0.001)
    assert follower.state_at(source.now) is ClockState.LOCKED


def test_song_position_that_says_where_the_master_is_changes_nothing() -> None:
    follower = ClockFollower()
    follow(follower, source := playing(TempoMap.constant(97.5), 8.1))
    before = follower.position_at(source.now)
    assert follower.song_position(8.0, source.now) == ()
    assert follower.position_at(source.now) == before


def test_start_while_rolling_begins_again() -> None:
    follower = ClockFollower()
    follow(follower, source := playing(TempoMap.constant(97.5), 8))
    assert follower.start(source.now) == (Stopped(0, source.now),)
    assert follower.pulse(source.now + 0.1) == (Started(source.now + 0.1),)
    assert follower.position_at(source.now + 0.1) == 0.0


def test_pulses_of_a_standing_master_tell_its_tempo_only() -> None:
    follower = ClockFollower()
    for index in range(48):
        assert follower.pulse(index * 0.02) == ()
    assert follower.position_at(1.0) == 0.0
    assert follower.bpm == pytest.approx(125.0, rel=1e-3)


def test_a_stop_in_silence_is_where_we_were() -> None:
    follower = ClockFollower()
    follow(follower, source := playing(TempoMap.constant(100.0), 8))
    told = follower.position_at(source.now + 2.0)
    follower.stop(source.now + 2.0)
    assert told <= follower.position_at(source.now + 2.0) <= told + 1 / 24


calls = st.tuples(
    st.sampled_from(("pulse",) * 12 + ("start", "resume", "stop", "position", "look")),
    st.one_of(st.floats(0.0, 0.06), st.sampled_from((0.0, 0.02, 0.02, 0.02, 0.02, 0.5, 3.0)), st.floats(-5.0, 1e4)),
    st.floats(-10.0, 5000.0),
)


@given(st.lists(calls, max_size=150))
@example([("start", 0.0, 0.0), *(("pulse", 0.02, 0.0),) * 40, ("pulse", -5.0, 0.0), ("look", 0.0, 0.0)])
@settings(max_examples=150)
def test_nothing_that_is_heard_raises_and_rolling_time_never_runs_back(script: list[tuple[str, float, float]]) -> None:
    follower, now, transport = ClockFollower(), 100.0, Transport()
    looked, told = now, follower.position_at(now)
    for name, passed, quarters in script:
        now += passed
        tell = {
            "pulse": follower.pulse,
            "start": follower.start,
            "resume": follower.resume,
            "stop": follower.stop,
            "position": lambda at, quarters=quarters: follower.song_position(quarters, at),
            "look": lambda _: (),
        }
        jumped = False
        for event in tell[name](now):
            jumped = jumped or not isinstance(event, Started)
            transport = transport.apply(event, TempoMap())
        assert transport.rolling == follower.rolling
        looked = max(looked, now)
        position = follower.position_at(looked)
        assert jumped or position >= told
        assert position >= 0.0
        told = position
        follower.state_at(now)
        assert 10.0 <= follower.bpm <= 1000.0 or follower.bpm == pytest.approx(120.0)


@given(st.floats(0.0, 0.006), st.integers(0, 1000), st.floats(30.0, 300.0), st.floats(30.0, 300.0))
@settings(max_examples=25)
def test_what_is_told_never_runs_back_whatever_tempo_and_jitter(
    jitter: float, seed: int, bpm: float, next_bpm: float
) -> None:
    tempo_map = TempoMap((TempoPoint(0, bpm), TempoPoint(4 * 960, next_bpm)))
    source = ClockSource(tempo_map, jitter, seed)
    source.start()
    source.play(10, heard=lambda index: 0 if index == 60 else 2 if index == 170 else 1)
    positions = [told for _, told in looks(ClockFollower(), source)]
    assert all(here <= there for here, there in pairwise(positions))
