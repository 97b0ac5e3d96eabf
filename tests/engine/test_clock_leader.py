"""Notes sound where a MIDI clock's master is, whatever the clock does to get there. On a virtual clock."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.clock_source import ClockSource
from fakes.clock_stage import GRID, INPUT, ClockStage, tick_of
from hitpoint.hosts.midi_clock import PositionUnit
from hitpoint.scheduler.performance import ClockHeard, Trouble
from hitpoint.score.midi_message import HeardMessage, PortMessage, is_note_off, is_note_on
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

JACK, DRIVER = None, 0.0005
"""How messages come: before the cycle is filled, or so many seconds after their stamps."""
WAYS = pytest.mark.parametrize("latency", [JACK, DRIVER], ids=["jack", "driver"])


@pytest.fixture
def stage_of() -> Iterator[Callable[..., ClockStage]]:
    stages: list[ClockStage] = []

    def make(*arguments: object, **named: object) -> ClockStage:
        stages.append(ClockStage(*arguments, **named))  # type: ignore[arg-type]
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()


def errors_ms(stage: ClockStage, source: ClockSource, since: float = -inf, until: float = inf) -> dict[int, float]:
    """By tick: how long after the master was there its note was struck."""
    errors = {}
    for message in stage.sent:
        if is_note_on(message.data) and since <= message.at < until:
            tick = tick_of(message, source.quarters_at(message.at) * 960)
            errors[tick] = 1000.0 * (message.at - source.seconds_at(tick))
    return errors


def playing(tempo_map: TempoMap, quarters: float, jitter: float = 0.0, **named: object) -> ClockSource:
    source = ClockSource(tempo_map, jitter, **named)  # type: ignore[arg-type]
    source.rest(0.2)
    source.start()
    source.rest(0.05)
    source.play(quarters)
    return source


def lasts(message: PortMessage) -> tuple[int, int]:
    return message.data[0] & 0x0F, message.data[1]


def keeps_its_laws(stage: ClockStage) -> None:
    """Times never run back, every note ends before its key is struck again, nothing went wrong."""
    assert all(here.at <= there.at for here, there in pairwise(stage.sent))
    sounding: set[tuple[int, int]] = set()
    for message in stage.sent:
        if is_note_on(message.data):
            assert lasts(message) not in sounding
            sounding.add(lasts(message))
        elif is_note_off(message.data):
            sounding.discard(lasts(message))
    assert sounding == {lasts(PortMessage(0.0, 0, data, "")) for _, data in stage.sounding()}
    assert stage.said_of(Trouble) == []


@WAYS
def test_the_first_note_sounds_with_the_first_pulse(stage_of: Callable[..., ClockStage], latency: float | None) -> None:
    stage = stage_of(latency)
    source = playing(TempoMap.constant(97.5), 4)
    stage.follow(source)

    first = next(message for message in stage.sent if is_note_on(message.data))
    assert first.data[1] == 0
    assert first.at == pytest.approx(0.25, abs=1e-9 if latency is JACK else DRIVER + stage.window)
    keeps_its_laws(stage)


@WAYS
def test_notes_on_an_exact_clocks_pulses_sound_on_them(
    stage_of: Callable[..., ClockStage], latency: float | None
) -> None:
    stage = stage_of(latency)
    source = playing(TempoMap.constant(97.5), 16)
    stage.follow(source)

    errors = errors_ms(stage, source, since=1.0)
    assert len(errors) >= 16 * 4 - 5
    assert max(map(abs, errors.values())) < 0.001
    keeps_its_laws(stage)


@WAYS
@pytest.mark.parametrize("bpm", [97.5, 160.0])
@pytest.mark.parametrize(("jitter", "most"), [(0.001, 1.5), (0.005, 6.0)])
def test_jitter_is_not_heard_once_it_is_settled(
    stage_of: Callable[..., ClockStage], latency: float | None, bpm: float, jitter: float, most: float
) -> None:
    stage = stage_of(latency)
    source = playing(TempoMap.constant(bpm), 32, jitter, seed=3)
    stage.follow(source)

    assert max(map(abs, errors_ms(stage, source, since=4.0).values())) < most
    keeps_its_laws(stage)


@WAYS
@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_a_jump_of_the_tempo_is_met_within_a_quarter(
    stage_of: Callable[..., ClockStage], latency: float | None, factor: float
) -> None:
    stage = stage_of(latency)
    source = playing(TempoMap((TempoPoint(0, 97.5), TempoPoint(16 * 960, 97.5 * factor))), 24)
    stage.follow(source)

    met = source.seconds_at(17 * 960)
    assert max(map(abs, errors_ms(stage, source, since=met).values())) < 1.0
    keeps_its_laws(stage)


@WAYS
def test_a_ramp_is_followed(stage_of: Callable[..., ClockStage], latency: float | None) -> None:
    ramp = TempoMap((TempoPoint(0, 97.5), TempoPoint(16 * 960, 97.5, Ramp.LINEAR_IN_BEATS), TempoPoint(32 * 960, 117)))
    stage = stage_of(latency)
    source = playing(ramp, 36)
    stage.follow(source)

    assert max(map(abs, errors_ms(stage, source, since=3.0).values())) < 3.0
    keeps_its_laws(stage)


@WAYS
def test_when_pulses_stop_coming_the_music_goes_on_and_is_there_when_they_come_again(
    stage_of: Callable[..., ClockStage], latency: float | None
) -> None:
    stage = stage_of(latency)
    source = ClockSource(TempoMap.constant(97.5), 0.001, seed=5)
    source.start()
    source.play(24, heard=lambda pulse: int(not 240 <= pulse < 318))
    stage.follow(source)

    silent = errors_ms(stage, source, since=source.seconds_at(240 * 40), until=source.seconds_at(318 * 40))
    assert len(silent) >= 12
    assert max(map(abs, silent.values())) < 3.0
    assert max(map(abs, errors_ms(stage, source, since=source.seconds_at(330 * 40)).values())) < 1.5
    states = [heard.state for heard in stage.said_of(ClockHeard) if isinstance(heard, ClockHeard)]
    assert list(dict.fromkeys(states))[-2:] == ["locked", "freewheeling"]
    assert states[-1] == "locked"
    keeps_its_laws(stage)


@WAYS
def test_a_stop_silences_at_once_and_a_continue_goes_on_there(
    stage_of: Callable[..., ClockStage], latency: float | None
) -> None:
    stage = stage_of(latency, duration=2000)
    source = playing(TempoMap.constant(97.5), 4.5)
    source.stop()
    stopped = source.now
    source.rest(1.0)
    stage.follow(source)
    last = stage.sent[-1].at
    assert is_note_off(stage.sent[-1].data)
    assert last <= stopped + 2 * stage.window + (latency or 0.0)
    assert stage.sounding() == []

    source.resume()
    source.rest(0.02)
    source.play(4)
    stage.follow(source)

    after = errors_ms(stage, source, since=stopped + 0.5)
    assert min(after) == 4.5 * 960
    assert [type(event) for event in stage.said_of(Started, Stopped, Located)] == [Started, Stopped, Started]
    keeps_its_laws(stage)


@WAYS
def test_a_locate_is_met_at_its_first_pulse(stage_of: Callable[..., ClockStage], latency: float | None) -> None:
    stage = stage_of(latency)
    source = playing(TempoMap.constant(97.5), 8)
    source.locate(96)
    # Control has to write again what is wanted there: as long as this takes, nothing can sound.
    source.rest(0.05)
    located = source.now
    source.play(4)
    stage.follow(source)

    errors = errors_ms(stage, source, since=located)
    assert min(errors) == 96 * GRID
    assert max(map(abs, errors.values())) < 1.0
    keeps_its_laws(stage)


def test_a_song_position_while_it_rolls_is_a_locate(stage_of: Callable[..., ClockStage]) -> None:
    stage = stage_of()
    source = playing(TempoMap.constant(97.5), 8)
    source.song_position(160)
    located = source.now
    source.play(4)
    stage.follow(source)

    assert isinstance(stage.said_of(Started, Stopped, Located)[-1], Located)
    errors = errors_ms(stage, source, since=located + 0.01)
    assert min(errors) in (160 * GRID, 161 * GRID)
    assert max(map(abs, errors.values())) < 1.0
    keeps_its_laws(stage)


def test_pulses_of_a_standing_master_make_no_sound_and_tell_its_tempo(stage_of: Callable[..., ClockStage]) -> None:
    stage = stage_of()
    source = ClockSource(TempoMap.constant(133.0))
    source.play(8)
    stage.follow(source)

    assert stage.sent == []
    last = stage.said_of(ClockHeard)[-1]
    assert isinstance(last, ClockHeard)
    assert (last.state, round(last.bpm or 0.0, 2)) == ("stopped", 133.0)


def test_without_a_heard_tempo_the_timelines_is_taken(stage_of: Callable[..., ClockStage]) -> None:
    stage = stage_of(tempo_map=TempoMap.constant(150.0))
    source = playing(TempoMap.constant(150.0), 2)
    stage.follow(source)

    assert max(map(abs, errors_ms(stage, source).values())) < 0.01


@pytest.mark.parametrize("unit", [None, PositionUnit.CLOCK_PULSES])
def test_a_host_that_counts_its_position_in_pulses_is_found_out_or_said_to(
    stage_of: Callable[..., ClockStage], unit: PositionUnit | None
) -> None:
    stage = stage_of(unit=unit)
    source = ClockSource(TempoMap.constant(120.0))
    source.units_per_sixteenth = 6
    source.start()
    for quarters in (8, 16, 24):
        source.play(8)
        source.stop()
        source.song_position(quarters * 4)
        source.rest(0.2)
        source.resume()
    source.play(2)
    stage.follow(source)

    located = [event.tick for event in stage.said_of(Located) if isinstance(event, Located)]
    # Its first position is believed, as it may have been a locate to there; the second one mends it.
    assert located == ([] if unit else [8 * 6 * 960, 16 * 960])
    assert stage.scheduler.tick_at(source.now) == pytest.approx(26 * 960, abs=0.1)


@WAYS
@pytest.mark.parametrize("unheeded", [0.0, 0.01, 0.5])
def test_a_process_that_is_started_anew_goes_on_where_control_says_the_master_is(
    stage_of: Callable[..., ClockStage], latency: float | None, unheeded: float
) -> None:
    stage = stage_of(latency, tempo_map=TempoMap.constant(97.51))
    source = playing(TempoMap.constant(97.5), 24)
    began = 5.2
    at = began + 0.1
    # Some pulses come before it is told what they are.
    stage.now = began - unheeded
    stage.follow_from(source, stage.now, began)
    for event in (Located(round(source.quarters_at(at) * 960 + 0.4), at), Started(at)):
        stage.tell(event)
    stage.follow(source)

    errors = errors_ms(stage, source, since=began)
    assert min(errors) <= source.quarters_at(at + 0.2) * 960
    assert max(map(abs, errors.values())) < 1.0
    keeps_its_laws(stage)


def test_notes_with_an_offset_keep_it(stage_of: Callable[..., ClockStage]) -> None:
    for offset_ms in (-60.0, 40.0):
        stage = stage_of(offset_ms=offset_ms)
        source = playing(TempoMap.constant(97.5), 16, 0.001, seed=2)
        stage.follow(source)
        for tick, error in errors_ms(stage, source, since=4.0).items():
            assert error == pytest.approx(offset_ms, abs=2.0), tick
        keeps_its_laws(stage)


def test_two_masters_do_not_mix(stage_of: Callable[..., ClockStage]) -> None:
    stage = stage_of()
    source, other = playing(TempoMap.constant(97.5), 16), ClockSource(TempoMap.constant(150.0), at=0.4)
    other.start()
    other.play(20)
    both = [HeardMessage(heard.at, INPUT, heard.data) for heard in source.messages()]
    both += [HeardMessage(heard.at, "keyboard", heard.data) for heard in other.messages()]
    stage.listen(sorted(both), source.now)

    assert max(map(abs, errors_ms(stage, source, since=1.0).values())) < 0.001


actions = st.lists(
    st.one_of(
        st.tuples(st.just("play"), st.floats(0.1, 6.0)),
        st.tuples(st.just("play"), st.floats(0.1, 6.0)),
        st.tuples(st.just("silent"), st.floats(0.1, 6.0)),
        st.tuples(st.just("lossy"), st.floats(1.0, 6.0)),
        st.tuples(st.sampled_from(("start", "stop", "resume")), st.just(0.0)),
        st.tuples(st.just("rest"), st.floats(0.0, 3.0)),
        st.tuples(st.sampled_from(("locate", "place")), st.floats(0.0, 120.0)),
    ),
    min_size=3,
    max_size=12,
)


def play_script(
    script: list[tuple[str, float]], jitter: float, latency: float | None, bpm: float, offset_ms: float
) -> None:
    """Whatever the master does: nothing runs back, and every note ends."""
    stage = ClockStage(latency, offset_ms=offset_ms, duration=500)
    source = ClockSource(TempoMap((TempoPoint(0, bpm), TempoPoint(8 * 960, min(280.0, bpm * 1.2)))), jitter)
    source.start()
    for action, amount in script:
        match action:
            case "play":
                source.play(amount)
            case "silent":
                source.play(amount, heard=lambda _: 0)
            case "lossy":
                source.play(amount, heard=lambda pulse: (1, 1, 0, 1, 2, 1, 1)[pulse % 7])
            case "start":
                source.start()
            case "stop":
                source.stop()
            case "resume":
                source.resume()
            case "rest":
                source.rest(amount)
            case "locate":
                source.locate(int(amount))
            case "place":
                source.song_position(int(amount))
    source.stop()
    try:
        stage.follow(source, source.now + 0.1)
        keeps_its_laws(stage)
        assert stage.sounding() == []
        assert not stage.scheduler.rolling
    finally:
        stage.close()


scripts = given(
    actions, st.floats(0.0, 0.006), st.sampled_from((JACK, DRIVER)), st.floats(30.0, 280.0), st.floats(-80.0, 45.0)
)


@scripts
@settings(max_examples=20)
def test_whatever_the_master_does_nothing_runs_back_and_every_note_ends(
    script: list[tuple[str, float]], jitter: float, latency: float | None, bpm: float, offset_ms: float
) -> None:
    play_script(script, jitter, latency, bpm, offset_ms)


@pytest.mark.slow
@scripts
@settings(max_examples=200)
def test_whatever_hundreds_of_masters_do_nothing_runs_back_and_every_note_ends(
    script: list[tuple[str, float]], jitter: float, latency: float | None, bpm: float, offset_ms: float
) -> None:
    play_script(script, jitter, latency, bpm, offset_ms)


@given(st.lists(st.tuples(st.binary(max_size=6), st.floats(-0.01, 0.3)), max_size=120))
@settings(max_examples=60)
def test_whatever_bytes_come_in_every_note_ends(script: list[tuple[bytes, float]]) -> None:
    stage = ClockStage(DRIVER, duration=500)
    now, heard = 0.1, []
    for data, passed in script:
        now += passed
        heard.append(HeardMessage(max(0.0, now), INPUT, data))
    try:
        stage.listen(heard, now + 0.1)
        stage.player.finish(stage.now)
        stage.sent += stage.player.window(stage.now, stage.now)
        keeps_its_laws(stage)
        assert stage.sounding() == []
    finally:
        stage.close()
