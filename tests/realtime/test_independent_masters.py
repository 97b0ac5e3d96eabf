"""Masters that others wrote lead over real JACK ports, and another's program reads the clock that we send.

klick is JACK's timebase master, jack_midi_clock makes MIDI clock of it, jack_mclk_dump reads one. How far notes are off
is told against frames of JACK's transport, of which the player that is led knows nothing.
"""

import json
import time
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path
from statistics import median

import pytest

from end_to_end import reader
from end_to_end.daemon_process import running_daemon
from fakes.clock_master import PORT as CLOCK_MASTER
from fakes.clock_master import clock_master, connect
from fakes.independent_masters import CLOCK, RESYNC_SECONDS, clock_reader, klick, midi_clock
from fakes.jack_listening import ear, transport
from fakes.jack_server import JackServer, running_jack_server
from fakes.play_process import PlayProcess, running_play
from fakes.timecode_master import full_frame_of, pieces_of
from hitpoint.engine.play_settings import PlaySettings
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.outputs.jack_ear import Heard
from hitpoint.scheduler.performance import (
    ClockHeard,
    Finished,
    Ready,
    Route,
    Routing,
    Schedule,
    Shutdown,
    TempoChange,
)
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_message import is_note_off, is_note_on
from hitpoint.score.midi_port import InputsWanted
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Located, Stopped
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import TempoMap, TempoPoint
from hitpoint.timeline.timecode import frame_at
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

pytestmark = [pytest.mark.realtime, pytest.mark.daw]

PORT, INPUT = "Hitpoint strings", "Hitpoint in"
GRID, NOTES, PITCHES = 240, 400, 100
BARS = ((2, 97.5), (60, 117.0))
"""klick's: the tempo jumps after two bars."""
MASTER = TempoMap((TempoPoint(0, 97.5), TempoPoint(8 * 960, 117.0)))
BAND_MS = 1.0
"""Who stays within has found the master."""


@pytest.fixture
def server() -> Iterator[JackServer]:
    with running_jack_server() as server:
        yield server


def prepare(play: PlayProcess, tempo_map: TempoMap) -> None:
    play.hear(Ready)
    play.tell(TempoChange(tempo_map), Routing((Route("violin", PORT, 0, None),)))
    schedule(play)


def schedule(play: PlayProcess) -> None:
    """Sixteenths, each known by its pitch and about where it is."""
    notes = tuple(Note(number * GRID, 20 + number % PITCHES, 100, 80) for number in range(NOTES))
    play.tell(Schedule("violin", 0, 0, NOTES * GRID, notes))


def let_pass(play: PlayProcess, seconds: float) -> list[object]:
    """What play says meanwhile; its notes are sent again where it has dropped them, as control does."""
    said, until = [], time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0.0:
        if play.connection.poll(left):
            said.append(play.connection.recv())
            if isinstance(said[-1], Located | Stopped):
                schedule(play)
    return said


def late_ms(notes: Sequence[Heard], master: TempoMap, rate: int, began: float = 0.0) -> list[tuple[float, float]]:
    """Second of the master, and ms that a note was heard after it was there. began: second of the transport at which
    the master was at 0."""
    found = []
    for note in notes:
        seconds = note.frame / rate - began
        near = master.fractional_tick_at(seconds) / GRID
        number = note.data[1] - 20
        number += PITCHES * round((near - number) / PITCHES)
        found.append((seconds, 1000.0 * (seconds - master.seconds_at(number * GRID))))
    return found


def in_band_after(late: Sequence[tuple[float, float]], since: float, until: float = inf) -> float:
    """Seconds from `since` to the note from which on all stay within the band up to `until`; infinite for none."""
    notes = [(at, abs(ms) <= BAND_MS) for at, ms in late if since - 0.01 <= at < until]
    outside = max((at for at, inside in notes if not inside), default=-inf)
    return round(max(0.0, min((at for at, _ in notes if at > outside), default=inf) - since), 3)


def spread_ms(late: Sequence[tuple[float, float]], since: float, until: float = inf) -> dict[str, float]:
    ranked = sorted(abs(ms) for at, ms in late if since <= at < until)
    return {
        "notes": len(ranked),
        "median_ms": round(median(ranked), 3),
        "p99_ms": round(ranked[int(len(ranked) * 0.99)], 3),
        "max_ms": round(ranked[-1], 3),
    }


def all_ended(heard: Sequence[Heard]) -> bool:
    sounding: set[int] = set()
    for message in heard:
        if is_note_on(message.data):
            sounding.add(message.data[1])
        elif is_note_off(message.data):
            sounding.discard(message.data[1])
    return not sounding


def heard_in_order(heard: Sequence[Heard]) -> list[Heard]:
    return sorted(heard, key=lambda message: message.frame)


def timecode(frame: int, seconds: float, rate: FrameRate, quarter: float) -> list[tuple[int, str]]:
    """From a frame on, so long. quarter: frames of JACK's in a quarter frame."""
    labels = range(frame, frame + round(seconds * float(rate.frames_per_second)), 2)
    data = [piece.hex() for label in labels for piece in pieces_of(label, rate)]
    places = [round(number * quarter) for number in range(len(data))]
    return [(there - here, piece) for here, there, piece in zip([0, *places], places, data, strict=False)]


def test_klick_leads_by_jack_midi_clock_through_a_tempo_jump_and_a_locate(server: JackServer, tmp_path: Path) -> None:
    """After a locate the place is the one that was told: jack_midi_clock 0.4.3 continues a pulse after it."""
    rate = server.sample_rate
    jump, there = MASTER.seconds_at(8 * 960), MASTER.seconds_at(40 * 960)
    settings = PlaySettings((PORT,), "jack", inputs=InputsWanted(INPUT), follow_clock=True)
    with running_play(settings) as play, transport() as host, klick(server, BARS, tmp_path), midi_clock(server):
        host.stop()
        host.locate(0)
        prepare(play, TempoMap.constant(120.0))
        connect(server, CLOCK, f"Hitpoint:{INPUT}")
        with ear([CLOCK, f"Hitpoint:{PORT}"]) as heard:
            host.start()
            said = let_pass(play, 8.5)
            host.locate(round(there * rate))
            let_pass(play, 3.5)
            host.stop()
            let_pass(play, 0.3)
            play.tell(Shutdown())
            play.hear(Finished)

    clock = [message for message in heard if message.port == 0]
    located = next(at for at, message in enumerate(clock) if message.data[0] == 0xF2)
    told = MASTER.seconds_at(GRID * (clock[located].data[1] + 128 * clock[located].data[2]))
    continued = next(at for at, message in enumerate(clock) if at > located and message.data == b"\xfb")
    behind = next(message.frame for message in clock[continued:] if message.data == b"\xf8") / rate - told
    notes = [message for message in heard if is_note_on(message.data)]
    late = late_ms([note for note in notes if note.frame < there * rate], MASTER, rate)
    after = late_ms([note for note in notes if note.frame >= there * rate], MASTER, rate, behind)
    figures = {
        "lock_s": in_band_after(late, 0.0, jump),
        "until_jump": spread_ms(late, 0.0, jump),
        "jump_s": in_band_after(late, jump, 8.5),
        "after_jump": spread_ms(late, jump, 8.5),
        "locate_s": in_band_after(after, there),
        "after_locate": spread_ms(after, there),
        "the_clock_is_behind_ms": round(1000.0 * behind, 3),
    }
    print(json.dumps(figures))
    states = [message.state for message in said if isinstance(message, ClockHeard)]
    assert "locked" in states
    assert all_ended(heard)
    assert min(figures[when]["notes"] for when in ("until_jump", "after_jump", "after_locate")) > 10
    if server.realtime:
        assert figures["lock_s"] < 1.0
        assert figures["jump_s"] < 0.5
        assert figures["locate_s"] < RESYNC_SECONDS + 0.5
        assert spread_ms(late, 2.5, jump)["max_ms"] < 0.1
        assert spread_ms(late, jump + 1.0, 8.5)["max_ms"] < 0.1
        assert spread_ms(after, there + 1.0)["max_ms"] < 0.1


def test_another_reads_the_clock_that_we_send_and_its_pulses_lie_with_our_notes(
    server: JackServer, tmp_path: Path
) -> None:
    """We follow JACK's transport, so that notes and pulses have frames of their own to be held against."""
    rate, tempo_map = server.sample_rate, TempoMap.constant(97.5)
    settings = PlaySettings((PORT,), "jack", follow_jack=True, clock_out="Hitpoint clock")
    with running_play(settings) as play, transport() as host:
        host.stop()
        host.locate(0)
        prepare(play, tempo_map)
        clock = "Hitpoint:Hitpoint clock"
        with clock_reader(server, clock, tmp_path) as reader, ear([clock, f"Hitpoint:{PORT}"]) as heard:
            host.start()
            let_pass(play, 6.0)
            host.stop()
            let_pass(play, 0.5)
            play.tell(Shutdown())
            play.hear(Finished)

    read = reader.read()
    pulses = [message.frame for message in heard if message.data == b"\xf8"]
    notes = {message.data[1] - 20: message.frame for message in heard if is_note_on(message.data)}
    off = [pulse - number * 60.0 / 97.5 / 24 * rate for number, pulse in enumerate(pulses)]
    apart = [frame - pulses[6 * number] for number, frame in notes.items() if 6 * number < len(pulses)]
    figures = {
        "pulses": len(pulses),
        "pulse_off_frames": max(map(abs, off)),
        "note_from_its_pulse_frames": max(map(abs, apart)),
        "read_bpm": (min(read.tempi[24:]), max(read.tempi[24:])),
        "read_apart_frames": sorted(set(read.apart[1:])),
        "read_events": read.events,
    }
    print(json.dumps(figures))
    assert len(pulses) > 5 * 97.5 / 60 * 24
    assert len(apart) > 30
    assert read.events[0] == "start"
    assert read.events[-1] == "stop"
    if server.realtime:
        # To the frame: a note is rounded by itself, and so is a pulse.
        assert figures["pulse_off_frames"] <= 1.0
        assert figures["note_from_its_pulse_frames"] <= 1.0
        assert figures["read_bpm"] == pytest.approx((97.5, 97.5), abs=0.02)
        assert set(figures["read_apart_frames"]) <= {1230, 1231}


@pytest.mark.parametrize("rate_name", ["25", "29.97df"])
def test_time_code_through_a_real_port_leads_to_the_millisecond(server: JackServer, rate_name: str) -> None:
    """Quarter frames at exact frames, from a program that knows nothing of Hitpoint; then a full frame elsewhere."""
    rate, tempo_map, there = FrameRate.named(rate_name), TempoMap.constant(97.5), 20.0
    start = frame_at("01:00:00:00", rate)
    quarter = server.sample_rate / (4.0 * float(rate.frames_per_second))
    located = 2 * round(rate.frames_in(there) / 2)
    settings = PlaySettings((PORT,), "jack", inputs=InputsWanted(INPUT), timecode=TimecodeStart("01:00:00:00", rate))
    with running_play(settings) as play, clock_master(server) as master, transport() as host:
        prepare(play, tempo_map)
        host.start()
        connect(server, CLOCK_MASTER, f"Hitpoint:{INPUT}")
        with ear([CLOCK_MASTER, f"Hitpoint:{PORT}"]) as heard:
            master.begin(timecode(start, 4.0, rate, quarter))
            let_pass(play, 4.6)
            master.ended()
            let_pass(play, 0.5)
            master.send([(0, full_frame_of(start + located, rate).hex())])
            let_pass(play, 0.4)
            master.begin(timecode(start + located, 3.0, rate, quarter))
            let_pass(play, 3.6)
            master.ended()
            let_pass(play, 0.5)
            play.tell(Shutdown())
            play.hear(Finished)

    figures = {}
    full = next(place for place, message in enumerate(heard_in_order(heard)) if message.data[0] == 0xF0)
    for name, messages, place in (
        ("from_start", heard_in_order(heard)[:full], 0.0),
        ("after_locate", heard_in_order(heard)[full:], float(located / rate.frames_per_second)),
    ):
        began = next(message.frame for message in messages if message.data[0] == 0xF1) / server.sample_rate
        late = [
            (at, ms)
            for at, ms in late_ms(
                [one for one in messages if is_note_on(one.data)], tempo_map, server.sample_rate, began - place
            )
        ]
        figures[name] = {"lock_s": in_band_after(late, place), **spread_ms(late, place + 1.0)}
    print(rate_name, json.dumps(figures))
    assert all_ended(heard)
    assert figures["from_start"]["notes"] > 20
    assert figures["after_locate"]["notes"] > 8
    if server.realtime:
        assert max(one["lock_s"] for one in figures.values()) < 1.0
        assert max(one["max_ms"] for one in figures.values()) < BAND_MS


def test_a_whole_daemon_is_led_by_klick_and_plays_to_its_markers(server: JackServer, tmp_path: Path) -> None:
    record, map_file = tmp_path / "take.mid", tmp_path / "map.mid"
    markers = (Marker(0, "1m01 tense, strings"), Marker(3840 + 211, "HIT door"), Marker(3 * 3840, "END"))
    write_midi_file(map_file, [], Timeline(TempoMap.constant(120.0), markers=markers))
    arguments = ("--map", str(map_file), "--follow", "midi", "--output", "jack", "--record", str(record))
    with (
        transport() as host,
        klick(server, ((60, 133.0),), tmp_path),
        midi_clock(server),
        running_daemon(tmp_path, *arguments, environment=server.environment) as daemon,
    ):
        host.stop()
        host.locate(0)
        connect(server, CLOCK, "Hitpoint:Hitpoint in")
        host.start()
        # Three bars at 133 bpm, and one more.
        time.sleep(4 * 4 * 60.0 / 133.0)
        status = daemon.status()
        host.stop()
        time.sleep(0.3)
        code, errors = daemon.interrupt()

    print(json.dumps({"clock": status["clock"], "tempo_bpm": status["tempo_bpm"], "play": status["play"]}))
    assert code == 0, errors
    assert status["leader"] == "midi clock"
    assert status["clock"]["state"] == "locked"
    assert status["clock"]["bpm"] == pytest.approx(133.0, rel=0.005)
    assert status["tempo_bpm"] == pytest.approx(133.0, rel=0.005)
    assert reader.unpaired(record) == []
    assert [reader.landing_error(record, marker.tick)["error_ticks"] for marker in markers] == [0, 0, 0]
