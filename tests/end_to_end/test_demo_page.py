"""`hitpoint demo --page` as a person runs it: the page opens, the scene plays, and Ctrl-C leaves nothing behind."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from websockets.sync.client import connect

from end_to_end.reader import unpaired
from fakes.patience import PATIENCE_SECONDS, until
from hitpoint.engine.instance import OnlyInstance

pytestmark = pytest.mark.realtime


@dataclass(frozen=True)
class Demo:
    process: "subprocess.Popen[str]"
    url: str
    """What the browser was given."""
    file: Path

    def get(self, path: str) -> Any:
        with urlopen(Request(self.url + path, headers={"Accept": "text/html"}), timeout=PATIENCE_SECONDS) as answer:
            return answer.read()

    def state(self) -> dict[str, Any]:
        return dict(json.loads(self.get("/api/state"))["state"])

    def rolls(self) -> bool:
        return bool(self.state().get("transport", {}).get("rolling"))

    def has_played(self) -> bool:
        return bool(self.state().get("status", {}).get("played", {}).get("bars", 0) > 1)

    def do(self, address: str, *arguments: object) -> None:
        with connect(self.url.replace("http", "ws") + "/api/socket") as socket:
            socket.send(json.dumps({"id": 1, "do": address, "args": arguments}))
            while (answer := json.loads(socket.recv(timeout=PATIENCE_SECONDS)))["type"] != "answer":
                pass
        assert answer["ok"], answer

    def press_ctrl_c(self) -> tuple[int, str, str]:
        """Exit status, and what it said. A terminal interrupts all that it runs at once."""
        os.killpg(self.process.pid, signal.SIGINT)
        said, errors = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode, said, errors

    def processes(self) -> list[Path]:
        """Those of its that live."""
        return [folder for folder in Path("/proc").iterdir() if folder.name.isdecimal() and self._is_ours(folder)]

    def shared(self) -> set[Path]:
        """The memory that they share."""
        found = set[Path]()
        for folder in self.processes():
            # It may end meanwhile.
            with suppress(OSError):
                found.update(map(Path, re.findall(r"/dev/shm/\S+", (folder / "maps").read_text())))
        return found

    def _is_ours(self, folder: Path) -> bool:
        try:
            _, _, after = (folder / "stat").read_text().rpartition(")")
        except OSError:
            return False
        state, _, group = after.split()[:3]
        return state != "Z" and int(group) == self.process.pid


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """Its page has been opened by a browser that only writes down what it is to show."""
    opened, browser, file = folder / "opened", folder / "browser", folder / "demo.mid"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{opened}"\n', encoding="utf-8")
    browser.chmod(0o755)
    folders = dict.fromkeys(("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(folder))
    environment = {**os.environ, **folders, "HITPOINT_PAGE_PORT": "0", "BROWSER": str(browser)}
    command = [
        sys.executable,
        "-m",
        "hitpoint.cli.main",
        "demo",
        "--page",
        "--ports",
        "null",
        "--json",
        "-o",
        str(file),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    try:
        until(lambda: opened.is_file() and opened.read_text().endswith("\n"))
        yield Demo(process, opened.read_text().strip(), file)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def test_it_opens_the_page_plays_and_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        assert demo.url.startswith("http://127.0.0.1:")
        assert b"<title>Hitpoint</title>" in demo.get("/")
        until(demo.rolls)
        shared = demo.shared()
        assert len(demo.processes()) > 3
        assert shared
        # Notes sound.
        until(demo.has_played)
        status, said, errors = demo.press_ctrl_c()
        assert (status, said) == (128 + signal.SIGINT, "")
        assert errors == f"page: {demo.url}\n"
        until(lambda: not demo.processes())
        assert not [one for one in shared if one.exists()]
        with pytest.raises(URLError):
            demo.get("/")
        # What was played until then is kept, and whole.
        assert unpaired(demo.file) == []
        with OnlyInstance(next(tmp_path.glob("*.lock"))):
            pass


def test_when_it_is_over_the_page_stays_until_ctrl_c_and_then_it_tells_what_landed(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        until(demo.rolls)
        # Past its end: the whole scene takes longer than anyone likes to wait for a test.
        demo.do("/hitpoint/transport/locate", 20)
        until(lambda: not demo.rolls())
        assert b"<title>Hitpoint</title>" in demo.get("/")
        demo.do("/hitpoint/transport/play")
        until(demo.rolls)
        status, said, errors = demo.press_ctrl_c()
        report = json.loads(said)
        assert len(report["markers"]) == 5
        # It was there for none but the first.
        assert status == 1
        assert errors == f"page: {demo.url}\n"
        until(lambda: not demo.processes())
