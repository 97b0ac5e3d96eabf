"""Where REAPER is and whether it rolls, by its control surface: positions, states, and what cannot be right in them."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

STATES = {"/play": True, "/stop": False, "/pause": False}
"""What 1 says of whether it rolls. 0 says the opposite, but for /pause, where it says nothing: while REAPER is paused,
/stop is 1 and /play 0. Source: REAPER SDK, csurf_osc.cpp, SetPlayState."""
CREEPING_REPORTS = 4
"""So many positions that move on at the pace of time say that it rolls, though it was not heard to start. Our
choice."""
CREEPING_SPEEDS = 0.5, 1.5
"""Seconds of the project in a second of the clock that are the pace of time: positions come unevenly. Our choice."""
PLACE_SECONDS = 2.0
"""A REAPER that has told all but the place for so long stands at 0: any other place is told. Source: REAPER SDK,
csurf_osc.cpp, CSURF_EXT_RESET; how long is our choice."""
UNTOLD_PLACES = 2
"""So often in a row, for the place may have been lost. Our choice."""
MOST_KEPT = 1000
"""Positions that wait to be taken; of more, the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class ReaperPosition:
    """Where REAPER said that it was. It was there when it sent this: at `at` it had gone as far, or farther."""

    seconds: float
    """From the project's start, as a float32."""
    at: float
    """Second of our clock when it came."""
    rolling: bool
    """False while it is paused, too."""


class ReaperTransport:
    """Takes in what a surface says. `at` is a second of one clock."""

    def __init__(self) -> None:
        self.is_in_doubt = False
        """Something that was told before must have been lost. The owner asks again, and takes it back."""
        self.was_reset = False
        """REAPER tells what it has told: it has loaded a project, started anew, or was asked to. The owner takes it
        back."""
        self._rolling = False
        self._said: dict[str, bool] = {}
        """What was told last of each state."""
        self._seconds: float | None = None
        self._came_at = -inf
        self._creeps = 0
        self._place_due = inf
        """Second by which the place is told, or is 0."""
        self._untold = 0
        self._positions: deque[ReaperPosition] = deque(maxlen=MOST_KEPT)

    def take_time(self, seconds: float, at: float) -> None:
        """It is there."""
        if not self._rolling and self._seconds is not None:
            passed, went = at - self._came_at, seconds - self._seconds
            slowest, fastest = CREEPING_SPEEDS
            self._creeps = self._creeps + 1 if 0 < slowest * passed <= went <= fastest * passed else 0
            if self._creeps >= CREEPING_REPORTS:
                self._creeps, self.is_in_doubt = 0, True
        self._seconds, self._came_at = seconds, at
        self._place_due, self._untold = inf, 0
        self._positions.append(ReaperPosition(seconds, at, self._rolling))

    def take_state(self, address: str, is_on: bool, at: float) -> None:
        """One of STATES is on, or off."""
        # A value is never told twice, unless all are told anew.
        before = self._said.get(address)
        self.was_reset |= before is is_on
        if before is None or before is is_on:
            self._place_due = at + PLACE_SECONDS
        self._said[address] = is_on
        if address == "/pause" and not is_on:
            return
        rolling = is_on is STATES[address]
        if self._rolling and not rolling and self._seconds is not None:
            # At once, so that the music stops. A start waits for the next position: the last may be from elsewhere.
            self._positions.append(ReaperPosition(self._seconds, at, False))
        self._rolling, self._creeps = rolling, 0

    def look(self, now: float) -> None:
        """Nothing more was heard until now."""
        if now < self._place_due:
            return
        self._place_due = inf
        if self._rolling or self._seconds == 0.0:
            return
        self._untold += 1
        if self._untold < UNTOLD_PLACES:
            self.is_in_doubt = True
        else:
            self._seconds, self._untold = 0.0, 0
            self._positions.append(ReaperPosition(0.0, now, False))

    def positions(self) -> Iterator[ReaperPosition]:
        """Where it was, each told once."""
        while self._positions:
            yield self._positions.popleft()
