import json
import os
import shutil
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from end_to_end import reader
from end_to_end.daemon_process import RunningDaemon, running_daemon
from fakes.patience import PATIENCE_SECONDS, least, until
from hitpoint.cli.main import EXIT_MISTAKE, main
from hitpoint.config.places import bundle_folder, kept_folder
from hitpoint.engine.crew import END_SECONDS
from hitpoint.score.midi_file import write_midi_file
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

pytestmark = [pytest.mark.realtime]

MARKERS = (Marker(0, "1m01 tense, strings, brass"), Marker(2 * 3840 + 211, "HIT door"), Marker(4 * 3840, "END"))


def map_file(folder: Path, markers: tuple[Marker, ...] = MARKERS) -> Path:
    path = folder / "map.mid"
    write_midi_file(path, [], Timeline(TempoMap.constant(200.0), markers=markers))
    return path


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    # Gone before it is read, or while it is.
    except (FileNotFoundError, ProcessLookupError):
        return False


def all_gone(*pids: int) -> bool:
    return not any(alive(pid) for pid in pids)


def interrupt_arrived(pid: int) -> bool:
    """True when a Ctrl-C does not wait for the process any more."""
    said = Path(f"/proc/{pid}/status").read_text()
    pending = (int(line.split()[1], 16) for line in said.splitlines() if line.startswith(("SigPnd:", "ShdPnd:")))
    return not any(signals & 1 << signal.SIGINT - 1 for signals in pending)


def status_bar(status: dict[str, Any]) -> int:
    return int(status["place"].split("|")[0])


def played_to(daemon: RunningDaemon, bar: int) -> None:
    until(lambda: daemon.ask("/hitpoint/transport")[1] >= bar, lambda: time.sleep(0.05))


def test_a_map_is_played_and_its_markers_are_met_in_the_recording(tmp_path):
    record = tmp_path / "take.mid"
    arguments = ("--map", str(map_file(tmp_path)), "--output", "null", "--record", str(record))
    with running_daemon(tmp_path, *arguments) as daemon:
        daemon.until(lambda status: status["bars_by_model"] > 0)
        daemon.send("/hitpoint/transport/play")
        played_to(daemon, 6)
        daemon.send("/hitpoint/transport/stop")
        daemon.until(lambda status: not status["rolling"])
        assert daemon.interrupt()[0] == 0
    assert reader.unpaired(record) == []
    assert [reader.landing_error(record, marker.tick)["error_ticks"] for marker in MARKERS] == [0, 0, 0]


def test_a_map_that_is_edited_while_it_plays_is_followed(tmp_path):
    record, moved = tmp_path / "take.mid", Marker(5 * 3840 + 333, "HIT door")
    arguments = ("--map", str(map_file(tmp_path, (*MARKERS[:2], Marker(8 * 3840, "END")))), "--record", str(record))
    with running_daemon(tmp_path, *arguments, "--output", "null", "--play") as daemon:
        map_file(tmp_path, (MARKERS[0], moved, Marker(7 * 3840, "END")))
        played_to(daemon, 9)
        assert daemon.ask("/hitpoint/markers")[3::4] == [MARKERS[0].name, "HIT door", "END"]
        daemon.send("/hitpoint/transport/stop")
        assert daemon.interrupt()[0] == 0
    assert reader.landing_error(record, moved.tick)["error_ticks"] == 0
    assert reader.landing_error(record, 7 * 3840)["error_ticks"] == 0


def test_ctrl_c_ends_all_processes_without_a_word(tmp_path):
    with running_daemon(tmp_path, "--output", "null", "--direction", "tense", "--play") as daemon:
        pids = daemon.status()["processes"]
        assert set(pids) == {"supervisor", "control", "compose", "play", "page"}
        assert pids["supervisor"] == daemon.process.pid
        status, errors = daemon.interrupt()
        assert status == 0
        assert errors == ""
        until(lambda: all_gone(*pids.values()))


def test_a_killed_supervisor_takes_the_others_with_it(tmp_path):
    with running_daemon(tmp_path, "--output", "null", "--direction", "tense", "--play") as daemon:
        pids = daemon.status()["processes"]
        daemon.process.kill()
        daemon.process.wait()
        until(lambda: all_gone(*pids.values()))
    assert not list(tmp_path.glob("hitpoint-*/")), "control left nothing of this run behind"
    with running_daemon(tmp_path, "--output", "null") as again:
        assert again.interrupt()[0] == 0


@pytest.mark.parametrize("name", ["compose", "play", "control"])
def test_a_killed_process_is_started_again_and_the_music_goes_on(tmp_path, name):
    with running_daemon(tmp_path, "--output", "null", "--direction", "tense, strings", "--play") as daemon:
        played_to(daemon, 2)
        before = daemon.status()
        daemon.kill(name)
        after = daemon.restarted(name)
        assert after["processes"][name] not in (0, before["processes"][name])
        assert {**after["restarts"], name: 0} == dict.fromkeys(("control", "compose", "play", "page"), 0)
        played_to(daemon, 5)
        assert daemon.until(lambda status: status["bars_by_model"] > before["bars_by_model"])["rolling"]
        assert daemon.interrupt()[0] == 0


def test_a_control_that_was_killed_is_as_it_was_and_play_has_not_noticed(tmp_path):
    arguments = ("--map", str(map_file(tmp_path)), "--output", "null", "--play", "--record", str(tmp_path / "take.mid"))
    with running_daemon(tmp_path, *arguments) as daemon:
        daemon.send("/hitpoint/subscribe")
        daemon.send("/hitpoint/control/intensity", 0.75)
        daemon.send("/hitpoint/part/brass/lock", 1)
        daemon.send("/hitpoint/cue/generate", "calm")
        played_to(daemon, 2)
        daemon.kill("control")
        away_seconds = daemon.restarted("control")["restart_seconds"]["control"]
        assert daemon.ask("/hitpoint/control/intensity") == [0.75]
        assert daemon.ask("/hitpoint/part/brass/lock") == [1]
        assert daemon.ask("/hitpoint/cue/generate") == ["calm"]
        daemon.send("/hitpoint/control/tension", 0.5)
        assert daemon.hear("/hitpoint/control/tension") == [0.5], "who has subscribed hears on"
        played_to(daemon, 6)
        dropped = daemon.status()["play"]["notes_dropped"]
        assert daemon.interrupt()[0] == 0
    record = tmp_path / "take.mid"
    assert reader.unpaired(record) == []
    # Play has notes for two seconds: on a machine so busy that a start takes about as long, some are missed.
    if away_seconds < 1.5:
        assert dropped == 0
        assert [reader.landing_error(record, marker.tick)["error_ticks"] for marker in MARKERS] == [0, 0, 0]


def until_writing_with(daemon: RunningDaemon, bundle: str) -> None:
    until(lambda: daemon.ask("/hitpoint/model") == [bundle], lambda: time.sleep(0.05))


def test_another_model_is_chosen_while_it_plays_and_outlives_who_writes_and_who_chose(tmp_path):
    mine = kept_folder("models", environment={"XDG_STATE_HOME": str(tmp_path)}, home=tmp_path) / "mine"
    shutil.copytree(bundle_folder("small-2"), mine)
    shutil.copytree(mine, mine.with_name("broken"))
    (mine.with_name("broken") / "vocabulary.json").write_text("{}")
    with running_daemon(tmp_path, "--output", "null", "--direction", "tense, strings", "--play") as daemon:
        assert daemon.ask("/hitpoint/model") == ["small-2"]
        daemon.send("/hitpoint/model", "mine")
        until_writing_with(daemon, "mine")
        daemon.send("/hitpoint/model", "broken")
        before = daemon.until(lambda status: any("mine goes on" in trouble for trouble in status["troubles"]))
        played_to(daemon, status_bar(before) + 4)
        status = daemon.until(lambda status: status["bars_by_model"] > before["bars_by_model"])
        assert (status["bundle"], status["rolling"]) == ("mine", True)
        for name in ("compose", "control"):
            daemon.kill(name)
            daemon.restarted(name)
            until_writing_with(daemon, "mine")
        daemon.send("/hitpoint/model", "/tmp")
        assert "no model bundle is called '/tmp'" in daemon.hear("/hitpoint/error")[0]
        daemon.send("/hitpoint/model", "small-2")
        until_writing_with(daemon, "small-2")
        assert daemon.interrupt()[0] == 0


def test_the_model_that_was_chosen_writes_when_its_session_is_opened_again_and_is_missed_when_it_is_gone(tmp_path):
    mine = kept_folder("models", environment={"XDG_STATE_HOME": str(tmp_path)}, home=tmp_path) / "mine"
    shutil.copytree(bundle_folder("small-2"), mine)
    arguments = ("--output", "null", "--direction", "tense, strings", "--session", str(tmp_path / "film.session"))
    with running_daemon(tmp_path, *arguments) as daemon:
        daemon.send("/hitpoint/model", "mine")
        until_writing_with(daemon, "mine")
        daemon.send("/hitpoint/control/tension", 0.5)
        daemon.send("/hitpoint/undo")
        assert daemon.interrupt()[0] == 0
    with running_daemon(tmp_path, *arguments) as daemon:
        assert (daemon.said["bundle"], daemon.said["troubles"]) == ("mine", [])
        assert daemon.interrupt()[0] == 0
    shutil.rmtree(mine)
    with running_daemon(tmp_path, *arguments) as daemon:
        assert daemon.said["bundle"] == "small-2"
        (trouble,) = daemon.said["troubles"]
        assert "no model bundle is called 'mine'" in trouble
        assert "small-2 writes instead" in trouble
        # It stays chosen, should it be there again.
        assert '"model": "mine"' in (tmp_path / "film.session").read_text()
        assert daemon.interrupt()[0] == 0


def test_all_but_the_supervisor_may_die_at_once(tmp_path):
    with running_daemon(tmp_path, "--output", "null", "--direction", "tense, strings", "--play") as daemon:
        played_to(daemon, 2)
        pids = daemon.status()["processes"]
        for name in ("control", "compose", "play"):
            os.kill(pids[name], signal.SIGKILL)
        for name in ("control", "compose", "play"):
            status = daemon.restarted(name)
        assert status["rolling"]
        played_to(daemon, status_bar(status) + 1)
        assert daemon.interrupt()[0] == 0


def seconds_to_be_forced(folder: Path) -> float:
    """From a second Ctrl-C to the end, where control hangs."""
    with running_daemon(folder, "--output", "null") as daemon:
        pids = daemon.status()["processes"]
        os.kill(pids["control"], signal.SIGSTOP)
        daemon.process.send_signal(signal.SIGINT)
        until(lambda: interrupt_arrived(daemon.process.pid))
        # Two that come before the first is answered are one.
        time.sleep(0.5)
        began = time.monotonic()
        daemon.process.send_signal(signal.SIGINT)
        assert daemon.process.wait(PATIENCE_SECONDS) == 0
        seconds = time.monotonic() - began
        until(lambda: all_gone(*pids.values()))
    return seconds


def test_a_second_ctrl_c_forces_the_end(tmp_path):
    # Sooner than the first one would.
    assert least(lambda: seconds_to_be_forced(tmp_path), 5.0) < 5.0 < END_SECONDS


def test_the_log_tells_what_happened_and_none_of_a_persons_words(tmp_path):
    arguments = ("--output", "null", "--direction", "a secret film, tense", "--play")
    with running_daemon(tmp_path, *arguments) as daemon:
        daemon.kill("compose")
        daemon.restarted("compose")
        daemon.interrupt()
    log = (tmp_path / "hitpoint" / "hitpoint.log").read_text()
    assert "supervisor INFO compose ended with status -9" in log
    assert "control WARNING the compose process ended and is started again" in log
    assert "Python 3." in log
    assert "secret" not in log


def test_a_second_daemon_is_refused_while_the_first_plays_on(tmp_path):
    with running_daemon(tmp_path, "--output", "null") as first:
        with pytest.raises(AssertionError, match="already running"), running_daemon(tmp_path, "--output", "null"):
            pass
        assert first.status()["bundle"]
        assert first.interrupt()[0] == 0


def test_a_taken_osc_port_is_one_line_and_exit_2(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with (
            pytest.raises(AssertionError, match=f"OSC port {port}"),
            running_daemon(tmp_path, "--output", "null", "--osc-port", str(port)) as daemon,
        ):
            assert daemon.process.returncode == EXIT_MISTAKE


def test_a_mismatched_bundle_is_refused_at_once(tmp_path):
    bundle = tmp_path / "broken"
    bundle.mkdir()
    (bundle / "model.onnx").write_bytes(b"not a model")
    settings = tmp_path / "settings.yaml"
    settings.write_text(f"model:\n  bundle: {bundle}\n")
    with (
        pytest.raises(AssertionError, match="broken"),
        running_daemon(tmp_path, "--output", "null", "--config", str(settings)),
    ):
        pass


def test_a_marker_in_the_past_that_is_moved_changes_nothing_that_sounds(tmp_path):
    """A locate past every marker: nothing to play, and calm about it."""
    with running_daemon(tmp_path, "--map", str(map_file(tmp_path)), "--output", "null") as daemon:
        daemon.send("/hitpoint/transport/locate", 40)
        daemon.send("/hitpoint/transport/play")
        played_to(daemon, 41)
        assert daemon.status()["troubles"] == []
        daemon.send("/hitpoint/transport/locate", 0)
        assert "outside" in daemon.hear("/hitpoint/error")[0]
        assert daemon.interrupt()[0] == 0


def saved_bars(session: Path) -> int:
    """How many the model has written of the session that a person has set up, as far as its file has it."""
    content = json.loads(session.read_bytes()) if session.exists() else {}
    if not content or content["locked"] != ["cello"] or content["controls"]["intensity"] != 0.25:
        return 0
    return sum(source == "model" for _, _, _, source, _ in content["bars"])


def test_a_session_goes_on_from_its_file_after_a_crash(tmp_path):
    film = tmp_path / "film.session"
    arguments = ("--output", "null", "--direction", "tense, strings", "--session", str(film))
    with running_daemon(tmp_path, *arguments) as daemon:
        daemon.send("/hitpoint/control/intensity", 0.25)
        daemon.send("/hitpoint/part/cello/lock", 1)
        # A crash loses what was not saved yet.
        written = until(lambda: saved_bars(film), lambda: time.sleep(0.05))
        daemon.process.kill()
        daemon.process.wait()
    with running_daemon(tmp_path, "--output", "null", "--session", str(film)) as again:
        assert again.ask("/hitpoint/control/intensity") == [0.25]
        assert again.ask("/hitpoint/part/cello/lock") == [1]
        assert again.ask("/hitpoint/cue/generate") == ["tense, strings"]
        assert again.said["bars_by_model"] >= written
        assert again.interrupt() == (0, "")


def test_status_tells_how_it_is_running_and_that_nobody_is_when_it_is_not(tmp_path, capsys):
    with running_daemon(tmp_path, "--output", "null", "--direction", "tense", "--play") as daemon:
        port = str(daemon.said["osc_port"])
        daemon.until(lambda status: any(bar["stage"] == "playing" and bar["by"] for bar in status["bars_ahead"]))
        # It asks once, and a packet may be lost.
        until(lambda: main(["status", "--osc-port", port]) == 0)
        said = capsys.readouterr().out
        assert "rolling at" in said
        assert " playing (" in said
        until(lambda: main(["status", "--json", "--osc-port", port]) == 0)
        assert json.loads(capsys.readouterr().out)["bundle"] == "small-2"
        daemon.interrupt()
    assert main(["status", "--osc-port", port]) == EXIT_MISTAKE
    assert "no Hitpoint answers" in capsys.readouterr().err
