"""Ableton Live through AbletonOSC, for those who run it already. Pure: messages in, messages and a timeline out.

It is less exact than our own script: Live is looked at every 100 ms, the playhead and the locators must be asked for,
and the tempo and metre are those at the playhead. Source: AbletonOSC, abletonosc/song.py, 2025-11.

It tells beats by itself, but whole ones, at the first look after each: at 120 bpm a quarter lasts five looks, so that
all of them are late by the same, which nobody can tell. The playhead that it is asked for is that of the look.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.host_snapshot import tick_of
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

ABLETON_OSC_PORT = 11000
"""It listens here. Source: abletonosc/constants.py."""
REPLY_PORT = 11001
"""It answers here, whoever asked from wherever. Source: abletonosc/constants.py."""
POLL_SECONDS = 1.0
"""Between two questions for the locators, which it does not tell by itself. Our choice."""
GONE_SECONDS = 3.0
"""After so long without a word it is gone, and is asked for everything anew. Our choice."""
PLACE_SECONDS = 0.1
"""Between two questions for the playhead: as often as it looks. Each is a datagram of 40 bytes. Our choice."""
MOST_KEPT = 1000
"""Positions that wait to be taken; of more, the oldest are forgotten."""

_SONG = "/live/song/get/"
_LISTENED = (
    "tempo",
    "is_playing",
    "signature_numerator",
    "signature_denominator",
    "loop",
    "loop_start",
    "loop_length",
)
_NUMBERS = frozenset(_LISTENED) - {"is_playing"}

Message = tuple[str, tuple[object, ...]]
"""An OSC address and its arguments."""


@dataclass(frozen=True, slots=True)
class OscPosition:
    """Where Live was, as well as it can be told."""

    quarter: float
    bpm: float
    """Quarter notes a minute."""
    rolling: bool
    at: float
    """Second of our clock when it was there."""


class AbletonOsc:
    """What AbletonOSC says, put together. `at` and `now` are seconds of one clock that never runs back."""

    def __init__(self, frame_rate: FrameRate) -> None:
        """frame_rate: of the picture; Live has none."""
        self._rate = frame_rate
        self._heard_at: float | None = None
        self._asked_at = float("-inf")
        self._listens = False
        self._placed_at = float("-inf")
        """When the playhead was asked for."""
        self._said: dict[str, float] = {}
        self._markers: tuple[Marker, ...] | None = None
        self._rolling = False
        self._positions: deque[OscPosition] = deque(maxlen=MOST_KEPT)

    def messages(self, now: float) -> Iterator[Message]:
        """What is to be sent now. Ask often; most times it is nothing."""
        is_time = now - self._asked_at >= POLL_SECONDS
        if self.is_there(now) and (not self._listens or (is_time and self._missing)):
            self._listens = True
            yield from ((f"/live/song/start_listen/{name}", ()) for name in _LISTENED)
        if is_time:
            self._asked_at = now
            yield f"{_SONG}cue_points", ()
        rolls = self._rolling and self.is_there(now)
        if now - self._placed_at >= (PLACE_SECONDS if rolls else POLL_SECONDS):
            self._placed_at = now
            yield f"{_SONG}current_song_time", ()

    def heard(self, address: str, arguments: Sequence[object], at: float) -> None:
        """Take in one message. What is not about the song is passed over. Raises HostError for what makes no sense."""
        if address == "/live/startup" or not self.is_there(at):
            # It has started anew, and listens to nothing for us.
            self._listens, self._asked_at = False, float("-inf")
        if address == "/live/startup":
            self._heard_at = at
        if not address.startswith(_SONG):
            return
        name = address[len(_SONG) :]
        if name == "cue_points":
            self._markers = tuple(_markers(arguments))
        elif name in _NUMBERS:
            self._take_number(name, _number(name, arguments))
        elif name == "is_playing":
            self._take_playing(bool(_number(name, arguments)))
        elif name == "current_song_time":
            self._positions.append(OscPosition(_number(name, arguments), self._bpm, self._rolling, at))
        self._heard_at = at

    def is_there(self, now: float) -> bool:
        """True while it answers."""
        return self._heard_at is not None and now - self._heard_at < GONE_SECONDS

    @property
    def timeline(self) -> Timeline | None:
        """The set, once all of it was told. Raises HostError when it cannot be followed."""
        if self._markers is None or self._missing:
            return None
        try:
            meter = Meter(int(self._said["signature_numerator"]), int(self._said["signature_denominator"]))
            tempo_map = TempoMap((TempoPoint(0, self._bpm),))
            return Timeline(tempo_map, MeterMap((MeterChange(0, meter),)), self._markers, (), self._rate)
        except HitpointError as error:
            raise HostError(f"Ableton Live's set cannot be followed: {error}") from error

    @property
    def loop(self) -> Loop | None:
        """The arrangement loop; None where it is off, or was not told."""
        start, length = self._said.get("loop_start"), self._said.get("loop_length")
        if not self._said.get("loop") or start is None or length is None:
            return None
        first, end = max(0, tick_of(start)), tick_of(start + length)
        return Loop(first, end) if end > first else None

    def positions(self) -> Iterator[OscPosition]:
        """Where Live was, each told once."""
        while self._positions:
            yield self._positions.popleft()

    @property
    def _missing(self) -> bool:
        return not self._said.keys() >= {"tempo", "signature_numerator", "signature_denominator"}

    @property
    def _bpm(self) -> float:
        return self._said.get("tempo", 120.0)

    def _take_number(self, name: str, value: float) -> None:
        if name == "tempo" and value <= 0:
            raise HostError(f"AbletonOSC sent a tempo of {value:g}.")
        self._said[name] = value

    def _take_playing(self, rolling: bool) -> None:
        if rolling != self._rolling:
            # Where it began, or where it stands now, is wanted at once.
            self._placed_at = float("-inf")
        self._rolling = rolling


def _number(name: str, arguments: Sequence[object]) -> float:
    value = arguments[0] if arguments else None
    if not isinstance(value, int | float) or not isfinite(value):
        raise HostError(f"AbletonOSC sent {str(value)[:40]!r} for {name}, where a number is meant.")
    return float(value)


def _markers(arguments: Sequence[object]) -> Iterator[Marker]:
    """Of name, time, name, time and so on, in the order in which they were made."""
    if len(arguments) % 2:
        raise HostError("AbletonOSC sent a locator without its time.")
    for name, time in zip(arguments[::2], arguments[1::2], strict=True):
        if not isinstance(name, str):
            raise HostError(f"AbletonOSC sent {str(name)[:40]!r} for the name of a locator.")
        yield Marker(tick_of(_number("the time of a locator", (time,))), name)
