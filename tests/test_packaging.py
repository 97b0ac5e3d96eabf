"""What people install: one version everywhere, and a wheel with all that the daemon needs, outside the clone too."""

import json
import os
import re
import subprocess
import sys
import venv
from email import message_from_string
from pathlib import Path
from zipfile import ZipFile

import pytest

from hitpoint import __version__
from hitpoint.config.load import load_settings

ROOT = Path(__file__).parents[1]
LARGEST_WHEEL = 30e6
"""Bytes: what a person waits for on a slow line."""
DEMO_SECONDS = 240


def clean_environment() -> dict[str, str]:
    """Without whatever would let an installed package find the clone."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", str(ROOT)]
    subprocess.run(build, cwd=folder, check=True, env=clean_environment(), capture_output=True)
    return next(folder.glob("hitpoint-*.whl"))


def test_the_changelogs_top_entry_is_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changelog, re.MULTILINE)[0] == __version__


def test_the_command_line_starts_without_model_or_training_libraries() -> None:
    program = (
        "import sys; from hitpoint.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(sorted({'torch', 'onnx', 'onnxruntime', 'rtmidi', 'jack'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.slow
def test_the_wheel_carries_the_model_the_bridge_scripts_and_the_licence(wheel: Path) -> None:
    bundle = load_settings().model.bundle
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = message_from_string(next(archive.read(name).decode() for name in names if name.endswith("METADATA")))
    for file in (ROOT / "models" / bundle).iterdir():
        assert f"hitpoint/bundled/models/{bundle}/{file.name}" in names
    for file in (ROOT / "bridge_scripts").rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            assert f"hitpoint/bundled/bridge_scripts/{file.relative_to(ROOT / 'bridge_scripts').as_posix()}" in names
    assert {"hitpoint/config/defaults.yaml", "hitpoint/py.typed"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert (metadata["Version"], metadata["License-Expression"]) == (__version__, "Apache-2.0")
    assert not [name for name in names if "tests" in name.split("/") or "/runs/" in name]
    assert wheel.stat().st_size < LARGEST_WHEEL


@pytest.mark.slow
@pytest.mark.realtime
def test_the_demo_passes_from_the_installed_wheel_outside_the_clone(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "fresh", with_pip=True)
    programs = tmp_path / "fresh" / ("Scripts" if sys.platform == "win32" else "bin")
    install = [programs / "python", "-m", "pip", "install", "--quiet", "-c", ROOT / "tests" / "constraints.txt", wheel]
    subprocess.run(install, cwd=tmp_path, check=True, env=clean_environment(), capture_output=True)
    where = [programs / "python", "-c", "import hitpoint; print(hitpoint.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, check=True, env=clean_environment(), capture_output=True, text=True)
    assert Path(found.stdout.strip()).is_relative_to(tmp_path)
    demo = subprocess.run(
        [programs / "hitpoint", "demo", "--json", "-o", "demo.mid"],
        cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, timeout=DEMO_SECONDS, check=False,
    )  # fmt: skip
    assert demo.returncode == 0, demo.stderr
    report = json.loads(demo.stdout)
    assert len(report["markers"]) == 5
    assert all(abs(marker["error_ticks"]) <= 1 for marker in report["markers"])
    assert (tmp_path / "demo.mid").read_bytes().startswith(b"MThd")
