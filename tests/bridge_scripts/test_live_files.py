import ast

import pytest

import hitpoint
from fakes.live_app import LiveApp
from fakes.live_stage import FOLDER, load_script
from hitpoint.engine import bridge_socket
from hitpoint.hosts import pieces, protocol
from hitpoint.timeline.units import TICKS_PER_QUARTER

FILES = sorted(FOLDER.glob("*.py"))
OURS = {file.stem for file in FILES}
STANDARD = {"binascii", "collections", "contextlib", "hashlib", "json", "os", "socket", "time"}
"""Modules that Python 3.7 has, and Live's Python too."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_lives_oldest_python_understands_it(file) -> None:
    ast.parse(file.read_text(), feature_version=(3, 7))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_it_needs_nothing_that_live_has_not(file) -> None:
    imported = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {node.module} if node.module else {alias.name for alias in node.names}
            assert node.level == 0 or names <= OURS
            imported |= names if node.level == 0 else set()
    assert imported <= STANDARD | {"Live"}


def test_it_says_which_hitpoint_it_came_with() -> None:
    assert hitpoint.__version__ == load_script(LiveApp()).snapshot.BRIDGE_VERSION


def test_both_sides_keep_the_same_rules() -> None:
    script = load_script(LiveApp())
    assert script.pieces.PROTOCOL == script.snapshot.PROTOCOL == protocol.PROTOCOL
    for name in ("PIECE_CHARACTERS", "LARGEST_DATAGRAM", "MOST_PIECES", "MOST_NAMES", "AGAIN_SECONDS"):
        assert getattr(script.pieces, name) == getattr(pieces, name), name
    assert script.wire.HITPOINT_PORT == bridge_socket.HITPOINT_PORT
    assert script.wire.SCRIPT_PORT == bridge_socket.SCRIPT_PORT
    assert script.notes.TICKS == TICKS_PER_QUARTER
