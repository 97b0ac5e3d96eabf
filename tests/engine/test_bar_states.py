from hitpoint.engine.bar_states import BarState, bar_states
from hitpoint.engine.pages import Pages
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.plan import plan_bar
from hitpoint.score.request import Source
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR = 3840
SESSION = Session(Timeline(markers=(Marker(0, "1m01 tense, strings, D minor"), Marker(4 * BAR, "END"))))


def pages(*sources: tuple[Source, ...]) -> Pages:
    """Pages on which the parts of each bar, in score order, were written by the sources named; the rest is blank."""
    found = Pages()
    for index, by in enumerate(sources):
        plan = plan_bar(SESSION, index)
        assert plan is not None
        found.keep([fallback_bar(plan, part, (), source) for part, source in zip(plan.parts, by, strict=False)])
    return found


def test_a_bar_is_ready_when_nothing_more_is_wanted_for_it() -> None:
    written = pages((Source.MODEL,) * 9, (Source.FALLBACK,) * 9, (Source.BACK_UP,) * 9, (Source.MODEL,))
    assert bar_states(lambda _: SESSION, written, range(4), None, None) == (
        BarState(1, "ready", "model"),
        BarState(2, "ready", "fallback"),
        BarState(3, "planned", "back-up"),
        BarState(4, "planned", ""),
    )


def test_the_least_wanted_source_is_told() -> None:
    written = pages((Source.MODEL, Source.FALLBACK, *(Source.MODEL,) * 9))
    assert bar_states(lambda _: SESSION, written, range(1), None, None) == (BarState(1, "ready", "fallback"),)


def test_what_is_heard_and_what_is_being_written_are_told() -> None:
    written = pages((Source.MODEL,) * 9)
    assert [one.stage for one in bar_states(lambda _: SESSION, written, range(3), 0, 1)] == [
        "playing",
        "writing",
        "planned",
    ]


def test_where_nothing_plays_is_a_rest() -> None:
    assert bar_states(lambda _: SESSION, Pages(), range(7, 8), 7, None) == (BarState(8, "rest", ""),)
