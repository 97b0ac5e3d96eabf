"""The plan of one bar, made from the session alone.

`plan_bar(session, index)` is a pure function; it remembers its last answers, because control asks again and again.
"""

from dataclasses import dataclass, replace

from hitpoint.planner.active import ALL_FROM, active_parts, resting
from hitpoint.planner.echo import echo_of
from hitpoint.planner.form import Phrase, phrase_in
from hitpoint.planner.frozen import repeating
from hitpoint.planner.harmony import CHORD_FIELD, Place, borrowed, chord_of, chords_for, tonic_chord
from hitpoint.planner.heard import heard_outline
from hitpoint.planner.hit_points import MOST_LANDINGS, WIDEST_CLEARANCE, landing, quiet_spans
from hitpoint.planner.intensity import ARC_BARS, Mood, Surroundings, build, level, mood_at
from hitpoint.planner.keys import scale_for
from hitpoint.planner.outline import Meeting, Outline
from hitpoint.planner.passages import FOREVER, Passage
from hitpoint.planner.phrases import PHRASE_BARS
from hitpoint.planner.rates import RATE_FIELD, rates_for
from hitpoint.planner.roles import ROLE_FIELD, STYLE_FIELD, roles_for, style_for
from hitpoint.planner.seed import seed_of
from hitpoint.score.chord import Chord
from hitpoint.score.controls import Controls, Key
from hitpoint.score.dynamics import velocity_window
from hitpoint.score.ensemble import parts_for
from hitpoint.score.request import BarPlan, Echo, Landing, LandingKind
from hitpoint.score.session import Session
from hitpoint.score.stem import INSTRUMENTS, Part
from hitpoint.timeline.meter import Bar

RING_OUT_SECONDS = 4.0
RING_OUT_BARS = 2
"""The last chord rings out for as long as both allow. Our choice."""
COUNTDOWN_BARS = 8
"""A hit or end this many bars away or more is not near."""
STEP = 0.05
"""Controls are planned to the nearest of these, so that a small move drops nothing."""
BUILD_TENSION = 0.25
BUILD_AROUSAL = 0.4
BUILD_DENSITY = 0.2
"""How much a build adds at its height. Our choice."""
VALENCE_RISE = 0.4
"""How much higher the brightest music lies than neutral music of its intensity. Our choice: enough for tender music to
lie above menacing music, which is stronger. Source of the direction: Gabrielsson and Lindström 2010."""
CALMEST_DENSITY, DENSITY_RISE = 0.15, 0.65
"""The density at intensity 0, and how much the intensity adds. Our choice: with less nobody is ever asked for the
busiest fifth, and the notes follow the intensity less clearly (training/LOG.md)."""
SOFT_ENDING = (0.75, 0.88)
"""What is left of a calm cue's level in its last bar and the one before. Our choice."""

MOST_PLANS = 512
"""Plans that are remembered: several times what is looked at around one place. Music may go on for days."""
MOST_SESSIONS = 6
"""Sessions whose plans are remembered: the one that is, and what it was before each change in the bars near by."""

_PLACE = {instrument.name: place for place, instrument in enumerate(INSTRUMENTS)}


def plan_bar(session: Session, index: int) -> BarPlan | None:
    """The plan of the bar of that index, counted from 0; None where no cue plays or nothing may strike."""
    return _REMEMBERED.plan(session, index)


class _Remembered:
    """The plans of the last few sessions that differ in what plans depend on: the one that is, and those that it was
    before what takes hold inside a bar."""

    def __init__(self) -> None:
        self._kept: list[tuple[Session, dict[int, BarPlan | None]]] = []

    def plan(self, session: Session, index: int) -> BarPlan | None:
        plans = self._plans(session)
        if index not in plans:
            if len(plans) >= MOST_PLANS:
                del plans[next(iter(plans))]
            plans[index] = _planned(session, index) if index >= 0 else None
        return plans[index]

    def _plans(self, session: Session) -> dict[int, BarPlan | None]:
        for place, (known, plans) in enumerate(self._kept):
            if session is known or _same(session, known):
                # The newest of equals is kept: it is most often asked for again, and then nothing is compared.
                if place > 0 or session is not known:
                    del self._kept[place]
                    self._kept.insert(0, (session, plans))
                return plans
        self._kept = [(session, {}), *self._kept[: MOST_SESSIONS - 1]]
        return self._kept[0][1]


def _same(session: Session, known: Session) -> bool:
    return session.timeline is known.timeline and _wishes(session) == _wishes(known)


def _wishes(session: Session) -> tuple[object, ...]:
    return (
        session.seed, session.direction, session.controls, session.curves, session.frozen, session.variations,
        session.turn_variations, session.states, session.model_reads,
    )  # fmt: skip


_REMEMBERED = _Remembered()


def _planned(session: Session, index: int) -> BarPlan | None:
    plan = _Planning(session, index).plan()
    frozen = None if plan is None else session.repeats(plan.bar)
    repeated = None if frozen is None else plan_bar(session, frozen)
    return plan if plan is None or repeated is None else repeating(plan, repeated)


@dataclass(frozen=True, slots=True)
class _Playing:
    """A passage in the bar: from where to where, how, and who."""

    passage: Passage
    first: int
    last: int
    controls: Controls
    level: float
    parts: tuple[Part, ...]
    place: Place
    phrase: Phrase | None
    roles: dict[str, str]

    @property
    def intensity(self) -> float:
        return self.controls.intensity or 0.0


class _Planning:
    """One bar being planned."""

    def __init__(self, session: Session, index: int) -> None:
        self._session, self._index = session, index
        self._timeline = session.timeline
        self._bar: Bar = self._timeline.meter_map.bar(index)
        self._outline: Outline = heard_outline(session, self._bar.end)
        passages = self._outline.passages_in(self._bar.start, self._bar.end)
        self._meetings = self._outline.meetings_in(self._bar.start, self._bar.end)[:MOST_LANDINGS]
        self._playing = tuple(self._played(self._in_mode(passage)) for passage in passages)

    def plan(self) -> BarPlan | None:
        """The plan; None when no passage plays in the bar."""
        if not self._playing:
            return None
        bar, playing = self._bar, self._playing
        main = max(playing, key=lambda one: (one.last - one.first, one.first))
        landings = tuple(self._landing(meeting) for meeting in self._meetings)
        parts, spans = self._parts(landings)
        reads, cut_at = self._session.model_reads, self._cut_at()
        harmony = self._harmony(main, landings) if CHORD_FIELD in reads else (None, None)
        roles = self._roles(parts) if ROLE_FIELD in reads else ()
        into_passage = self._index - self._timeline.meter_map.bar_at(max(0, main.passage.start)).index
        plan = BarPlan(
            bar=bar,
            cue=main.passage.cue,
            controls=main.controls,
            level=main.level,
            tempo_bpm=_tempo(self._timeline.tempo_map.bpm_at(bar.start)),
            parts=parts,
            landings=landings,
            quiet=quiet_spans(bar, self._meetings_near(), self._timeline.tempo_map, self._gaps()),
            velocity=velocity_window(main.intensity),
            register=_register(main.controls),
            scale=scale_for(main.passage.key, main.controls.tension) | borrowed(main.passage.key, harmony),
            first_tick=playing[0].first if playing[0].first > bar.start else None,
            last_tick=playing[-1].last if playing[-1].last < bar.end - 1 else None,
            spans=spans,
            cut_at=cut_at,
            bars_to_hit=self._bars_to_hit(main.passage),
            bars_to_end=self._countdown(main.passage.cue_end),
            seed=self._seed(main.passage),
            variations=tuple((part.name, n) for part in parts if (n := self._session.variation(part, self._index))),
            past_from=self._past_from(main.passage),
            into_passage=into_passage,
            harmony=harmony,
            style=style_for(main.passage.direction) if STYLE_FIELD in reads else None,
            roles=roles,
            rates=self._rates(main, parts, dict(roles), into_passage) if RATE_FIELD in reads else (),
            tempo_range=self._tempo_range(cut_at),
        )
        echo = self._echo(plan, main)
        return plan if echo is None else replace(plan, echo=echo)

    def _tempo_range(self, cut_at: int) -> tuple[float, float] | None:
        tempo_map, start = self._timeline.tempo_map, self._bar.start
        slowest, fastest = map(_tempo, tempo_map.extremes(start, max(cut_at, self._bar.end)))
        return None if slowest == fastest else (slowest, fastest)

    def _harmony(self, main: _Playing, landings: tuple[Landing, ...]) -> tuple[Chord | None, Chord | None]:
        """The chords of the bar's halves; where a landing is struck, its own chord."""
        passage, mood = main.passage, main.controls
        seed = seed_of(self._session.seed, _name(passage))
        chords: list[Chord | None] = list(chords_for(main.place, passage.key, mood.tension, mood.valence, seed))
        for met in landings:
            if met.kind is not LandingKind.STOP:
                half = int(2 * (met.tick - self._bar.start) >= self._bar.ticks)
                chords[half] = tonic_chord(passage.key) if met.chord is None else chord_of(met.chord)
        return chords[0], chords[1]

    def _roles(self, parts: tuple[Part, ...]) -> tuple[tuple[str, str], ...]:
        """Of a part that plays in two passages, the later one's."""
        found: dict[str, str] = {}
        for one in self._playing:
            found |= one.roles
        return tuple((part.name, found[part.name]) for part in parts if part.name in found)

    def _rates(
        self, main: _Playing, parts: tuple[Part, ...], roles: dict[str, str], into_passage: int
    ) -> tuple[tuple[str, float], ...]:
        passage, density = main.passage, main.controls.density
        if density is None:
            return ()
        number = into_passage // PHRASE_BARS if main.phrase is None else main.phrase.first
        phrase = seed_of(self._session.seed, _name(passage), "rate", number)
        bpm = self._timeline.tempo_map.bpm_at(self._bar.start)
        return rates_for(parts, roles, density, bpm, phrase, self._seed(passage))

    def _seed(self, passage: Passage) -> int:
        name, first = passage.seeded or (passage.cue, 0)
        return seed_of(self._session.seed, name, self._index - self._timeline.meter_map.bar_at(first).index)

    def _past_from(self, passage: Passage) -> int:
        """Index of the first bar that belongs to a state that counts from its own start."""
        if passage.seeded is None:
            return 0
        begun = passage.seeded[1]
        bar = self._timeline.meter_map.bar_at(begun)
        first = bar.index + int(bar.start < begun)
        return first if first <= self._index else 0

    def _played(self, passage: Passage) -> _Playing:
        around = self._surroundings(passage)
        controls, exact = self._controls(passage, around)
        # The bar that leads into an accent is everybody's, however calm the cue; so is a bridge.
        tutti = passage.over or (around.to_release == 1 and not around.from_silence)
        place, phrase = self._placed(passage)
        seed = seed_of(self._session.seed, _name(passage), "leader")
        roles = roles_for(passage.direction, controls.arousal, seed, phrase)
        parts = active_parts(
            passage.direction, 1.0 if tutti else controls.intensity or 0.0, phrase.turn if phrase is not None else 0
        )
        may_rest = not (tutti or self._meetings or build(around) is not None) and (controls.intensity or 0.0) < ALL_FROM
        if phrase is not None and phrase.contrasts and may_rest:
            needed = {name for name, role in roles.items() if role in ("melody", "bass")}
            rested = resting(passage.direction, parts, needed, seed_of(seed, "rest", phrase.first))
            parts = tuple(part for part in parts if part.name not in rested)
        first, last = max(passage.start, self._bar.start), min(passage.end, self._bar.end) - 1
        return _Playing(passage, first, last, controls, exact, parts, place, phrase, roles)

    def _placed(self, passage: Passage) -> tuple[Place, Phrase | None]:
        """Where the bar stands in its cue, and in which phrase."""
        bar_at = self._timeline.meter_map.bar_at
        begun = passage.seeded[1] if passage.seeded else passage.cue_start
        left = None if passage.cue_end == FOREVER else bar_at(passage.cue_end).index - self._index
        bar = max(0, self._index - bar_at(begun).index)
        phrase = phrase_in(bar, left, seed_of(self._session.seed, _name(passage)))
        return Place(bar, left, phrase.first_of(bar) if phrase is not None and phrase.returns else None), phrase

    def _echo(self, plan: BarPlan, main: _Playing) -> Echo | None:
        """What of the phrase that was first is said again in the bar."""
        bar, left = main.place.bar, main.place.left
        # The last bars of a cue have chords of their own.
        if main.phrase is None or not main.phrase.says_again(bar) or left in (0, 1):
            return None
        first = self._index - bar + main.phrase.first_of(bar)
        # As it is by itself: a bar that repeats a frozen one now was written all the same.
        frozen = self._session.frozen is not None
        earlier = _Planning(self._session, first).plan() if frozen else plan_bar(self._session, first)
        return None if earlier is None else echo_of(plan, earlier)

    def _in_mode(self, passage: Passage) -> Passage:
        """The passage in the mode of the valence that is drawn or held, as with one said in words, where no key is."""
        valence, said = self._session.held_in(self._index).valence, passage.direction
        if not valence or said.key is not None or said.mode is not None:
            return passage
        return replace(passage, key=Key(passage.key.tonic, "minor" if valence < 0 else "major"))

    def _controls(self, passage: Passage, around: Surroundings) -> tuple[Controls, float]:
        """What is asked of the passage, in steps, and its intensity to the hair."""
        mood, held = mood_at(passage.direction, self._way(passage)), self._session.held_in(self._index)
        arousal = mood.arousal if held.arousal is None else held.arousal
        tension = mood.tension if held.tension is None else held.tension
        mood = Mood(mood.valence if held.valence is None else held.valence, arousal, tension)
        base = mood.intensity if held.intensity is None else held.intensity
        drawn = self._session.drawn("intensity", self._index)
        # Who draws the levels has drawn the builds and the ending too.
        exact = self._ending(passage, level(base, around)) if drawn is None else drawn
        intensity = _nearest_step(exact)
        built = None if around.from_silence else build(around)
        if built is not None and held.tension is None:
            tension = min(1.0, (0.3 if tension is None else tension) + BUILD_TENSION * built)
        if built is not None and held.arousal is None:
            arousal = min(1.0, (arousal or 0.0) + BUILD_AROUSAL * built)
        density = (
            CALMEST_DENSITY
            + DENSITY_RISE * intensity
            + 0.15 * _nearest_step(arousal or 0.0)
            + BUILD_DENSITY * (built or 0.0)
        )
        density = min(1.0, max(0.0, density))
        controls = Controls(
            passage.key,
            intensity,
            _stepped(density if held.density is None else held.density),
            _stepped(mood.valence),
            _stepped(arousal),
            _stepped(tension),
        )
        return controls, exact

    def _way(self, passage: Passage) -> float:
        """How far along its arc the passage is in this bar, 0 to 1 and beyond."""
        direction = passage.direction
        if direction.arc_lengths:
            # States that hold take over at once, so what counts is where the bar's middle is.
            ticks = (
                self._timeline.tempo_map.ticks_in(sum(direction.arc_lengths), passage.mood_from)
                if direction.arc_bars is None
                else direction.arc_bars * self._bar.ticks
            )
            return (self._bar.start + self._bar.ticks / 2 - passage.mood_from) / max(1, ticks)
        bars = direction.arc_bars or direction.bars or (ARC_BARS if passage.mood_until == FOREVER else None)
        length = passage.mood_until - passage.mood_from if bars is None else bars * self._bar.ticks
        return (self._bar.start - passage.mood_from) / max(1, length - self._bar.ticks)

    def _surroundings(self, passage: Passage) -> Surroundings:
        before, following = self._outline.accents_around(self._index)
        begin = self._timeline.meter_map.bar_at(passage.cue_start).index
        since = None
        if before is not None and passage.cue_start < before.tick <= passage.cue_end:
            since, begin = self._index - before.release, before.release
        if following is None or following.tick > passage.cue_end:
            return Surroundings(None, since)
        return Surroundings(
            following.release - self._index, since, following.release - begin, following.from_silence
        )  # fmt: skip

    def _ending(self, passage: Passage, intensity: float) -> float:
        left = self._countdown(passage.cue_end)
        calm = left is not None and left < len(SOFT_ENDING) and intensity < 0.5
        return intensity * SOFT_ENDING[left] if calm and left is not None else intensity

    def _landing(self, meeting: Meeting) -> Landing:
        playing = next((one for one in self._playing if one.first <= meeting.tick <= one.last), None)
        if playing is None:
            return landing(meeting, None, (), (), 0.0, None)
        return landing(
            meeting, playing.passage, playing.parts, parts_for(playing.passage.direction), playing.intensity,
            playing.controls.tension,
        )  # fmt: skip

    def _parts(self, landings: tuple[Landing, ...]) -> tuple[tuple[Part, ...], tuple[tuple[str, int, int], ...]]:
        """All who play in the bar, in score order, and the spans of those who do not play all of it."""
        found: dict[str, tuple[Part, int, int]] = {}

        def add(part: Part, first: int, last: int) -> None:
            known = found.get(part.name, (part, first, last))
            found[part.name] = (part, min(first, known[1]), max(last, known[2]))

        for one in self._playing:
            for part in one.parts:
                add(part, one.first, one.last)
        for met in landings:
            for one in self._playing:
                if one.first <= met.tick <= one.last:
                    for part in parts_for(one.passage.direction):
                        if part.name in met.parts:
                            add(part, met.tick, met.tick)
        first, last = self._playing[0].first, self._playing[-1].last
        parts = sorted(found.values(), key=lambda entry: (_PLACE[entry[0].instrument.name], entry[0].desk))
        spans = tuple((part.name, a, b) for part, a, b in parts if (a, b) != (first, last))
        return tuple(part for part, _, _ in parts), spans

    def _gaps(self) -> list[tuple[int, int]]:
        """Spans between passages where nothing plays: the rest after a STOP, the time between two cues."""
        pairs = zip(self._playing, self._playing[1:], strict=False)
        return [(one.last + 1, other.first - 1) for one, other in pairs if other.first > one.last + 1]

    def _meetings_near(self) -> tuple[Meeting, ...]:
        return self._outline.meetings_in(self._bar.start - WIDEST_CLEARANCE, self._bar.end + WIDEST_CLEARANCE)

    def _cut_at(self) -> int:
        meter_map, tempo_map = self._timeline.meter_map, self._timeline.tempo_map
        held = meter_map.bar(self._index + 1).end
        last = self._meetings[-1] if self._meetings else None
        if last is not None and last.kind is LandingKind.END:
            # The bars after it are nobody's, so that the chord may be longer than any other note.
            held = meter_map.bar(self._index + RING_OUT_BARS).end
            held = min(held, last.tick + tempo_map.ticks_in(RING_OUT_SECONDS, last.tick))
        following = next(self._outline.meetings_from(self._bar.end), None)
        return held if following is None else min(held, following.tick)

    def _bars_to_hit(self, passage: Passage) -> int | None:
        for meeting in self._outline.meetings_from(self._bar.start):
            if meeting.tick > passage.cue_end or meeting.bar - self._index >= COUNTDOWN_BARS:
                return None
            if meeting.name and (meeting.loud or meeting.kind is not LandingKind.ENTRANCE):
                return meeting.bar - self._index
        return None

    def _countdown(self, tick: int) -> int | None:
        if tick == FOREVER:
            return None
        left = self._timeline.meter_map.bar_at(tick).index - self._index
        return left if left < COUNTDOWN_BARS else None


def _name(passage: Passage) -> str:
    """By which its seeds are drawn."""
    return passage.seeded[0] if passage.seeded else passage.cue


def _tempo(bpm: float) -> float:
    """To the nearest 10."""
    return max(10.0, round(bpm / 10) * 10.0)


def _register(controls: Controls) -> float:
    """How high it lies: higher with the intensity, and the brighter it is."""
    level = (controls.intensity or 0.0) + VALENCE_RISE * (controls.valence or 0.0)
    return _nearest_step(min(1.0, max(0.0, level)))


def _stepped(value: float | None) -> float | None:
    return None if value is None else _nearest_step(value)


def _nearest_step(value: float) -> float:
    # Adding 0.0 makes -0.0 plain 0.0, which reads the same in a basis.
    return round(round(value / STEP) * STEP, 2) + 0.0
