"""AbletonOSC in a Live, in virtual time: looks every 100 ms, locators in the order they were made.

Written after its source as HOSTS.md 2.3 has it; it answers on port 11001 and nowhere else. What it is asked it answers
in its next look, from what Live says then: the playhead as the last audio buffer left it, in floats of 32 bits.
"""

from collections import deque
from collections.abc import Callable, Sequence
from struct import pack, unpack

TICK = 0.1
BUFFER = 0.012
"""Seconds of audio that Live makes at a time: 512 samples at 44,100 Hz."""
Answer = Callable[[str, tuple[object, ...], float, int], None]


class FakeAbletonOsc:
    """`answer(address, arguments, at, port)` gets what it sends."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.now = 0.0
        self.quarter = 0.0
        self.values: dict[str, float | bool] = {
            "tempo": 120.0,
            "is_playing": False,
            "signature_numerator": 4,
            "signature_denominator": 4,
            "loop": False,
            "loop_start": 0.0,
            "loop_length": 4.0,
        }
        self.cue_points: list[list[object]] = []
        self.is_running = True
        self._queue: deque[tuple[str, tuple[object, ...]]] = deque()
        self._listened: set[str] = set()
        self._told: dict[str, object] = {}
        self._buffered = (0.0, 0.0)
        """Second and quarter of the last audio buffer."""
        self._tick_at = TICK

    def receive(self, address: str, arguments: Sequence[object] = ()) -> None:
        """A packet on port 11000."""
        if self.is_running:
            self._queue.append((address, tuple(arguments)))

    def restart(self) -> None:
        """The script is chosen anew: all that it listened to is forgotten."""
        self.is_running = True
        self._listened.clear()
        self._send("/live/startup")

    def advance(self, seconds: float, step: float = 0.001) -> None:
        for _ in range(round(seconds / step)):
            self.now += step
            if self.values["is_playing"]:
                self.quarter += float(self.values["tempo"]) / 60 * step
            if self.now >= self._buffered[0] + BUFFER or not self.values["is_playing"]:
                self._buffered = (self.now, self.quarter)
            if self.now >= self._tick_at:
                self._tick_at += TICK
                if self.is_running:
                    self._tick()

    def _tick(self) -> None:
        while self._queue:
            address, _ = self._queue.popleft()
            start, _, name = address.rpartition("/")
            if start == "/live/song/start_listen":
                self._listened.add(name)
                self._told.pop(name, None)
            elif address == "/live/song/get/cue_points":
                self._send(address, *(value for cue in self.cue_points for value in cue))
            elif address == "/live/song/get/current_song_time":
                (carried,) = unpack("f", pack("f", self._buffered[1]))
                self._send(address, carried)
            elif start == "/live/song/get" and name in self.values:
                self._send(address, self.values[name])
            else:
                self._send("/live/error", f"Unknown OSC address: {address}")
        for name in self._listened & self.values.keys():
            if self._told.get(name) != self.values[name]:
                self._told[name] = self.values[name]
                self._send(f"/live/song/get/{name}", self.values[name])

    def _send(self, address: str, *arguments: object) -> None:
        self._answer(address, arguments, self.now, 11001)
