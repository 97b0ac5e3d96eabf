"""Real ports on a real JACK server, heard by another client."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from statistics import median

import pytest

from fakes.jack_listening import ear, transport
from fakes.jack_server import JackServer, running_jack_server
from fakes.patience import PATIENCE_SECONDS
from fakes.play_process import PlayProcess, running_play
from hitpoint.engine.bench_jack import measure_jack_placement
from hitpoint.engine.bench_send import OTHERS, OURS, measure_send_times
from hitpoint.engine.play_settings import PlaySettings
from hitpoint.outputs.jack_ear import Heard
from hitpoint.scheduler.performance import (
    Finished,
    Played,
    Ready,
    Refused,
    Route,
    Routing,
    Schedule,
    Shutdown,
    TempoChange,
    TransportChange,
)
from hitpoint.score.midi_message import is_note_off, is_note_on, note_off, note_on
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Followed, Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap

pytestmark = [pytest.mark.realtime, pytest.mark.daw]

PORTS = ("Hitpoint strings", "Hitpoint brass")
TEMPO = TempoMap.constant(97.5)
BAR = 3840


@pytest.fixture
def server() -> Iterator[JackServer]:
    with running_jack_server() as server:
        yield server


def prepare(play: PlayProcess, *notes: Note) -> Ready:
    ready: Ready = play.hear(Ready)
    play.tell(TempoChange(TEMPO), Routing((Route("violin", PORTS[0], 0, None),)))
    play.tell(Schedule("violin", 0, 0, BAR, notes))
    return ready


def of_notes(heard: Sequence[Heard]) -> list[tuple[int, bytes]]:
    return [(message.frame, message.data) for message in heard if message.data[0] < 0xA0]


def test_notes_land_on_their_frames(server: JackServer) -> None:
    figures = measure_jack_placement(None, minutes=1 / 3)

    assert figures["hung"] == 0
    assert figures["doubled"] == 0
    assert figures["lost"] - figures["lost_while_the_listener_missed"] <= figures["told_notes_lost"]
    if server.realtime:
        assert figures["frame_exact_percent"] >= 99.0, figures


def test_ports_have_the_names_that_a_daw_shows(server: JackServer) -> None:
    with running_play(PlaySettings(PORTS, "jack")) as play:
        assert play.hear(Ready).ports == ("Hitpoint:Hitpoint strings", "Hitpoint:Hitpoint brass")
        listed = subprocess.run(["jack_lsp"], env=server.environment, capture_output=True, text=True).stdout
        assert "Hitpoint:Hitpoint brass\n" in listed


@pytest.mark.parametrize("output", ["jack", "rtmidi"])
@pytest.mark.usefixtures("server")
def test_a_name_that_is_taken_is_refused(output: str) -> None:
    with running_play(PlaySettings(PORTS, output)) as first:
        first.hear(Ready)
        with running_play(PlaySettings(PORTS, output)) as second:
            assert "already" in second.hear(Refused).message


@pytest.mark.usefixtures("server")
def test_notes_by_rtmidi_arrive() -> None:
    with running_play(PlaySettings(PORTS, "rtmidi")) as play:
        prepare(play, Note(240, 60, 240, 80))
        with ear(["Hitpoint:Hitpoint strings"]) as heard:
            play.tell(TransportChange(Started(time.monotonic() + 0.5)))
            while not play.hear(Played).notes:
                pass
            play.tell(Shutdown())
            play.hear(Finished)

    assert [data for _, data in of_notes(heard)] == [note_on(0, 60, 80), note_off(0, 60)]


def test_the_transport_of_jack_is_followed_to_the_frame(server: JackServer) -> None:
    with running_play(PlaySettings(PORTS, "jack", follow_jack=True)) as play, transport() as host:
        prepare(play)
        with ear(["Hitpoint:Hitpoint strings"]) as heard:
            host.locate(48_000)
            assert play.hear(Located).tick == TEMPO.tick_at(1.0)
            play.tell(Schedule("violin", 0, 0, BAR, (Note(1920, 60, 10 * BAR, 80),)))
            # Until it has heard that: nothing is to be late for its frame.
            time.sleep(0.5)
            asked = time.monotonic()
            host.start()
            assert asked - 0.5 < play.hear(Started).at < time.monotonic() + 0.5
            time.sleep(1.0)
            host.locate(10 * 48_000)
            assert play.hear(Located).tick == pytest.approx(TEMPO.tick_at(10.0), abs=server.period)
            host.stop()
            assert play.hear(Stopped).tick > 0

    (on_frame, on), (off_frame, off) = of_notes(heard)
    assert (on, off) == (note_on(0, 60, 80), note_off(0, 60))
    assert on_frame == round(TEMPO.seconds_at(1920) * server.sample_rate)
    # The cycle in which the transport stands at the new place is the one that ends the note.
    assert off_frame % server.period == 10 * 48_000 % server.period
    assert 0 <= off_frame - 10 * 48_000 <= 2 * server.period


def test_the_transport_of_jack_is_led_to_the_frame(server: JackServer) -> None:
    leads = PlaySettings(PORTS, "jack", follow_jack=True, lead_jack=True)
    with running_play(leads) as play, transport() as other:
        prepare(play)
        with ear(["Hitpoint:Hitpoint strings"]) as heard:
            play.tell(TransportChange(Located(1920, time.monotonic())))
            assert play.hear(Located).tick == pytest.approx(1920, abs=1)
            place = round(TEMPO.seconds_at(1920) * server.sample_rate)
            assert other.frame == place
            notes = tuple(Note(1920 + number * 240, 60 + number, 100, 80) for number in range(12))
            play.tell(Schedule("violin", 0, 0, 2 * BAR, notes))
            play.tell(TransportChange(Started(time.monotonic() + 0.5)))
            play.hear(Started)
            time.sleep(2.0)
            assert other.frame > place + server.sample_rate
            play.tell(TransportChange(Stopped(0, time.monotonic())))
            play.hear(Stopped)
            stood = other.frame
            time.sleep(0.1)
            assert other.frame == stood
            # Moved by somebody else, it is followed.
            other.locate(0)
            assert play.hear(Located).tick == 0

    # The ear stamps with the transport's frame.
    struck = [(frame, data[1]) for frame, data in of_notes(heard) if is_note_on(data)]
    assert [pitch for _, pitch in struck] == list(range(60, 72))
    off = [frame - TEMPO.seconds_at(1920 + (pitch - 60) * 240) * server.sample_rate for frame, pitch in struck]
    assert max(map(abs, off)) <= 0.51


@pytest.mark.usefixtures("server")
def test_positions_are_told_in_the_daemons_clock() -> None:
    with running_play(PlaySettings(PORTS, "jack")) as play:
        prepare(play)
        started = time.monotonic() + 0.2
        play.tell(TransportChange(Started(started)))
        while play.hear(Followed).tick < 960:
            pass
        told = [play.hear(Followed) for _ in range(9)]

    # Two clocks, calibrated while they run: a JACK period is 5 ms, this is a tenth.
    off = [TEMPO.seconds_at(followed.tick) - (followed.at - started) for followed in told]
    assert median(map(abs, off)) < 0.0005


@pytest.mark.usefixtures("server")
def test_a_note_that_sounds_is_ended_when_play_is_told_to_end() -> None:
    with running_play(PlaySettings(PORTS, "jack")) as play:
        prepare(play, Note(0, 60, 100 * BAR, 80))
        with ear(["Hitpoint:Hitpoint strings"]) as heard:
            play.tell(TransportChange(Started(time.monotonic() + 0.5)))
            while play.hear(Followed).tick < 480:
                pass
            play.tell(Shutdown())
            play.hear(Finished)

    struck, *ends = [data for _, data in of_notes(heard)]
    # The last ones are said more than once, as nobody comes after to mend what a late cycle lost.
    assert (struck, set(ends)) == (note_on(0, 60, 80), {note_off(0, 60)})


def test_a_server_that_dies_is_told_and_ends_the_process() -> None:
    with running_jack_server() as server, running_play(PlaySettings(PORTS, "jack")) as play:
        play.hear(Ready)
        subprocess.run(["kill", "-KILL", str(server.process_id)], check=True)
        play.hear(Finished)
        assert play.ended() == 0


STALLED = """
import sys, time
from hitpoint.outputs.jack_port import JackOutput
from hitpoint.score.midi_message import PortMessage, note_off, note_on

output = JackOutput(("out",), "stalled")
cycles = 0

def fill(cycle):
    global cycles
    cycles += 1
    number, place = divmod(cycles, 20)
    if place == 19:
        time.sleep(0.008)  # the cycle of the note-on, or of the note-off, is late in turn
    if place == 9:
        return [PortMessage(cycle.start, 0, note_on(0, number % 128, 80), "")] if number % 2 == 0 else []
    if place == 19:
        data = note_off(0, number % 128) if number % 2 == 0 else note_on(0, number % 128, 80)
        return [PortMessage(cycle.start, 0, data, "")]
    if place == 4 and number % 2 == 0 and number:
        return [PortMessage(cycle.start, 0, note_off(0, (number - 1) % 128), "")]
    return []

output.start(fill)
print("ready", flush=True)
sys.stdin.read()
print(output.losses.cycles, output.losses.notes, output.losses.offs_repaired, flush=True)
output.close()
"""


@pytest.mark.usefixtures("server")
def test_what_late_cycles_may_lose_is_told_and_no_note_hangs() -> None:
    stalled = subprocess.Popen(
        [sys.executable, "-c", STALLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert stalled.stdin is not None
    assert stalled.stdout is not None
    assert stalled.stdout.readline() == "ready\n"
    with ear(["stalled:out"]) as heard:
        time.sleep(8.0)
    told, _ = stalled.communicate(timeout=PATIENCE_SECONDS)
    cycles, notes, repaired = map(int, told.split())

    pitches = [data[1] for _, data in of_notes(heard) if is_note_on(data)]
    missing = set(range(pitches[0], pitches[-1])) - set(pitches)
    assert cycles > 10
    assert repaired > 0
    assert len(missing) <= notes, "every loss is noticed"
    ended = {data[1] for _, data in of_notes(heard) if is_note_off(data)}
    assert set(pitches[:-2]) <= ended, "no note hangs"


@pytest.mark.slow
@pytest.mark.usefixtures("server")
def test_send_times_are_measured_beside_other_programs_loops() -> None:
    figures = measure_send_times(seconds=5.0)

    assert figures["output"] == "rtmidi"
    # The same notes in every way: 32 a port and bar, and as many note-offs.
    assert {figures[way]["messages"] for way in (*OURS, *OTHERS)} == {3 * 128}
    assert figures["priority"]["p50_us"] < 1000.0
