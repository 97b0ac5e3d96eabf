from pathlib import Path

import pytest

from hitpoint.cli import run as run_module
from hitpoint.cli.main import main
from hitpoint.config.places import kept_folder
from hitpoint.engine.run_start import RunStart


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (["--map", "reel/door.yaml"], Path("reel/door.takes.db")),
        (["--map", "song.mid"], None),
        ([], None),
        (["--map", "door.yaml", "--takes", "mine.db"], Path("mine.db")),
    ],
)
def test_the_page_shows_the_take_memory_that_hitpoint_takes_would_open(
    given: list[str], shown: Path | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    started: list[RunStart] = []
    monkeypatch.setattr(run_module, "supervise", started.append)
    monkeypatch.setattr(run_module, "default_lock_path", lambda: tmp_path / "lock")
    assert main(["run", *given]) == 0
    # Their own, where no file is meant.
    assert started[0].takes == (shown or kept_folder("takes.db"))
