import subprocess
import sys

import pytest

from hitpoint.engine.instance import OnlyInstance
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
