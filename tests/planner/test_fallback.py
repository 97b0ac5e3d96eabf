from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.bar_checker import violations
from fakes.plans import last_bars, lowest_class
from fakes.timelines import LAST_TICK, timelines
from hitpoint.planner.context import PAST_BARS
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.plan import plan_bar
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar, Source, WrittenBar
from hitpoint.score.session import ControlMoved, Session, VariationAsked
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR = 3840


def written(session: Session, bars: int) -> list[WrittenBar]:
    past: list[WrittenBar] = []
    for index in range(bars):
        plan = plan_bar(session, index)
        if plan is not None:
            parts = tuple(fallback_bar(plan, part, past[-PAST_BARS:]) for part in plan.parts)
            past.append(WrittenBar(plan, parts))
    return past


def first_bar(text: str, seed: int = 0) -> BarPlan:
    plan = plan_bar(Session(Timeline(), direction=text, seed=seed), 0)
    assert plan is not None
    return plan


@settings(deadline=None, max_examples=150)
@given(timelines, st.sampled_from(["", "tense, orchestra", "piano, harp and drums"]), st.integers(0, 1000))
def test_no_bar_ever_breaks_its_plan(timeline: Timeline, direction: str, seed: int) -> None:
    session = Session(timeline, direction=direction, seed=seed)
    last = timeline.meter_map.bar_at(LAST_TICK).index
    for bar in written(session, min(last, 60) + 1):
        assert violations(bar.plan, bar.parts) == []


def test_every_landing_is_struck_by_all_its_parts() -> None:
    markers = (Marker(0, "1m01 tense, orchestra"), Marker(5 * BAR + 777, "HIT door"), Marker(9 * BAR + 1, "END"))
    for bar in written(Session(Timeline(markers=markers)), 12):
        for landing in bar.plan.landings:
            striking = {part.part for part in bar.parts for note in part.notes if note.tick == landing.tick}
            assert striking == landing.parts
            assert len(striking) >= 2


def test_a_part_without_a_past_holds_notes_of_the_key() -> None:
    plan = first_bar("calm, strings, D minor")
    for part in plan.parts:
        bar = fallback_bar(plan, part, ())
        assert bar.source is Source.FALLBACK
        assert bar.notes
        assert all(note.pitch % 12 in {2, 5, 9} for note in bar.notes)


def test_a_part_with_a_past_takes_up_its_rhythm() -> None:
    session = Session(Timeline(), direction="frantic, strings, D minor, 140 bpm")
    first, second = plan_bar(session, 0), plan_bar(session, 1)
    assert first is not None
    assert second is not None
    part = first.parts[0]
    held = fallback_bar(first, part, ())
    notes = tuple(replace(held.notes[0], tick=tick, duration=400, pitch=62) for tick in range(960, BAR, 480))
    past = (WrittenBar(first, (ComposedBar(part.name, 0, first.basis(part.name), notes),)),)
    again = fallback_bar(second, part, past)
    assert len(again.notes) >= 2
    assert {note.tick - BAR for note in again.notes} <= {note.tick for note in notes}


def test_a_line_above_the_register_comes_an_octave_lower_and_stays_a_line() -> None:
    session = Session(Timeline(), direction="frantic, strings, D minor, 140 bpm")
    first = plan_bar(session, 0)
    second = plan_bar(session.apply(ControlMoved("intensity", 0.0)), 1)
    assert first is not None
    assert second is not None
    part = second.parts[0]
    line = (93, 91, 89, 88, 86)
    notes = tuple(Note(960 + 480 * place, pitch, 400, 60) for place, pitch in enumerate(line))
    past = (WrittenBar(first, (ComposedBar(part.name, 0, first.basis(part.name), notes),)),)
    again = fallback_bar(second, part, past).notes
    assert part.instrument.high - again[0].pitch >= 12
    assert [note.pitch for note in again] == sorted((note.pitch for note in again), reverse=True)


def test_the_same_plan_gives_the_same_notes() -> None:
    plan = first_bar("tense, orchestra")
    assert [fallback_bar(plan, part, ()) for part in plan.parts] == [
        fallback_bar(plan, part, ()) for part in plan.parts
    ]


def test_another_variation_may_give_other_notes() -> None:
    session = Session(Timeline(), direction="tense, orchestra")
    asked = session.apply(VariationAsked(0, 0)).apply(VariationAsked(0, 0))
    plan, other = plan_bar(session, 0), plan_bar(asked, 0)
    assert plan is not None
    assert other is not None
    bars = [[fallback_bar(p, part, ()).notes for part in p.parts] for p in (plan, other)]
    assert bars[0] != bars[1]


@given(last_bars())
def test_the_last_chord_of_a_cue_stands_on_its_root_whoever_plays(plan: BarPlan) -> None:
    assert plan.controls.key is not None
    assert lowest_class(fallback_bar(plan, part, ()) for part in plan.parts) == plan.controls.key.tonic


def test_the_last_chord_rings_across_the_bar_line() -> None:
    session = Session(Timeline(markers=(Marker(0, "1m01 calm, strings"), Marker(2 * BAR, "END"))))
    (last,) = [bar for bar in written(session, 4) if bar.plan.bar.index == 2]
    chord = [note for part in last.parts for note in part.notes]
    assert chord
    assert all(note.tick == 2 * BAR and note.end > 3 * BAR for note in chord)
