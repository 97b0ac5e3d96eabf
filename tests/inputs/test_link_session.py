"""Link's library is loaded by who asks for it, and its clock is told in the daemon's seconds."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from hitpoint.errors import PortError
from hitpoint.inputs import link_session
from hitpoint.inputs.link_session import AbletonLink, load_library, open_link
from hitpoint.scheduler.clock import ClockFit

AHEAD = 1234.5
"""Seconds by which the library's clock is ahead of ours."""


class State:
    """The library's session state: 120 bpm, beat 0 at second AHEAD of its clock."""

    def __init__(self, said: list[tuple[Any, ...]]) -> None:
        self._said = said

    def beatAtTime(self, micros: int, quantum: float) -> float:
        assert quantum == 4.0
        return (micros / 1e6 - AHEAD) * 2.0

    def tempo(self) -> float:
        return 120.0

    def isPlaying(self) -> bool:
        return True

    def timeForIsPlaying(self) -> int:
        return round((AHEAD + 3.0) * 1e6)

    def setTempo(self, bpm: float, micros: int) -> None:
        self._said.append(("tempo", bpm, micros))

    def setIsPlaying(self, playing: bool, micros: int) -> None:
        self._said.append(("play", playing, micros))

    def forceBeatAtTime(self, beat: float, micros: int, quantum: float) -> None:
        self._said.append(("force", beat, micros, quantum))


class Library:
    """As much of `link.Link` as is used."""

    def __init__(self) -> None:
        self.now = 10.0
        self.said: list[tuple[Any, ...]] = []
        self.enabled = self.startStopSyncEnabled = False

    def clock(self) -> SimpleNamespace:
        return SimpleNamespace(micros=lambda: round((self.now + AHEAD) * 1e6))

    def captureAppSessionState(self) -> State:
        return State(self.said)

    def commitAppSessionState(self, state: State) -> None:
        assert isinstance(state, State)
        self.said.append(("commit",))

    def numPeers(self) -> int:
        return 2


@pytest.fixture
def library() -> Library:
    return Library()


def test_a_moment_is_told_in_the_daemons_seconds(library: Library) -> None:
    link = AbletonLink(library, ClockFit(), lambda: library.now)
    library.now += 1.0
    moment = link.capture(4.0)
    assert (moment.at, moment.beat) == pytest.approx((11.0, 22.0))
    assert (moment.bpm, moment.playing, moment.peers) == (120.0, True, 2)
    assert moment.playing_at == pytest.approx(3.0)
    assert library.startStopSyncEnabled


def test_what_we_say_is_said_at_the_second_that_is_meant(library: Library) -> None:
    link = AbletonLink(library, ClockFit(), lambda: library.now)
    micros = round((AHEAD + 12.0) * 1e6)
    link.set_tempo(97.5, 12.0)
    link.set_playing(True, 12.0)
    link.force_beat(1.5, 12.0, 3.0)
    expected = [("tempo", 97.5, micros), ("play", True, micros), ("force", 1.5, micros, 3.0)]
    assert [one for one in library.said if one != ("commit",)] == expected
    assert len(library.said) == 6


def test_it_leaves_when_it_is_closed(library: Library) -> None:
    link = AbletonLink(library, ClockFit(), lambda: library.now)
    assert library.enabled
    link.close()
    assert not library.enabled


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_session, "find_spec", lambda _: None)
    with pytest.raises(PortError, match=r"pip install 'hitpoint\[link\]'"):
        open_link(120.0, ClockFit())


def test_another_module_of_that_name_is_told_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_session, "find_spec", lambda _: True)
    monkeypatch.setitem(sys.modules, "link", SimpleNamespace())  # type: ignore[arg-type]
    with pytest.raises(PortError, match="not that of LinkPython-extern"):
        load_library()


def test_nobody_loads_it_who_does_not_ask_for_it() -> None:
    program = "import sys, hitpoint.engine.play, hitpoint.cli.main; print('link' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
