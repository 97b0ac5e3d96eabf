"""A Link session goes with our tempo, bar lines, start and stop, whoever leads us. On a virtual clock."""

from collections.abc import Callable, Iterator

import pytest

from fakes.link_session import FakeLink
from fakes.link_stage import LinkStage
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.meter import Meter, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

QUARTER = 960
MAP = TempoMap((TempoPoint(0, 90.0), TempoPoint(8 * QUARTER, 150.0)))


@pytest.fixture
def leading() -> Iterator[Callable[..., LinkStage]]:
    stages: list[LinkStage] = []

    def make(link: FakeLink, tempo_map: TempoMap = MAP, meters: MeterMap | None = None) -> LinkStage:
        # Control's own moves stand for any leader.
        stages.append(LinkStage(link, leads=True, tempo_map=tempo_map, meters=meters))
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()


def ask(stage: LinkStage, event: Started | Stopped | Located) -> None:
    stage.tell(event)


def forces(link: FakeLink) -> list[float]:
    return [by for kind, by in link.said if kind == "force"]


@pytest.mark.parametrize("peers", [0, 2])
def test_its_bar_lines_and_tempo_are_ours_from_the_start_on(leading: Callable[..., LinkStage], peers: int) -> None:
    link = FakeLink(120.0, peers=peers, beat=1.3)
    stage = leading(link)
    stage.run(0.5)
    ask(stage, Started(stage.now + 0.1))
    stage.run(8.0)
    # Ours is kept to the map.
    assert [note.at for note in stage.struck if note.tick == 8 * QUARTER] == pytest.approx([0.6 + 8 / 1.5], abs=0.002)
    assert link.bpm_at(stage.now) == pytest.approx(150.0, abs=0.001)
    errors = stage.errors_ms()
    assert max(map(abs, errors)) < 25.0
    assert max(map(abs, errors[-12:])) < 2.1
    stage.keeps_its_laws()


def test_while_it_stands_others_are_left_alone(leading: Callable[..., LinkStage]) -> None:
    link = FakeLink(120.0, peers=1)
    stage = leading(link)
    stage.run(1.0)
    link.tempo(77.0, stage.now)
    stage.run(1.0)
    assert link.said == []


def test_start_and_stop_are_told_once_and_a_peers_stop_stops_only_them(leading: Callable[..., LinkStage]) -> None:
    link = FakeLink(90.0)
    stage = leading(link)
    ask(stage, Started(0.1))
    stage.run(2.0)
    link.play(False, stage.now)
    stage.run(1.0)
    assert stage.scheduler.rolling
    ask(stage, Stopped(0, stage.now))
    stage.run(0.5)
    assert [one for one in link.said if one[0] == "play"] == [("play", 1.0), ("play", 0.0)]


def test_a_peers_tempo_does_not_last_while_we_lead(leading: Callable[..., LinkStage]) -> None:
    link = FakeLink(90.0)
    stage = leading(link, TempoMap.constant(90.0))
    ask(stage, Started(0.1))
    stage.run(3.0)
    link.tempo(140.0, stage.now)
    stage.run(2.0)
    assert link.bpm_at(stage.now) == pytest.approx(90.0, abs=0.001)
    assert max(map(abs, stage.errors_ms(since=3.3))) < 2.1


def test_a_session_that_goes_with_us_is_not_forced_again(leading: Callable[..., LinkStage]) -> None:
    link = FakeLink(90.0, beat=1.0)
    stage = leading(link, TempoMap.constant(90.0))
    ask(stage, Started(0.1))
    stage.run(10.0)
    assert len(forces(link)) == 1


def test_a_tempo_that_is_kept_rounded_is_told_once(leading: Callable[..., LinkStage]) -> None:
    link = FakeLink(90.0)
    stage = leading(link, TempoMap.constant(481.3))
    ask(stage, Started(0.1))
    stage.run(3.0)
    assert link.bpm_at(stage.now) != 481.3
    assert [one for one in link.said if one[0] == "tempo"] == [("tempo", 481.3)]


def test_a_ramp_is_told_as_it_goes(leading: Callable[..., LinkStage]) -> None:
    link = FakeLink(90.0)
    ramp = TempoMap((TempoPoint(0, 80.0, Ramp.LINEAR_IN_BEATS), TempoPoint(16 * QUARTER, 140.0)))
    stage = leading(link, ramp)
    ask(stage, Started(0.1))
    stage.run(12.0)
    assert link.bpm_at(stage.now) == pytest.approx(140.0, abs=0.001)
    assert max(map(abs, stage.errors_ms())) < 5.0


def test_bar_lines_meet_after_a_change_of_metre(leading: Callable[..., LinkStage]) -> None:
    link = FakeLink(90.0)
    meters = MeterMap().from_tick(8 * QUARTER, Meter(3, 4))
    stage = leading(link, TempoMap.constant(90.0), meters)
    ask(stage, Started(0.1))
    stage.run(14.0)
    lines = [note for note in stage.struck if note.tick in (11 * QUARTER, 14 * QUARTER)]
    assert len(lines) == 2
    for line in lines:
        assert abs(link.seconds_off(0.0, line.at, 3.0)) < 0.0021


def test_a_jump_takes_the_session_with_it(leading: Callable[..., LinkStage]) -> None:
    link = FakeLink(90.0)
    stage = leading(link, TempoMap.constant(90.0))
    ask(stage, Started(0.1))
    stage.run(3.0)
    ask(stage, Located(22 * QUARTER, stage.now))
    stage.run(3.0)
    assert max(map(abs, stage.errors_ms(since=3.1))) < 2.1
    stage.keeps_its_laws()
