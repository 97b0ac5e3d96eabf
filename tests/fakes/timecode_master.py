"""A machine that sends MIDI time code, on paper: what it sends, and when it is heard. Nothing here takes time.

    master = TimecodeMaster("25", jitter=0.001)
    master.play(8.0)
    master.stop(1.0)
    master.locate(120.0)
    for message in master.messages(): ...

Its own position is known at every second, so that a follower's can be held against it.
"""

from collections.abc import Iterator
from math import ceil, inf
from random import Random

from hitpoint.score.midi_message import HeardMessage
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

INPUT = "Hitpoint in"
CODES = {"23.976": 0, "24": 0, "25": 1, "29.97df": 2, "29.97": 3, "30": 3}
"""By rate: what is sent for it."""


def label_bytes(frame: int, rate: FrameRate) -> tuple[int, int, int, int]:
    """Hours with the rate's code, minutes, seconds, frames."""
    hours, minutes, seconds, frames = (int(word) for word in label_at(frame, rate).replace(";", ":").split(":"))
    return hours | CODES[rate.name] << 5, minutes, seconds, frames


def pieces_of(frame: int, rate: FrameRate) -> Iterator[bytes]:
    """The eight quarter frames of a label."""
    hours, minutes, seconds, frames = label_bytes(frame, rate)
    for place, value in enumerate((frames, seconds, minutes, hours)):
        yield bytes((0xF1, 2 * place << 4 | value & 15))
        yield bytes((0xF1, 2 * place + 1 << 4 | value >> 4))


def full_frame_of(frame: int, rate: FrameRate) -> bytes:
    """The same at once."""
    return bytes((0xF0, 0x7F, 0x7F, 1, 1, *label_bytes(frame, rate), 0xF7))


class TimecodeMaster:
    """Time passes in `play`, `stop` and `silent` only. Stamps are off by jitter, but in order; some do not come."""

    def __init__(
        self,
        rate: str = "24",
        jitter: float = 0.0,
        seed: int = 0,
        lost: float = 0.0,
        swapped: float = 0.0,
        speed: float = 1.0,
        start: str = "01:00:00:00",
    ) -> None:
        """lost, swapped: how many of all quarter frames. speed: of its clock, against ours. start: the project's."""
        self.rate = FrameRate.named(rate)
        self.now = 0.0
        self.seconds = 0.0
        """Where it is on the project's timeline."""
        self._start = frame_at(start, self.rate)
        self._jitter, self._lost, self._swapped, self._speed = jitter, lost, swapped, speed
        self._random = Random(seed)
        self._heard: list[HeardMessage] = []
        self.rolls: list[tuple[float, float, float]] = []
        """Begun at, ended at, and where it began."""

    def play(self, seconds: float, heard: bool = True) -> None:
        """Roll for so long."""
        quarter = 1.0 / (4.0 * float(self.rate.frames_per_second))
        begun_at, begun = self.now, self.seconds
        self.now += seconds
        self.seconds += seconds * self._speed
        self.rolls.append((begun_at, self.now, begun))
        if heard:
            numbers = range(ceil(begun / quarter - 1e-9), ceil(self.seconds / quarter - 1e-9))
            self._say([(begun_at + (number * quarter - begun) / self._speed, number) for number in numbers])

    def stop(self, seconds: float) -> None:
        """Stand for so long. Nothing is sent."""
        self.now += seconds

    def locate(self, seconds: float, full: bool = True) -> None:
        """Go elsewhere: to the frame nearest to there."""
        frame = round(self.rate.frames_in(seconds))
        self.seconds = frame / float(self.rate.frames_per_second)
        if full:
            self._heard.append(HeardMessage(self.now, INPUT, full_frame_of(self._start + frame, self.rate)))

    def machine(self, *command: int) -> None:
        """Send a machine control command."""
        self._heard.append(HeardMessage(self.now, INPUT, bytes((0xF0, 0x7F, 0x7F, 6, *command, 0xF7))))

    def messages(self) -> list[HeardMessage]:
        """All so far, in order."""
        return list(self._heard)

    def seconds_at(self, at: float) -> float | None:
        """Where it was at a second; None when it stood."""
        for begun_at, ended_at, begun in self.rolls:
            if begun_at <= at < ended_at:
                return begun + (at - begun_at) * self._speed
        return None

    def second_of(self, seconds: float, near: float) -> float:
        """When it was there, the time nearest to `near`; infinite when it never was."""
        times = [
            at
            for begun_at, ended_at, begun in self.rolls
            if begun_at - 0.01 <= (at := begun_at + (seconds - begun) / self._speed) <= ended_at + 0.01
        ]
        return min(times, key=lambda at: abs(at - near), default=inf)

    def _say(self, quarters: list[tuple[float, int]]) -> None:
        random = self._random
        pieces = [(at, self._piece(number)) for at, number in quarters if random.random() >= self._lost]
        stamps = sorted(at + random.gauss(0.0, self._jitter) for at, _ in pieces)
        data = [piece for _, piece in pieces]
        for place in range(len(data) - 1):
            if random.random() < self._swapped:
                data[place], data[place + 1] = data[place + 1], data[place]
        floor = self._heard[-1].at if self._heard else 0.0
        stamped = zip(stamps, data, strict=True)
        self._heard += [HeardMessage(min(max(floor, at), self.now), INPUT, piece) for at, piece in stamped]

    def _piece(self, number: int) -> bytes:
        # A label is sent from an even frame on, and takes two frames.
        label, piece = divmod(4 * self._start + number, 8)
        return list(pieces_of(2 * label, self.rate))[piece]
