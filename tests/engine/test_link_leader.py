"""Notes sound where a Link session's phase is, whatever happens in it. On a virtual clock."""

from collections.abc import Callable, Iterator
from random import Random

import pytest

from fakes.link_session import FakeLink
from fakes.link_stage import LinkStage
from hitpoint.scheduler.performance import ClockHeard, LoopChange, TransportChange
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap, TempoPoint

QUARTER = 960
LATENCY = 0.01
WAYS = pytest.mark.parametrize("way", [None, 0.0], ids=["jack", "driver"])


@pytest.fixture
def stage_of() -> Iterator[Callable[..., LinkStage]]:
    stages: list[LinkStage] = []

    def make(*arguments: object, **named: object) -> LinkStage:
        stages.append(LinkStage(*arguments, **named))  # type: ignore[arg-type]
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()


def ask(stage: LinkStage, event: Started | Stopped | Located) -> None:
    stage.player.hear(TransportChange(event), stage.now)


@WAYS
def test_a_peers_start_waits_for_the_next_bar_line(stage_of: Callable[..., LinkStage], way: float | None) -> None:
    link = FakeLink(97.5, LATENCY, beat=1.3)
    stage = stage_of(link, latency=way)
    stage.run(0.5)
    link.play(True, stage.now)
    stage.run(12.0)

    assert stage.struck[0].tick == 0
    assert link.beat_at(stage.struck[0].at) == pytest.approx(4.0, abs=0.001)
    assert max(map(abs, stage.errors_ms())) < 0.2
    assert stage.states[-1] == "locked"
    stage.keeps_its_laws()


def test_a_start_that_is_heard_just_after_the_bar_line_is_made_good(stage_of: Callable[..., LinkStage]) -> None:
    link = FakeLink(120.0, 0.04, beat=-1.0)
    stage = stage_of(link)
    link.play(True, 0.49)
    stage.run(4.0)
    assert stage.struck[0].tick == 0
    assert stage.struck[0].at == pytest.approx(0.53, abs=0.012)
    assert max(map(abs, stage.errors_ms(since=0.75))) < 0.2
    stage.keeps_its_laws()


def test_a_start_in_the_middle_of_a_bar_waits_for_the_same_beat_of_the_session(
    stage_of: Callable[..., LinkStage],
) -> None:
    link = FakeLink(120.0)
    stage = stage_of(link)
    ask(stage, Located(9 * QUARTER, 0.0))
    stage.run(1.0)
    link.play(True, stage.now)
    stage.run(3.0)
    assert stage.struck[0].tick == 9 * QUARTER
    assert link.beat_at(stage.struck[0].at) == pytest.approx(5.0, abs=0.001)


def test_the_quantum_is_a_bar_of_our_metre(stage_of: Callable[..., LinkStage]) -> None:
    link = FakeLink(120.0, beat=0.5)
    stage = stage_of(link, meters=MeterMap.constant(3, 4))
    link.play(True, 0.1)
    stage.run(6.0)
    assert link.beat_at(stage.struck[0].at) == pytest.approx(3.0, abs=0.001)
    assert max(map(abs, stage.errors_ms(quantum=3.0))) < 0.2


@WAYS
@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 2.0])
def test_another_tempo_is_met_at_once(stage_of: Callable[..., LinkStage], way: float | None, factor: float) -> None:
    link = FakeLink(97.5, LATENCY)
    stage = stage_of(link, latency=way)
    link.play(True, 0.0)
    stage.run(4.0)
    changed = stage.now
    link.tempo(97.5 * factor, changed)
    stage.run(4.0)
    assert max(map(abs, stage.errors_ms(since=changed + 0.15))) < 0.2
    stage.keeps_its_laws()


def test_a_phase_that_jumps_is_gone_after_without_running_back(stage_of: Callable[..., LinkStage]) -> None:
    for quarters in (1.9, -1.9, 0.4, -0.02):
        link = FakeLink(120.0, LATENCY)
        stage = stage_of(link)
        link.play(True, 0.0)
        stage.run(4.3)
        link.shift(quarters, stage.now)
        stage.run(6.0)
        assert max(map(abs, stage.errors_ms(since=4.3 + 2.5))) < 0.2
        assert len(stage.said_of(Located, Started, Stopped)) == 1
        stage.keeps_its_laws()


def test_a_peers_stop_stops_and_the_next_start_goes_on_from_there(stage_of: Callable[..., LinkStage]) -> None:
    link = FakeLink(120.0)
    stage = stage_of(link)
    link.play(True, 0.0)
    stage.run(3.1)
    link.play(False, stage.now)
    stage.run(1.0)
    stopped = stage.said_of(Stopped)[0]
    assert isinstance(stopped, Stopped)
    assert stopped.at == pytest.approx(3.1, abs=0.02)
    assert stage.sounding() == []
    link.play(True, stage.now)
    stage.run(4.0)
    after = next(note for note in stage.struck if note.at > 4.0)
    assert after.tick >= stopped.tick
    assert max(map(abs, stage.errors_ms())) < 0.2
    stage.keeps_its_laws()


def test_our_own_start_and_stop_are_everybodys(stage_of: Callable[..., LinkStage]) -> None:
    link = FakeLink(120.0, beat=0.5)
    stage = stage_of(link)
    stage.run(0.2)
    ask(stage, Started(stage.now + 0.1))
    stage.run(5.0)
    assert link.beat_at(stage.struck[0].at) == pytest.approx(4.0, abs=0.001)
    ask(stage, Stopped(0, stage.now))
    stage.run(1.0)
    assert link.said == [("play", 1.0), ("play", 0.0)]
    assert not stage.scheduler.rolling
    assert stage.states[-1] == "stopped"


def test_a_start_that_waits_can_be_taken_back(stage_of: Callable[..., LinkStage]) -> None:
    link = FakeLink(60.0, beat=0.5)
    stage = stage_of(link)
    ask(stage, Started(0.1))
    stage.run(0.5)
    assert stage.states[-1] == "locking"
    ask(stage, Stopped(0, stage.now))
    stage.run(5.0)
    assert stage.struck == []


def test_a_jump_while_it_rolls_waits_for_its_phase(stage_of: Callable[..., LinkStage]) -> None:
    link = FakeLink(120.0)
    stage = stage_of(link)
    link.play(True, 0.0)
    stage.run(4.7)
    ask(stage, Located(32 * QUARTER, stage.now))
    stage.run(4.0)
    jumped = next(note for note in stage.struck if note.tick >= 32 * QUARTER)
    assert jumped.tick == 32 * QUARTER
    assert link.beat_at(jumped.at) == pytest.approx(12.0, abs=0.001)
    assert max(map(abs, stage.errors_ms())) < 0.2
    stage.keeps_its_laws()


@pytest.mark.parametrize("quarters", [8, 3])
def test_a_loop_turns_and_stays_with_the_sessions_beats(stage_of: Callable[..., LinkStage], quarters: int) -> None:
    link = FakeLink(120.0, LATENCY)
    stage = stage_of(link)
    stage.player.hear(LoopChange(Loop(0, quarters * QUARTER)), 0.0)
    link.play(True, 0.0)
    stage.run(12.0)
    assert max(map(abs, stage.errors_ms(since=1.0, quantum=1.0))) < 0.2
    assert {note.tick for note in stage.struck} == set(range(0, quarters * QUARTER, 240))


def test_alone_it_starts_at_once_and_the_session_has_our_tempo(stage_of: Callable[..., LinkStage]) -> None:
    link = FakeLink(120.0, peers=0, beat=1.3)
    stage = stage_of(link, tempo_map=TempoMap((TempoPoint(0, 90.0), TempoPoint(4 * QUARTER, 150.0))))
    stage.run(0.3)
    assert link.bpm_at(0.3) == pytest.approx(90.0, abs=0.001)
    ask(stage, Started(stage.now + 0.1))
    stage.run(6.0)
    assert stage.struck[0].at == pytest.approx(0.4, abs=0.002)
    # The map is kept exactly, and the session has its phase.
    assert [note.at for note in stage.struck if note.tick == 4 * QUARTER] == pytest.approx([0.4 + 4 / 1.5], abs=0.002)
    assert link.bpm_at(stage.now) == pytest.approx(150.0, abs=0.001)
    assert max(map(abs, stage.errors_ms(since=4.0))) < 2.1
    heard = stage.said_of(ClockHeard)[-1]
    assert isinstance(heard, ClockHeard)
    assert (heard.peers, heard.state) == (0, "freewheeling")


def test_who_comes_brings_the_tempo_and_when_they_go_it_stays(stage_of: Callable[..., LinkStage]) -> None:
    link = FakeLink(120.0, peers=0)
    stage = stage_of(link, tempo_map=TempoMap.constant(120.0))
    ask(stage, Started(0.1))
    stage.run(3.0)
    link.have_peers(1, stage.now)
    link.tempo(100.0, stage.now)
    link.shift(1.0, stage.now)
    stage.run(6.0)
    assert max(map(abs, stage.errors_ms(since=6.0))) < 0.2
    link.have_peers(0, stage.now)
    stage.run(3.0)
    assert link.bpm_at(stage.now) == 100.0
    assert max(map(abs, stage.errors_ms(since=6.0))) < 0.2
    assert stage.states[-1] == "freewheeling"
    stage.keeps_its_laws()


KINDS = ("tempo", "shift", "play", "stop", "peers", "start", "own stop", "locate")


def happens(stage: LinkStage, kind: str, random: Random) -> None:
    link, now = stage.link, stage.now
    match kind:
        case "tempo":
            link.tempo(random.uniform(60.0, 240.0), now)
        case "shift":
            link.shift(random.uniform(-2.0, 2.0), now)
        case "play" | "stop":
            link.play(kind == "play", now)
        case "peers":
            link.have_peers(random.randrange(3), now)
        case "start":
            ask(stage, Started(now + 0.1))
        case "own stop":
            ask(stage, Stopped(0, now))
        case "locate":
            ask(stage, Located(random.randrange(64) * QUARTER, now))


@pytest.mark.seeds(24, 8)
def test_whatever_happens_every_note_ends_nothing_runs_back_and_the_phase_is_met(
    seeds: range, stage_of: Callable[..., LinkStage]
) -> None:
    for seed in seeds:
        random = Random(seed)
        latency = random.choice((0.0, 0.03))
        stage = stage_of(FakeLink(120.0, latency), latency=random.choice((None, 0.0)))
        for _ in range(random.randint(1, 10)):
            happens(stage, random.choice(KINDS), random)
            stage.run(random.choice((0.0, 0.02, 0.3, 1.5)))
        link = stage.link
        link.have_peers(1, stage.now)
        ask(stage, Started(stage.now + 0.1))
        # A start waits for its bar line, or two quarters ahead are made good in four.
        stage.run(0.4 + 9.0 * 60.0 / link.bpm_at(stage.now))
        settled = stage.now
        stage.run(2.0)
        assert stage.scheduler.rolling, seed
        assert max(map(abs, stage.errors_ms(since=settled))) < 1.0, seed
        stage.keeps_its_laws()
        ask(stage, Stopped(0, stage.now))
        stage.run(0.2)
        assert stage.sounding() == [], seed
