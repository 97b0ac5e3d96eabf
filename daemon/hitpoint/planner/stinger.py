"""A stinger's notes, made from the session alone: there within milliseconds, without a model, the same each time.

It sounds over the running parts, in the key that holds, and no note of it lies in a clearance.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from random import Random

from hitpoint.planner.intensity import PLAIN
from hitpoint.planner.keys import chord_for, key_for, scale_for
from hitpoint.planner.outline import outline_of
from hitpoint.planner.seed import seed_of
from hitpoint.planner.stinger_place import Place, beat_at, plan_at, quiet_at, struck_at
from hitpoint.planner.voicing import MOST_STRUCK, in_reach, key_near, keys_in
from hitpoint.score.breath import AIR_SHARE, breath_of, rested_before
from hitpoint.score.controls import Key
from hitpoint.score.direction import Direction
from hitpoint.score.dynamics import velocity_window
from hitpoint.score.note import Note
from hitpoint.score.request import LandingKind
from hitpoint.score.session import Session
from hitpoint.score.stem import Part
from hitpoint.score.stinger import Shape, StingerAsked, stinger_parts
from hitpoint.timeline.units import TICKS_PER_QUARTER

LIFT = 0.25
"""A stinger is this much more intense than what plays. Our choice, as are all numbers here."""
SOFTER = 30
"""Velocity steps from a figure's loudest to its softest note."""
SHORTEST_STEP_SECONDS = 0.085
SHORTEST_ROLL_SECONDS = 0.06
"""A run and a roll have no shorter notes than these."""
RING_BEATS = 1
"""How long the strike at the end of a rise rings."""
HIGH, MIDDLE = 0.72, 0.4
"""Where in an instrument's range a run has its top, and a hit or a roll its keys."""
STRUCK_DRUMS = (36, 49)
ROLLED_DRUM = 38
RUN_OF_DRUMS = (41, 43, 45, 47, 48, 50)
"""Kick and crash; snare; toms from low to high. Source: General MIDI 1, percussion key map."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A stinger as it sounds."""

    place: Place
    end: int
    """The tick by which its last note has ended."""
    notes: tuple[tuple[Part, tuple[Note, ...]], ...]
    """By part, in score order; parts without notes are left out."""


def figure_at(session: Session, asked: StingerAsked, place: Place) -> Figure:
    """Its notes there: in the key that holds, within every player's range, reach and breath, none in a clearance."""
    notes = []
    for part in stinger_parts(asked.stinger):
        own = _Line(session, asked, place, part).notes()
        if own:
            notes.append((part, own))
    end = max((note.end for _, own in notes for note in own), default=place.goal)
    return Figure(place, end, tuple(notes))


class _Line:
    """One part's notes of a stinger."""

    def __init__(self, session: Session, asked: StingerAsked, place: Place, part: Part) -> None:
        self._session, self._asked, self._place, self._part = session, asked, place, part
        self._shape, self._instrument = asked.stinger.shape, part.instrument
        self._beat = beat_at(session, place.goal)
        self._random = Random(seed_of(session.seed, asked.name, place.goal, part.name, "stinger"))
        self._lean = self._random.choice((0, 0, 1))

    def notes(self) -> tuple[Note, ...]:
        """In order; none sounds into the next, or over a landing that ends what sounds."""
        ticks = self._ticks()
        chords = [
            (tick, self._chord(tick, way), self._velocity(tick, way), self._length(tick))
            for way, tick in ((place / max(1, len(ticks) - 1), tick) for place, tick in enumerate(ticks))
            if self._may_strike(tick)
        ]
        ends = {one[0]: other[0] for one, other in pairwise(chords)}
        return self._breathed(
            Note(tick, key, max(1, min(tick + length, ends.get(tick, tick + length), self._cut(tick)) - tick), velocity)
            for tick, keys, velocity, length in chords
            for key in keys
        )

    def _breathed(self, notes: Iterable[Note]) -> tuple[Note, ...]:
        """In as many breaths as it takes who blows, each as long as the others, and one before what a rise strikes at
        its end. What is held ends with the air."""
        breath_seconds, line = breath_of(self._instrument), tuple(notes)
        if breath_seconds is None or not line:
            return line
        tempo_map, air = self._session.timeline.tempo_map, breath_seconds * AIR_SHARE
        seconds_at = tempo_map.seconds_at
        lasts = (int(tempo_map.fractional_tick_at(seconds_at(note.tick) + air)) - note.tick for note in line)
        line = tuple(replace(note, duration=min(note.duration, most)) for note, most in zip(line, lasts, strict=True))
        begun, ended = seconds_at(line[0].tick), seconds_at(max(note.end for note in line))
        if ended - begun <= air:
            return line
        if self._shape is Shape.RISE:
            line, ended = rested_before(line, self._place.goal, tempo_map), seconds_at(self._place.goal)
        seconds = ended - begun
        breaths = ceil(seconds / air)
        for number in range(1, breaths):
            fresh = ceil(tempo_map.fractional_tick_at(begun + seconds * number / breaths))
            line = rested_before(line, fresh, tempo_map)
        return line

    def _ticks(self) -> list[int]:
        """Where it would strike, were it alone."""
        start, goal = self._place.start, self._place.goal
        match self._shape:
            case Shape.HIT:
                return [goal]
            case Shape.RISE:
                return [*reversed(range(goal, start - 1, -self._step))]
            case _:
                return [*range(goal, goal + self._asked.stinger.beats * self._beat, self._step)]

    @property
    def _step(self) -> int:
        """Ticks from a note of a run or roll to the next: a fraction of the beat."""
        quarters_per_second = self._session.timeline.tempo_map.bpm_at(self._place.goal) / 60.0
        shortest = SHORTEST_ROLL_SECONDS if self._shape is Shape.ROLL else SHORTEST_STEP_SECONDS
        least = shortest * quarters_per_second * TICKS_PER_QUARTER
        return next((self._beat // n for n in (8, 4, 2) if self._beat // n >= max(1, least)), self._beat)

    def _may_strike(self, tick: int) -> bool:
        if tick == self._place.goal and struck_at(plan_at(self._session, tick), tick) is not None:
            return True
        return quiet_at(self._session, tick) is None

    def _cut(self, tick: int) -> int:
        """Where everything that sounds ends: the next landing that is no HIT."""
        meetings = outline_of(self._session).meetings_from(tick + 1)
        last = tick + self._asked.stinger.beats * self._beat + self._beat
        for meeting in meetings:
            if meeting.tick >= last:
                break
            if meeting.kind is not LandingKind.HIT:
                return meeting.tick
        return last

    def _length(self, tick: int) -> int:
        if tick == self._place.goal and self._shape in (Shape.HIT, Shape.RISE):
            return self._beat * (RING_BEATS if self._shape is Shape.RISE else self._asked.stinger.beats)
        return max(1, self._step * 7 // 8)

    def _velocity(self, tick: int, way: float) -> int:
        landing = struck_at(plan_at(self._session, tick), tick)
        if landing is not None:
            softest, loudest = landing.velocity
            return softest + round(0.6 * (loudest - softest))
        # One loudness for all of it, whatever bars it passes: its own growing is to be heard.
        plan = plan_at(self._session, self._place.goal)
        intensity = PLAIN if plan is None or plan.controls.intensity is None else plan.controls.intensity
        loudest = velocity_window(min(1.0, intensity + LIFT))[1]
        growth = {Shape.HIT: 1.0, Shape.FALL: 1.0 - way}.get(self._shape, way)
        return max(1, loudest - round(SOFTER * (1.0 - growth)) - self._random.randrange(4))

    def _chord(self, tick: int, way: float) -> list[int]:
        if self._instrument.drums:
            return self._drums(tick, way)
        if self._shape is Shape.ROLL:
            keys = self._chord_keys(tick)
            return [keys[self._key_at(keys, MIDDLE)]]
        if tick == self._place.goal:
            keys = self._chord_keys(tick)
            first = self._key_at(keys, MIDDLE if self._shape is Shape.HIT else HIGH)
            return in_reach(self._instrument, keys[first : first + MOST_STRUCK])
        return [self._run_key(tick, way)]

    def _run_key(self, tick: int, way: float) -> int:
        """A key of the scale on the way up to the top or down from it, a step each where there are as many keys."""
        keys = keys_in(self._instrument, _harmony(self._session, tick)[0].scale)
        top = key_near(keys, self._wanted(HIGH))
        bottom = max(0, top - len(self._ticks()) + 1)
        return keys[bottom + round((top - bottom) * (way if self._shape is Shape.RISE else 1.0 - way))]

    def _chord_keys(self, tick: int) -> list[int]:
        """The instrument's keys of the chord that is struck at `tick`."""
        landing = struck_at(plan_at(self._session, tick), tick)
        if landing is not None:
            return keys_in(self._instrument, landing.chord)
        key, tension = _harmony(self._session, tick)
        chord = chord_for(LandingKind.HIT, key, tension) & scale_for(key, tension)
        return keys_in(self._instrument, chord)

    def _key_at(self, keys: list[int], share: float) -> int:
        return min(len(keys) - 1, key_near(keys, self._wanted(share)) + self._lean)

    def _wanted(self, share: float) -> float:
        instrument = self._instrument
        return instrument.low + share * (instrument.high - instrument.low) + 4 * self._part.desk

    def _drums(self, tick: int, way: float) -> list[int]:
        if self._shape is Shape.ROLL:
            return [ROLLED_DRUM]
        if tick == self._place.goal:
            return [*STRUCK_DRUMS]
        up = way if self._shape is Shape.RISE else 1.0 - way
        return [RUN_OF_DRUMS[round((len(RUN_OF_DRUMS) - 1) * up)]]


def _harmony(session: Session, tick: int) -> tuple[Key, float | None]:
    """The key that holds at `tick`, and the tension: where nothing plays, the key of what played last or will first."""
    outline, plan = outline_of(session), plan_at(session, tick)
    around = outline.passages_in(tick, tick + 1) or [one for one in outline.passages if one.start <= tick][-1:]
    passage = next(iter([*around, *outline.passages]), None)
    key = key_for(Direction(), None, session.seed) if passage is None else passage.key
    return key, None if plan is None else plan.controls.tension
