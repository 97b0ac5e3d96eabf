from random import Random
from statistics import median, quantiles

import pytest

from fakes.ableton_osc import FakeAbletonOsc
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


def test_the_playhead_is_told_to_within_a_tick_and_better_the_longer_it_rolls(
    capsys: pytest.CaptureFixture[str],
) -> None:
    random, first, later = Random(3), [], []
    for _ in range(40):
        stage = Stage()
        # So that quarters and ticks do not keep step.
        stage.live.values["tempo"] = random.uniform(61.0, 179.0)
        stage.advance(1.0 + random.random())
        stage.live.quarter = random.uniform(0.0, 50.0)
        stage.live.values["is_playing"] = True
        wrong = []
        for _ in range(3000):
            stage.advance(0.01)
            for position in stage.osc.positions():
                if position.rolling:
                    passed = (stage.live.now - position.at) * position.bpm / 60
                    wrong.append(abs(position.quarter + passed - stage.live.quarter) * 60 / position.bpm)
        first += wrong[:4]
        later += wrong[16:]
    assert max(first + later) <= 0.1
    assert median(later) < median(first)
    with capsys.disabled():
        p99 = quantiles(later, n=100)[98]
        begins = f"p50 {median(first) * 1000:.1f} ms, max {max(first) * 1000:.1f} ms in the first 4 positions"
        goes_on = f"p50 {median(later) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, max {max(later) * 1000:.1f} ms"
        print(f"\nAbletonOSC: playhead off by {begins}; after 16 by {goes_on}")


def test_a_locate_while_it_rolls_is_followed_from_the_next_beat_on() -> None:
    stage, random = Stage(), Random(4)
    stage.advance(1.0)
    stage.live.values["is_playing"] = True
    for _ in range(30):
        stage.advance(random.uniform(2.0, 6.0))
        stage.live.quarter = random.uniform(0.0, 400.0)
        stage.advance(0.7)
        position = list(stage.osc.positions())[-1]
        passed = (stage.live.now - position.at) * position.bpm / 60
        assert abs(position.quarter + passed - stage.live.quarter) <= 0.2


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


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("tempo", ()),
        ("tempo", ("fast",)),
        ("tempo", (0.0,)),
        ("tempo", (float("nan"),)),
        ("beat", (None,)),
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
