"""What can be said of Ardour's scripts without Ardour; the rest is in tests/end_to_end/test_ardour_bridge.py."""

from pathlib import Path

import lupa.lua53
import pytest

from hitpoint import __version__
from hitpoint.hosts.protocol import PROTOCOL

FOLDER = Path(__file__).parents[2] / "bridge_scripts" / "ardour"
FILES = sorted(FOLDER.glob("*.lua"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_lua_of_the_version_that_ardour_has(path: Path) -> None:
    lua = lupa.lua53.LuaRuntime()
    assert lua.eval("function(text) return load(text) ~= nil end")(path.read_text(encoding="utf-8"))


def test_it_is_of_this_version_and_speaks_this_protocol() -> None:
    core = (FOLDER / "hitpoint_core.lua").read_text(encoding="utf-8")
    assert f'core.VERSION = "{__version__}"\n' in core
    assert f"core.PROTOCOL = {PROTOCOL}\n" in core


def test_json_is_the_same_in_every_host() -> None:
    assert (FOLDER / "hitpoint_json.lua").read_bytes() == (FOLDER.parent / "reaper" / "hitpoint_json.lua").read_bytes()
