"""A real, unmodified, headless Ardour 7 for tests, on a private JACK server with the dummy driver.

    session = make_session(tmp_path, tempi="0:97.5 16:112", tracks=("Hitpoint strings",))
    with running_ardour(session) as ardour:
        ardour.add_marker("HIT door", sample=96_000)
        ardour.record(("Hitpoint strings",))
        ardour.play()

Everything it needs is its own: server, settings, ports; all of it is gone when the block ends. It follows JACK's
transport (external-sync), does not connect ports by itself, and listens to OSC wherever it found a free port.
"""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape as glob_escape
from pathlib import Path
from xml.etree import ElementTree

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_server import ThreadingOSCUDPServer

from fakes.jack_server import JackServer, running_jack_server
from fakes.patience import PATIENCE_SECONDS

ATTEMPTS = 8
"""jackd2 1.9.21 now and then garbles a request while Ardour loads and throws it out: a new server, a new start."""
START_SECONDS = 30.0
SELF_START_SECONDS = 4.0
ASK_AGAIN_SECONDS = 2.0
REST_SECONDS = 0.6
"""Ardour reports its position ten times a second."""
CLIENT = "ardour"
"""Its name among JACK's clients."""
LIBRARIES = Path("/usr/lib/ardour7")
MAKE_SESSION = Path(__file__).parents[1] / "end_to_end" / "make_session.lua"
FEEDBACK = 1 + 2 + 8 + 16 + 32 + 64 + 1024 + 2048
"""What /set_surface asks to hear: strips, heartbeat, transport, bars, timecode, samples, time."""
STRIP_TYPES = 159

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<Ardour>
  <Config>
    <Option name="port-resampler-quality" value="0"/>
  </Config>
  <TransportMasters current="JACK Transport">
    <TransportMaster type="JACK" removeable="0" name="JACK Transport" collect="1"/>
    <TransportMaster type="MTC" removeable="0" name="MTC" collect="1"/>
    <TransportMaster type="LTC" removeable="0" name="LTC" collect="1"/>
    <TransportMaster type="MIDIClock" removeable="0" name="MIDI Clock" collect="1"/>
  </TransportMasters>
</Ardour>
"""
"""Without the masters listed, Ardour 7.3's current one is MIDI Clock, whatever external-sync says."""


class ArdourError(RuntimeError):
    """Ardour could not be started or did not do what it was told; the message says what it printed."""


class LostTransportError(ArdourError):
    """Ardour's position is no longer JACK's, which its log calls IMPOSSIBLE: no take of it means anything.

    It happens to Ardour 7.3 alone with JACK too, in about one roll of a hundred at 256 frames on a busy machine.
    """


def make_session(
    folder: Path, tempi: str = "0:97.5", meters: str = "0:4/4", tracks: Sequence[str] = (), name: str = "film"
) -> Path:
    """A new session in `folder`, made by Ardour's own Lua. Returns its .ardour file.

    tempi: "quarter:bpm[:end_bpm[:note_type]] ..."; meters: "quarter:3/4 ...".
    """
    if shutil.which("ardour7-lua") is None:
        raise ArdourError("Ardour 7 is not installed. On Debian 12: apt-get install ardour jackd2")
    wanted = {
        "SESSION_FOLDER": str(folder / name), "SESSION_NAME": name,
        "SESSION_TEMPI": tempi, "SESSION_METERS": meters, "SESSION_TRACKS": ",".join(tracks),
    }  # fmt: skip
    done = subprocess.run(
        ["ardour7-lua", str(MAKE_SESSION)],
        env={**os.environ, **_own_folders(folder), **wanted},
        capture_output=True, text=True, timeout=60.0, errors="replace",
    )  # fmt: skip
    file = folder / name / f"{name}.ardour"
    if "session made" not in done.stdout or not file.is_file():
        raise ArdourError(f"ardour7-lua made no session:\n{done.stdout}\n{done.stderr}")
    _follow_jack_and_listen(file)
    return file


@contextmanager
def running_ardour(session: Path, period: int = 256) -> Iterator["ArdourHost"]:
    """Ardour with `session` open, stopped at its start. JACK_DEFAULT_SERVER points at its server meanwhile.

    Raises ArdourError when no attempt brings it up: a host that cannot start fails the test.
    """
    failures = []
    for attempt in range(ATTEMPTS):
        with running_jack_server(period=period) as server:
            try:
                host = _start(session, server)
            except ArdourError as error:
                failures.append(f"attempt {attempt + 1}: {error}")
                continue
            try:
                yield host
            finally:
                host.close()
            return
    raise ArdourError(f"Ardour did not start in {ATTEMPTS} attempts.\n" + "\n".join(failures))


@dataclass(frozen=True)
class Recording:
    """What a track has recorded."""

    track: str
    file: Path
    """Its ticks count from `start`."""
    start: str
    """As Ardour writes places: "a0" is the session's start."""


class ArdourHost:
    """Remote control of one running Ardour, by its OSC. Every method waits until Ardour says it has done it."""

    def __init__(self, process: "subprocess.Popen[bytes]", session: Path, server: JackServer, log: Path) -> None:
        self._log = log
        self.session = session
        self.server = server
        self._process = process
        self._said: dict[str, tuple[object, ...]] = {}
        self._strips: dict[str, int] = {}
        self._heard = threading.Condition()
        dispatcher = Dispatcher(strict_timing=False)
        dispatcher.set_default_handler(self._hear)
        self._listener = ThreadingOSCUDPServer(("127.0.0.1", 0), dispatcher)
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()
        self._port = 0

    def reach(self) -> None:
        """Wait for Ardour's OSC and ask it to report."""
        self._wait("its OSC port", self._find_port, START_SECONDS)
        # The seventh argument is where answers go: without it they go to port 8000.
        asked = (0, STRIP_TYPES, FEEDBACK, 0, 0, 0, self._listener.server_address[1])
        self._repeat("/set_surface", asked, lambda: "/session_name" in self._said)

    def rest(self) -> None:
        """Bring it to a standstill at its start."""
        # Headless Ardour starts to roll by itself about a second after it has loaded a session.
        self._wait_briefly(lambda: self.sample > 0, SELF_START_SECONDS)
        self.stop()
        self.locate(0)

    def locate(self, sample: int) -> None:
        """Go there, stopped."""
        self._repeat("/locate", (sample, 0), lambda: self.sample == sample)

    def add_marker(self, name: str, sample: int) -> None:
        """A marker as a person would set it: go there, then add it by name."""
        self.locate(sample)
        self._said.pop("/marker", None)
        self._send("/add_marker", name)
        self._wait(f"marker {name!r}", lambda: name in str(self._said.get("/marker", "")))

    def record(self, tracks: Sequence[str]) -> None:
        """Arm those tracks and record from the next roll on."""
        for track in tracks:
            strip = self._strips[track]
            self._repeat("/strip/recenable", (strip, 1), lambda s=strip: self._is_on(f"/strip/recenable {s}"))
        self._repeat("/rec_enable_toggle", (1,), lambda: self._is_on("/rec_enable_toggle"))

    def play(self) -> None:
        """Roll; JACK's transport rolls with it. Its own word for it ("/transport_play") may lag or never come."""
        start = self.sample
        self._repeat("/transport_play", (), lambda: self.sample > start)

    def stop(self) -> None:
        """Stand still. What Ardour says of its transport lags, so what counts is that its position rests.

        Raises LostTransportError when it had lost JACK's transport meanwhile.
        """
        deadline = time.monotonic() + START_SECONDS
        asked_at, rested_since, rested_at = 0.0, time.monotonic(), self.sample
        while time.monotonic() - rested_since < REST_SECONDS:
            if time.monotonic() > deadline:
                raise ArdourError(f"Ardour does not stop; it {self._words()}")
            # Not again and again: asked to stop while it stops, Ardour 7.3 may forget that it has.
            if time.monotonic() - asked_at > ASK_AGAIN_SECONDS:
                asked_at = time.monotonic()
                self._send("/transport_stop")
            time.sleep(0.05)
            if self.sample != rested_at:
                rested_since, rested_at = time.monotonic(), self.sample
        if "OUT OF SYNC" in self._log.read_text(errors="replace"):
            raise LostTransportError(f"Ardour lost JACK's transport; it {self._words()}")

    def wait_for_sample(self, sample: int) -> None:
        """Let it roll until it is there."""
        seconds = (sample - self.sample) / self.server.sample_rate + PATIENCE_SECONDS
        self._wait(f"sample {sample}", lambda: self.sample >= sample, seconds)

    def stop_recording(self) -> None:
        """Leave record mode, so that what was recorded is written."""
        self._repeat("/rec_enable_toggle", (0,), lambda: not self._is_on("/rec_enable_toggle"))

    def save(self) -> Path:
        """Have the session written. Returns its file."""
        before = self.session.stat().st_mtime_ns
        self._repeat("/save_state", (), lambda: self._written_since(before), every=2.0)
        return self.session

    def recordings(self) -> list[Recording]:
        """What tracks have recorded, by the session as it was last saved."""
        root = ElementTree.parse(self.session).getroot()
        found = []
        for source in root.iterfind("Sources/Source[@type='midi']"):
            (file,) = self.session.parent.glob(f"interchange/*/midifiles/{glob_escape(source.attrib['name'])}")
            found.append(Recording(source.attrib["captured-for"], file, source.attrib["natural-position"]))
        return found

    @property
    def sample(self) -> int:
        """Where it is, as it last said: about ten times a second."""
        return int(str(self._said.get("/position/samples", ("-1",))[0]))

    @property
    def strips(self) -> tuple[str, ...]:
        """The names of its tracks and buses."""
        return tuple(self._strips)

    def ports(self) -> list[str]:
        """All ports of the JACK server."""
        return jack_ports(self.server)

    def connect_ports(self, source: str, sink: str) -> None:
        """Connect two JACK ports."""
        done = subprocess.run(["jack_connect", source, sink], env=self.server.environment, capture_output=True)
        if done.returncode != 0:
            raise ArdourError(f"{source} cannot be connected to {sink}: {done.stderr.decode(errors='replace')}")

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._listener.shutdown()
        self._listener.server_close()
        _end(self._process)

    def _find_port(self) -> bool:
        self._port = next(iter(port for port in udp_ports_of(self._process.pid) if 3819 <= port <= 3838), 0)
        return self._port != 0

    def _hear(self, address: str, *values: object) -> None:
        with self._heard:
            if address.startswith("/strip/") and values:
                if address == "/strip/name":
                    self._strips[str(values[1])] = int(str(values[0]))
                address, values = f"{address} {values[0]}", values[1:]
            self._said[address] = values
            self._heard.notify_all()

    def _is_on(self, address: str) -> bool:
        values = self._said.get(address)
        return bool(values) and values[0] == 1

    def _written_since(self, before: int) -> bool:
        return self.session.stat().st_mtime_ns > before and b"</Session>" in self.session.read_bytes()[-64:]

    def _send(self, address: str, *values: object) -> None:
        builder = OscMessageBuilder(address)
        for value in values:
            builder.add_arg(value)
        self._listener.socket.sendto(builder.build().dgram, ("127.0.0.1", self._port))

    def _repeat(self, address: str, values: tuple[object, ...], done: Callable[[], bool], every: float = 1.0) -> None:
        """Send until it is done: datagrams and Ardour, while it loads or locates, may drop one."""
        for _ in range(10):
            self._send(address, *values)
            if self._wait_briefly(done, every):
                return
        raise ArdourError(f"{address} {values} did nothing; Ardour {self._words()}")

    def _words(self) -> str:
        said = {address: values for address, values in self._said.items() if not address.startswith("/strip/")}
        return f"said {said} and printed:\n{_last_words(self._log)}"

    def _wait(self, what: str, done: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        if not self._wait_briefly(done, seconds):
            raise ArdourError(f"no sign of {what} within {seconds:g} s; Ardour {self._words()}")

    def _wait_briefly(self, done: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                return False
            if self._process.poll() is not None:
                raise ArdourError(f"Ardour ended with status {self._process.returncode}")
            with self._heard:
                self._heard.wait(0.05)
        return True


def jack_ports(server: JackServer) -> list[str]:
    """All ports of a JACK server; none when it does not answer."""
    try:
        done = subprocess.run(["jack_lsp"], env=server.environment, capture_output=True, text=True, timeout=10.0)
    except subprocess.TimeoutExpired:
        return []
    return done.stdout.splitlines() if done.returncode == 0 else []


def udp_ports_of(process_id: int) -> list[int]:
    """The local UDP ports that a process has open. Source: proc(5), /proc/net/udp."""
    inodes = set()
    for link in Path(f"/proc/{process_id}/fd").iterdir():
        try:
            target = os.readlink(link)
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    lines = [line.split() for line in Path(f"/proc/{process_id}/net/udp").read_text().splitlines()[1:]]
    return sorted(int(line[1].split(":")[1], 16) for line in lines if line[9] in inodes)


def _start(session: Path, server: JackServer) -> ArdourHost:
    (binary, *_) = [*LIBRARIES.glob("hardour-*"), None]
    if binary is None:
        raise ArdourError("there is no headless Ardour. On Debian 12: apt-get install ardour")
    folder = session.parent.parent
    log = folder / "hardour.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            # -P: Ardour must not connect ports. With a latency between it and them it never ends a recording.
            [str(binary), "-P", "-c", CLIENT, str(session.parent), session.stem],
            env={**server.environment, **_own_folders(folder), **_libraries()},
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )  # fmt: skip
    host = ArdourHost(process, session, server, log)
    try:
        host.reach()
        _check(server)
        host.rest()
        _check(server)
    except ArdourError as error:
        host.close()
        raise ArdourError(f"{error}\n{_last_words(log)}\n{_last_words(server.log)}") from error
    return host


def _check(server: JackServer) -> None:
    log = server.log.read_text(errors="replace")
    if "Unknown request" in log or "CheckSize" in log:
        raise ArdourError("jackd has garbled a request")
    if not any(port.startswith(f"{CLIENT}:") for port in jack_ports(server)):
        raise ArdourError("Ardour has no ports: the server has thrown it out")


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def _own_folders(folder: Path) -> dict[str, str]:
    settings = folder / "settings"
    (settings / "ardour7").mkdir(parents=True, exist_ok=True)
    (settings / "ardour7" / "config").write_text(_SETTINGS)
    (folder / "cache").mkdir(exist_ok=True)
    return {"XDG_CONFIG_HOME": str(settings), "XDG_CACHE_HOME": str(folder / "cache")}


def _libraries() -> dict[str, str]:
    # What Ardour's own wrappers set; Debian ships none for the headless one.
    return {
        "LD_LIBRARY_PATH": str(LIBRARIES),
        "ARDOUR_DLL_PATH": str(LIBRARIES),
        "ARDOUR_DATA_PATH": "/usr/share/ardour7",
        "ARDOUR_CONFIG_PATH": "/etc/ardour7",
        "VAMP_PATH": str(LIBRARIES / "vamp"),
    }


def _follow_jack_and_listen(file: Path) -> None:
    """Switch on what only the session file can: JACK's transport as the leader, and OSC."""
    text = file.read_text(encoding="utf-8")
    text = text.replace('<Option name="external-sync" value="0"/>', '<Option name="external-sync" value="1"/>')
    osc = '<ControlProtocols>\n    <Protocol name="Open Sound Control (OSC)" active="1"/>\n  </ControlProtocols>'
    text, replaced = re.subn(r"<ControlProtocols>.*?</ControlProtocols>|<ControlProtocols/>", osc, text, flags=re.S)
    if replaced != 1 or '"external-sync" value="1"' not in text:
        raise ArdourError(f"{file} is not the session file that this was written for")
    file.write_text(text, encoding="utf-8")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(3.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _die_with_parent() -> None:
    # A killed pytest must not leave a host behind. Source: prctl(2), PR_SET_PDEATHSIG is 1.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
