"""What holds for all tests."""

import os
import subprocess
import sys
from pathlib import Path

FAILING = '''
import gc

class Left:
    """Complains of its end, and leaves another."""
    def __init__(self):
        self.itself = self
    def __del__(self):
        Left()
        raise ValueError("left behind")

def test_that_fails():
    gc.set_threshold(10)
    Left()
    assert False

def test_that_comes_after_it():
    gc.set_threshold(0)
'''


def test_what_a_failing_test_leaves_behind_does_not_end_the_run(tmp_path: Path) -> None:
    file = tmp_path / "test_failing.py"
    file.write_text(FAILING)
    options = ("-p", "no:cacheprovider", "-p", "conftest", "-W", "ignore", f"--rootdir={tmp_path}")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(file)],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )  # fmt: skip
    assert "1 failed, 1 passed" in run.stdout, run.stdout + run.stderr
