"""An Ableton Link session on a virtual clock: what others do in it reaches us some time later."""

from bisect import bisect_right
from collections.abc import Callable
from math import floor
from typing import NamedTuple

from hitpoint.inputs.link_session import LinkMoment

OWN_QUANTA = 7
"""How many quanta our beats are from the others': only phases are shared."""


class Line(NamedTuple):
    """The session's timeline from one change on."""

    known_from: float
    at: float
    beat: float
    bpm: float

    def beat_at(self, at: float) -> float:
        return self.beat + (at - self.at) * self.bpm / 60.0


class Play(NamedTuple):
    known_from: float
    playing: bool
    at: float


class FakeLink:
    """A `LinkSession`. Others change it in the order of time. latency: seconds until we hear of what they do."""

    def __init__(self, bpm: float = 120.0, latency: float = 0.0, peers: int = 1, beat: float = 0.0) -> None:
        self.clock: Callable[[], float] = lambda: 0.0
        self.lines = [Line(0.0, 0.0, beat, bpm)]
        self.plays = [Play(-1.0, False, 0.0)]
        self.peers: list[tuple[float, int]] = [(0.0, peers)]
        self.said: list[tuple[str, float]] = []
        """What we did: tempo and its bpm, play and 1 or 0, force and the quarters that others jumped."""
        self._latency = latency
        self.closed = False

    # What others do and see

    def tempo(self, bpm: float, at: float) -> None:
        self.lines.append(Line(at + self._latency, at, self.beat_at(at), bpm))

    def shift(self, quarters: float, at: float) -> None:
        """Its phase is another, as when two sessions meet."""
        self.lines.append(Line(at + self._latency, at, self.beat_at(at) + quarters, self.lines[-1].bpm))

    def play(self, playing: bool, at: float) -> None:
        self.plays.append(Play(at + self._latency, playing, at))

    def have_peers(self, count: int, at: float) -> None:
        self.peers.append((at, count))

    def beat_at(self, at: float) -> float:
        return self._line_at(at).beat_at(at)

    def bpm_at(self, at: float) -> float:
        return self._line_at(at).bpm

    def seconds_off(self, quarters: float, at: float, quantum: float) -> float:
        """By how many seconds who is at `quarters` is late (early, when negative), modulo the quantum."""
        off = self.beat_at(at) - quarters
        return (off - quantum * floor(off / quantum + 0.5)) * 60.0 / self.bpm_at(at)

    def _line_at(self, at: float) -> Line:
        return self.lines[max(0, bisect_right([line.at for line in self.lines], at) - 1)]

    # LinkSession

    def capture(self, quantum: float) -> LinkMoment:
        now = self.clock()
        line = next(line for line in reversed(self.lines) if line.known_from <= now)
        play = next(play for play in reversed(self.plays) if play.known_from <= now)
        peers = next(count for at, count in reversed(self.peers) if at <= now)
        beat = line.beat_at(now) + OWN_QUANTA * quantum
        return LinkMoment(now, beat, line.bpm, play.playing, play.at, peers)

    def set_tempo(self, bpm: float, at: float) -> None:
        self.said.append(("tempo", bpm))
        # As the library keeps it.
        kept = 60e6 / round(60e6 / bpm)
        self.lines.append(Line(self.clock(), at, self.beat_at(at), kept))

    def set_playing(self, playing: bool, at: float) -> None:
        self.said.append(("play", float(playing)))
        self.plays.append(Play(self.clock(), playing, at))

    def force_beat(self, beat: float, at: float, quantum: float) -> None:
        off = beat - self.beat_at(at)
        off -= quantum * floor(off / quantum + 0.5)
        self.said.append(("force", off))
        self.lines.append(Line(self.clock(), at, self.beat_at(at) + off, self.lines[-1].bpm))

    def close(self) -> None:
        self.closed = True
