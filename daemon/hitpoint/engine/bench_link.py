"""How near a real play process keeps to a real Ableton Link session with one peer, a process of its own.

    python -m hitpoint.engine.bench_link

Needs the extra `link`, and a network that carries multicast (loopback does on Linux). Takes about a minute. Errors are
milliseconds between where play says it is and where the peer's own library says the beat is.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from multiprocessing import get_context
from os import kill
from select import select
from signal import SIGCONT, SIGSTOP
from time import monotonic, sleep
from typing import Any

from hitpoint.engine.bench_clock import spread
from hitpoint.engine.link_line import nearest
from hitpoint.engine.play import play_main
from hitpoint.engine.play_settings import PlaySettings
from hitpoint.errors import HostError
from hitpoint.inputs.link_session import open_link
from hitpoint.scheduler.clock import ClockFit
from hitpoint.scheduler.performance import ClockHeard, MeterChange, Shutdown, TempoChange
from hitpoint.timeline.host_event import Followed, Started, Stopped
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.units import TICKS_PER_QUARTER

OURS = (sys.executable, "-m", "hitpoint.engine.bench_link", "peer")
"""A peer: it is told `tempo 120`, `play` and `stop`, and says what it sees: second, beat, bpm, 1 while it plays, and
how many peers it has, as one JSON array a line."""
SAY_SECONDS = 0.02
BPM, OTHER_BPM = 97.5, 117.0
QUANTUM = 4.0
BAND_MS = 1.0
JUMPS = 16
MEET_SECONDS = 10.0
"""Peers that have not found each other by then never will."""


class PeerMissing(HostError):
    """The two have not found each other: this network carries no multicast."""


@dataclass(slots=True)
class _Watch:
    """What both have said."""

    seen: list[tuple[float, float, float, int, int]] = field(default_factory=list)
    said: list[object] = field(default_factory=list)

    def off_ms(self, followed: Followed) -> float:
        """How far ahead of the peer it is, by what the peer saw nearest to then."""
        at, beat, bpm, *_ = min(self.seen, key=lambda seen: abs(seen[0] - followed.at))
        there = beat + (followed.at - at) * bpm / 60.0
        return 60_000.0 * nearest(followed.tick / TICKS_PER_QUARTER - there, QUANTUM) / bpm

    def errors(self, since: float) -> list[tuple[float, float]]:
        """Second, and milliseconds ahead."""
        told = [one for one in self.said if isinstance(one, Followed) and one.at >= since]
        return [(one.at, self.off_ms(one)) for one in told]

    def last(self, kind: type) -> Any:
        return next((one for one in reversed(self.said) if isinstance(one, kind)), None)


class _Pair:
    """A play process that follows Link, and a peer."""

    def __init__(self, peer: Sequence[str]) -> None:
        context = get_context("spawn")
        self._pipe, there = context.Pipe()
        settings = PlaySettings((), "null", follow_link=True)
        self._play = context.Process(target=play_main, args=(there, settings), daemon=True)
        self._play.start()
        there.close()
        self.peer = subprocess.Popen(peer, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.watch = _Watch()
        for message in (TempoChange(TempoMap.constant(120.0)), MeterChange(MeterMap())):
            self._pipe.send(message)

    def ask(self, words: str) -> float:
        """Tell the peer. Returns when."""
        assert self.peer.stdin is not None  # as it was opened with a pipe
        self.peer.stdin.write(f"{words}\n".encode())
        self.peer.stdin.flush()
        return monotonic()

    def listen(self, seconds: float, until: type | None = None, peers: int = -1) -> None:
        """Take in what both say, for so long or until play says something, or has so many peers."""
        deadline = monotonic() + seconds
        assert self.peer.stdout is not None  # as it was opened with a pipe
        ears: list[Any] = [self._pipe, self.peer.stdout]
        while monotonic() < deadline:
            ready, _, _ = select(ears, [], [], 0.05)
            if self.peer.stdout in ready and (line := self.peer.stdout.readline()):
                self.watch.seen.append(tuple(json.loads(line)))
            while self._pipe.poll():
                message = self._pipe.recv()
                self.watch.said.append(message)
                if until is not None and isinstance(message, until):
                    return
                if isinstance(message, ClockHeard) and message.peers == peers:
                    return

    def close(self) -> None:
        self.peer.kill()
        self.peer.communicate()
        self._pipe.send(Shutdown())
        self._play.join(MEET_SECONDS)


def measure_link(peer: Sequence[str] = OURS, jumps: int = JUMPS) -> dict[str, Any]:
    """All figures: milliseconds of error, seconds to settle. peer: the command line of one. jumps: of the tempo.
    Blocks: about half a minute, and a second for each jump.

    Raises PeerMissing when the two do not find each other.
    """
    pair = _Pair(peer)
    try:
        return _measured(pair, jumps)
    finally:
        pair.close()


def _measured(pair: _Pair, jumps: int) -> dict[str, Any]:
    watch, begun = pair.watch, monotonic()
    pair.ask(f"tempo {BPM}")
    pair.listen(MEET_SECONDS, peers=1)
    heard = watch.last(ClockHeard)
    if heard is None or not heard.peers:
        raise PeerMissing(f"no peer after {MEET_SECONDS:g} s. Does this network carry multicast to 224.76.78.75:20808?")
    found = monotonic() - begun
    pair.ask(f"tempo {BPM}")
    pair.listen(1.0)
    asked = pair.ask("play")
    pair.listen(5.0, until=Started)
    started = watch.last(Started)
    if started is None:
        raise HostError("the peer's start was not followed.")
    pair.listen(12.0)
    steady = watch.errors(started.at)
    worst, settled = [], []
    for number in range(jumps):
        changed = pair.ask(f"tempo {BPM if number % 2 else OTHER_BPM}")
        # Play is heard ten times a second: each time at another moment after the jump.
        pair.listen(1.0 + 0.013 * number)
        jumped = watch.errors(changed)
        worst.append(max(abs(off) for _, off in jumped))
        back = _settled(jumped, changed)
        settled.append(inf if back is None else back)
    silent = monotonic()
    kill(pair.peer.pid, SIGSTOP)
    pair.listen(2.0)
    kill(pair.peer.pid, SIGCONT)
    heard_again = monotonic()
    pair.listen(2.0)
    paused = watch.errors(silent)
    stop = pair.ask("stop")
    pair.listen(2.0, until=Stopped)
    stopped = watch.last(Stopped)
    pair.ask("play")
    pair.listen(5.0, until=Started)
    pair.listen(2.0)
    gone = monotonic()
    pair.peer.kill()
    pair.listen(8.0, peers=0)
    left = watch.errors(gone)
    return {
        "found_after_s": round(found, 2),
        "start_waits_s": round(started.at - asked, 3),
        "start_off_ms": round(watch.off_ms(Followed(0.0, started.at)), 3),
        "lock_s": _settled(steady, started.at),
        "error_ms": spread(abs(off) for at, off in steady if at >= started.at + 1.0),
        "tempo_jump_worst_ms": round(max(worst), 3),
        "tempo_jump_back_in_band_s": spread(settled),
        "silence_worst_ms": round(max(abs(off) for _, off in paused), 3),
        "after_silence_back_in_band_s": _settled(paused, heard_again),
        "stop_after_s": None if stopped is None else round(stopped.at - stop, 3),
        "peer_gone_worst_ms": round(max(abs(off) for _, off in left), 3),
        "peer_gone_told_after_s": round(monotonic() - gone, 1),
    }


def _settled(errors: list[tuple[float, float]], since: float) -> float | None:
    """Seconds from `since` to the first error from which on all are in the band; None when the last is not."""
    worse = [at for at, off in errors if abs(off) > BAND_MS and at >= since]
    later = [at for at, _ in errors if at > (worse[-1] if worse else since)]
    return round(later[0] - since, 3) if later else None


def be_peer() -> None:
    """The other one, until its input ends."""
    link = open_link(BPM, ClockFit())
    while True:
        if select([sys.stdin], [], [], 0)[0]:
            words = sys.stdin.readline().split()
            if not words:
                return
            if words[0] == "tempo":
                link.set_tempo(float(words[1]), monotonic())
            else:
                link.set_playing(words[0] == "play", monotonic())
        moment = link.capture(QUANTUM)
        print(json.dumps([moment.at, moment.beat, moment.bpm, int(moment.playing), moment.peers]), flush=True)
        sleep(SAY_SECONDS)


if __name__ == "__main__":
    if sys.argv[1:] == ["peer"]:
        be_peer()
    else:
        json.dump(measure_link(), sys.stdout, indent=2)
        print()
