from dataclasses import replace

from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.frozen import repeated_bar
from hitpoint.planner.plan import plan_bar
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar, Source
from hitpoint.score.session import Session
from hitpoint.score.stem import Part
from hitpoint.score.wish import Frozen
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.timeline import Timeline

BAR = 3840
MARKERS = (Marker(0, "1m01 tense, strings, D minor"), Marker(3 * BAR + 700, "HIT door"))


def a_session(meters: MeterMap | None = None) -> Session:
    return Session(Timeline(meter_map=meters or MeterMap(), markers=MARKERS), frozen=Frozen(1))


def plan_of(session: Session, index: int) -> BarPlan:
    plan = plan_bar(session, index)
    assert plan is not None
    return plan


def repeated(session: Session, index: int, notes: tuple[Note, ...]) -> tuple[Part, ComposedBar]:
    plan = plan_of(session, index)
    part = plan.parts[0]
    return part, repeated_bar(plan, part, plan_of(session, 1).bar, notes, Source.MODEL)


NOTES = (Note(BAR, 62, 960, 70), Note(BAR + 2880, 69, 960, 81))


def test_every_bar_but_the_frozen_one_repeats_it():
    session = a_session()
    assert [plan_of(session, index).repeats for index in (0, 1, 2, 9)] == [1, None, 1, 1]
    assert plan_of(session, 9).parts == plan_of(session, 1).parts


def test_a_bar_that_repeats_has_another_basis_than_one_with_notes_of_its_own():
    session = a_session()
    part = plan_of(session, 2).parts[0].name
    assert plan_of(session, 2).basis(part) != plan_of(replace(session, frozen=None), 2).basis(part)


def test_notes_are_repeated_exactly():
    _, bar = repeated(a_session(), 6, NOTES)
    assert bar.notes == tuple(replace(note, tick=note.tick + 5 * BAR) for note in NOTES)
    assert bar.source is Source.MODEL


def test_a_shorter_bar_breaks_off_and_a_longer_one_begins_again():
    meters = MeterMap(
        (MeterChange(0, Meter(4, 4)), MeterChange(6 * BAR, Meter(2, 4)), MeterChange(7 * BAR, Meter(6, 4)))
    )
    session = a_session(meters)
    short, long = plan_of(session, 6).bar, plan_of(session, 8).bar
    assert [note.tick - short.start for note in repeated(session, 6, NOTES)[1].notes] == [0]
    assert [note.tick - long.start for note in repeated(session, 8, NOTES)[1].notes] == [0, 2880, 3840]


def test_a_hit_is_struck_and_nothing_else_is_near_it():
    session = a_session()
    notes = tuple(Note(BAR + tick, 62, 100, 70) for tick in range(0, BAR, 120))
    _, bar = repeated(session, 3, notes)
    hit = MARKERS[1].tick
    assert any(note.tick == hit and note.velocity >= 114 for note in bar.notes)
    assert not [note for note in bar.notes if 0 < abs(note.tick - hit) < 150]


def test_who_rests_in_the_frozen_bar_strikes_the_hit_and_is_out():
    plan = plan_of(a_session(), 3)
    for part in plan.parts:
        bar = repeated_bar(plan, part, plan_of(a_session(), 1).bar, (), Source.FALLBACK)
        assert {note.tick for note in bar.notes} <= {MARKERS[1].tick}
    assert fallback_bar(plan_of(a_session(), 1), plan.parts[0], ()).notes
