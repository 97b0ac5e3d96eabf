"""Several may lead at once: who does, and that a switch is no break. On a virtual clock."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.trust_stage import TrustStage
from hitpoint.scheduler.performance import MidiHeard, TransportChange
from hitpoint.timeline.host_event import Located, Started, Stopped

STEADY = 1.3
"""After so long one that has come back has the music."""
ORDERS = (
    ("reaper", "mtc", "builtin"),
    ("mtc", "reaper", "builtin"),
    ("midi", "mtc", "builtin"),
    ("reaper", "midi", "mtc", "builtin"),
    ("reaper", "mtc", "link"),
)


@pytest.fixture
def stage_of() -> Iterator[Callable[..., TrustStage]]:
    stages: list[TrustStage] = []

    def make(*order: str, **named: object) -> TrustStage:
        stages.append(TrustStage(*order, **named))  # type: ignore[arg-type]
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()


def test_the_music_goes_on_with_the_next_one_when_the_leader_falls_silent_and_back_when_it_returns(
    stage_of: Callable[..., TrustStage],
) -> None:
    stage = stage_of("reaper", "mtc", "builtin")
    stage.code.play(16.0)
    stage.reaper.play(5.0)
    stage.reaper.play(4.0, heard=False)
    stage.reaper.play(7.0)
    stage.run(6.5)
    assert stage.leader == "reaper"
    stage.run(7.5)
    assert stage.leader == "mtc"
    stage.run(9.0 + STEADY)
    assert stage.leader == "reaper"
    stage.run(16.0)
    assert stage.leads[-3:] == ["reaper", "mtc", "reaper"]
    assert stage.said_of(Stopped) == []
    assert [event for event in stage.said_of(Located) if event.at > 1.0] == []  # type: ignore[attr-defined]
    assert max(map(abs, stage.errors_ms(stage.code, since=2.0))) < 60.0
    pitches = [message.data[1] for message in stage.notes()]
    assert pitches == [number % 100 for number in range(pitches[0], pitches[0] + len(pitches))], "no note is left out"
    stage.keeps_its_laws()


def test_time_code_that_falls_silent_does_not_stop_the_music_when_another_one_rolls(
    stage_of: Callable[..., TrustStage],
) -> None:
    stage = stage_of("mtc", "reaper", "builtin")
    stage.code.play(5.0)
    stage.reaper.play(10.0)
    stage.run(10.0)
    assert stage.leads[-2:] == ["mtc", "reaper"]
    assert stage.said_of(Stopped) == []
    stage.keeps_its_laws()


def test_time_code_alone_stops_the_music_as_ever_and_the_built_in_host_may_play_then(
    stage_of: Callable[..., TrustStage],
) -> None:
    stage = stage_of("mtc", "reaper", "builtin")
    stage.code.play(4.0)
    stage.run(5.0)
    assert [event.at for event in stage.said_of(Stopped)] == pytest.approx([4.25], abs=0.03)  # type: ignore[attr-defined]
    assert stage.leader == "builtin"
    stage.tell(Started(5.0))
    stage.run(7.0)
    assert stage.scheduler.rolling
    stage.keeps_its_laws()


def test_what_a_person_asks_of_the_built_in_host_while_another_leads_moves_nothing_and_control_is_put_right(
    stage_of: Callable[..., TrustStage],
) -> None:
    stage = stage_of("mtc", "reaper", "builtin")
    stage.code.play(6.0)
    stage.run(3.0)
    before = len(stage.said)
    stage.player.hear(TransportChange(Located(0, 3.0)), stage.now)
    told = stage.said[before:]
    assert [type(event) for event in told] == [Located, Started]
    assert told[0].tick == pytest.approx(stage.tempo_map.tick_at(3.0), abs=5)  # type: ignore[attr-defined]
    stage.run(6.0)
    assert max(map(abs, stage.errors_ms(stage.code, since=1.0))) < 2.0
    stage.keeps_its_laws()


def test_one_that_is_trusted_more_and_is_elsewhere_takes_the_music_there(stage_of: Callable[..., TrustStage]) -> None:
    stage = stage_of("reaper", "mtc", "builtin")
    stage.code.play(10.0)
    stage.reaper.stop(4.0)
    stage.reaper.locate(40.0)
    stage.reaper.play(6.0)
    stage.run(4.8)
    assert stage.leader == "mtc"
    stage.run(10.0)
    assert stage.leader == "reaper"
    assert len([event for event in stage.said_of(Located) if event.at > 4.0]) == 1  # type: ignore[attr-defined]
    assert stage.said_of(Stopped) == []
    assert max(map(abs, stage.errors_ms(stage.reaper, since=7.0))) < 40.0
    stage.keeps_its_laws()


@pytest.mark.parametrize("off", [0.0, 0.03, 20.0])
def test_jack_takes_over_from_time_code_to_the_frame(stage_of: Callable[..., TrustStage], off: float) -> None:
    stage = stage_of("mtc", "jack", latency=None)
    stage.code.play(5.0)
    stage.jack.locate(off)
    stage.jack.play(10.0)
    stage.run(10.0)
    assert stage.leads[-2:] == ["mtc", "jack"]
    assert stage.said_of(Stopped) == []
    jumps = [event for event in stage.said_of(Located) if event.at > 4.0]  # type: ignore[attr-defined]
    assert len(jumps) == (1 if off > 1.0 else 0)
    late = stage.errors_ms(stage.jack, since=7.0)  # type: ignore[arg-type]
    assert len(late) > 10
    assert max(map(abs, late)) < 0.001
    stage.keeps_its_laws()


def test_a_clock_takes_over_from_time_code_and_gives_back(stage_of: Callable[..., TrustStage]) -> None:
    stage = stage_of("midi", "mtc", "builtin")
    stage.code.play(16.0)
    stage.clock.rest(3.0)
    stage.clock.song_position(round(3.0 * 97.5 / 60 * 4) + 1)
    stage.clock.resume()
    stage.clock.play(8.0)
    stage.run(16.0)
    assert stage.leads[-3:] == ["mtc", "midi", "mtc"]
    assert stage.said_of(Stopped) == []
    assert max(map(abs, stage.errors_ms(stage.code, since=13.0))) < 2.0
    stage.keeps_its_laws()


def test_how_far_each_is_off_the_music_is_told(stage_of: Callable[..., TrustStage]) -> None:
    stage = stage_of("mtc", "reaper", "builtin")
    stage.code.play(5.0)
    stage.reaper.locate(0.5)
    stage.reaper.play(5.0)
    stage.run(5.0)
    assert stage.heard_of("mtc") == ("locked", pytest.approx(0.0, abs=1.0))
    assert stage.heard_of("reaper") == ("locked", pytest.approx(500.0, abs=30.0))
    assert stage.heard_of("builtin") == ("here", None)


def test_the_music_goes_on_in_a_link_session_when_the_leader_is_gone_and_back_when_it_returns(
    stage_of: Callable[..., TrustStage],
) -> None:
    stage = stage_of("reaper", "link", duration=500)
    stage.reaper.play(6.0)
    stage.reaper.play(12.0, heard=False)
    stage.reaper.play(8.0)
    stage.run(5.5)
    assert stage.leader == "reaper"
    state, off = stage.heard_of("link")
    assert state == "here"
    assert off is not None
    stage.run(18.0)
    assert stage.leader == "link"
    assert max(map(abs, stage.off_link_ms(since=14.0))) < 1.0
    assert stage.heard_of("link") == ("locked", pytest.approx(0.0, abs=1.0))
    pitches = [message.data[1] for message in stage.notes()]
    assert pitches == [number % 100 for number in range(pitches[0], pitches[0] + len(pitches))], "no note is left out"
    stage.run(26.0)
    assert stage.leads[-3:] == ["reaper", "link", "reaper"]
    assert stage.said_of(Stopped) == []
    assert max(map(abs, stage.errors_ms(stage.reaper, since=22.0))) < 60.0
    assert stage.link.said == [], "nobody else in the session is told anything"
    stage.keeps_its_laws()


def test_alone_in_a_session_the_project_s_own_tempo_goes_on(stage_of: Callable[..., TrustStage]) -> None:
    stage = stage_of("mtc", "link")
    stage.link.have_peers(0, 0.0)
    stage.code.play(4.0)
    stage.run(4.0)
    assert stage.leader == "mtc"
    # Time code that falls silent has stopped; a person goes on.
    stage.run(6.0)
    assert stage.leader == "link"
    assert not stage.scheduler.rolling
    stage.tell(Started(6.0))
    stage.run(10.0)
    assert stage.scheduler.rolling
    assert stage.scheduler.tempo_map.bpm_at(stage.scheduler.tick_at(9.0)) == pytest.approx(97.5)
    assert stage.heard_of("link")[1] is None
    stage.keeps_its_laws()


def test_a_session_that_plays_takes_along_what_its_leader_has_left_standing(
    stage_of: Callable[..., TrustStage],
) -> None:
    stage = stage_of("reaper", "link")
    stage.reaper.stop(3.0)
    stage.run(1.0)
    stage.link.play(True, 1.0)
    stage.run(3.0)
    assert not stage.scheduler.rolling, "who is trusted more stands"
    stage.reaper.stop(1.0)
    stage.run(10.0)
    assert stage.leader == "link"
    assert stage.scheduler.rolling
    assert max(map(abs, stage.off_link_ms(since=6.0))) < 1.0
    stage.link.play(False, 10.0)
    stage.run(11.0)
    assert not stage.scheduler.rolling
    assert stage.sounding() == []
    stage.keeps_its_laws()


def test_what_a_person_asks_is_done_in_the_session_s_time_while_it_leads(stage_of: Callable[..., TrustStage]) -> None:
    stage = stage_of("mtc", "link")
    stage.run(0.5)
    stage.tell(Started(0.5))
    stage.run(4.0)
    first = stage.notes()[0]
    assert stage.link.beat_at(first.at) % 4.0 == pytest.approx(0.0, abs=0.01)
    assert stage.link.said == [("play", 1.0)]
    stage.tell(Stopped(0, 4.0))
    stage.run(4.5)
    assert not stage.scheduler.rolling
    stage.keeps_its_laws()


acts = st.lists(
    st.tuples(
        *[st.sampled_from(("play", "play", "silent", "stop", "locate"))] * 3,
        st.floats(0.1, 4.0),
        st.floats(0.0, 30.0),
    ),
    min_size=1,
    max_size=5,
)


def play_script(
    order: tuple[str, ...], script: list[tuple[str, str, str, float, float]], latency: float | None
) -> None:
    """Whatever sources do: nothing runs back, every note ends, and who is trusted most and rolls for long is met."""
    stage = TrustStage(*order, latency=latency, duration=500)
    try:
        for code, reaper, clock, seconds, place in script:
            quarters = seconds * 97.5 / 60
            for act, host in ((code, stage.code), (reaper, stage.reaper), (clock, stage.jack)):
                if act == "locate":
                    host.locate(place)
                if act == "stop":
                    host.stop(seconds)
                elif isinstance(host, type(stage.jack)):
                    host.play(seconds)
                else:
                    host.play(seconds, heard=act != "silent")
            stage.link.tempo(60.0 + 3.0 * place, stage.clock.now)
            stage.link.shift(place % 4.0, stage.clock.now)
            stage.link.have_peers(round(place) % 3, stage.clock.now)
            stage.link.play(reaper == "play", stage.clock.now)
            if clock == "stop":
                stage.clock.stop()
                stage.clock.rest(seconds)
            elif clock == "silent":
                stage.clock.rest(seconds)
            else:
                if clock == "locate":
                    stage.clock.locate(round(place))
                else:
                    stage.clock.resume()
                stage.clock.play(round(quarters * 24) / 24)
        most = {"mtc": stage.code, "reaper": stage.reaper, "midi": None}[order[0]]
        began = max(stage.code.now, stage.reaper.now, stage.clock.now, stage.jack.now)
        stage.link.play(False, began)
        for host in (stage.code, stage.reaper, stage.jack):
            host.stop(began - host.now)
            host.play(9.0)
        stage.run(began + 9.0)
        stage.keeps_its_laws()
        if most is not None:
            assert stage.leader == order[0]
            assert all(abs(error) < 60.0 for error in stage.errors_ms(most, since=began + 7.0))
        for host in (stage.code, stage.reaper, stage.jack):
            host.stop(12.0)
        stage.run(began + 21.0)
        if "midi" not in order:
            assert not stage.scheduler.rolling
            assert stage.sounding() == []
        stage.keeps_its_laws()
    finally:
        stage.close()


@given(st.sampled_from(ORDERS), acts)
@settings(max_examples=8)
def test_whatever_several_do_nothing_runs_back_and_every_note_ends(
    order: tuple[str, ...], script: list[tuple[str, str, str, float, float]]
) -> None:
    play_script(order, script, 0.0005)


@given(st.sampled_from([("mtc", "jack"), ("reaper", "mtc", "jack")]), acts)
@settings(max_examples=4)
def test_whatever_several_do_beside_jack_nothing_runs_back_and_every_note_ends(
    order: tuple[str, ...], script: list[tuple[str, str, str, float, float]]
) -> None:
    play_script(order, script, None)


@pytest.mark.slow
@given(st.sampled_from([*ORDERS, ("mtc", "jack"), ("reaper", "mtc", "jack")]), acts)
@settings(max_examples=80)
def test_whatever_hundreds_of_scripts_do_nothing_runs_back_and_every_note_ends(
    order: tuple[str, ...], script: list[tuple[str, str, str, float, float]]
) -> None:
    play_script(order, script, None if "jack" in order else 0.0005)


def test_machine_control_is_for_the_built_in_host_until_time_code_leads(stage_of: Callable[..., TrustStage]) -> None:
    stage = stage_of("mtc", "reaper", "builtin")
    stage.code.machine(0x02)
    stage.code.stop(1.0)
    stage.run(1.0)
    assert [message.data for message in stage.said_of(MidiHeard)] == [b"\xf0\x7f\x7f\x06\x02\xf7"]  # type: ignore[attr-defined]
    stage.code.play(2.0)
    stage.code.machine(0x01)
    stage.code.stop(0.1)
    stage.run(stage.code.now)
    assert len(stage.said_of(MidiHeard)) == 1
    assert len(stage.said_of(Stopped)) == 1
