import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hitpoint.engine.instance import OnlyInstance, runtime_folder
from hitpoint.errors import HostError

HOLD = "import sys; from pathlib import Path; from hitpoint.engine.instance import OnlyInstance\n"
HOLD += "with OnlyInstance(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"


def test_a_second_daemon_is_refused_and_told_of_the_first(tmp_path):
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(HostError, match=f"process {first.pid}"), OnlyInstance(path):
            pass
        first.kill()
        first.wait()
    with OnlyInstance(path):
        pass


def test_the_lock_is_free_again_after_it_is_let_go(tmp_path):
    for _ in range(2):
        with OnlyInstance(tmp_path / "lock"):
            pass


def test_a_lock_that_cannot_be_made_is_told(tmp_path):
    with pytest.raises(HostError, match="gone/lock cannot be made"), OnlyInstance(tmp_path / "gone" / "lock"):
        pass


@pytest.mark.parametrize("ours", [True, False])
def test_the_runtime_folder_of_another_user_is_left_to_them(tmp_path, monkeypatch, ours):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda path, _: ours or Path(path) != tmp_path)
    assert runtime_folder() == (tmp_path if ours else Path(tempfile.gettempdir()))
