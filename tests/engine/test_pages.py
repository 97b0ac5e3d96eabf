from dataclasses import replace

from hitpoint.engine.pages import MOST_BARS, Pages
from hitpoint.score.controls import Controls
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar, Source
from hitpoint.score.session import PartSet, Session, Switch
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap

VIOLIN = Part("violin", instrument_named("violin"))
CELLO = Part("cello", instrument_named("cello"))


def plan(**changes: object) -> BarPlan:
    bar = MeterMap().bar(0)
    return replace(BarPlan(bar, "1m01", Controls(), 120.0, (VIOLIN, CELLO)), **changes)


def written(part: Part, answered: BarPlan, source: Source = Source.MODEL) -> ComposedBar:
    return ComposedBar(part.name, answered.bar.index, answered.basis(part.name), (Note(0, 60, 960, 80),), source)


def test_what_was_written_for_a_plan_is_valid_for_it():
    pages = Pages()
    pages.keep([written(VIOLIN, plan())])
    assert pages.valid(plan(), VIOLIN, Session()) is not None
    assert pages.missing(plan(), Session()) == ("cello",)


def test_a_changed_plan_makes_it_stale():
    pages = Pages()
    pages.keep([written(VIOLIN, plan())])
    assert pages.valid(plan(controls=Controls(intensity=0.9)), VIOLIN, Session()) is None


def test_a_varied_part_goes_stale_alone():
    pages = Pages()
    pages.keep([written(VIOLIN, plan()), written(CELLO, plan())])
    assert pages.missing(plan(variations=(("cello", 1),)), Session()) == ("cello",)


def test_another_part_joining_changes_nothing():
    horn = Part("french horn", instrument_named("french horn"))
    pages = Pages()
    pages.keep([written(VIOLIN, plan()), written(CELLO, plan())])
    assert pages.missing(plan(parts=(VIOLIN, CELLO, horn)), Session()) == ("french horn",)


def test_a_locked_part_stays_whatever_the_plan_says():
    pages = Pages()
    pages.keep([written(VIOLIN, plan())])
    locked = Session().apply(PartSet("strings", Switch.LOCK, True))
    assert pages.valid(plan(controls=Controls(intensity=0.9)), VIOLIN, locked) is not None


def test_sources_are_counted():
    pages = Pages()
    pages.keep([written(VIOLIN, plan()), written(CELLO, plan(), Source.FALLBACK)])
    assert pages.by_source() == {Source.MODEL: 1, Source.FALLBACK: 1, Source.BACK_UP: 0}


def test_a_back_up_is_valid_but_the_model_is_still_wanted():
    pages = Pages()
    pages.keep([written(VIOLIN, plan()), written(CELLO, plan(), Source.BACK_UP)])
    assert pages.blank(plan(), Session()) == ()
    assert pages.missing(plan(), Session()) == ("cello",)


def test_a_settled_back_up_is_the_fallbacks_for_good_with_the_same_notes():
    pages = Pages()
    back_up = written(CELLO, plan(), Source.BACK_UP)
    pages.keep([written(VIOLIN, plan()), back_up])
    pages.settle(lambda bar: bar.bar == 0)
    assert pages.at("cello", 0) == replace(back_up, source=Source.FALLBACK)
    assert pages.at("violin", 0) == written(VIOLIN, plan())
    assert pages.missing(plan(), Session()) == ()


def test_the_oldest_bars_are_let_go_but_not_those_that_are_spared() -> None:
    pages = Pages()
    for index in range(MOST_BARS + 1):
        pages.keep([ComposedBar("violin 1", index, "", ())])
    pages.keep([ComposedBar("violin 1", 3, "rewritten", ())])

    pages.forget_oldest(spared=lambda bar: bar.bar == 0)

    assert len(pages.all()) < MOST_BARS
    assert pages.at("violin 1", 0) is not None
    assert pages.at("violin 1", 1) is None
    assert pages.at("violin 1", 3) is not None
    assert pages.at("violin 1", MOST_BARS) is not None


def test_what_has_changed_since_a_revision_is_found_and_nothing_else():
    pages = Pages()
    bars = [replace(written(VIOLIN, plan()), bar=bar) for bar in range(4)]
    pages.keep(bars)
    seen = pages.revision
    assert pages.changed_since(seen) == {}
    pages.keep([bars[2]])
    assert pages.changed_since(seen) == {2: seen + 1}
    assert pages.changed_since(0).keys() == {0, 1, 2, 3}
    assert pages.revision_of(2) == seen + 1
    assert pages.in_bar(2) == (bars[2],)
    assert pages.revision_of(9) == 0


def test_a_bar_that_is_let_go_of_has_no_revision_any_more():
    pages = Pages()
    pages.keep([replace(written(VIOLIN, plan()), bar=bar) for bar in range(MOST_BARS + 1)])
    pages.forget_oldest(lambda _: False)
    assert pages.forgotten > 0
    assert pages.revision_of(0) == 0
    assert pages.in_bar(0) == ()
    assert len(pages.changed_since(0)) == len(pages.all())
