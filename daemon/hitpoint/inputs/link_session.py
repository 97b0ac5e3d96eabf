"""An Ableton Link session as play sees it, and the one library behind it, which is loaded when somebody asks for Link.

Link shares tempo, beat phase modulo a quantum, and start and stop; it knows no song position, metre or marker. Source:
Ableton, Link documentation, and Link.hpp. The library has a clock of its own (on Linux CLOCK_MONOTONIC_RAW), so that a
fit of the two is kept here: everybody else hears seconds of the daemon's clock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from time import monotonic
from typing import Any, Protocol

from hitpoint.errors import PortError

LICENCE = "GPL-2.0-or-later"
"""Of Ableton Link, which the library contains. Source: LICENSE.md of Ableton/link and of LinkPython-extern 1.3.0."""
LIBRARY = "LinkPython-extern"
"""Its name where packages are installed from."""
FIT_SECONDS = 0.25
"""How often the two clocks are read against each other. Our choice, as for JACK's."""
_READINGS = 3
"""Of so many the one that took least time counts: between two looks at a clock we may be put to sleep."""
_MICROSECONDS = 1e6


@dataclass(frozen=True, slots=True)
class LinkMoment:
    """What the session was at one moment. Its tempo is steady, so that this is a straight line."""

    at: float
    """Second of the daemon's clock."""
    beat: float
    """Quarters at `at`: the phase modulo the quantum that was asked for is everybody's, the rest our own."""
    bpm: float
    """Quarters a minute, 20 to 999."""
    playing: bool
    """The start and stop that those share who want to."""
    playing_at: float
    """Second of the daemon's clock at which that began or begins."""
    peers: int
    """How many others are there."""


class LinkSession(Protocol):
    """One peer of a session: ourselves. Nothing blocks. Process: play; one thread at a time."""

    def capture(self, quantum: float) -> LinkMoment:
        """What it is now. quantum: quarters, above 0."""

    def set_tempo(self, bpm: float, at: float) -> None:
        """Propose another tempo, which all follow, from second `at` of the daemon's clock on."""

    def set_playing(self, playing: bool, at: float) -> None:
        """Start or stop those who share that, at second `at`."""

    def force_beat(self, beat: float, at: float, quantum: float) -> None:
        """Have that beat at second `at`, modulo the quantum, whoever has another there: they jump."""

    def close(self) -> None:
        """Leave."""


class Fit(Protocol):
    """Another clock in the daemon's seconds, and back."""

    def add(self, here: float, there: float) -> None:
        """Take in a reading of both."""

    def there_at(self, here: float) -> float:
        """The other clock's second."""

    def here_at(self, there: float) -> float:
        """The daemon's second."""


def open_link(bpm: float, fit: Fit) -> "AbletonLink":
    """Join the session of this network, or begin one. bpm: where nobody else has one. Raises PortError without it."""
    return AbletonLink(load_library().Link(bpm), fit)


def load_library() -> Any:
    """The library. Raises PortError where the extra is not installed, or does not load."""
    if find_spec("link") is None:
        raise PortError(f"Ableton Link needs the extra: pip install 'hitpoint[link]' ({LIBRARY}, {LICENCE}).")
    try:
        # Imported here: it is another licence's, for who asks for it.
        import link
    except (ImportError, OSError) as error:
        raise PortError(
            f"{LIBRARY} cannot be loaded: {error}. Install it again: pip install 'hitpoint[link]'."
        ) from error
    if not hasattr(link, "Link"):
        raise PortError(f"the module `link` here is not that of {LIBRARY}. Run: pip install 'hitpoint[link]'.")
    return link


class AbletonLink:
    """The real one. The library's own threads speak with the network; calls take microseconds."""

    def __init__(self, link: Any, fit: Fit, now: Callable[[], float] = monotonic) -> None:
        self._link, self._fit, self._now = link, fit, now
        self._clock = link.clock()
        self._fit_at = float("-inf")
        self._keep_fit()
        link.startStopSyncEnabled = True
        link.enabled = True

    def capture(self, quantum: float) -> LinkMoment:
        """What it is now. quantum: quarters, above 0."""
        self._keep_fit()
        state, micros = self._link.captureAppSessionState(), self._clock.micros()
        return LinkMoment(
            self._here(micros),
            state.beatAtTime(micros, quantum),
            state.tempo(),
            state.isPlaying(),
            self._here(state.timeForIsPlaying()),
            self._link.numPeers(),
        )

    def set_tempo(self, bpm: float, at: float) -> None:
        """Propose another tempo, which all follow, from second `at` of the daemon's clock on."""
        state = self._link.captureAppSessionState()
        state.setTempo(bpm, self._micros(at))
        self._link.commitAppSessionState(state)

    def set_playing(self, playing: bool, at: float) -> None:
        """Start or stop those who share that, at second `at`."""
        state = self._link.captureAppSessionState()
        state.setIsPlaying(playing, self._micros(at))
        self._link.commitAppSessionState(state)

    def force_beat(self, beat: float, at: float, quantum: float) -> None:
        """Have that beat at second `at`, modulo the quantum, whoever has another there: they jump."""
        state = self._link.captureAppSessionState()
        state.forceBeatAtTime(beat, self._micros(at), quantum)
        self._link.commitAppSessionState(state)

    def close(self) -> None:
        """Leave."""
        self._link.enabled = False

    def _micros(self, at: float) -> int:
        return round(self._fit.there_at(at) * _MICROSECONDS)

    def _here(self, micros: int) -> float:
        return self._fit.here_at(micros / _MICROSECONDS)

    def _keep_fit(self) -> None:
        if self._now() < self._fit_at:
            return
        readings = []
        for _ in range(_READINGS):
            before, micros, after = self._now(), self._clock.micros(), self._now()
            readings.append((after - before, (before + after) / 2.0, micros / _MICROSECONDS))
        _, here, there = min(readings)
        self._fit.add(here, there)
        self._fit_at = here + FIT_SECONDS
