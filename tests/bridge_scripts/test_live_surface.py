"""How the remote script behaves inside Live, whatever happens around it."""

import gc
import json
import sys
from random import Random
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import pytest

from fakes.datagrams import FakeSocket, Network
from fakes.live_app import Device, LiveApp, LiveObject, Parameter, Timer
from fakes.live_stage import Stage, load_script
from hitpoint.engine.bridge_socket import HITPOINT_PORT, SCRIPT_PORT, BridgeSocket
from hitpoint.hosts.clip_job import Clip, ClipJob
from hitpoint.hosts.host_snapshot import read_snapshot
from hitpoint.hosts.pieces import cut
from hitpoint.hosts.protocol import ASK, read_object
from hitpoint.score.note import Note
from hitpoint.timeline.units import FrameRate

SCRIPT = ("127.0.0.1", SCRIPT_PORT)
NOT_THE_SCRIPTS = (LiveObject, LiveApp, SimpleNamespace, FakeSocket, Timer, ModuleType, FunctionType, type)


def a_job(number: int) -> ClipJob:
    clip = Clip("Strings", "n", "violin", number * 3840, number * 3840 + 3840, (Note(number * 3840, 60, 480, 90),))
    return ClipJob(f"job-{number}", f"t{number}", "keep", (clip,))


def test_a_second_script_says_that_the_port_is_taken_and_waits_until_it_is_free() -> None:
    stage = Stage()
    stage.app.advance(1.0)
    other = load_script(stage.app, stage.network.module())
    second = stage.app.choose(other)
    stage.app.advance(30.0)
    assert len(stage.app.shown) == 1
    assert "port 19792 is taken" in stage.app.shown[0]
    assert stage.app.log == stage.app.shown
    stage.app.drop(stage.surface)
    stage.snapshots.clear()
    stage.app.advance(6.0)
    assert stage.app.shown[1:] == ["Hitpoint: UDP port 19792 is free now."]
    assert stage.snapshots
    stage.app.drop(second)
    assert SCRIPT not in stage.network.bound
    assert stage.app.raised == []


def test_what_goes_wrong_is_in_the_log_once_and_keeps_nothing_else_from_working() -> None:
    stage = Stage()
    stage.app.advance(1.0)
    name = stage.song._values.pop("signature_numerator")
    stage.app.advance(20.0)
    assert stage.app.log == ["Hitpoint: AttributeError: 'Song' object has no attribute 'signature_numerator'"]
    assert stage.positions[-1].received_at > 20.0
    stage.daemon.put(a_job(1))
    stage.until_answered()
    assert stage.answers[-1]["error"] == ""
    stage.song._values["signature_numerator"] = name
    stage.snapshots.clear()
    stage.app.advance(6.0)
    assert stage.snapshots
    assert stage.app.raised == []


def test_a_live_whose_every_touch_fails_hears_nothing_of_it() -> None:
    app, network = LiveApp(), Network()
    instance = app.instance()
    failing = SimpleNamespace(song=_fail, log_message=_fail, show_message=_fail, handle=_fail)
    script = load_script(app, network.module())
    script.surface.Live = SimpleNamespace(Base=SimpleNamespace(Timer=_fail))
    surface = script.create_instance(failing)
    for _ in range(100):
        surface.update_display()
    _touch_all(surface)
    surface.disconnect()
    del instance
    assert SCRIPT not in network.bound


def _fail(*_: Any, **__: Any) -> None:
    raise RuntimeError("Live is in a bad mood")


def _touch_all(surface: Any) -> None:
    """All that Live may call besides."""
    surface.build_midi_map(1)
    surface.receive_midi((144, 60, 100))
    surface.refresh_state()
    surface.connect_script_instances([surface])
    assert surface.can_lock_to_devices() is False
    assert (surface.suggest_input_port(), surface.suggest_output_port()) == ("", "")


def test_nothing_happens_after_live_has_let_the_script_go() -> None:
    stage = Stage()
    stage.app.advance(1.0)
    stage.app.drop(stage.surface)
    assert not any(stage.song._told.values())
    assert stage.app.timers == []
    sent = stage.network.sent
    stage.surface.update_display()
    stage.surface.disconnect()
    assert stage.network.sent == sent
    stage.check()


def test_noise_from_other_programs_is_left_aside() -> None:
    stage, random = Stage(), Random(4)
    stranger = stage.network.bind(5000)
    stage.app.advance(1.0)
    stage.stop_daemon()
    hitpoint = stage.network.bind(HITPOINT_PORT)
    noise = [random.randbytes(random.randrange(300)) for _ in range(200)]
    noise += [b"[]", b"1", b"null", b'"x"', b"[" * 5000, b"x" * 9000, b'{"protocol":1}', b'{"protocol":2}']
    noise += [*cut("a-1", b"[1]"), *cut("a-2", b'{"kind":"job"}'), *cut("a-3", b"{"), *cut("a-4", b'{"kind":7}')]
    fields = {"protocol": 1, "kind": "piece", "message": "a-5", "piece": 0, "of": 1, "text": "{}"}
    for key in fields:
        for value in (None, -1, 1e300, "", [], {}, "x" * 5000):
            noise.append(json.dumps({**fields, key: value}).encode())
    noise += [json.dumps({"protocol": 1, "kind": "received", "message": value}).encode() for value in (None, 1, "x")]
    for datagram in noise:
        hitpoint.sendto(datagram, SCRIPT)
        stranger.sendto(datagram, SCRIPT)
        stage.app.advance(0.01)
    hitpoint.close()
    stage.start_daemon()
    stage.app.advance(1.0)
    stage.daemon.put(a_job(1))
    stage.until_answered()
    assert stage.answers[-1]["error"] == ""
    assert stage.app.raised == []
    assert [line for line in stage.app.log if "another version" not in line] == []


def test_a_hitpoint_of_another_protocol_is_shown_once() -> None:
    stage = Stage()
    stage.stop_daemon()
    other = stage.network.bind(HITPOINT_PORT)
    for _ in range(50):
        other.sendto(b'{"protocol":2,"kind":"received","message":"hitpoint-1"}', SCRIPT)
        stage.app.advance(0.1)
    assert len(stage.app.shown) == 1
    assert "Run `hitpoint install live`" in stage.app.shown[0]


def test_closed_ports_are_no_trouble_to_the_script() -> None:
    stage = Stage()
    stage.app.advance(1.0)
    for _ in range(50):
        stage.network.bound[SCRIPT].resets = 3
        stage.app.advance(0.1)
    stage.check()
    assert stage.snapshots


def test_jobs_wait_while_live_stands_still_and_are_each_done_once() -> None:
    stage = Stage(Network(3, lost=0.05, doubled=0.05))
    stage.app.advance(1.0)
    for number in range(10):
        stage.app.stall(3.0)
        stage.daemon.put(a_job(number))
        stage.app.advance(2.9)
        assert stage.daemon.waiting
        stage.until_answered(5.0)
    assert len(stage.song.tracks[1].arrangement_clips) == 10
    stage.check()


def an_intensity(stage: Stage, how: str) -> Parameter:
    """The control that a person has named so."""
    macros = [Parameter(stage.app, name=f"Macro {number}", value=0.0, min=0.0, max=127.0) for number in range(9)]
    match how:
        case "track":
            return stage.song._new_track("Hitpoint intensity").mixer_device.volume
        case "device":
            device = Device(stage.app, name="Hitpoint intensity", parameters=macros, can_have_chains=False)
            stage.song._new_track("Pads", devices=[device])
            return macros[1]
        case _:
            macros[4]._values["name"] = "Hitpoint intensity"
            device = Device(stage.app, name="Rack", parameters=macros, can_have_chains=True)
            stage.song._new_track("Pads", devices=[device])
            return macros[4]


@pytest.mark.parametrize("how", ["track", "device", "macro"])
def test_a_control_of_that_name_steers_the_intensity(how: str) -> None:
    stage = Stage(Network(2, lost=0.05, doubled=0.05))
    control = an_intensity(stage, how)
    stage.app.advance(1.0)
    assert stage.asks == []
    control.value = control.max * 0.5
    stage.app.advance(1.0)
    said = read_object(json.dumps(stage.asks[-1]).encode(), ASK)[1]
    assert said["address"] == "/hitpoint/control/intensity"
    assert json.loads(said["arguments"]) == [0.5]
    asked = len(stage.asks)
    control.value = control.max * 0.505
    stage.app.advance(1.0)
    assert len(stage.asks) == asked
    for step in range(100):
        control.value = control.max * step / 100
        stage.app.advance(0.02)
    stage.app.advance(1.0)
    shares = [json.loads(ask["arguments"])[0] for ask in stage.asks]
    assert shares[-1] == 0.99
    assert len({ask["ask"] for ask in stage.asks}) == len(stage.asks)
    stage.check()


def test_a_control_that_is_deleted_or_named_anew_is_let_go() -> None:
    stage = Stage()
    control = an_intensity(stage, "track")
    stage.app.advance(1.0)
    control.value = 0.2
    stage.song.delete_track(1)
    stage.app.advance(1.0)
    second = an_intensity(stage, "track")
    stage.app.advance(0.1)
    second.value = 0.3
    stage.app.advance(0.1)
    assert [json.loads(ask["arguments"]) for ask in stage.asks] == [[0.3]]
    stage.song.tracks[1].name = "Something else"
    stage.app.advance(6.0)
    assert not any(second._told.values())
    stage.check()


def test_over_real_sockets_a_project_comes_and_a_job_is_done() -> None:
    app = LiveApp()
    script = load_script(app)
    bridge = BridgeSocket(0, 0)
    ports = bridge._socket.getsockname()[1], 0
    script.wire.HITPOINT_PORT, script.wire.SCRIPT_PORT = ports
    surface = app.choose(script)
    app.advance(0.01)
    bridge._script = surface._wire._socket.getsockname()
    for number in range(2000):
        app.song._new_cue(float(number), f"静か {number}")
    bridge.put(a_job(1))
    told, answers = [], []

    def look(now: float) -> None:
        bridge.look(now)
        answers.extend(bridge.answers())
        data = bridge.snapshot()
        if data is not None:
            told.append(read_snapshot(data, FrameRate.named("25")))

    app.each_step.append(look)
    for _ in range(100):
        app.advance(0.1)
        if answers and told and len(told[-1].timeline.markers) == 2000:
            break
    app.drop(surface)
    bridge.close()
    assert [json.loads(answer)["error"] for answer in answers] == [""]
    assert len(told[-1].timeline.markers) == 2000
    assert app.raised == []
    assert app.log == []


def _bytes_held(surface: Any) -> int:
    """What a script holds of the memory: all that can be reached from it, but for Live and the modules.

    tracemalloc would say the same, and make eight hours of it too long to wait for.
    """
    seen: set[int] = set()
    waiting, held = [vars(surface)], 0
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, NOT_THE_SCRIPTS):
            continue
        seen.add(id(thing))
        held += sys.getsizeof(thing)
        waiting += gc.get_referents(thing)
    return held


@pytest.mark.slow
def test_eight_hours_of_a_session_leave_the_memory_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    stage, random = Stage(Network(9, lost=0.01, doubled=0.01), LiveApp(step_ms=50)), Random(9)
    control = an_intensity(stage, "track")
    cues = [stage.song._new_cue(float(number), f"m{number}") for number in range(50)]
    sizes = []
    # The last thousand messages are remembered: so many first that there are no more to come.
    for number in range(1100):
        stage.daemon.put(ClipJob(f"first-{number}", "t", "keep", ()))
    stage.until_answered(600.0)
    stage.answers.clear()
    for minute in range(480):
        stage.song.is_playing = minute % 3 != 0
        if stage.song.is_playing:
            stage.song._values["current_song_time"] = 0.0
        stage.song._delete_cue(cues.pop(random.randrange(len(cues))))
        cues.append(stage.song._new_cue(random.uniform(0, 999), f"m{minute}"))
        random.choice(cues).time = random.uniform(0, 999)
        control.value = random.random()
        stage.song.tempo = random.uniform(60, 180)
        stage.daemon.put(a_job(minute % 30 + 30 * (minute // 30)))
        if minute % 60 == 30:
            stage.app.stall(3.0)
        stage.app.advance(60.0)
        if stage.song.is_playing:
            # What was told is where it was by the host's own clock, all along.
            last = stage.positions[-1]
            now = stage.song.current_song_time
            assert abs(last.quarter + (stage.app.monotonic() - last.host_at) * last.bpm / 60 - now) < 0.02
        for kept in (stage.snapshots, stage.positions, stage.asks):
            del kept[:-1]
        if minute % 60 == 59:
            sizes.append(_bytes_held(stage.surface))
    assert len(stage.answers) == 480
    assert stage.daemon.waiting == frozenset()
    stage.check()
    with capsys.disabled():
        print(f"\nthe script holds {sizes[0]} bytes after 1 h, {sizes[-1]} after 8 h, {max(sizes)} at most")
    # The table of a dictionary whose oldest goes as the newest comes doubles once.
    assert max(sizes) < 1.5 * sizes[0]
