"""One cue cut into passages, in each of which one direction holds."""

from dataclasses import dataclass

from hitpoint.planner.keys import key_for
from hitpoint.score.controls import Key
from hitpoint.score.cue import Cue, HitPoint
from hitpoint.score.direction import Direction
from hitpoint.score.request import LandingKind
from hitpoint.timeline.timeline import Timeline

FOREVER = 1 << 62
"""The tick of an end that never comes."""
REST_SECONDS = 2.0
"""A STOP with more to come is followed by silence for this long and then to the next bar line. Our choice."""
SILENCE_SECONDS = 0.8
"""Silence before a HIT that comes out of silence, a beat at least. Our choice."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of ticks in which one direction holds."""

    cue: str
    start: int
    end: int
    """First tick after it; FOREVER when nothing ends it. The tick of an END belongs to it."""
    direction: Direction
    key: Key
    mood_from: int
    """Tick where its mood was stated: an arc begins there."""
    mood_until: int
    """Tick where another mood is stated or the cue ends: an arc is through there."""
    cue_start: int
    cue_end: int
    """Tick of the cue's END, or where another cue cuts it; FOREVER when nothing does."""
    seeded: tuple[str, int] | None = None
    """Where a state counts its bars from its own start: its name, and the tick it came in at."""
    over: bool = False
    """True in a bridge from one state to another: all play."""


class CueLayout:
    """Cuts one cue into passages, and adds the silences that its hits ask for."""

    def __init__(self, timeline: Timeline, cue: Cue, until: int, seed: int) -> None:
        self._timeline, self._cue, self._seed = timeline, cue, seed
        ends_with_chord = cue.end is not None and cue.hit_points[-1].kind is LandingKind.END
        end = until if cue.end is None else cue.end + int(ends_with_chord)
        self._end = min(end, until)
        self.points: list[HitPoint] = list(cue.hit_points)
        self._cuts: list[tuple[int, int, Direction]] = []
        """Spans (start, end, direction) of the passages to be."""

    def passages(self) -> list[Passage]:
        """Its passages. Fills in the unnamed silences among `points`."""
        self._cut()
        moods = self._moods()
        made, key = [], None
        for start, end, direction in self._cuts:
            key = key_for(direction, key, self._seed)
            mood_from, mood_until = next((a, b) for a, b in moods if a <= start < b)
            made.append(
                Passage(
                    self._cue.name, start, end, direction, key, mood_from, mood_until, self._cue.start,
                    FOREVER if self._end == FOREVER else (self._cue.end or self._end),
                )
            )  # fmt: skip
        return made

    def _cut(self) -> None:
        points, start, direction = self._cue.hit_points, self._cue.start, self._cue.direction
        for place, point in enumerate(points):
            if point.kind is LandingKind.TURN and point.direction is not None:
                self._close(start, point.tick, direction)
                start, direction = max(start, point.tick), point.direction
            elif point.kind is LandingKind.STOP and point.tick >= start:
                self._close(start, point.tick, direction)
                start = self._resumes(point.tick, points[place + 1 :])
            elif point.from_silence and (silence := self._silence_before(point.tick, start, points[:place])):
                self._close(start, silence, direction)
                self.points.append(HitPoint(silence, LandingKind.STOP, ""))
                start = point.tick
        self._close(start, self._end, direction)

    def _close(self, start: int, end: int, direction: Direction) -> None:
        if end > start:
            self._cuts.append((start, min(end, self._end), direction))

    def _resumes(self, stop: int, points: tuple[HitPoint, ...]) -> int:
        """Where the music comes back after a STOP: after a rest, at a bar line, or at the next thing to meet."""
        tempo_map, meter_map = self._timeline.tempo_map, self._timeline.meter_map
        rested = stop + tempo_map.ticks_in(REST_SECONDS, stop)
        bar = meter_map.bar_at(rested)
        line = bar.start if bar.start == rested else bar.end
        return min([line, *(point.tick for point in points if point.tick > stop)])

    def _silence_before(self, tick: int, start: int, points: tuple[HitPoint, ...]) -> int | None:
        """Where the music breaks off before a HIT at `tick`; None when nothing plays before it."""
        seconds = self._timeline.tempo_map.ticks_in(-SILENCE_SECONDS, tick)
        silence = tick + min(seconds, -self._timeline.meter_map.bar_at(tick).meter.beat_ticks)
        earlier = max([start, *(point.tick for point in points if point.tick < tick)])
        silence = max(silence, (earlier + tick) // 2)
        return silence if silence > start else None

    def _moods(self) -> list[tuple[int, int]]:
        """Spans of ticks in which one mood holds."""
        moods = [self._cue.start]
        mood = _mood(self._cue.direction)
        for point in self._cue.hit_points:
            if point.direction is not None and _mood(point.direction) != mood:
                moods.append(point.tick)
                mood = _mood(point.direction)
        return list(zip(moods, [*moods[1:], FOREVER if self._end == FOREVER else self._end], strict=True))


def _mood(direction: Direction) -> tuple[object, ...]:
    return (
        direction.valence, direction.arousal, direction.tension,
        direction.arc, direction.arc_bars, direction.arc_lengths,
    )  # fmt: skip
