"""A real Ardour that runs our script, headless, with its own dummy driver: no JACK, no window.

with running_script(session, tmp_path / "Hitpoint") as script:
    script.do('Session:locations():add_range(...)')
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fakes.patience import PATIENCE_SECONDS, until

ROOT = Path(__file__).parents[2]
RUNNER = ROOT / "tests" / "end_to_end" / "bridge_in_ardour.lua"
CORE = ROOT / "bridge_scripts" / "ardour" / "hitpoint_core.lua"


class ArdourScript:
    """What a person does in that Ardour, as Lua."""

    def __init__(self, orders: Path, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._orders, self._process, self._log, self._number = orders, process, log, 0

    def do(self, lua: str) -> str:
        """Have it run between two looks of the script. Returns what it returns, as text."""
        self._number += 1
        path = self._orders / f"{self._number}.lua"
        path.with_suffix(".new").write_text(lua)
        path.with_suffix(".new").rename(path)
        done = path.with_suffix(".done")
        until(done.exists, self._go_on)
        said = done.read_text()
        assert not said.startswith("error: "), said
        return said

    def _go_on(self) -> None:
        assert self._process.poll() is None, f"Ardour has ended:\n{self._log.read_text(errors='replace')}"
        time.sleep(0.01)

    def save(self) -> None:
        """As a person would."""
        self.do('Session:save_state("", false, false, false)')


@contextmanager
def running_script(session: Path, shared: Path) -> Iterator[ArdourScript]:
    """Ardour with `session` (its .ardour file) open and our script at work. shared: the folder it shares with us."""
    orders = shared.parent / "orders"
    orders.mkdir(exist_ok=True)
    for left in orders.iterdir():
        left.unlink()
    environment = {
        **os.environ,
        "HOME": str(shared.parent),
        "XDG_CONFIG_HOME": str(shared.parent / "config"),
        "SESSION_FOLDER": str(session.parent),
        "SESSION_NAME": session.stem,
        "BRIDGE_CORE": str(CORE),
        "HITPOINT_ARDOUR_FOLDER": str(shared),
        "ORDERS": str(orders),
    }
    log = shared.parent / "ardour.log"
    with log.open("wb") as file:
        process = subprocess.Popen(["ardour7-lua", str(RUNNER)], env=environment, stdout=file, stderr=file)
        script = ArdourScript(orders, process, log)
        try:
            script.do("return 'here'")
            yield script
            script.do("return 'quit'")
            process.wait(PATIENCE_SECONDS)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
