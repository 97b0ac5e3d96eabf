"""What comes back: which bars say which line again, on whom, and in which notes."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from hitpoint.planner.context import request_for
from hitpoint.planner.form import phrase_in
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.seed import seed_of
from hitpoint.planner.theme import is_open
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar, Echo, Source, WrittenBar
from hitpoint.score.session import PartSet, Session, Switch, VariationAsked
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR = 3840
READS = frozenset({"role", "harmony_1", "part_density"})
LINE = ((0, 0), (960, 2), (1440, 3), (2880, 1))
"""Ticks from the bar line, and steps of the scale: what every bar of `written` has first."""


def session_of(*markers: tuple[float, str], seed: int = 0, bars: int = 16) -> Session:
    """A cue of so many bars; markers: bar from 0, and words."""
    told = tuple(Marker(int(bar * BAR), words) for bar, words in markers)
    return Session(Timeline(markers=(*told, Marker((bars - 1) * BAR, "END"))), seed=seed, model_reads=READS)


def plans(session: Session, bars: int = 16) -> list[BarPlan]:
    return [plan for bar in range(bars) if (plan := plan_bar(session, bar)) is not None]


def echoes(session: Session) -> dict[int, Echo]:
    return {plan.bar.index: plan.echo for plan in plans(session) if plan.echo is not None}


def written(plan: BarPlan) -> WrittenBar:
    """Every part has the line in its own key, from the tonic above middle C on."""
    key = plan.controls.key
    assert key is not None
    scale = sorted(key.scale, key=lambda tone: (tone - key.tonic) % 12)
    pitches = [60 + key.tonic + (scale[step] - key.tonic) % 12 for _, step in LINE]
    notes = tuple(
        Note(plan.bar.start + tick, pitch, 400, plan.velocity[0] + 3)
        for (tick, _), pitch in zip(LINE, pitches, strict=True)
    )
    return WrittenBar(plan, tuple(ComposedBar(part.name, plan.bar.index, "", notes) for part in plan.parts))


def said(session: Session, index: int, there: Callable[[BarPlan], WrittenBar] = written) -> ComposedBar | None:
    plan = plan_bar(session, index)
    assert plan is not None
    return request_for(session, plan, [part.name for part in plan.parts], there).said


def seeds_with_echo(words: str, count: int = 6) -> Iterator[tuple[Session, int, Echo]]:
    """Cues, and a bar of each in which something is said again."""
    for seed in range(count):
        session = session_of((0, words), seed=seed)
        for bar, echo in echoes(session).items():
            yield session, bar, echo


def test_the_bars_of_a_return_say_again_what_its_first_phrase_said() -> None:
    for seed in range(20):
        session = session_of((0, "1m01 calm, strings, D minor"), seed=seed)
        own = seed_of(seed, "1m01")
        for bar, echo in echoes(session).items():
            phrase = phrase_in(bar, 15 - bar, own)
            assert phrase is not None
            assert phrase.says_again(bar)
            assert echo.bar == phrase.first_of(bar)


def test_a_return_has_the_chords_and_the_players_that_its_first_phrase_had() -> None:
    for seed in range(20):
        session = session_of((0, "1m01 calm, orchestra, D minor"), seed=seed)
        planned = plans(session)
        for bar, echo in echoes(session).items():
            assert planned[bar].harmony == planned[echo.bar].harmony
            assert planned[bar].parts == planned[echo.bar].parts
            if echo.part == echo.said_by:
                assert planned[bar].roles == planned[echo.bar].roles


def test_who_leads_says_it_and_sometimes_that_is_another_one() -> None:
    handed = set()
    for session, bar, echo in seeds_with_echo("1m01 calm, orchestra, D minor", 30):
        here, there = plan_bar(session, bar), plan_bar(session, echo.bar)
        assert here is not None
        assert there is not None
        assert (here.role(echo.part), there.role(echo.said_by)) == ("melody", "melody")
        handed.add(echo.part != echo.said_by)
    assert handed == {True, False}


def test_a_piano_says_again_what_it_said_but_gives_a_flute_no_line_and_takes_none() -> None:
    found = {(e.said_by, e.part) for _, _, e in seeds_with_echo("1m01 calm, piano, flute", 30)}
    assert found == {("piano", "piano"), ("flute", "flute")}
    session, bar, _ = next(one for one in seeds_with_echo("1m01 calm, piano, D minor"))
    answer = said(session, bar, lambda plan: _doubled(written(plan)))
    assert answer is not None
    assert len(answer.notes) == 2 * len(LINE)


def _doubled(bar: WrittenBar) -> WrittenBar:
    """With a fifth below every note, and two octaves."""
    parts = (
        replace(one, notes=tuple(sorted((*one.notes, *(replace(n, pitch=n.pitch - 24) for n in one.notes)))))
        for one in bar.parts
    )
    return replace(bar, parts=tuple(parts))


def test_it_is_said_step_for_step_in_the_bars_own_key_and_velocities() -> None:
    heard = 0
    for seed in range(20):
        session = session_of((0, "1m01 calm, strings, D minor"), (5, "joyful, Bb major"), seed=seed)
        for bar, echo in echoes(session).items():
            plan, answer = plan_bar(session, bar), said(session, bar)
            assert plan is not None
            assert answer is not None
            assert answer.part == echo.part
            key = plan.controls.key
            assert key is not None
            first = answer.notes[0]
            scale = sorted((tone - key.tonic) % 12 for tone in key.scale)
            steps = [scale.index((note.pitch - key.tonic) % 12) for note in answer.notes]
            assert [(n.tick - plan.bar.start, step) for n, step in zip(answer.notes, steps, strict=True)] == list(LINE)
            assert all(plan.velocity[0] <= note.velocity <= plan.velocity[1] for note in answer.notes)
            assert first.pitch % 12 == key.tonic
            heard += bar > 5
    assert heard


@pytest.mark.parametrize("what", ["HIT door", "STOP", "tense, brass"])
def test_bars_with_something_to_meet_say_nothing_again_and_are_not_said_again(what: str) -> None:
    for seed in range(20):
        for at in (1, 5, 9, 13):
            session = session_of((0, "1m01 calm, strings"), (at + 0.5, what), seed=seed)
            found = echoes(session)
            met = {plan.bar.index for plan in plans(session) if not is_open(plan)}
            assert at in met
            assert not met & {*found, *(echo.bar for echo in found.values())}


def test_the_last_bars_of_a_cue_and_of_a_phrase_are_written_anew() -> None:
    for seed in range(20):
        found = echoes(session_of((0, "1m01 calm, strings"), seed=seed))
        assert not {14, 15} & set(found)
        assert not any(bar % 4 == 3 for bar in found)


def test_a_part_that_is_to_vary_or_is_locked_says_nothing_again() -> None:
    session, bar, echo = next(seeds_with_echo("1m01 calm, strings"))
    assert said(session, bar) is not None
    assert said(session.apply(VariationAsked(bar, bar, frozenset({echo.part}))), bar) is None
    assert said(session.apply(PartSet(echo.part, Switch.LOCK, True)), bar) is None


def test_a_part_that_is_gone_on_with_says_nothing_again() -> None:
    session, bar, echo = next(seeds_with_echo("1m01 calm, strings"))
    plan = plan_bar(session, bar)
    assert plan is not None
    begun = ComposedBar(echo.part, bar, "", (Note(plan.bar.start, 62, 100, 60),))
    assert request_for(session, plan, [echo.part], written, [begun]).said is None


def test_what_was_not_written_or_not_by_the_model_or_elsewhere_is_no_theme() -> None:
    session, bar, _ = next(seeds_with_echo("1m01 calm, strings"))

    def changed(change: Callable[[ComposedBar], ComposedBar]) -> Callable[[BarPlan], WrittenBar]:
        return lambda plan: replace(written(plan), parts=tuple(map(change, written(plan).parts)))

    assert said(session, bar, lambda plan: WrittenBar(plan, ())) is None
    assert said(session, bar, changed(lambda one: replace(one, source=Source.BACK_UP))) is None
    assert said(session, bar, changed(lambda one: replace(one, notes=()))) is None
    moved = changed(lambda one: replace(one, notes=tuple(replace(n, tick=n.tick + BAR) for n in one.notes)))
    assert said(session, bar, moved) is None
    strange = changed(lambda one: replace(one, notes=tuple(replace(n, pitch=n.pitch + 1) for n in one.notes)))
    assert said(session, bar, strange) is None


def test_a_short_cue_says_nothing_again() -> None:
    for seed in range(20):
        session = session_of((0, "1m01 calm, strings"), seed=seed, bars=7)
        assert not echoes(session)
