"""Which frame a JACK cycle begins at, when the server stumbles.

A server that was kept from running catches up: it runs two cycles at once, and both read the later one's frame time.
Believing it, time would jump ahead and back; so a jump is believed only when it lasts, or when the transport that we
follow made it too. Measured with jackd 1.9.21 under load.
"""

FRAME_COUNTER = 1 << 32
"""JACK's count wraps here; ours does not."""


class FrameCount:
    """Counts frames from cycle to cycle. first: JACK's count now."""

    def __init__(self, first: int) -> None:
        self.next = first
        """The frame at which the next cycle should begin."""
        self._deviation = 0
        self._shift: int | None = None

    def begin(self, told: int, frames: int, host: int | None) -> tuple[int, bool]:
        """The first frame of this cycle, and whether it came in turn.

        told: JACK's frame time. frames: length of the cycle. host: the rolling transport's frame; None when there is
        none to follow.
        """
        deviation = signed(told - self.next)
        start = self.next
        if deviation and self._jumped(deviation, host):
            start += deviation
        self._deviation = deviation if start == self.next else 0
        self._shift = None if host is None else start - host
        self.next = start + frames
        return start, deviation == 0

    def nearest(self, told: int) -> int:
        """A frame of JACK's counter, unwrapped."""
        return self.next + signed(told - self.next)

    def _jumped(self, deviation: int, host: int | None) -> bool:
        if host is None or self._shift is None:
            return deviation == self._deviation
        return self.next - host != self._shift


def signed(frames: int) -> int:
    """A difference of frame counts, across the wrap."""
    return (frames + FRAME_COUNTER // 2) % FRAME_COUNTER - FRAME_COUNTER // 2
