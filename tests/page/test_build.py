"""The built page in the package is what its sources build, and names no registry."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "page"
STATIC = ROOT / "daemon" / "hitpoint" / "page" / "static"


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, one in lock["packages"].items() if "resolved" in one]
    assert all("integrity" in one for name, one in lock["packages"].items() if name)


@pytest.mark.browser
def test_the_page_in_the_package_is_what_its_sources_build(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None or not (SOURCES / "node_modules").is_dir():
        pytest.skip("no npm here, or its packages are not installed: npm ci in page/")
    build = [
        npm,
        "exec",
        "--offline",
        "vite",
        "--",
        "build",
        "--outDir",
        str(tmp_path / "built"),
        "--logLevel",
        "error",
    ]
    subprocess.run(build, cwd=SOURCES, check=True, capture_output=True)
    assert _files(tmp_path / "built") == _files(STATIC)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
