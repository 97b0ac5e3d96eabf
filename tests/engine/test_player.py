from collections.abc import Iterator, Sequence

import pytest

from hitpoint.engine.player import ARRIVAL_SECONDS, REPORT_SECONDS, Player
from hitpoint.outputs.output import HostPosition, Losses
from hitpoint.scheduler.audition import BEGIN_SECONDS, Audition, AuditionMessage, AuditionOver, AuditionStop
from hitpoint.scheduler.clock import ClockFit
from hitpoint.scheduler.performance import (
    Introduce,
    Known,
    LoopChange,
    Panic,
    Played,
    Ready,
    Route,
    Routing,
    Schedule,
    Statistics,
    TempoChange,
    TransportChange,
    Trouble,
)
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.sounding import SoundingTable
from hitpoint.score.midi_message import PortMessage, is_note_on, note_off, note_on, song_position
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Followed, Located, Started, Stopped
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.transport import Transport, TransportState

PORT = "Hitpoint strings"
SECOND = 960
READY = Ready((PORT,), "memory", True)


class Stage:
    """A player, its table, and what it said."""

    def __init__(self) -> None:
        self.table = SoundingTable(1)
        self.said: list[object] = []
        self.fit = ClockFit()
        self.scheduler = Scheduler((PORT,))
        self.player = self.another()

    def another(self) -> Player:
        return Player(self.scheduler, self.table, self.fit, self.said.append, ready=READY)

    def rolling(self, *notes: Note) -> "Stage":
        self.player.hear(TempoChange(TempoMap.constant(60.0)), 0.0)
        self.player.hear(Routing((Route("violin", PORT, 0, None),)), 0.0)
        self.player.hear(Schedule("violin", 0, 0, 3840, notes), 0.0)
        self.player.hear(TransportChange(Started(10.0)), 10.0)
        return self

    def said_of(self, *kinds: type) -> list[object]:
        return [message for message in self.said if isinstance(message, kinds)]


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.table.close()
    stage.table.unlink()


def test_a_key_is_in_the_table_from_before_its_note_on_is_sent_until_its_note_off_has_arrived(stage: Stage) -> None:
    stage.rolling(Note(0, 60, SECOND, 80))

    stage.player.window(10.0, 10.5)
    assert stage.table.note_offs() == [(0, note_off(0, 60))]
    stage.player.window(10.5, 11.5)
    assert stage.table.note_offs() == [(0, note_off(0, 60))]
    stage.player.window(11.5, 12.0)
    stage.player.report(11.5)
    assert stage.table.note_offs() == [(0, note_off(0, 60))], "its driver may still find it lost"
    stage.player.report(11.5 + max(ARRIVAL_SECONDS, REPORT_SECONDS) + 0.001)
    assert stage.table.note_offs() == []


def test_the_first_window_ends_what_a_process_before_it_left_sounding(stage: Stage) -> None:
    stage.table.before(0, note_on(0, 60, 80))

    heir = stage.another()

    assert heir.window(5.0, 5.001) == [PortMessage(5.0, 0, note_off(0, 60), "")]
    assert heir.window(5.001, 5.002) == []
    heir.report(6.0)
    assert stage.table.note_offs() == []


def test_times_from_control_are_told_in_the_ports_clock(stage: Stage) -> None:
    stage.fit.add(100.0, 250.0)
    stage.rolling(Note(0, 60, SECOND, 80))
    stage.player.hear(TransportChange(Stopped(0, 100.0)), 250.0)
    stage.player.hear(Schedule("violin", 0, 0, 3840, (Note(0, 60, SECOND, 80),)), 250.0)
    stage.player.hear(TransportChange(Started(101.0)), 250.0)

    assert [message.at for message in stage.player.window(250.5, 252.5)] == [251.0, 252.0]


def test_a_message_that_fails_is_told_once_and_the_music_goes_on(stage: Stage) -> None:
    stage.rolling(Note(SECOND, 60, SECOND, 80))
    nowhere = Routing((Route("violin", PORT, 0, None), Route("choir", "Hitpoint choir", 0, None)))

    for _ in range(3):
        stage.player.hear(nowhere, 10.0)
        stage.player.hear("nonsense", 10.0)  # type: ignore[arg-type]
        stage.player.hear(Schedule("violin", 0, 0, 3840, None), 10.0)  # type: ignore[arg-type]

    assert len(stage.said_of(Trouble)) == 2
    assert [message.data for message in stage.player.window(10.0, 11.5)] == [note_on(0, 60, 80)]


def test_when_the_scheduler_fails_what_sounds_is_ended(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.rolling(Note(0, 60, SECOND, 80))
    stage.player.window(10.0, 10.5)

    def fails(*_: float) -> list[PortMessage]:
        raise ZeroDivisionError

    monkeypatch.setattr(stage.scheduler, "due", fails)

    assert stage.player.window(10.5, 11.0) == [PortMessage(10.5, 0, note_off(0, 60), "")]
    assert stage.player.window(11.0, 11.5) == []
    assert len(stage.said_of(Trouble)) == 1


def test_a_report_tells_position_and_what_was_played(stage: Stage) -> None:
    stage.rolling(Note(0, 60, 100, 80))
    stage.player.window(10.0, 11.0)

    stage.player.report(11.0)

    assert stage.said == [
        Followed(960.0, 11.0),
        Played(1, 0, 960, (("violin", Note(0, 60, 100, 80)),)),
    ]


def test_reports_come_ten_times_a_second_and_statistics_once(stage: Stage) -> None:
    stage.rolling()
    for number in range(2000):
        stage.player.report(10.0 + number / 1000)

    assert 18 <= len(stage.said_of(Followed)) <= 20
    assert len(stage.said_of(Statistics)) == 2


def follow(stage: Stage, *positions: tuple[float, bool, float]) -> list[object]:
    """positions: second of the clock, rolling, seconds on the host's timeline."""
    stage.said.clear()
    for now, rolling, seconds in positions:
        stage.player.follow(HostPosition(rolling, seconds, now))
    return stage.said


def test_a_host_that_starts_and_stops_is_followed(stage: Stage) -> None:
    stage.player.hear(TempoChange(TempoMap.constant(60.0)), 0.0)

    assert follow(stage, (1.0, False, 0.0), (2.0, True, 0.0), (3.0, True, 1.0), (4.0, False, 2.0)) == [
        Started(2.0),
        Stopped(2 * SECOND, 4.0),
    ]


def test_a_host_that_jumps_is_followed_and_what_sounds_ends_in_that_window(stage: Stage) -> None:
    stage.rolling(Note(0, 60, 3840, 80))
    stage.player.window(10.0, 11.0)

    assert follow(stage, (11.0, True, 5.0)) == [Located(5 * SECOND, 11.0)]
    assert [message.data for message in stage.player.window(11.0, 11.001)] == [note_off(0, 60)]
    assert follow(stage, (11.5, True, 5.5), (12.0, True, 6.0)) == []


def test_a_host_that_stands_between_ticks_is_followed_exactly(stage: Stage) -> None:
    stage.player.hear(TempoChange(TempoMap.constant(60.0)), 0.0)
    stage.player.hear(Routing((Route("violin", PORT, 0, None),)), 0.0)
    follow(stage, (1.0, False, 2.00037))
    stage.player.hear(Schedule("violin", 0, 0, 3840, (Note(3 * SECOND, 60, 96, 80),)), 1.5)

    assert follow(stage, (2.0, True, 2.00037), (2.5, True, 2.50037)) == [Started(2.0)]
    struck = [message.at for message in stage.player.window(2.5, 3.5) if is_note_on(message.data)]
    assert struck == [pytest.approx(2.99963)]


def looped(stage: Stage) -> Stage:
    """Rolling round 4 seconds from second 10 on, two notes in them, and in the second turn by now."""
    stage.player.hear(LoopChange(Loop(0, 3840)), 0.0)
    stage.rolling(Note(0, 60, 480, 80), Note(3 * SECOND, 62, 2 * SECOND, 80))
    stage.player.window(10.0, 14.0)
    return stage


@pytest.mark.parametrize(
    "positions",
    [
        ((14.0, True, 0.0), (14.01, True, 0.01)),
        ((14.0, True, 4.0), (14.01, True, 0.01)),
        ((14.0, True, 4.0), (14.01, True, 4.01), (14.02, True, 0.0), (14.03, True, 0.01)),
        ((13.99, True, 3.99), (14.01, True, 0.0), (14.02, True, 0.01)),
        ((13.99, True, 0.0), (14.0, True, 0.01)),
    ],
)
def test_a_host_that_turns_about_when_we_do_finds_us_there(
    stage: Stage, positions: tuple[tuple[float, bool, float], ...]
) -> None:
    looped(stage)
    assert follow(stage, *positions) == []
    assert [message.data for message in stage.player.window(14.0, 15.0)] == [
        note_off(0, 62),
        note_on(0, 60, 80),
        note_off(0, 60),
    ]


def test_a_host_that_does_not_turn_with_us_is_followed_where_it_goes(stage: Stage) -> None:
    looped(stage)
    positions = [(14.0 + cycle / 50, True, 4.0 + cycle / 50) for cycle in range(10)]
    assert follow(stage, *positions) == [Located(4 * SECOND + 96, pytest.approx(14.1))]
    assert stage.scheduler.tick_at(15.0) == pytest.approx(5 * SECOND)


def test_a_host_that_jumps_in_the_middle_of_the_loop_is_followed_as_ever(stage: Stage) -> None:
    looped(stage)
    stage.player.window(14.0, 15.0)
    assert follow(stage, (15.0, True, 2.0)) == [Located(2 * SECOND, 15.0)]


def test_a_control_that_comes_later_is_told_where_we_are_in_its_own_clock(stage: Stage) -> None:
    stage.fit.add(100.0, 0.0)  # the port's clock was at 0 when the daemon's was at 100
    stage.player.hear(TempoChange(TempoMap.constant(60.0)), 0.0)
    stage.player.hear(TransportChange(Located(SECOND, 101.0)), 0.0)
    stage.player.hear(TransportChange(Started(110.0)), 0.0)
    stage.player.hear(Introduce(), 12.0)
    transport = Transport(TransportState.ROLLING, SECOND, 110.0)
    assert stage.said_of(Ready) == [Ready((PORT,), "memory", True, Known(transport, TempoMap.constant(60.0)))]


def test_one_that_nobody_has_led_yet_says_that_it_knows_nothing(stage: Stage) -> None:
    stage.player.hear(Routing((Route("violin", PORT, 0, None),)), 0.0)
    stage.player.hear(Introduce(), 0.0)
    assert stage.said_of(Ready) == [READY]


def test_what_a_process_before_us_left_sounding_waits_for_the_connections(stage: Stage) -> None:
    stage.table.before(0, note_on(0, 60, 80))
    player = stage.another()
    player.holds_left_over = True
    assert player.window(0.0, 1.0) == []
    player.sent()
    assert stage.table.note_offs() == [(0, note_off(0, 60))], "and is known until it has gone out"
    player.holds_left_over = False
    assert [message.data for message in player.window(1.0, 2.0)] == [note_off(0, 60)]
    player.last_words(2.0)
    assert stage.table.note_offs() == []


CLOCK_PORT = 1
"""Behind the table's last one."""


def leading(stage: Stage) -> Player:
    """One that sends MIDI clock, too, and rolls."""
    stage.scheduler = Scheduler((PORT,), clock_port=CLOCK_PORT)
    stage.player = stage.another()
    return stage.rolling(Note(960, 60, 480, 80)).player


def clock_bytes(messages: Sequence[PortMessage]) -> list[bytes]:
    return [message.data for message in messages if message.port == CLOCK_PORT]


def test_the_sounding_table_takes_no_clock_for_a_note(stage: Stage) -> None:
    player = leading(stage)
    sent = [*player.window(10.0, 10.9), *player.window(10.9, 12.0)]
    player.sent()
    stage.table.forget(100.0)

    assert len(clock_bytes(sent)) == 1 + 48
    assert [message.data for message in sent if message.port != CLOCK_PORT] == [note_on(0, 60, 80), note_off(0, 60)]
    assert stage.table.note_offs() == []


def test_what_is_told_of_notes_played_has_no_clock_in_it(stage: Stage) -> None:
    player = leading(stage)
    player.window(10.0, 12.0)
    player.last_words(12.0)

    (played,) = stage.said_of(Played)
    assert (played.notes, played.moves) == ((("violin", Note(960, 60, 480, 80)),), ())
    assert stage.said_of(Statistics)[-1].notes_sent == 1


def test_after_a_lost_cycle_followers_of_the_clock_are_told_the_place_anew_in_the_next_but_one(stage: Stage) -> None:
    losses = Losses()
    scheduler = Scheduler((PORT,), clock_port=CLOCK_PORT)
    player = Player(scheduler, stage.table, stage.fit, stage.said.append, losses)
    player.hear(TempoChange(TempoMap.constant(60.0)), 0.0)
    player.hear(TransportChange(Started(10.0)), 10.0)
    player.window(10.0, 10.51)
    losses.cycles += 1

    # A pulse every 42 ms.
    assert clock_bytes(player.window(10.51, 10.55)) == [b"\xf8"]
    told = clock_bytes(player.window(10.55, 10.76))
    assert told == [b"\xfc", song_position(3), b"\xfb", b"\xf8"]
    assert set(clock_bytes(player.window(10.76, 12.0))) == {b"\xf8"}


def test_at_its_end_it_stops_those_who_follow_its_clock(stage: Stage) -> None:
    player = leading(stage)
    player.window(10.0, 10.5)
    player.finish(10.5)

    assert clock_bytes(player.window(10.5, 10.5)) == [b"\xfc"]
    assert clock_bytes(player.window(10.5, 12.0)) == []


def test_those_whom_a_process_before_this_one_led_are_stopped_once_they_are_connected(stage: Stage) -> None:
    stage.scheduler = Scheduler((PORT,), clock_port=CLOCK_PORT)
    player = stage.another()
    player.end_clock_of_before(CLOCK_PORT)
    player.holds_left_over = True
    assert clock_bytes(player.window(0.0, 0.1)) == []

    player.holds_left_over = False
    assert clock_bytes(player.window(0.1, 0.2)) == [b"\xfc"]
    assert clock_bytes(player.window(0.2, 0.3)) == []


def heard_at_the_ports(number: int = 1) -> Audition:
    struck = AuditionMessage(0.0, PORT, note_on(0, 60, 80), "violin")
    return Audition(number, (struck, AuditionMessage(9.0, PORT, note_off(0, 60), "violin")))


def test_a_take_at_the_ports_is_in_the_table_so_that_a_crash_leaves_nothing_hanging(stage: Stage) -> None:
    stage.player.hear(heard_at_the_ports(), 10.0)
    assert stage.player.next_due() == pytest.approx(10.0 + BEGIN_SECONDS)
    sent = stage.player.window(10.0, 11.0)
    assert [message.data for message in sent] == [note_on(0, 60, 80)]
    assert stage.table.note_offs() == [(0, note_off(0, 60))]


def test_a_start_of_the_host_ends_it_before_its_own_first_note(stage: Stage) -> None:
    stage.player.hear(heard_at_the_ports(), 8.0)
    stage.player.window(8.0, 9.0)
    stage.rolling(Note(0, 60, SECOND, 70))
    sent = [message for message in stage.player.window(10.0, 10.1) if message.data[1] == 60]
    assert [message.data for message in sent] == [note_off(0, 60), note_on(0, 60, 70)]
    stage.player.report(10.1)
    assert stage.said_of(AuditionOver) == [AuditionOver(1)]


@pytest.mark.parametrize("message", [AuditionStop(), Panic(), Introduce()], ids=["stop", "panic", "another control"])
def test_it_ends_when_nobody_wants_it_any_more(stage: Stage, message: object) -> None:
    stage.player.hear(heard_at_the_ports(), 8.0)
    stage.player.window(8.0, 9.0)
    stage.player.hear(message, 9.0)
    assert note_off(0, 60) in [message.data for message in stage.player.window(9.0, 9.1)]
    assert stage.player.window(9.1, 30.0) == []
