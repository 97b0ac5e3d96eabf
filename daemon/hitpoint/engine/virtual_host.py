"""A host on a virtual clock, and somebody who works with it all day: rolls, stops, locates, loops, edits."""

from dataclasses import dataclass
from enum import Enum
from random import Random

from hitpoint.timeline.units import TICKS_PER_QUARTER

BAR_QUARTERS = 4
FIRST_BPM = 97.5
"""At which no tick falls on a whole frame at 48 kHz."""
BPMS = (80.0, 97.5, 104.0, 120.0, 133.0)
WORK_SECONDS = 1200.0
"""So long is what is worked on: 20 minutes, a reel. It rolls on beyond."""
SELDOM, SHORT_SECONDS, LONG_SECONDS = 0.05, (20.0, 100.0), (600.0, 1800.0)
"""Something is done every minute or so; now and then nobody touches it for long. Our choice."""
STANDS_SECONDS = (1.5, 4.0)
FIRST_SECONDS = 2.0
"""So long it stands at first: its project is told meanwhile."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """It rolls on without a jump. Seconds of the virtual clock, but for `place`."""

    begins: float
    ends: float
    place: float
    """Second on its timeline where it begins."""
    speed: float
    """Seconds of the timeline in one of the clock."""

    def second_of(self, place: float) -> float:
        """When it is at that second of its timeline."""
        return self.begins + (place - self.place) / self.speed

    @property
    def end_place(self) -> float:
        """Second of the timeline where it ends."""
        return self.place + (self.ends - self.begins) * self.speed


class Deed(Enum):
    """What has been done to it."""

    STARTED = "started"
    STOPPED = "stopped"
    LOCATED = "located"
    LOOPED = "looped"
    EDITED = "edited"


class VirtualHost:
    """`now` is a second of the virtual clock, `seconds` one of its timeline."""

    def __init__(self, now: float, speed: float, by_quarter: bool, seed: str, grain: float = 0.0) -> None:
        """speed: of its clock. by_quarter: stays at its quarter when the tempo changes, else at its second. grain: it
        stands, and turns, at multiples of so many seconds only; 0 for anywhere."""
        self.now = self.began = now
        """`began`: second at which the last `go_on` began."""
        self.seconds = 0.0
        self.bpm = FIRST_BPM
        self.rolling = False
        self.loop: tuple[float, float] | None = None
        """In quarters."""
        self.hit_quarter = 33.5
        """Where its one hit point is."""
        self.edits = 0
        """How often its project was changed: tempo, loop or marker."""
        self.deeds = dict.fromkeys(Deed, 0)
        self.jumped_at = now
        """When something was done last, or a loop turned."""
        self._speed, self._by_quarter, self._grain = speed, by_quarter, grain
        self._random = Random(seed)
        self._next = now + FIRST_SECONDS

    @property
    def quarter(self) -> float:
        """Where it is."""
        return self.seconds * self.bpm / 60.0

    @property
    def tick(self) -> float:
        """The same."""
        return self.quarter * TICKS_PER_QUARTER

    def seconds_of(self, quarter: float) -> float:
        """Second of its timeline."""
        return quarter * 60.0 / self.bpm

    def go_on(self, until: float) -> list[Stretch]:
        """Let time pass, within one turn of a loop at most. Where it rolled meanwhile."""
        begins = self.began = self.now
        self.now = until
        if not self.rolling:
            return []
        whole = Stretch(begins, until, self.seconds, self._speed)
        self.seconds = whole.end_place
        if self.loop is None:
            return [whole]
        start, end = (self._whole(self.seconds_of(quarter)) for quarter in self.loop)
        if not whole.place < end <= whole.end_place:
            return [whole]
        turned = whole.second_of(end)
        after = Stretch(turned, until, start, self._speed)
        self.seconds, self.jumped_at = after.end_place, turned
        return [Stretch(begins, turned, whole.place, self._speed), after]

    def end(self) -> Deed:
        """The day is over."""
        self._next = float("inf")
        return self._did(self._stop())

    def work(self) -> Deed | None:
        """Do what a person does now; None most times."""
        if self.now < self._next:
            return None
        self._next = self.now + self._pause()
        return self._did(self._deed())

    def _did(self, deed: Deed) -> Deed:
        self.deeds[deed] += 1
        self.edits += deed in (Deed.LOOPED, Deed.EDITED)
        self.jumped_at = self.now
        return deed

    def _deed(self) -> Deed:
        random = self._random
        if not self.rolling and (random.random() < 0.7 or self.deeds[Deed.STARTED] == 0):
            self.rolling = True
            return Deed.STARTED
        match random.randrange(6):
            case 0 | 1:
                self._locate(self.seconds_of(BAR_QUARTERS * random.randrange(self._bars)))
                return Deed.LOCATED
            case 2:
                return self._stop()
            case 3:
                return self._change_loop()
            case 4:
                self.hit_quarter = 8.0 + random.randrange(0, 1600) / 4.0
            case _:
                quarter, self.bpm = self.quarter, random.choice([bpm for bpm in BPMS if bpm != self.bpm])
                if self._by_quarter:
                    self.seconds = self.seconds_of(quarter)
        return Deed.EDITED

    def _change_loop(self) -> Deed:
        if self.loop is not None:
            self.loop = None
            return Deed.LOOPED
        start = BAR_QUARTERS * self._random.randrange(self._bars)
        self.loop = start, start + BAR_QUARTERS * self._random.choice((4, 8))
        self._locate(self.seconds_of(start))
        return Deed.LOOPED

    def _stop(self) -> Deed:
        self.rolling = False
        self._next = self.now + self._random.uniform(*STANDS_SECONDS)
        if self._by_quarter:
            # A clock's pulses and a song position know no finer place.
            self.seconds = self.seconds_of(round(4.0 * self.quarter) / 4.0)
        return Deed.STOPPED

    def _locate(self, seconds: float) -> None:
        if self.loop is not None and not self.loop[0] <= seconds * self.bpm / 60.0 < self.loop[1]:
            self.loop = None
            self.edits += 1
        self.seconds = self._whole(seconds)

    def _whole(self, seconds: float) -> float:
        return round(seconds / self._grain) * self._grain if self._grain else seconds

    def _pause(self) -> float:
        random = self._random
        return random.uniform(*(LONG_SECONDS if random.random() < SELDOM else SHORT_SECONDS))

    @property
    def _bars(self) -> int:
        return int(WORK_SECONDS * self.bpm / 60.0 / BAR_QUARTERS)
