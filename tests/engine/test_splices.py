from hitpoint.engine.splices import MOST_BARS, Changes, Wanted, back_up_of, wanted
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.wishes import event_of
from hitpoint.score.note import Note
from hitpoint.score.request import ComposedBar, Source
from hitpoint.score.session import Session
from hitpoint.score.state import States
from hitpoint.score.when import When
from hitpoint.score.wish import StateAsked, VaryAsked, Wish
from hitpoint.timeline.host_event import Started
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR = 3840
STATES = States((("chase", "furious, brass"),))
CELLO = "cello"


def a_session(*wishes: Wish) -> Session:
    session = Session(Timeline(markers=(Marker(0, "1m01 calm, strings, D minor"),)), states=STATES).apply(Started(0.0))
    for wish in wishes:
        session = session.apply(event_of(session, 4000.0, wish))
    return session


def standing(session: Session) -> ComposedBar:
    """What the cello has in bar 1 before anything is asked."""
    (change,) = Changes().within(session, 1)
    notes = (Note(BAR, 50, 960, 60), Note(BAR + 900, 53, 2000, 60), Note(BAR + 2000, 57, 900, 60))
    return ComposedBar(CELLO, 1, change.plan.basis(CELLO), notes)


def answer(found: Wanted, source: Source = Source.MODEL) -> ComposedBar:
    part = next(part for part in found.plan.parts if part.name == CELLO)
    return fallback_bar(found.plan, part, (), source)


def want(session: Session, base: ComposedBar) -> Wanted:
    found = wanted(Changes().within(session, 1), CELLO, (base, None))
    assert found is not None
    return found


def test_a_bar_without_a_change_has_one_plan_and_wants_nothing_when_it_is_written():
    session = a_session()
    assert len(Changes().within(session, 1)) == 1
    assert wanted(Changes().within(session, 1), CELLO, (standing(session), None)) is None


def test_a_bar_that_nobody_has_written_is_wanted_whole():
    found = wanted(Changes().within(a_session(VaryAsked(When.BEAT)), 1), CELLO, (None, None))
    assert found is not None
    assert (found.kept, found.tick) == (None, BAR)


def test_after_a_variation_what_stands_before_it_is_kept_and_gives_way_to_the_next_note():
    session = a_session(VaryAsked(When.BEAT))
    found = want(session, standing(a_session()))
    assert found.tick == BAR + 960
    assert found.plan.span(CELLO)[0] == BAR + 960
    joined = found.joined(ComposedBar(CELLO, 1, "", (Note(BAR + 1500, 55, 100, 60),)))
    assert [(note.tick - BAR, note.end - BAR) for note in joined.notes] == [(0, 960), (900, 1500), (1500, 1600)]
    assert joined.kept_until == BAR + 960
    assert wanted(Changes().within(session, 1), CELLO, (joined, None)) is None


def test_at_a_turn_all_that_sounds_ends_and_its_clearance_is_quiet():
    found = want(a_session(StateAsked("chase", When.BEAT)), standing(a_session()))
    assert found.rests
    assert [(note.tick - BAR, note.end - BAR) for note in found.left().notes] == [(0, 960)]


def test_two_changes_in_a_bar_are_written_one_after_the_other():
    session = a_session(VaryAsked(When.BEAT))
    session = session.apply(event_of(session, BAR + 1000.0, VaryAsked(When.BEAT)))
    first = want(session, standing(a_session()))
    second = want(session, first.joined(answer(first)))
    assert (first.tick, second.tick) == (BAR + 960, BAR + 1920)


def test_notes_that_are_half_heard_are_gone_on_with_whatever_they_were_made_from():
    changes = Changes().within(a_session(VaryAsked(When.BEAT)), 1)
    stale = ComposedBar(CELLO, 1, "0123456789abcdef", standing(a_session()).notes)
    found = wanted(changes, CELLO, (None, stale), begun_at=BAR + 100.0)
    assert found is not None
    assert (found.kept, found.tick) == (stale, BAR + 960)
    assert wanted(changes, CELLO, (None, stale), begun_at=BAR + 2000.0) is None


def test_behind_a_change_the_model_is_asked_only_for_what_follows_it():
    session = a_session(VaryAsked(When.BEAT))
    found = want(session, standing(a_session()))
    back_up = found.joined(answer(found, Source.BACK_UP))
    again = back_up_of(Changes().within(session, 1), CELLO, back_up)
    assert again is not None
    assert (again.kept, again.tick) == (back_up, BAR + 960)


def test_a_session_that_nobody_touches_is_not_remembered_bar_by_bar_for_ever() -> None:
    changes, session = Changes(), Session(Timeline(), direction="tense, violin")
    for index in range(3 * MOST_BARS):
        assert changes.within(session, index)[-1].plan.bar.index == index
    assert len(changes._found) <= MOST_BARS
