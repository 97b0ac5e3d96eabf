"""How much of the loop's time those who send packets may have. Pure: seconds in, answers out.

Two shares, because a flood has two victims. What one sender may have is less than what all have together, so that
another is still heard; and all together leave the rest to planning. Time and not packets is counted, because one that
asks for the whole status costs as much as twenty that move a fader.
"""

from collections import OrderedDict

SENDER_SHARE = 0.1
"""Of the time, for one sender: some ten faders at once, at the hundred values a second that surfaces send of each."""
SENDER_BURST_SECONDS = 0.1
"""Time that it may take at once: a surface that tells all it has."""
SHARE = 0.25
"""Of the time, for all of them, with what it takes to receive a packet and leave it unread."""
BURST_SECONDS = 0.01
MOST_SENDERS = 256
"""Senders that are told apart; of more, who has been silent longest begins anew."""

Sender = tuple[str, int]
"""Address and port of who sent a packet."""


class PacketBudget:
    """`now` is a second of any clock that never runs back."""

    def __init__(self) -> None:
        self._senders: OrderedDict[Sender, _Debt] = OrderedDict()
        self._all = _Debt(SHARE)

    def admits(self, sender: Sender, now: float) -> bool:
        """True when what `sender` sent may be read; False when it has had more than its share."""
        debt = self._senders.get(sender)
        return debt is None or debt.owed(now) <= SENDER_BURST_SECONDS

    def charge(self, sender: Sender, seconds: float, now: float) -> None:
        """What was read of `sender` took `seconds`, until `now`."""
        debt = self._senders.pop(sender, None) or _Debt(SENDER_SHARE)
        debt.add(seconds, now)
        self._senders[sender] = debt
        if len(self._senders) > MOST_SENDERS:
            self._senders.popitem(last=False)

    def rest(self, seconds: float, now: float) -> float:
        """Seconds to wait before the next packet, after one took `seconds` until `now`; 0 for none."""
        self._all.add(seconds, now)
        owed = self._all.owed(now)
        return owed / SHARE if owed > BURST_SECONDS else 0.0


class _Debt:
    """Time that was taken and is not yet made up for."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._owed = 0.0
        self._at = 0.0

    def owed(self, now: float) -> float:
        return max(0.0, self._owed - (now - self._at) * self._share)

    def add(self, seconds: float, now: float) -> None:
        self._owed, self._at = self.owed(now) + seconds, now
