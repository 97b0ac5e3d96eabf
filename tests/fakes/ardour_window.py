"""Ardour's real window on a screen of its own, with the dummy driver: for pictures, and for what only a window can do.

with running_window(session) as window:
    window.act("Editor/undo")
    window.picture(tmp_path / "editor.png")
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pythonosc.osc_message_builder import OscMessageBuilder

from fakes.ardour_host import LIBRARIES, ArdourError, udp_ports_of
from fakes.patience import until

WIDE, HIGH = 1408, 640
"""Pixels; its editor is no narrower."""
NEEDS = ("Xvfb", "xdotool", "import")
"""Programs. On Debian 12: apt-get install xvfb xdotool imagemagick."""

# Of one who has answered the questions of the first start, and started this driver before.
_STATE = """<?xml version="1.0" encoding="UTF-8"?>
<instant><AudioMIDISetup><EngineStates>
  <State backend="None (Dummy)" driver="Realtime" device="Silence" input-device="Silence" output-device="Silence"
   sample-rate="48000" buffer-size="1024" n-periods="0" input-latency="0" output-latency="0" lm-input="None"
   lm-output="None" active="1"
   use-buffered-io="0" midi-option="1 in, 1 out, Silence" lru="1700000000"><MIDIDevices/></State>
</EngineStates></AudioMIDISetup></instant>
"""
_CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<Ardour><Config>
  <Option name="hide-dummy-backend" value="0"/><Option name="try-autostart-engine" value="1"/>
</Config></Ardour>
"""


class ArdourWindow:
    """Its OSC and its screen."""

    def __init__(self, session: Path, port: int, display: str) -> None:
        self._port = port
        self._session, self._display = session, display

    def act(self, action: str) -> None:
        """What a menu does: "Editor/undo"."""
        self._send("/access_action", action)

    def saved(self) -> str:
        """Have it save the session. Returns what is in its file."""
        before = self._session.stat().st_mtime_ns
        self._send("/save_state")
        until(lambda: self._session.stat().st_mtime_ns > before)
        until(lambda: b"</Session>" in self._session.read_bytes()[-64:])
        return self._session.read_text(encoding="utf-8")

    def _send(self, address: str, *values: str) -> None:
        builder = OscMessageBuilder(address)
        for value in values:
            builder.add_arg(value)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.sendto(builder.build().dgram, ("127.0.0.1", self._port))

    def picture(self, path: Path) -> None:
        """What is on the screen, in few colours."""
        subprocess.run(
            ["import", "-display", self._display, "-window", "root", "+dither", "-colors", "128", f"png8:{path}"],
            check=True,
        )


def missing() -> list[str]:
    """Programs that are not installed."""
    return [name for name in NEEDS if shutil.which(name) is None]


@contextmanager
def running_window(session: Path) -> Iterator[ArdourWindow]:
    """Ardour's editor with `session`, whose file switches OSC on. Raises ArdourError."""
    (binary, *_) = [*LIBRARIES.glob("ardour-7*"), None]
    if binary is None:
        raise ArdourError("there is no Ardour 7. On Debian 12: apt-get install ardour")
    # Without them it does not ask whether another driver than before will do.
    session.write_text(re.sub(r"<EngineHints[^>]*/>", "", session.read_text(encoding="utf-8")), encoding="utf-8")
    home = session.parent.parent / "window"
    settings = home / "settings" / "ardour7"
    settings.mkdir(parents=True)
    (settings / ".a7").touch()
    (settings / "config").write_text(_CONFIG)
    (settings / "instant.xml").write_text(_STATE)
    with _screen() as display, (home / "log").open("wb") as log:
        environment = {
            **os.environ,
            "HOME": str(home), "XDG_CONFIG_HOME": str(home / "settings"), "XDG_CACHE_HOME": str(home / "cache"),
            "LD_LIBRARY_PATH": str(LIBRARIES), "ARDOUR_DLL_PATH": str(_with_one_driver(home / "libraries")),
            "DISPLAY": display,
            "ARDOUR_DATA_PATH": "/usr/share/ardour7", "ARDOUR_CONFIG_PATH": "/etc/ardour7", "UBUNTU_MENUPROXY": "",
        }  # fmt: skip
        command = [str(binary), "--no-splash", str(session.parent)]
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            yield ArdourWindow(session, _opened(process, display, session.stem), display)
        finally:
            _end(process)


def _with_one_driver(folder: Path) -> Path:
    """Ardour's libraries, but of its drivers the dummy alone: that is the one it then offers to start."""
    folder.mkdir()
    for path in LIBRARIES.iterdir():
        if path.name != "backends":
            (folder / path.name).symlink_to(path)
    (folder / "backends").mkdir()
    for path in (LIBRARIES / "backends").glob("libdummy*"):
        (folder / "backends" / path.name).symlink_to(path)
    return folder


def _opened(process: "subprocess.Popen[bytes]", display: str, name: str) -> int:
    """The port of its OSC, once its editor is there."""

    def is_there() -> bool:
        if process.poll() is not None:
            raise ArdourError(f"Ardour ended with status {process.returncode}")
        return bool(_on(display, "search", "--onlyvisible", "--name", name))

    until(is_there, lambda: time.sleep(0.25))
    return int(until(lambda: next((port for port in udp_ports_of(process.pid) if 3819 <= port <= 3838), 0)))


def _on(display: str, *words: str) -> str:
    environment = {**os.environ, "DISPLAY": display}
    return subprocess.run(["xdotool", *words], env=environment, capture_output=True, text=True).stdout


@contextmanager
def _screen() -> Iterator[str]:
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDE}x{HIGH}x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(3.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
