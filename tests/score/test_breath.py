"""Where breath is taken: rather before a note than instead of one, and never at a landing's cost."""

from collections.abc import Sequence

import pytest

from hitpoint.planner.context import PAST_BARS
from hitpoint.score.breath import Breathing, breathing_of, rested_at_seam
from hitpoint.score.controls import Controls
from hitpoint.score.note import Note
from hitpoint.score.playability import BREATH_SECONDS, violations_of
from hitpoint.score.player_limits import PLAYERS
from hitpoint.score.request import BarPlan, Landing, LandingKind
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.meter import MeterMap

QUARTER = 960
METERS = MeterMap.constant(4, 4)
FLUTE = Part("flute", instrument_named("flute"))


def plan_of(index: int = 0, bpm: float = 60, landings: tuple[Landing, ...] = (), cut_at: int | None = None) -> BarPlan:
    return BarPlan(METERS.bar(index), "1m01", Controls(), bpm, (FLUTE,), landings, cut_at=cut_at)


def breathing(plan: BarPlan, past: Sequence[BarPlan] = (), before: Sequence[Note] = ()) -> Breathing:
    found = breathing_of(plan, FLUTE, past, before)
    assert found is not None
    return found


def row(index: int, ticks: int) -> list[Note]:
    """A bar full of notes, one after the other."""
    bar = METERS.bar(index)
    return [Note(tick, 72, ticks, 80) for tick in range(bar.start, bar.end, ticks)]


def bars_of(count: int, ticks: int, bpm: float) -> list[Note]:
    """What is written of bars full of such notes."""
    past: list[BarPlan] = []
    notes: list[Note] = []
    for index in range(count):
        plan = plan_of(index, bpm)
        notes += breathing(plan, past, notes).written(row(index, ticks), ())
        past.append(plan)
    return notes


@pytest.mark.parametrize("name", ["violin", "choir", "drums", "synth pad"])
def test_who_needs_no_breath_has_no_such_law(name: str) -> None:
    part = Part("x", instrument_named(name))
    assert breathing_of(plan_of(), part, (), ()) is None


@pytest.mark.parametrize(("ticks", "bpm"), [(QUARTER, 60), (4 * QUARTER, 60), (QUARTER // 2, 100), (QUARTER, 180)])
def test_notes_are_shortened_for_breath_and_none_is_left_out_where_they_are_long_enough(ticks: int, bpm: float) -> None:
    notes = bars_of(16, ticks, bpm)
    assert [note.tick for note in notes] == [note.tick for index in range(16) for note in row(index, ticks)]
    assert violations_of("flute", "flute", notes, lambda tick: tick / QUARTER * 60 / bpm) == []
    shortened = [note for note in notes if note.duration < ticks]
    # Two bars on one breath at least, where they last no longer than that.
    assert 0 < len(shortened) <= 8


def test_where_they_are_too_short_to_be_shortened_a_few_are_left_out() -> None:
    bpm, sixteenth = 160, QUARTER // 4
    notes = bars_of(16, sixteenth, bpm)
    assert violations_of("flute", "flute", notes, lambda tick: tick / QUARTER * 60 / bpm) == []
    assert 16 * 16 - 8 <= len(notes) < 16 * 16


def test_short_bars_hide_no_breath_from_who_sees_only_a_few_of_them() -> None:
    oboe, meters, bpm = Part("oboe", instrument_named("oboe")), MeterMap.constant(2, 4), 200
    written: list[tuple[BarPlan, tuple[Note, ...]]] = []
    for bar in map(meters.bar, range(80)):
        plan = BarPlan(bar, "1m01", Controls(), bpm, (oboe,))
        seen = written[-PAST_BARS:]
        own = breathing_of(plan, oboe, [one for one, _ in seen], [note for _, notes in seen for note in notes])
        assert own is not None
        written.append((plan, own.written([Note(bar.start, 72, bar.ticks, 80)], ())))
    notes = [note for _, notes in written for note in notes]
    assert len(notes) == 80
    assert violations_of("oboe", "oboe", notes, lambda tick: tick / QUARTER * 60 / bpm) == []


def test_breath_is_taken_before_the_note_that_most_time_leads_to() -> None:
    past = [plan_of(index) for index in range(2)]
    before = [note for index in range(2) for note in row(index, QUARTER)]
    start = METERS.bar(2).start
    own = [
        Note(start, 72, QUARTER, 80),
        Note(start + QUARTER, 72, 2 * QUARTER, 80),
        Note(start + 3 * QUARTER, 72, QUARTER, 80),
    ]
    written = breathing(plan_of(2), past, before).written(own, ())
    assert [note.duration < other.duration for note, other in zip(written, own, strict=True)] == [False, True, False]


def test_a_landing_is_struck_on_a_full_breath_and_nothing_begins_right_before_it() -> None:
    tick = METERS.bar(0).start + 2 * QUARTER
    end = Landing(tick, LandingKind.END, "end", frozenset({"flute"}))
    plan = plan_of(0, 60, (end,))
    own = [Note(0, 72, 4 * QUARTER, 80), Note(tick - 100, 74, 100, 80), Note(tick, 72, 40 * QUARTER, 80)]
    held, struck = breathing(plan).written(own, {tick})
    assert tick - held.end >= BREATH_SECONDS * QUARTER
    assert struck.tick == tick
    # As long as one breath lasts, and hardly less.
    longest = PLAYERS["flute"].breath_seconds
    assert longest is not None
    assert 0.8 * longest < struck.duration / QUARTER < longest


def test_what_stood_before_is_taken_as_it_is_and_the_part_rests_after_it_when_the_air_is_spent() -> None:
    before = [Note(0, 72, 16 * QUARTER, 80)]
    past = [plan_of(index) for index in range(4)]
    seen = breathing(plan_of(4), past, before)
    assert seen.latest < METERS.bar(4).start
    assert seen.fresh_from - 16 * QUARTER >= BREATH_SECONDS * QUARTER
    written = seen.written(row(4, QUARTER), ())
    assert len(written) == 3
    found = violations_of("flute", "flute", [*before, *written], lambda tick: tick / QUARTER)
    assert [one.tick for one in found] == [0]


SEAM = Loop(0, 4 * QUARTER)


@pytest.mark.parametrize("ticks", [4 * QUARTER, QUARTER, QUARTER // 2])
def test_a_breath_is_taken_at_the_end_of_a_loop_and_no_note_is_lost_where_the_last_is_long_enough(ticks: int) -> None:
    written = row(0, ticks)
    played = rested_at_seam(plan_of(bpm=120), FLUTE, written, SEAM)
    assert [note.tick for note in played] == [note.tick for note in written]
    assert list(played[:-1]) == written[:-1]
    assert (SEAM.end - played[-1].end) / QUARTER / 2 >= BREATH_SECONDS


def test_it_is_taken_before_a_short_last_note_rather_than_instead_of_it() -> None:
    held, last = Note(0, 72, 4 * QUARTER - 60, 80), Note(4 * QUARTER - 60, 74, 60, 80)
    played = rested_at_seam(plan_of(bpm=120), FLUTE, [held, last], SEAM)
    assert played[1] == last
    assert (last.tick - played[0].end) / QUARTER / 2 >= BREATH_SECONDS


def test_where_there_is_no_room_for_it_the_last_notes_give_way_but_for_a_landing() -> None:
    written = row(0, QUARTER // 8)
    played = rested_at_seam(plan_of(bpm=120), FLUTE, written, SEAM)
    assert 0 < len(written) - len(played) <= 4
    assert (SEAM.end - played[-1].end) / QUARTER / 2 >= BREATH_SECONDS
    hit = Landing(written[-1].tick, LandingKind.HIT, "door", frozenset({"flute"}))
    assert written[-1] in rested_at_seam(plan_of(bpm=120, landings=(hit,)), FLUTE, written, SEAM)


def test_a_loop_hardly_longer_than_a_breath_and_who_needs_none_stay_as_they_are() -> None:
    written = row(0, QUARTER // 4)
    assert list(rested_at_seam(plan_of(bpm=120), FLUTE, written, Loop(0, QUARTER))) == written
    violin = Part("violin", instrument_named("violin"))
    assert list(rested_at_seam(plan_of(bpm=120), violin, written, SEAM)) == written
