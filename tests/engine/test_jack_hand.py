"""What is asked of the built-in host is asked of JACK's transport, and the music goes where that goes."""

from collections.abc import Iterator

import pytest

from fakes.trust_stage import JackHost
from hitpoint.engine.player import Player
from hitpoint.scheduler.clock import ClockFit
from hitpoint.scheduler.performance import Route, Routing, Schedule, TempoChange, TransportChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.sounding import SoundingTable
from hitpoint.score.midi_message import PortMessage, is_note_on
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap

PORT = "Hitpoint strings"
FRAMES, RATE = 256, 48_000
CYCLE = FRAMES / RATE


class Server(JackHost):
    """JACK's transport: it does what it is asked two cycles later, whoever asks."""

    def __init__(self) -> None:
        super().__init__()
        self.rolling = False
        self.asked: list[tuple[str, float]] = []
        self._waits: list[tuple[int, str, float]] = []

    def start_transport(self) -> None:
        self._ask("start", 0.0)

    def stop_transport(self) -> None:
        self._ask("stop", 0.0)

    def locate_transport(self, seconds: float) -> None:
        self._ask("locate", seconds)

    def cycle(self) -> None:
        """The next cycle begins."""
        for _, what, seconds in [one for one in self._waits if one[0] <= 0]:
            self.rolling = self.rolling if what == "locate" else what == "start"
            if what == "locate":
                self.locate(round(seconds * RATE) / RATE)
        self._waits = [(left - 1, what, seconds) for left, what, seconds in self._waits if left > 0]
        (self.play if self.rolling else self.stop)(CYCLE)

    def _ask(self, what: str, seconds: float) -> None:
        self.asked.append((what, seconds))
        self._waits.append((1, what, seconds))


class Stage:
    """A player that leads JACK, cycle by cycle."""

    def __init__(self) -> None:
        self.table = SoundingTable(1)
        self.said: list[object] = []
        self.sent: list[PortMessage] = []
        self.server = Server()
        self.scheduler = Scheduler((PORT,))
        self.player = Player(self.scheduler, self.table, ClockFit(), self.said.append)
        self.player.lead_jack(self.server)
        self.player.hear(TempoChange(TempoMap.constant(60.0)), 0.0)
        self.player.hear(Routing((Route("violin", PORT, 0, None),)), 0.0)
        self.now = 0.0
        self.write()

    def write(self) -> None:
        notes = tuple(Note(tick, tick // 240, 100, 80) for tick in range(0, 28_800, 240))
        self.player.hear(Schedule("violin", 0, 0, 28_800, notes), self.now)

    def ask(self, *events: Started | Stopped | Located) -> None:
        for event in events:
            self.player.hear(TransportChange(event), self.now)

    def run(self, until: float) -> None:
        while self.now < until:
            self.server.cycle()
            self.player.follow(self.server.at(self.now))
            self.sent += self.player.window(self.now, self.now + CYCLE)
            self.player.report(self.now)
            self.now += CYCLE

    def frames_off(self, since: float) -> list[float]:
        """Of each note since then: how many frames it is from where JACK's transport was."""
        notes = [message for message in self.sent if is_note_on(message.data) and message.at >= since]
        return [RATE * (note.at - self.server.second_of(note.data[1] * 0.25, note.at)) for note in notes]

    def said_of(self, kind: type) -> list[object]:
        return [event for event in self.said if isinstance(event, kind)]


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.table.close()
    stage.table.unlink()


def test_jack_is_asked_when_it_is_time_and_notes_are_at_its_frames(stage: Stage) -> None:
    stage.ask(Located(960 * 2, 0.0), Started(0.5))
    stage.run(0.4)
    assert stage.server.asked == [("locate", 2.0)]
    stage.write()
    stage.run(3.0)
    assert stage.server.asked == [("locate", 2.0), ("start", 0.0)]
    off = stage.frames_off(0.0)
    assert len(off) == 10
    assert max(map(abs, off)) < 1e-3
    (started,) = stage.said_of(Started)
    assert started.at == pytest.approx(0.5, abs=4 * CYCLE)  # type: ignore[attr-defined]
    stage.ask(Stopped(0, 3.0))
    stage.run(3.5)
    assert stage.server.asked[-1] == ("stop", 0.0)
    assert len(stage.said_of(Stopped)) == 1


def test_nothing_moves_before_jack_does(stage: Stage) -> None:
    stage.ask(Started(10.0))
    stage.run(1.0)
    assert stage.said_of(Started) == []
    assert not stage.scheduler.rolling


def test_who_else_moves_jacks_transport_is_followed(stage: Stage) -> None:
    stage.server.start_transport()
    stage.run(1.0)
    assert stage.scheduler.rolling
    stage.server.locate_transport(10.0)
    stage.run(1.1)
    stage.write()
    stage.run(2.0)
    assert len(stage.said_of(Located)) == 1
    assert max(map(abs, stage.frames_off(1.2))) < 1e-3
    stage.server.stop_transport()
    stage.run(2.5)
    assert not stage.scheduler.rolling
