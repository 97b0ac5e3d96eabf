"""Nothing is told to anybody of what runs here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BUNDLE = Path(__file__).parents[2] / "models" / "small-2"
OPENS_A_SESSION = (
    "from hitpoint.inference.bundle import load_bundle; from hitpoint.inference.graph_run import open_session; "
    "open_session(load_bundle(Path(sys.argv[1])))"
)
LOOKS_AT_THE_MACHINE = "from hitpoint.cli.machine_checks import libraries; libraries()"


@pytest.mark.parametrize("does", [OPENS_A_SESSION, LOOKS_AT_THE_MACHINE], ids=["session", "doctor"])
def test_the_models_runtime_leaves_no_reports_and_no_identity(tmp_path: Path, does: str) -> None:
    # Where it reports, it first puts an identity and what waits to be sent into the user's cache.
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    places = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "TMPDIR")}
    program = f"import sys; from pathlib import Path; {does}"
    subprocess.run([sys.executable, "-c", program, str(BUNDLE)], check=True, env={**environment, **places})
    assert list(tmp_path.rglob("*")) == []
