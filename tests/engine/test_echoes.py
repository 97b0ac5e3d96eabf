"""A cue's theme comes back in its notes, as the bundled model writes it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hitpoint.engine.composer import Composer
from hitpoint.engine.pages import Pages
from hitpoint.engine.render import write_pages
from hitpoint.planner.context import request_for
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.theme import top_of
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR, BARS = 3840, 16
READS = frozenset({"role", "harmony_1", "part_density"})


def cue(words: str, seed: int) -> Session:
    markers = (Marker(0, f"1m01 {words}"), Marker((BARS - 1) * BAR, "END"))
    return Session(Timeline(markers=markers), seed=seed, model_reads=READS)


@pytest.fixture(scope="module")
def composer() -> Composer:
    """With the bundle in the repository."""
    return Composer.load(Path(__file__).parents[2] / "models" / "small-2")


def written(session: Session, composer: Composer) -> Pages:
    pages = Pages()
    write_pages(session, composer, BARS, pages, lambda *_: None)
    return pages


def returns(session: Session) -> Iterator[BarPlan]:
    """The plans of the bars that say something again."""
    plans = (plan_bar(session, bar) for bar in range(BARS))
    return (plan for plan in plans if plan is not None and plan.echo is not None)


def rhythm(notes: tuple[Note, ...]) -> list[int]:
    return [note.tick % BAR for note in top_of(notes)]


@pytest.mark.parametrize("words", ["calm, strings, D minor", "joyful, flute, clarinet, cello", "tense, brass, timpani"])
def test_the_line_of_the_first_phrase_is_there_again_in_its_rhythm(words: str, composer: Composer) -> None:
    whole = found = 0
    for seed in range(3):
        session = cue(words, seed)
        pages = written(session, composer)
        for plan in returns(session):
            assert plan.echo is not None
            if request_for(session, plan, (plan.echo.part,), pages.written).said is None:
                # Too little was said first to be a theme.
                continue
            first = rhythm(pages.notes(plan.echo.said_by, plan.echo.bar))
            whole += rhythm(pages.notes(plan.echo.part, plan.bar.index)) == first
            found += 1
    assert found >= 6
    # Here and there a note is left out for a breath.
    assert whole >= 0.8 * found


def test_a_part_that_is_written_later_hears_what_comes_back_as_if_they_were_written_together(
    composer: Composer,
) -> None:
    session = cue("calm, strings, D minor", 1)
    pages = written(session, composer)
    for plan in returns(session):
        names = tuple(part.name for part in plan.parts)
        together = composer.compose(request_for(session, plan, names, pages.written))
        alone = Pages()
        alone.keep(bar for bar in pages.all() if bar.bar < plan.bar.index)
        for name in names:
            alone.keep(composer.compose(request_for(session, plan, (name,), alone.written)))
        assert tuple(alone.at(name, plan.bar.index) for name in names) == together


def test_where_the_first_phrase_was_never_written_the_model_writes(composer: Composer) -> None:
    session = cue("calm, strings, D minor", 1)
    for plan in returns(session):
        assert plan.echo is not None
        request = request_for(session, plan, (plan.echo.part,), Pages().written)
        assert request.said is None
        drawn = composer.compose(replace(request, plan=replace(plan, echo=None)))
        assert [bar.notes for bar in composer.compose(request)] == [bar.notes for bar in drawn]
