"""Notes sound where a host says that it is, in time code or in reports that come late. On a virtual clock."""

from collections.abc import Callable, Iterator
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.clock_stage import NOTES, note_at
from fakes.position_stage import DRIVER, PositionStage, heard
from fakes.reporting_host import ReportingHost
from fakes.timecode_master import CODES, TimecodeMaster, pieces_of
from hitpoint.scheduler.performance import ClockHeard, HostAt, LoopChange, Schedule, TempoChange, TransportChange
from hitpoint.score.midi_message import is_note_on
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

LOCK_SECONDS = 1.0
"""After so long a note is where it should be: two frames of time code, and what was missed is made good."""
WAYS = pytest.mark.parametrize("latency", [None, DRIVER], ids=["jack", "driver"])
REAPER = {"every": 1 / 15, "delays": (0.0, 0.066), "lost": 0.05}
LIVE = {"every": 0.1, "delays": (0.0, 0.1), "lost": 0.05}
FILM = TempoMap(
    (
        TempoPoint(0, 97.5),
        TempoPoint(9600, 97.5, Ramp.LINEAR_IN_BEATS),
        TempoPoint(19_200, 140.0),
        TempoPoint(24_000, 80.0, Ramp.LINEAR_IN_TIME),
        TempoPoint(33_600, 110.0),
    )
)


@pytest.fixture
def stage_of() -> Iterator[Callable[..., PositionStage]]:
    stages: list[PositionStage] = []

    def make(*arguments: object, **named: object) -> PositionStage:
        stages.append(PositionStage(*arguments, **named))  # type: ignore[arg-type]
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()


def states(stage: PositionStage) -> list[str]:
    told = [message.state for message in stage.said_of(ClockHeard) if isinstance(message, ClockHeard)]
    return [state for place, state in enumerate(told) if place == 0 or told[place - 1] != state]


@WAYS
@pytest.mark.parametrize("rate", list(CODES))
@pytest.mark.parametrize(("jitter", "most"), [(0.0001, 0.1), (0.001, 0.8), (0.005, 4.0)])
def test_notes_sound_where_time_code_is(
    stage_of: Callable[..., PositionStage], latency: float | None, rate: str, jitter: float, most: float
) -> None:
    stage = stage_of(rate, latency, FILM)
    master = TimecodeMaster(rate, jitter, seed=4, lost=0.01, swapped=0.003, speed=1.001)
    master.stop(0.3)
    master.play(12.0)
    stage.follow_timecode(master)

    errors = stage.errors_ms(master, since=0.3 + LOCK_SECONDS)
    assert len(errors) > 60
    assert max(map(abs, errors)) < most
    assert stage.said_of(Located, Stopped) == []
    stage.keeps_its_laws()


@pytest.mark.parametrize("kind", [REAPER, LIVE])
@pytest.mark.parametrize("seed", range(4))
def test_notes_sound_where_a_host_was_when_its_earliest_reports_left(
    stage_of: Callable[..., PositionStage], kind: dict[str, float], seed: int
) -> None:
    stage = stage_of(tempo_map=FILM)
    host = ReportingHost(**kind, seed=seed)  # type: ignore[arg-type]
    host.stop(0.5)
    host.play(20.0)
    stage.follow_host(host)

    errors = stage.errors_ms(host, since=4.0)
    assert len(errors) > 80
    # Never early, but for what is being made good; and as late as the earliest of many reports.
    assert min(errors) > -3.0
    assert max(errors) < 16.0
    assert stage.said_of(Stopped) == []
    stage.keeps_its_laws()


def test_a_first_note_that_time_code_rolls_up_to_is_on_it(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of("25")
    master = TimecodeMaster("25", 0.001, seed=1)
    master.locate(-2.0)
    master.stop(0.5)
    master.play(6.0)
    stage.follow_timecode(master)

    first = stage.notes()[0]
    assert first.data[1] == 0
    assert first.at == pytest.approx(2.5, abs=0.002)
    assert stage.said_of(Started) == [Started(pytest.approx(2.5, abs=0.002))]
    assert max(map(abs, stage.errors_ms(master))) < 1.5
    stage.keeps_its_laws()


def test_time_code_that_stops_coming_stops_the_music_and_it_goes_on_when_it_comes_again(
    stage_of: Callable[..., PositionStage],
) -> None:
    stage = stage_of("24")
    master = TimecodeMaster("24", 0.001, seed=2)
    master.play(4.0)
    master.stop(2.0)
    master.play(4.0)
    master.stop(1.0)
    stage.follow_timecode(master)

    stops = [event for event in stage.said_of(Stopped) if isinstance(event, Stopped)]
    assert [stop.at for stop in stops] == pytest.approx([4.25, 10.25], abs=0.02)
    # It stands where the master does.
    assert stops[0].tick == pytest.approx(stage.tempo_map.tick_at(4.0), abs=20)
    assert not [note for note in stage.notes() if 4.26 < note.at < 6.0]
    assert max(map(abs, stage.errors_ms(master, since=7.0, until=10.0))) < 0.8
    assert stage.sounding() == []
    assert states(stage)[-1] == "stopped"
    stage.keeps_its_laws()


def test_a_short_gap_in_time_code_is_bridged(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of("30")
    master = TimecodeMaster("30", 0.001, seed=2)
    master.play(4.0)
    master.play(0.2, heard=False)
    master.play(4.0)
    stage.follow_timecode(master)

    assert stage.said_of(Stopped, Located) == []
    assert max(map(abs, stage.errors_ms(master, since=LOCK_SECONDS))) < 0.8
    assert "freewheeling" in states(stage)
    stage.keeps_its_laws()


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("place", [1.0, 30.0])
def test_a_locate_while_it_rolls_is_followed(stage_of: Callable[..., PositionStage], full: bool, place: float) -> None:
    stage = stage_of("25")
    master = TimecodeMaster("25", 0.001, seed=3)
    master.play(5.0)
    master.locate(place, full)
    master.play(5.0)
    stage.follow_timecode(master)

    assert max(map(abs, stage.errors_ms(master, since=LOCK_SECONDS, until=5.0))) < 0.8
    assert max(map(abs, stage.errors_ms(master, since=5.0 + LOCK_SECONDS))) < 0.8
    # A full frame tells where it stands, and the first label where it rolls.
    assert len(stage.said_of(Located)) <= 1
    stage.keeps_its_laws()


def test_a_full_frame_moves_a_host_that_stands(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of("25")
    master = TimecodeMaster("25")
    master.locate(20.0)
    master.stop(0.5)
    stage.follow_timecode(master)
    assert stage.said_of(Located) == [Located(stage.tempo_map.tick_at(20.0), pytest.approx(0.0, abs=0.01))]
    assert stage.scheduler.tick_at(0.5) == stage.tempo_map.tick_at(20.0)


def test_machine_controls_stop_stops_at_once(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of("25")
    master = TimecodeMaster("25")
    master.play(3.0)
    master.machine(0x01)
    master.stop(0.5)
    stage.follow_timecode(master)
    assert [event.at for event in stage.said_of(Stopped) if isinstance(event, Stopped)] == pytest.approx(
        [3.0], abs=0.01
    )


def test_a_master_that_winds_back_is_followed_when_it_plays_again(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of("25")
    master = TimecodeMaster("25", seed=4)
    master.play(4.0)
    stage.follow_timecode(master)
    frames = range(90_000 + 100, 90_000, -2)
    back = [piece for frame in frames for piece in reversed(list(pieces_of(frame, master.rate)))]
    stage.listen([heard(4.0 + number / 200, data) for number, data in enumerate(back)], 4.0 + len(back) / 200)
    assert not stage.scheduler.rolling
    assert not [note for note in stage.notes() if note.at > 4.1]
    master.now = stage.now
    master.locate(0.0, full=False)
    master.play(4.0)
    stage.follow_timecode(master)
    assert max(map(abs, stage.errors_ms(master, since=stage.now - 4.0 + LOCK_SECONDS))) < 0.8
    stage.keeps_its_laws()


def test_a_master_that_winds_at_twice_the_speed_is_not_played_to(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of("25")
    master = TimecodeMaster("25", 0.0005, speed=2.0)
    master.play(4.0)
    stage.follow_timecode(master)
    assert stage.notes() == []


@pytest.mark.parametrize("kind", [REAPER, LIVE])
@pytest.mark.parametrize("place", [0.5, 30.0])
def test_a_host_that_jumps_or_stops_is_followed(
    stage_of: Callable[..., PositionStage], kind: dict[str, float], place: float
) -> None:
    stage = stage_of()
    host = ReportingHost(**kind, seed=6)  # type: ignore[arg-type]
    host.play(6.0)
    host.locate(place)
    host.play(6.0)
    host.stop(2.0)
    host.play(3.0)
    host.stop(1.0)
    stage.follow_host(host)

    jumped = [event for event in stage.said_of(Located) if isinstance(event, Located) and 6.0 <= event.at < 12.0]
    assert len(jumped) == 1
    assert jumped[0].at < 6.4
    assert max(map(abs, stage.errors_ms(host, since=9.0, until=12.0))) < 16.0
    stopped = [event.at for event in stage.said_of(Stopped) if isinstance(event, Stopped)]
    assert stopped == pytest.approx([12.05, 17.05], abs=0.07)
    assert stage.sounding() == []
    stage.keeps_its_laws()


def test_a_host_that_says_nothing_for_two_seconds_is_believed_to_play_on(
    stage_of: Callable[..., PositionStage],
) -> None:
    stage = stage_of()
    host = ReportingHost(**LIVE, seed=7)  # type: ignore[arg-type]
    host.play(6.0)
    host.play(2.0, heard=False)
    host.play(6.0)
    stage.follow_host(host)
    assert stage.said_of(Stopped, Located) == []
    assert max(map(abs, stage.errors_ms(host, since=3.0))) < 16.0
    assert "freewheeling" in states(stage)
    stage.keeps_its_laws()


def test_the_first_note_after_a_start_is_heard(stage_of: Callable[..., PositionStage]) -> None:
    """The first report comes late: what is little is made good, and not skipped."""
    stage = stage_of()
    host = ReportingHost(every=1 / 15, delays=(0.0, 0.06), seed=8)
    host.stop(1.0)
    host.play(3.0)
    stage.follow_host(host)
    assert [note.data[1] for note in stage.notes()[:4]] == [0, 1, 2, 3]
    assert stage.notes()[0].at == pytest.approx(1.03, abs=0.035)


def test_another_tempo_map_is_where_the_hosts_seconds_now_are(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of("25")
    master = TimecodeMaster("25", seed=4)
    master.play(5.0)
    stage.follow_timecode(master)
    later = TempoMap((TempoPoint(0, 97.5), TempoPoint(960 * 12, 120.0)))
    stage.player.hear(TempoChange(later), stage.now)
    assert stage.said_of(Located) == []
    master.play(5.0)
    stage.tempo_map = later
    stage.follow_timecode(master)
    assert max(map(abs, stage.errors_ms(master, since=LOCK_SECONDS))) < 0.8

    earlier = TempoMap.constant(140.0)
    stage.player.hear(TempoChange(earlier), stage.now)
    stage.tempo_map = earlier
    assert stage.said_of(Located) == [
        Located(pytest.approx(earlier.tick_at(10.0), abs=5), pytest.approx(10.0, abs=0.01))
    ]
    master.play(3.0)
    stage.follow_timecode(master)
    assert max(map(abs, stage.errors_ms(master, since=11.0))) < 0.8
    stage.keeps_its_laws()


@pytest.mark.parametrize("seed", range(4))
def test_a_host_that_turns_in_a_loop_is_not_taken_to_jump(stage_of: Callable[..., PositionStage], seed: int) -> None:
    stage = stage_of()
    loop = Loop(960 * 4, 960 * 12)
    begins, ends = (stage.tempo_map.seconds_at(tick) for tick in (loop.start, loop.end))
    stage.player.hear(LoopChange(loop), 0.0)
    host = ReportingHost(**REAPER, seed=seed)  # type: ignore[arg-type]
    host.play(ends)
    for _ in range(4):
        host.locate(begins)
        host.play(ends - begins)
    stage.follow_host(host)
    assert stage.said_of(Located, Stopped) == []
    assert max(map(abs, stage.errors_ms(host, since=4.0, until=host.now - 0.1))) < 20.0
    stage.keeps_its_laws()


@pytest.mark.parametrize("seconds", [4.0, 8.0, 16.0])
def test_a_jump_of_whole_turns_into_a_loop_that_lies_ahead_is_followed(
    stage_of: Callable[..., PositionStage], seconds: float
) -> None:
    """As when a host that keeps its beat changes its tempo in a loop: its seconds are then of another place."""
    stage = stage_of()
    begins, ends = (stage.tempo_map.tick_at(second) for second in (16.0, 16.0 + seconds))
    stage.player.hear(LoopChange(Loop(begins, ends)), 0.0)
    host = ReportingHost(**REAPER, seed=1)  # type: ignore[arg-type]
    host.play(2.0)
    host.locate(18.0)
    host.play(2.0)
    stage.follow_host(host)
    assert max(map(abs, stage.errors_ms(host, since=3.0))) < 20.0
    stage.keeps_its_laws()


def test_a_host_that_does_not_turn_is_followed_out_of_the_loop(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of()
    stage.player.hear(LoopChange(Loop(0, 960 * 8)), 0.0)
    host = ReportingHost(**REAPER, seed=1)  # type: ignore[arg-type]
    host.play(12.0)
    stage.follow_host(host)
    assert len(stage.said_of(Located)) == 1
    assert max(map(abs, stage.errors_ms(host, since=8.0))) < 16.0
    stage.keeps_its_laws()


def test_a_process_that_starts_under_a_rolling_host_goes_on_with_it(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of("25")
    master = TimecodeMaster("25", 0.001, seed=9)
    master.play(8.0)
    begins = 3.0
    stage.now = begins
    for event in (Located(stage.tempo_map.tick_at(begins + 0.02), begins), Started(begins)):
        stage.tell(event)
    stage.listen([message for message in master.messages() if message.at >= begins], master.now)
    assert stage.said_of(Located, Stopped) == []
    assert max(map(abs, stage.errors_ms(master, since=begins + LOCK_SECONDS))) < 0.8
    stage.keeps_its_laws()


def test_a_process_that_starts_under_a_host_that_is_gone_stops(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of("25")
    stage.player.hear(TransportChange(Started(0.0)), 0.0)
    stage.listen([], 1.0)
    assert len(stage.said_of(Stopped)) == 1


def test_positions_are_nothing_to_who_follows_no_host(stage_of: Callable[..., PositionStage]) -> None:
    stage = stage_of("25")
    stage.player.hear(HostAt(5.0, 0.0, True), 0.0)
    stage.listen([], 1.0)
    assert not stage.scheduler.rolling


actions = st.lists(
    st.one_of(
        st.tuples(st.just("play"), st.floats(0.05, 3.0)),
        st.tuples(st.just("play"), st.floats(0.05, 3.0)),
        st.tuples(st.just("silent"), st.floats(0.05, 2.5)),
        st.tuples(st.just("stop"), st.floats(0.0, 1.0)),
        st.tuples(st.sampled_from(("locate", "place")), st.floats(-3.0, 40.0)),
    ),
    min_size=2,
    max_size=8,
)


def play_timecode(
    script: list[tuple[str, float]], rate: str, jitter: float, latency: float | None, speed: float
) -> None:
    """Whatever the master does: nothing runs back, every note ends, and who rolls for long is met."""
    stage = PositionStage(rate, latency, FILM, duration=500)
    master = TimecodeMaster(rate, jitter, seed=1, lost=0.01, swapped=0.01, speed=speed)
    try:
        for action, amount in script:
            match action:
                case "play" | "silent":
                    master.play(amount, heard=action == "play")
                case "stop":
                    master.stop(amount)
                case "locate" | "place":
                    master.locate(amount, full=action == "locate")
        master.play(3.0)
        rolls_since = master.now - 1.0
        master.stop(0.5)
        stage.follow_timecode(master)
        stage.keeps_its_laws()
        assert stage.sounding() == []
        assert not stage.scheduler.rolling
        late = stage.errors_ms(master, since=rolls_since, until=rolls_since + 1.0)
        assert all(abs(error) < 1.0 + 1500.0 * jitter for error in late)
        if master.seconds > 3.0:
            assert late
    finally:
        stage.close()


scripts = given(
    actions,
    st.sampled_from(list(CODES)),
    st.sampled_from((0.0001, 0.001, 0.005)),
    st.sampled_from((None, DRIVER)),
    st.floats(0.999, 1.001),
)


@scripts
@settings(max_examples=15)
def test_whatever_a_master_does_nothing_runs_back_and_every_note_ends(
    script: list[tuple[str, float]], rate: str, jitter: float, latency: float | None, speed: float
) -> None:
    play_timecode(script, rate, jitter, latency, speed)


@pytest.mark.slow
@scripts
@settings(max_examples=150)
def test_whatever_hundreds_of_masters_do_nothing_runs_back_and_every_note_ends(
    script: list[tuple[str, float]], rate: str, jitter: float, latency: float | None, speed: float
) -> None:
    play_timecode(script, rate, jitter, latency, speed)


def play_reports(script: list[tuple[str, float]], delay: float, seed: int) -> None:
    """The same of a host that reports."""
    stage = PositionStage(None, DRIVER, FILM, duration=500)
    host = ReportingHost(1 / 15, (0.0, delay), seed, lost=0.05)
    try:
        for action, amount in script:
            match action:
                case "play" | "silent":
                    host.play(amount, heard=action == "play")
                case "stop":
                    host.stop(amount)
                case "locate" | "place":
                    host.locate(max(0.0, amount))
        host.play(5.0)
        rolls_since = host.now - 1.0
        host.stop(0.5)
        stage.follow_host(host)
        stage.keeps_its_laws()
        assert stage.sounding() == []
        assert not stage.scheduler.rolling
        errors = stage.errors_ms(host, since=rolls_since, until=rolls_since + 1.0)
        assert errors
        assert all(abs(error) < 30.0 for error in errors)
    finally:
        stage.close()


@given(actions, st.sampled_from((0.02, 0.066, 0.1)), st.integers(0, 1000))
@settings(max_examples=15)
def test_whatever_a_host_reports_nothing_runs_back_and_every_note_ends(
    script: list[tuple[str, float]], delay: float, seed: int
) -> None:
    play_reports(script, delay, seed)


@pytest.mark.slow
@given(actions, st.sampled_from((0.02, 0.066, 0.1)), st.integers(0, 1000))
@settings(max_examples=150)
def test_whatever_hundreds_of_hosts_report_nothing_runs_back_and_every_note_ends(
    script: list[tuple[str, float]], delay: float, seed: int
) -> None:
    play_reports(script, delay, seed)


def test_no_note_is_struck_twice_while_small_differences_are_made_good(
    stage_of: Callable[..., PositionStage],
) -> None:
    stage = stage_of()
    stage.player.hear(
        Schedule("violin", 0, 0, NOTES * 240, tuple(note_at(number * 240) for number in range(NOTES))), 0.0
    )
    host = ReportingHost(**LIVE, seed=11)  # type: ignore[arg-type]
    host.play(15.0)
    stage.follow_host(host)
    pitches = [message.data[1] for message in stage.sent if is_note_on(message.data)]
    assert pitches == list(range(len(pitches)))
    assert stage.errors_ms(host, until=inf)
