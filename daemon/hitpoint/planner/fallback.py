"""A bar of music when the model is late: what the part played last, varied; else held chord tones. No model, no chance.

It keeps every rule of the plan that the model's grammar keeps (range, scale, spans, quiet, landings, velocity,
polyphony), takes breath by the same law, and gives the same notes for the same plan and past.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from random import Random

from hitpoint.planner.seed import seed_of
from hitpoint.planner.voicing import in_reach, keys_in
from hitpoint.score.breath import breathing_of
from hitpoint.score.ground import lowest_keys
from hitpoint.score.note import Note
from hitpoint.score.register import home_key
from hitpoint.score.request import BarPlan, ComposedBar, Landing, LandingKind, Source, WrittenBar
from hitpoint.score.stem import Part
from hitpoint.score.stops import fingers_hold
from hitpoint.timeline.units import TICKS_PER_QUARTER

REPEAT_FROM = 4
"""A past bar older than this many bars is not repeated: the harmony has moved on."""
STRUCK_DRUMS = (36, 49)
"""What drums strike at a landing: kick and crash. Source: General MIDI 1, percussion key map."""
DRUM_PULSE = (41, 43)
"""What drums play where they have no past: two low toms. Same source."""
GAP_TICKS = TICKS_PER_QUARTER // 8
"""A held note ends this much before the bar does, so that the next one speaks."""
SHORTEST_KEPT = TICKS_PER_QUARTER // 8
"""Ticks of a shortened note that are still worth hearing."""


def fallback_bar(
    plan: BarPlan,
    part: Part,
    past: Sequence[WrittenBar],
    source: Source = Source.FALLBACK,
    kept: Sequence[Note] = (),
) -> ComposedBar:
    """The part's notes in the bar of `plan`, in key and within every limit.

    past: the bars before it, oldest first; its last bar with notes of the part is repeated with variation. Without
    one the part holds chord tones. Nothing is written where nothing may strike. kept: what stands of the part in this
    bar already; breath is taken as if it were written here, and it is none of the answer.
    """
    writer = BarWriter(plan, part)
    free = _repeated(writer, past) or _held(writer)
    notes = writer.finished([*free, *(note for landing in writer.struck for note in strike(writer, landing))])
    before = [note for bar in past for one in bar.parts if one.part == part.name for note in one.notes]
    met = {landing.tick for landing in writer.struck}
    notes = _beside_held(part, notes, [note for note in before if note.end > plan.bar.start], met)
    breathing = breathing_of(plan, part, [bar.plan for bar in past], [*before, *kept])
    if breathing is not None:
        notes = breathing.written(notes, met)
    return ComposedBar(part.name, plan.bar.index, plan.basis(part.name), notes, source)


@dataclass(frozen=True)
class BarWriter:
    """What the part may do in the bar."""

    plan: BarPlan
    """Of the bar."""
    part: Part
    """One of the plan's."""

    @property
    def struck(self) -> tuple[Landing, ...]:
        """The landings that it strikes, one for each tick."""
        found = {landing.tick: landing for landing in self.plan.landings if self.part.name in landing.parts}
        return tuple(found.values())

    @property
    def random(self) -> Random:
        """Numbers of its own: the same for the same plan, part and variation."""
        plan, name = self.plan, self.part.name
        return Random(seed_of(plan.seed, plan.bar.index, name, plan.variation(name), "fallback"))

    def free(self, tick: int) -> bool:
        """Whether a note outside landings may begin there."""
        first, last = self.plan.span(self.part.name)
        taken = any(landing.tick == tick for landing in self.plan.landings)
        return first <= tick <= last and not taken and not any(a <= tick <= b for a, b in self.plan.quiet)

    def openings(self) -> list[int]:
        """The free ticks at which a phrase may begin: the span's first, each free one after a quiet span or landing."""
        first, _ = self.plan.span(self.part.name)
        ticks = {first, *(last + 1 for _, last in self.plan.quiet), *(one.tick + 1 for one in self.plan.landings)}
        return [tick for tick in sorted(ticks) if self.free(tick)]

    def latest_end(self, onset: int) -> int:
        """Where a note that begins at `onset` must have ended."""
        ends = [self.plan.cut_at] if self.plan.cut_at is not None else []
        for landing in self.plan.landings:
            if landing.tick > onset and (landing.kind is not LandingKind.HIT or self.part.name in landing.parts):
                ends.append(landing.tick)
        if not any(landing.kind is LandingKind.END and landing.tick == onset for landing in self.struck):
            # Only a last chord rings across the bar line: the next bar may be the model's and knows nothing of this.
            ends.append(self.plan.bar.end)
        return min(ends, default=self.plan.bar.end)

    def velocity(self, window: tuple[int, int], share: float) -> int:
        """A velocity at `share` (0 to 1) of a window."""
        softest, loudest = max(1, window[0]), min(127, window[1])
        return softest + round((loudest - softest) * share)

    def pitches(self, allowed: frozenset[int] | None) -> list[int]:
        """Keys of the instrument in these pitch classes, as high as its register goes; all of them where none fits."""
        return keys_in(self.part.instrument, allowed, self.plan.register)

    def finished(self, notes: Sequence[Note]) -> tuple[Note, ...]:
        """Notes in order, ended where they must, none sounding into the next of its part."""
        ordered = sorted(set(notes))
        onsets = sorted({note.tick for note in ordered})
        following = dict(pairwise(onsets))
        return tuple(
            Note(note.tick, note.pitch, max(1, end - note.tick), note.velocity)
            for note in ordered
            for end in [min(note.end, self.latest_end(note.tick), following.get(note.tick, note.end))]
        )


def _repeated(writer: BarWriter, past: Sequence[WrittenBar]) -> list[Note]:
    """The part's last bar, moved here: on its beats, in this scale and window, some left out, all moved a step."""
    found = _last_bar(writer, past)
    if found is None:
        return []
    before, old = found
    random, keys = writer.random, writer.pitches(writer.plan.scale)
    highest = keys[-1]
    keep = 0.55 + 0.45 * (writer.plan.controls.density or 0.0)
    step = random.choice((0, 0, 1, -1))
    loudest = max(note.velocity for note in old)
    notes: dict[int, list[Note]] = {}
    for place, note in enumerate(old):
        tick = writer.plan.bar.start + note.tick - before.bar.start
        dropped = place > 0 and random.random() > keep
        if dropped or not writer.free(tick):
            continue
        share = note.velocity / loudest
        # What was above the register comes an octave lower, so that a line stays a line.
        wanted = note.pitch - 12 * max(0, (note.pitch - highest + 11) // 12)
        pitch = note.pitch if writer.part.instrument.drums else _nearest(keys, wanted, step)
        together = notes.setdefault(tick, [])
        if pitch not in (other.pitch for other in together):
            together.append(Note(tick, pitch, note.duration, writer.velocity(writer.plan.velocity, share)))
    return [note for chord in notes.values() for note in _playable(writer.part, chord)]


def _last_bar(writer: BarWriter, past: Sequence[WrittenBar]) -> tuple[BarPlan, tuple[Note, ...]] | None:
    for bar in reversed(past):
        if writer.plan.bar.index - bar.plan.bar.index > REPEAT_FROM:
            return None
        for written in bar.parts:
            if written.part == writer.part.name and written.notes:
                return bar.plan, written.notes
    return None


def _held(writer: BarWriter) -> list[Note]:
    """A chord tone held from each place where a phrase may begin; drums beat their pulse once there."""
    key = writer.plan.controls.key
    chord = writer.plan.scale if key is None else key.tonic_triad
    if writer.plan.scale is not None and chord is not None:
        chord = (chord & writer.plan.scale) or writer.plan.scale
    notes, random = [], writer.random
    for tick in writer.openings():
        end = writer.latest_end(tick) - GAP_TICKS
        if end - tick < SHORTEST_KEPT:
            continue
        velocity = writer.velocity(writer.plan.velocity, 0.4)
        if writer.part.instrument.drums:
            notes.append(Note(tick, random.choice(DRUM_PULSE), TICKS_PER_QUARTER // 2, velocity))
        else:
            notes.append(Note(tick, _comfortable(writer, chord, random), end - tick, velocity))
    return notes


def _comfortable(writer: BarWriter, chord: frozenset[int] | None, random: Random) -> int:
    """A key of the chord near where the instrument is at home; desks take different ones."""
    keys = writer.pitches(chord)
    middle = bisect_left(keys, home_key(writer.part.instrument, writer.plan.register or 0.0) + 4 * writer.part.desk)
    return keys[min(len(keys) - 1, max(0, middle + random.choice((0, 0, 1))))]


def strike(writer: BarWriter, landing: Landing) -> list[Note]:
    """What the part strikes at the landing: one chord tone, or as full a chord as it can play at a loud one."""
    velocity = writer.velocity(landing.velocity, 0.6)
    end = writer.latest_end(landing.tick)
    instrument = writer.part.instrument
    if instrument.drums:
        return [Note(landing.tick, key, max(1, min(end - landing.tick, 960)), velocity) for key in STRUCK_DRUMS]
    allowed = writer.plan.scale if landing.chord is None else landing.chord
    first = _comfortable(writer, allowed, writer.random)
    if lowest := lowest_keys(writer.plan, writer.part, landing):
        first = min((key for key in writer.pitches(allowed) if key in lowest), key=lambda key: abs(key - first),
                    default=first)  # fmt: skip
    keys = [key for key in writer.pitches(allowed) if first <= key <= first + instrument.span]
    full = landing.kind in (LandingKind.HIT, LandingKind.END)
    chord = keys[: min(4, instrument.polyphony)] if full and instrument.polyphony > 1 else [first]
    notes = [Note(landing.tick, key, max(1, end - landing.tick), velocity) for key in chord or [first]]
    return _playable(writer.part, notes)


def _playable(part: Part, chord: Sequence[Note]) -> list[Note]:
    """As much of the chord as one hand holds, from its lowest note."""
    held = in_reach(part.instrument, [note.pitch for note in chord])
    return sorted((note for note in chord if note.pitch in held), key=lambda note: note.pitch)


def _beside_held(part: Part, notes: Sequence[Note], held: Sequence[Note], met: Collection[int]) -> tuple[Note, ...]:
    """What can be played beside notes that the model holds over from earlier bars. Landings are met anyway."""
    found: list[Note] = []
    for tick, group in groupby(notes, key=lambda note: note.tick):
        struck = list(group)
        keys = [note.pitch for note in held if note.end > tick]
        together = [*keys, *(note.pitch for note in struck)]
        if tick in met or (len(together) <= part.instrument.polyphony and fingers_hold(part.instrument, together)):
            found += struck
    return tuple(found)


def _nearest(keys: Sequence[int], pitch: int, step: int) -> int:
    """The key nearest to `pitch`, moved by some places up or down."""
    place = bisect_left(keys, pitch)
    if place == len(keys) or (place > 0 and pitch - keys[place - 1] < keys[place] - pitch):
        place -= 1
    return keys[min(len(keys) - 1, max(0, place + step))]
