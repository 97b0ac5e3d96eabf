from random import Random
from statistics import median

import pytest

from fakes.ableton_osc import BUFFER, FakeAbletonOsc
from hitpoint.errors import HostError
from hitpoint.hosts.ableton_osc import GONE_SECONDS, REPLY_PORT, AbletonOsc
from hitpoint.hosts.host_snapshot import tick_of
from hitpoint.timeline.units import FrameRate


class Stage:
    """A Live with AbletonOSC, and the adapter, which looks every 10 ms."""

    def __init__(self) -> None:
        self.osc = AbletonOsc(FrameRate.named("25"))
        self.live = FakeAbletonOsc(self._hear)
        self.errors: list[float] = []
        """Quarters by which the told place was wrong, while it rolls."""

    def advance(self, seconds: float) -> None:
        for _ in range(round(seconds * 100)):
            for address, arguments in self.osc.messages(self.live.now):
                self.live.receive(address, arguments)
            self.live.advance(0.01)

    def _hear(self, address: str, arguments: tuple[object, ...], at: float, port: int) -> None:
        assert port == REPLY_PORT
        assert address != "/live/error", arguments
        self.osc.heard(address, arguments, at)


def test_the_set_is_told_once_all_of_it_is_known_with_its_locators_in_time_order() -> None:
    stage = Stage()
    assert stage.osc.timeline is None
    stage.live.cue_points = [["late 静か", 32.0], ["early", 4.0]]
    stage.live.values.update(tempo=93.5, signature_numerator=7, signature_denominator=8)
    stage.advance(1.5)
    told = stage.osc.timeline
    assert told is not None
    assert [(marker.tick, marker.name) for marker in told.markers] == [(3840, "early"), (30720, "late 静か")]
    assert told.tempo_map.points[0].bpm == 93.5
    assert (told.meter_map.changes[0].meter.numerator, told.meter_map.changes[0].meter.denominator) == (7, 8)


def test_what_changes_is_heard_locators_within_a_second_and_a_tick_all_else_within_two_ticks() -> None:
    stage = Stage()
    stage.advance(2.0)
    stage.live.values.update(tempo=60.0, loop=True, loop_start=8.0, loop_length=4.0)
    stage.live.cue_points.append(["new", 16.0])
    stage.advance(0.2)
    assert stage.osc.timeline is not None
    assert stage.osc.timeline.tempo_map.points[0].bpm == 60.0
    assert stage.osc.loop is not None
    assert (stage.osc.loop.start, stage.osc.loop.end) == (tick_of(8.0), tick_of(12.0))
    stage.advance(0.9)
    assert [marker.name for marker in stage.osc.timeline.markers] == ["new"]
    stage.live.values["loop"] = False
    stage.advance(0.2)
    assert stage.osc.loop is None


def off_by(stage: Stage) -> list[float]:
    """Seconds by which each place told of a rolling host was behind."""
    behind = []
    for position in stage.osc.positions():
        if position.rolling:
            passed = (stage.live.now - position.at) * position.bpm / 60
            behind.append((stage.live.quarter - position.quarter - passed) * 60 / position.bpm)
    return behind


# At 120 a quarter lasts five looks of Live's: whole beats would all be late by the same.
@pytest.mark.parametrize("bpm", [97.5, 120.0])
def test_the_playhead_is_told_to_within_an_audio_buffer_at_every_look(
    bpm: float, capsys: pytest.CaptureFixture[str]
) -> None:
    random, behind = Random(3), []
    for _ in range(20):
        stage = Stage()
        stage.live.values["tempo"] = bpm
        stage.advance(1.0 + random.random())
        stage.live.quarter = random.uniform(0.0, 50.0)
        stage.live.values["is_playing"] = True
        stage.advance(0.31)
        assert len(off_by(stage)) >= 1
        told = 0
        for _ in range(500):
            stage.advance(0.01)
            found = off_by(stage)
            told += len(found)
            behind += found
        assert told >= 40
    assert -0.001 <= min(behind) <= max(behind) <= BUFFER + 0.002
    with capsys.disabled():
        told_ms = [one * 1000 for one in behind]
        print(f"\nAbletonOSC, {bpm:g} bpm: playhead behind by p50 {median(told_ms):.1f} ms, max {max(told_ms):.1f} ms")


def test_a_locate_while_it_rolls_is_told_at_the_second_look() -> None:
    stage, random = Stage(), Random(4)
    stage.advance(1.0)
    stage.live.values["is_playing"] = True
    for _ in range(30):
        stage.advance(random.uniform(2.0, 6.0))
        stage.live.quarter = random.uniform(0.0, 400.0)
        stage.advance(0.21)
        assert abs(off_by(stage)[-1]) <= BUFFER + 0.002


def test_where_it_stands_is_known_though_beats_are_whole() -> None:
    stage = Stage()
    stage.advance(1.0)
    stage.live.values["is_playing"] = True
    stage.advance(3.3)
    stage.live.values["is_playing"] = False
    stage.advance(0.3)
    position = list(stage.osc.positions())[-1]
    assert not position.rolling
    assert position.quarter == pytest.approx(stage.live.quarter)
    stage.live.quarter = 17.25
    stage.advance(1.2)
    assert list(stage.osc.positions())[-1].quarter == 17.25


def test_one_that_is_started_later_or_anew_is_followed_again() -> None:
    stage = Stage()
    stage.live.is_running = False
    stage.advance(10.0)
    assert stage.osc.timeline is None
    stage.live.is_running = True
    stage.advance(4.0)
    assert stage.osc.is_there(stage.live.now)
    assert stage.osc.timeline is not None
    stage.live.is_running = False
    stage.advance(GONE_SECONDS + 0.5)
    assert not stage.osc.is_there(stage.live.now)
    stage.live.values["tempo"] = 77.0
    stage.live.restart()
    stage.advance(0.3)
    assert stage.osc.timeline.tempo_map.points[0].bpm == 77.0


def test_messages_are_few() -> None:
    stage = Stage()
    stage.advance(5.0)
    sent = [message for look in range(1000) for message in stage.osc.messages(5.0 + look / 100 * 0.2)]
    assert len(sent) <= 6
    stage.live.values["is_playing"] = True
    stage.advance(0.3)
    sent = [message for look in range(100) for message in stage.osc.messages(5.4 + look / 100)]
    assert 8 <= len(sent) <= 12
    gone = [message for look in range(1000) for message in stage.osc.messages(60.0 + look / 100)]
    assert len(gone) <= 25


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("tempo", ()),
        ("tempo", ("fast",)),
        ("tempo", (0.0,)),
        ("tempo", (float("nan"),)),
        ("current_song_time", (None,)),
        ("cue_points", ("a",)),
        ("cue_points", (1.0, "a")),
        ("cue_points", ("a", float("inf"))),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(address: str, arguments: tuple[object, ...]) -> None:
    stage = Stage()
    stage.advance(2.0)
    before = stage.osc.timeline
    with pytest.raises(HostError, match="AbletonOSC sent"):
        stage.osc.heard(f"/live/song/get/{address}", arguments, 2.0)
    assert stage.osc.timeline == before


def test_what_it_says_of_other_things_is_passed_over() -> None:
    stage = Stage()
    stage.osc.heard("/live/error", ("Unknown OSC address",), 1.0)
    stage.osc.heard("/live/song/get/metronome", (1,), 1.0)
    stage.osc.heard("/live/track/get/name", (0, "x"), 1.0)
    assert stage.osc.timeline is None
