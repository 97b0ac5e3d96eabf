"""The play process itself, with no driver: how it starts, and how it ends."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from fakes.patience import least, until
from fakes.play_process import PlayProcess, running_play
from hitpoint.engine.play_settings import PlaySettings
from hitpoint.scheduler.performance import (
    Advance,
    Finished,
    Played,
    Ready,
    Refused,
    Route,
    Routing,
    Schedule,
    Shutdown,
    Statistics,
    TempoChange,
    TransportChange,
    Trouble,
)
from hitpoint.scheduler.sounding import SoundingTable
from hitpoint.score.midi_message import note_off, note_on
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Followed, Started
from hitpoint.timeline.tempo_map import TempoMap

pytestmark = pytest.mark.realtime

PORTS = ("Hitpoint strings", "Hitpoint brass")
LONG_NOTE = Note(0, 60, 100 * 3840, 80)


@pytest.fixture
def table() -> Iterator[SoundingTable]:
    table = SoundingTable(len(PORTS))
    yield table
    table.close()
    table.unlink()


def roll(play: PlayProcess, *notes: Note) -> None:
    play.tell(
        TempoChange(TempoMap.constant(97.5)),
        Routing((Route("violin", PORTS[0], 0, 40),)),
        Schedule("violin", 0, 0, 3840, notes),
        # Late enough that play has heard all of this by then.
        TransportChange(Started(time.monotonic() + 0.5)),
    )
    play.hear(Followed)


def test_it_is_ready_within_two_seconds() -> None:
    def seconds() -> float:
        began = time.monotonic()
        with running_play(PlaySettings(PORTS, "null")) as play:
            assert play.hear(Ready).ports == PORTS
            return time.monotonic() - began

    assert least(seconds, 2.0) < 2.0


def test_the_port_for_clock_is_opened_behind_those_for_notes() -> None:
    with running_play(PlaySettings(PORTS, "null", clock_out="Hitpoint clock")) as play:
        assert play.hear(Ready).ports == (*PORTS, "Hitpoint clock")


def test_notes_are_played_in_time_and_reported(table: SoundingTable) -> None:
    with running_play(PlaySettings(PORTS, "null", sounding=table.name)) as play:
        play.hear(Ready)
        roll(play, Note(480, 60, 100, 80))
        while not (played := play.hear(Played)).notes:
            pass
        assert played.notes == (("violin", Note(480, 60, 100, 80)),)
        assert play.hear(Statistics).notes_dropped == 0


@pytest.mark.parametrize("how", ["shutdown", "sigterm", "control gone"])
def test_however_it_ends_everything_is_silent(how: str, table: SoundingTable) -> None:
    with running_play(PlaySettings(PORTS, "null", sounding=table.name)) as play:
        play.hear(Ready)
        roll(play, LONG_NOTE)
        until(table.note_offs)
        match how:
            case "shutdown":
                play.tell(Shutdown())
                play.hear(Finished)
            case "sigterm":
                os.kill(play.process.pid or 0, signal.SIGTERM)
                play.hear(Finished)
            case "control gone":
                play.connection.close()
        assert play.ended() == 0
    assert table.note_offs() == []


def test_ctrl_c_is_for_control_to_answer() -> None:
    with running_play(PlaySettings(PORTS, "null")) as play:
        play.hear(Ready)
        os.kill(play.process.pid or 0, signal.SIGINT)
        play.hear(Statistics)


def test_what_sounds_when_it_is_killed_is_known_to_the_next(table: SoundingTable) -> None:
    with running_play(PlaySettings(PORTS, "null", sounding=table.name)) as play:
        play.hear(Ready)
        roll(play, LONG_NOTE)
        until(table.note_offs)
        os.kill(play.process.pid or 0, signal.SIGKILL)
        assert play.ended() == -signal.SIGKILL
    assert table.note_offs() == [(0, note_off(0, 60))]

    with running_play(PlaySettings(PORTS, "null", sounding=table.name)) as play:
        play.hear(Statistics)
        assert table.note_offs() == []


def test_what_it_cannot_play_is_told_and_does_not_end_it() -> None:
    with running_play(PlaySettings(PORTS, "null")) as play:
        play.hear(Ready)
        play.tell("nonsense", Routing((Route("choir", "Hitpoint choir", 0, None),)))
        assert "Hitpoint choir" in play.hear(Trouble).message
        play.hear(Statistics)


def test_an_output_that_there_is_not_is_refused_in_one_line() -> None:
    with running_play(PlaySettings(PORTS, "cassette")) as play:
        message = play.hear(Refused).message
        assert "cassette" in message
        assert "\n" not in message
        assert play.ended() == 0


def test_jack_and_no_real_time_exclude_each_other() -> None:
    with running_play(PlaySettings(PORTS, "jack", clock="virtual")) as play:
        assert "virtual" in play.hear(Refused).message


def test_without_real_time_a_piece_takes_no_time() -> None:
    notes = tuple(Note(tick, 60, 100, 80) for tick in range(0, 300 * 3840, 480))
    with running_play(PlaySettings(PORTS, "null", clock="virtual")) as play:
        play.hear(Ready)
        play.tell(
            Routing((Route("violin", PORTS[0], 0, 40),)),
            Schedule("violin", 0, 0, 300 * 3840, notes),
            TransportChange(Started(time.monotonic())),
            Advance(300 * 3840),
        )
        assert play.hear(Played).notes == tuple(("violin", note) for note in notes)
        assert play.hear(Followed).tick == 300 * 3840


def test_the_table_of_a_fresh_process_does_not_stay_behind(table: SoundingTable) -> None:
    table.before(1, note_on(3, 50, 80))
    with running_play(PlaySettings(PORTS, "null", sounding=table.name)) as play:
        play.hear(Statistics)
    assert table.note_offs() == []
