"""What holds for all tests: nothing of this machine's settings leaks in, and a busy machine fails no law."""

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

FIRST_SEED = 10_000
"""Scripts before this one are the quick suite's."""

# Laws are about values. How long examples took, and to make them, says only how busy the machine was. CI tries the same
# examples each time, so that it judges the change and not its luck; at a desk they are new ones, and what they find is
# mended.
settings.register_profile(
    "hitpoint", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("hitpoint")

# Who is started in the background of a shell without job control ignores Ctrl-C, and so would all that is started here.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--many", type=int, default=1, metavar="N", help="play N times as many random scripts")
    parser.addoption(
        "--slow-machine", type=int, default=1, metavar="N",
        help="the page runs N times slower in its browser, and what it asks is answered late",
    )  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of `seeds` runs once for each block of them, so that all cores have some."""
    if "seeds" in metafunc.fixturenames:
        count, block = metafunc.definition.get_closest_marker("seeds").args
        end = FIRST_SEED + count * metafunc.config.getoption("many")
        blocks = [range(first, min(first + block, end)) for first in range(FIRST_SEED, end, block)]
        metafunc.parametrize("seeds", blocks, ids=[f"{seeds.start}-{seeds.stop - 1}" for seeds in blocks])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[Any]:
    """Nothing is collected while a failure is put into words: what the test left behind could complain of its end in
    the midst of `ast.parse`, the complaint is put into words by another `ast.parse`, and Python 3.11 says of that
    "AST constructor recursion depth mismatch", which ends the whole run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run as a person who has never configured anything; processes that tests start inherit this."""
    home: Path = tmp_path_factory.mktemp("settings")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(home))
        patch.setenv("XDG_STATE_HOME", str(home))
        patch.setenv("APPDATA", str(home))
        patch.setenv("LOCALAPPDATA", str(home))
        # A Hitpoint that the developer runs meanwhile holds its lock elsewhere.
        patch.setenv("XDG_RUNTIME_DIR", str(home))
        for name in [name for name in os.environ if name.startswith("HITPOINT_")]:
            patch.delenv(name)
        yield
