"""A model that is late, fails or is gone, under the real conductor and scheduler: the laws that hold all the same."""

import random
from dataclasses import replace
from math import inf

import pytest

from fakes.stage import Sent, Stage
from hitpoint.engine.bar_states import BarState
from hitpoint.engine.played_bars import PlayedBars
from hitpoint.planner.plan import plan_bar
from hitpoint.score.midi_message import is_note_on
from hitpoint.score.request import ComposedBar, Source
from hitpoint.score.session import PartSet, Session, Switch, VariationAsked
from hitpoint.timeline.host_event import Started
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

BAR = 3840
BARS = 16


def a_session(bpm: float = 120.0) -> Session:
    markers = (Marker(0, "1m01 tense, strings, D minor"), Marker(5 * BAR + 137, "HIT door"))
    return Session(Timeline(TempoMap.constant(bpm), MeterMap(), markers))


def struck(sent: list[Sent], part: str, index: int) -> list[tuple[int, int]]:
    """Tick and pitch of what a part really struck in a bar."""
    notes = [
        (round(one.tick), one.message.data[1])
        for one in sent
        if is_note_on(one.message.data)
        if one.message.part == part
    ]
    return sorted(note for note in notes if index * BAR <= note[0] < (index + 1) * BAR)


def written(bar: ComposedBar) -> list[tuple[int, int]]:
    return sorted((note.tick, note.pitch) for note in bar.notes)


def check_whole_bars(stage: Stage, bars: range) -> None:
    """Every bar sounds, and of each part exactly one answer, from its first note to its last."""
    for index in bars:
        plan = plan_bar(stage.session, index)
        assert plan is not None
        heard = {part.name: struck(stage.sent, part.name, index) for part in plan.parts}
        assert any(heard.values()), f"bar {index + 1} is silent"
        for name, notes in heard.items():
            page = stage.conductor.pages.at(name, index)
            assert page is not None
            assert page.source is not Source.BACK_UP
            assert notes == written(page), f"bar {index + 1}, {name}"


def late_script(seed: int) -> None:
    """A model that takes now this long and now that, dies, and comes back; control stalls, too."""
    source = random.Random(seed)
    stage = Stage(a_session(source.uniform(60, 200)), seconds_a_bar=source.choice([0.1, 0.5, inf]))
    stage.run(source.choice([0.0, 0.05, 1.0]))
    stage.play()
    while stage.tick < BARS * BAR:
        stage.run(source.uniform(0.02, 1.5))
        stage.seconds_a_bar = source.choice([0.02, 0.1, 0.5, 1.0, 2.0, 4.0, inf])
        match source.randrange(4):
            case 0:
                stage.model_dies()
            case 1:
                stage.stall(1.0)
    check_whole_bars(stage, range(BARS))
    played = stage.conductor.played
    assert played.bars >= BARS
    assert played.late <= played.bars


def test_no_bar_is_silent_or_of_two_answers_however_late_the_model_is() -> None:
    for seed in range(6):
        late_script(seed)


@pytest.mark.slow
@pytest.mark.seeds(60, 10)
def test_no_bar_is_silent_or_of_two_answers_in_many_scripts(seeds: range) -> None:
    for seed in seeds:
        late_script(seed)


def test_play_holds_whole_bars_for_as_long_as_control_may_stall() -> None:
    for start in (0.0, 0.5, 1.0, 1.9, 2.0, 3.3):
        stage = Stage(a_session(), seconds_a_bar=inf)
        stage.play()
        stage.run(0.02 + start)
        stage.stall(1.0)
        stage.run(2.0)
        check_whole_bars(stage, range(int(stage.tick // BAR)))


def test_a_back_up_is_with_play_before_the_model_has_answered() -> None:
    stage = Stage(a_session(), seconds_a_bar=0.5)
    stage.run(0.1)
    first = stage.conductor.bars_ahead(stage.now)[:3]
    assert first == (BarState(1, "writing", "back-up"), BarState(2, "planned", "back-up"), BarState(3, "planned", ""))
    stage.run(5.0)
    assert stage.conductor.bars_ahead(stage.now)[0] == BarState(1, "ready", "model")


def test_the_models_answer_takes_the_place_of_the_back_up_before_the_bar_begins() -> None:
    stage = Stage(a_session(), seconds_a_bar=0.3)
    stage.run(0.1)
    back_up = stage.conductor.pages.at("cello", 1)
    stage.play()
    stage.run(4.2)
    check_whole_bars(stage, range(2))
    page = stage.conductor.pages.at("cello", 1)
    assert back_up is not None
    assert page is not None
    assert (back_up.source, page.source) == (Source.BACK_UP, Source.MODEL)
    played = stage.conductor.played
    assert (played.bars, played.late) == (3, 1)
    assert played.by_model > played.by_fallback > 0


def test_an_answer_that_comes_when_the_bar_has_begun_changes_nothing() -> None:
    stage = Stage(a_session(), seconds_a_bar=2.5)
    stage.run(0.1)
    stage.play()
    stage.run(1.0)
    begun = stage.conductor.pages.at("cello", 0)
    stage.run(3.1)
    assert stage.conductor.pages.at("cello", 0) == begun
    assert begun is not None
    assert begun.source is Source.FALLBACK
    check_whole_bars(stage, range(2))


def test_a_slow_model_is_asked_for_bars_that_it_can_finish() -> None:
    stage = Stage(a_session(), seconds_a_bar=3.0)
    stage.play()
    stage.run(60.0)
    played = stage.conductor.played
    # Bars of two seconds, three seconds for each answer: two bars of three can be the model's at most.
    assert 0.5 < played.by_model / (played.by_model + played.by_fallback) <= 0.67
    check_whole_bars(stage, range(29))


def test_a_model_far_too_slow_is_still_asked_so_that_it_can_come_back() -> None:
    stage = Stage(a_session(), seconds_a_bar=25.0)
    stage.play()
    stage.run(60.0)
    before = stage.conductor.played.by_model
    stage.seconds_a_bar = 0.1
    stage.run(60.0)
    assert stage.conductor.played.by_model > before + 50


def test_a_model_fast_enough_is_never_late_once_it_plays() -> None:
    stage = Stage(a_session(180.0), seconds_a_bar=0.4)
    stage.run(4.0)
    stage.play()
    stage.run(40.0)
    assert stage.conductor.played.late == 0
    assert stage.conductor.played.bars > 28


def test_a_failed_request_is_the_fallbacks_for_good_and_not_asked_again() -> None:
    stage = Stage(a_session(), seconds_a_bar=inf)
    stage.run(0.1)
    before = stage.conductor.pages.at("cello", 0)
    stage.model_fails()
    assert before is not None
    assert stage.conductor.pages.at("cello", 0) == replace(before, source=Source.FALLBACK)
    assert stage.conductor.bars_ahead(stage.now)[0] == BarState(1, "ready", "fallback")
    stage.run(0.1)
    assert stage.conductor.bars_ahead(stage.now)[1].stage == "writing"


def test_a_model_that_dies_over_a_bar_and_is_soon_back_has_time_to_write_it() -> None:
    stage = Stage(a_session(), seconds_a_bar=0.5)
    stage.run(6.0)
    stage.play()
    for _ in range(6):
        stage.run(4.3)
        stage.model_dies()
    stage.run(4.0)
    assert (stage.conductor.played.bars, stage.conductor.played.late) == (15, 0)


def test_a_bar_that_a_model_died_over_twice_is_not_asked_for_again() -> None:
    stage = Stage(a_session(), seconds_a_bar=inf)
    stage.run(0.1)
    for bar, stage_then in ((0, "writing"), (0, "ready")):
        stage.model_dies()
        stage.run(0.1)
        assert stage.conductor.bars_ahead(stage.now)[bar].stage == stage_then
    assert stage.conductor.bars_ahead(stage.now)[1].stage == "writing"


def test_a_lock_keeps_a_back_up_though_the_model_answers() -> None:
    stage = Stage(a_session(), seconds_a_bar=0.5)
    stage.run(0.1)
    kept = stage.conductor.pages.at("cello", 0)
    stage.apply(PartSet("cello", Switch.LOCK, True))
    stage.run(5.0)
    page = stage.conductor.pages.at("cello", 0)
    assert kept is not None
    assert page == replace(kept, source=Source.FALLBACK)


def test_a_change_while_it_stands_reaches_the_bar_at_the_position_too() -> None:
    stage = Stage(a_session())
    stage.run(2.0)
    before = stage.conductor.pages.at("cello", 0)
    stage.apply(VariationAsked(0, 0))
    stage.run(2.0)
    page = stage.conductor.pages.at("cello", 0)
    assert before is not None
    assert page is not None
    assert page.basis != before.basis
    stage.play()
    stage.run(2.5)
    check_whole_bars(stage, range(1))


def test_a_start_told_ahead_wants_nothing_of_the_bar_before_it() -> None:
    stage = Stage(a_session())
    stage.locate(4 * BAR)
    stage.run(2.0)
    stage.apply(Started(stage.now + 0.1))
    stage.run(0.06)
    assert stage.conductor.pages.at("cello", 3) is None
    assert stage.conductor.played == PlayedBars()


def test_what_play_must_hold_is_replaced_and_never_taken_away_first() -> None:
    stage = Stage(a_session())
    stage.run(2.0)
    stage.play()
    stage.run(0.5)
    stage.apply(VariationAsked(1, 1))
    step = stage.conductor.step(stage.now)
    assert {one.part for one in step.schedules} == {part.name for part in plan_bar(stage.session, 1).parts}
    assert all(one.notes for one in step.schedules)
