"""REAPER through its OSC control surface alone. Pure: messages in, messages, positions and a timeline out.

It serves a REAPER without Hitpoint's scripts, and tells the position of every REAPER. What OSC alone cannot know: the
tempo map (only the tempo at the playhead is told, and taken for the whole project, so that markers lie right in seconds
while bar lines after a tempo change do not), the metre, which markers there are beyond a bank, and seconds finer than
float32 (0.24 ms an hour into the project). Positions come 15 times a second and up to 0.1 s late: a hint, not a clock.
Nothing is acknowledged; so REAPER is asked from time to time to tell everything again.
Source: REAPER SDK, csurf_osc.cpp. The surface's addresses are those of bridge_scripts/reaper/Hitpoint.ReaperOSC, which
REAPER's own default patterns share.
"""

import re
from collections.abc import Iterator, Sequence
from math import inf

from hitpoint.errors import HostError
from hitpoint.hosts.reaper_bank import BANK_SLOTS, SlotBank, Told
from hitpoint.hosts.reaper_transport import STATES, ReaperPosition, ReaperTransport
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM, TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

REAPER_OSC_PORT = 19794
"""It listens here. Source: Hitpoint.ReaperOSC."""
OUR_OSC_PORT = 19793
"""It sends here. Source: Hitpoint.ReaperOSC."""
REFRESH = "/action/41743"
"""REAPER's action "Control surface: refresh all surfaces": everything is told anew."""
SILENT_SECONDS = 5.0
"""A REAPER that says nothing for so long is asked. Our choice."""
ANSWER_SECONDS = 2.0
"""What is told so long after a question answers it: a bank takes 0.3 s, REAPER's own patterns more. Our choice."""
ASK_SECONDS = 1.0
"""Between two questions while it does not answer, or what it told makes no sense. Our choice."""
GONE_SECONDS = 9.0
"""After so long without a word, though asked four times, it is gone. Our choice."""
REFRESH_SECONDS = 20.0
"""What a lost datagram left wrong is righted after so long. Our choice: telling all holds positions up for 0.3 s."""
SETTLED_SECONDS = 0.15
"""Without a word about markers, they are what they are: datagrams of a bank come 10 ms apart. Our choice."""
MOST_DOUBTS = 3
"""So often a project that makes no sense is asked for again, and then taken as it is: people can give two markers one
number. Our choice."""
NO_MARKERS_SECONDS = 2.0
"""A surface that has told no slot for so long after being asked has none. Our choice."""
LONGEST_TEXT = 1024
"""Bytes of a message from REAPER. Source: csurf_osc.cpp, MAX_OSC_MSG_LEN."""
LARGEST_NUMBER = 1e6
"""Eleven days in seconds: no project is longer, and no tempo as fast."""
_SLOT = re.compile(r"/(marker|region)/([1-9][0-9]{0,5})/(name|number/str|time|length)")
_NUMBER = re.compile(r"[0-9]{0,10}")
_ONLY_DEFAULT = re.compile(r"/(time/str|samples|frames|click|tempo$|track/|master/|fx|lastregion/|anysolo|playrate)")
"""What only surfaces with REAPER's own patterns say, and Hitpoint's do not."""

Message = tuple[str, tuple[object, ...]]
"""An OSC address and its arguments. REAPER takes whole numbers, floats and texts; never a bool."""


class ReaperOsc:
    """What REAPER says, put together. `at` and `now` are seconds of one clock that never runs back."""

    def __init__(self, frame_rate: FrameRate, meter: Meter | None = None) -> None:
        """frame_rate: of the picture. meter: where it is known; 4/4 otherwise: OSC does not tell either."""
        self._rate = frame_rate
        self._meters = MeterMap((MeterChange(0, meter or Meter()),))
        self.wild = 0
        """Messages that made no sense and were passed over."""
        self._asked_at = -inf
        self._heard_at: float | None = None
        self._is_default = False
        self._wants_counts = False
        self._forget()

    def _forget(self) -> None:
        self._transport = ReaperTransport()
        self._markers, self._regions = SlotBank(has_length=False), SlotBank(has_length=True)
        self._bpm: float | None = None
        self._repeats = False
        self._loop_start: float | None = None
        self._loop_end: float | None = None
        self._stirred_at = -inf
        self._has_news = False
        """Something was told that the timeline does not have yet."""
        self._doubts = MOST_DOUBTS
        self._wants_all = False
        self._told: Timeline | None = None

    def messages(self, now: float) -> Iterator[Message]:
        """What is to be sent now. Ask often; most times it is nothing."""
        self._transport.look(now)
        if self._transport.is_in_doubt:
            self._transport.is_in_doubt, self._wants_all = False, True
        wants_refresh = self._wants_refresh(now)
        if self._is_default and (wants_refresh or self._wants_counts):
            # REAPER's own patterns have banks of none, and a REAPER that starts again has forgotten.
            self._wants_counts = False
            yield "/device/marker/count", (BANK_SLOTS,)
            yield "/device/region/count", (BANK_SLOTS,)
        if wants_refresh:
            self._asked_at = now
            self._doubts -= bool(self._doubts)
            self._wants_all = False
            yield REFRESH, ()

    def heard(self, address: str, arguments: Sequence[object], at: float) -> None:
        """Take in one message. What is about other things is passed over; what makes no sense is counted as wild."""
        if not self.is_there(at):
            # It was never heard, or has been away and may have another project.
            self._forget()
            self._wants_all = self._heard_at is not None or at - self._asked_at > ANSWER_SECONDS
        self._heard_at = at
        if not self._is_default and _ONLY_DEFAULT.match(address):
            self._is_default = self._wants_counts = True
        try:
            self._take(address, arguments, at)
        except HostError:
            self.wild += 1
        if self._transport.was_reset:
            self._transport.was_reset = False
            if at - self._asked_at > ANSWER_SECONDS:
                # Nobody asked: it is another project, or another REAPER, of which the beginning may be lost.
                self._wants_all = True

    def is_there(self, now: float) -> bool:
        """True while it is heard, or answers."""
        return self._heard_at is not None and now - self._heard_at < GONE_SECONDS

    def timeline(self, now: float) -> Timeline | None:
        """The project as it was when it last made sense and was at rest; None until then. The same value while nothing
        changes."""
        settled = now - self._stirred_at >= SETTLED_SECONDS
        if self._has_news and settled and self._bpm is not None and self._is_heard(now):
            if self._makes_sense or self._doubts == 0:
                self._has_news, self._doubts = False, MOST_DOUBTS
                made = self._made(self._bpm)
                self._told = self._told if made == self._told else made
            elif now - self._asked_at >= ASK_SECONDS:
                self._wants_all = True
        return self._told

    @property
    def loop(self) -> Loop | None:
        """The loop that it turns in; None where repeat is off, or something was not told."""
        if not self._repeats or self._loop_start is None or self._loop_end is None or self._bpm is None:
            return None
        tempo_map = TempoMap.constant(self._bpm)
        start, end = max(0, tempo_map.tick_at(self._loop_start)), tempo_map.tick_at(self._loop_end)
        return Loop(start, end) if end > start else None

    @property
    def may_have_more(self) -> bool:
        """True when all slots of a bank are taken: what lies after them is not told."""
        return self._told is not None and (self._markers.is_full or self._regions.is_full)

    def positions(self) -> Iterator[ReaperPosition]:
        """Where it was, each told once."""
        return self._transport.positions()

    def _wants_refresh(self, now: float) -> bool:
        since = now - self._asked_at
        if since < ASK_SECONDS:
            return False
        silent = self._heard_at is None or now - self._heard_at >= SILENT_SECONDS
        return self._wants_all or silent or since >= REFRESH_SECONDS

    def _is_heard(self, now: float) -> bool:
        banks = self._markers.is_heard or self._regions.is_heard
        return banks or now - self._asked_at >= NO_MARKERS_SECONDS

    @property
    def _makes_sense(self) -> bool:
        return self._markers.makes_sense and self._regions.makes_sense

    def _made(self, bpm: float) -> Timeline:
        tempo_map = TempoMap.constant(bpm)

        def place(one: Told) -> tuple[int, int]:
            return tempo_map.tick_at(one.seconds), tempo_map.tick_at(one.seconds + one.length)

        markers = tuple(Marker(place(one)[0], one.name, one.number) for one in self._markers.all())
        spans = ((*place(one), one) for one in self._regions.all())
        # One that is shorter than a tick says nothing about any music.
        regions = tuple(Region(start, end, one.name, one.number) for start, end, one in spans if end > start)
        return Timeline(tempo_map, self._meters, markers, regions, self._rate)

    def _take(self, address: str, arguments: Sequence[object], at: float) -> None:
        slot = _SLOT.fullmatch(address)
        if slot is not None:
            self._take_slot(slot[1], int(slot[2]), slot[3], arguments)
            self._stir(at)
        elif address == "/time":
            self._transport.take_time(_number(arguments), at)
        elif address in STATES:
            self._transport.take_state(address, bool(_number(arguments)), at)
        elif address == "/tempo/raw":
            self._take_tempo(_number(arguments), at)
        elif address == "/repeat":
            self._repeats = bool(_number(arguments))
        elif address == "/loop/start/time":
            self._loop_start = _number(arguments)
        elif address == "/loop/end/time":
            self._loop_end = _number(arguments)

    def _take_slot(self, kind: str, slot: int, told: str, arguments: Sequence[object]) -> None:
        bank = self._markers if kind == "marker" else self._regions
        if told == "name":
            bank.take_text(slot, True, _text(arguments))
        elif told == "number/str":
            bank.take_text(slot, False, _decimal(arguments))
        else:
            bank.take_seconds(slot, told == "length", _number(arguments))

    def _take_tempo(self, bpm: float, at: float) -> None:
        if not SLOWEST_BPM <= bpm <= FASTEST_BPM:
            raise HostError(f"REAPER sent a tempo of {bpm:g}.")
        if bpm != self._bpm:
            self._bpm = bpm
            self._stir(at)

    def _stir(self, at: float) -> None:
        self._stirred_at, self._has_news = at, True


def _number(arguments: Sequence[object]) -> float:
    value = arguments[0] if arguments else None
    # The comparison is false for what is not a number, and works for whole numbers of any size.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_NUMBER:
        raise HostError("REAPER sent no number where one is meant.")
    return float(value)


def _text(arguments: Sequence[object]) -> str:
    value = arguments[0] if arguments else None
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise HostError("REAPER sent no text where one is meant.")
    return value


def _decimal(arguments: Sequence[object]) -> str:
    text = _text(arguments)
    if _NUMBER.fullmatch(text) is None:
        raise HostError("REAPER sent no digits where a marker's number is meant.")
    return text
