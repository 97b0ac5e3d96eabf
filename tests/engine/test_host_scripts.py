import random

import pytest

from fakes.host_script import BAR, STATES, Afternoon, Line, broken_by, play_script
from fakes.loop_script import loop_broken_by
from hitpoint.config.articulation_maps import articulation_map
from hitpoint.config.document import Text
from hitpoint.score.request import Source
from hitpoint.score.session import Session
from hitpoint.score.when import When
from hitpoint.score.wish import StateAsked
from hitpoint.timeline.host_event import MarkersChanged, MeterMapChanged
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline


def test_random_afternoons_break_no_law() -> None:
    assert [broken for seed in range(40) if (broken := broken_by(seed))] == []


def test_random_vamps_break_no_law() -> None:
    assert [broken for seed in range(8) if (broken := loop_broken_by(seed))] == []


def test_a_control_that_comes_while_a_loop_turns_takes_back_what_lies_behind_it() -> None:
    """It gave none of it to play, and looks behind the loop only when that is let go."""
    begins = Marker(0, "1m01 calm, strings, D minor")
    stage = Afternoon(Session(Timeline(TempoMap.constant(110.0), MeterMap(), (begins,))), Line(random.Random(1)))
    stage.play()
    stage.run(1.0)
    assert stage.conductor.pages.notes("cello", 1)
    stage.loop(0, BAR)
    stage.control_starts_anew()
    stage.run(0.1)
    stage.loop_off()
    stage.apply(MarkersChanged((begins, Marker(BAR - 200, "END"))))
    stage.changed_at = stage.now
    stage.run(3.0)
    stage.end()


def test_a_control_that_has_just_come_takes_back_all_that_a_part_had_before_it_rests() -> None:
    """The one before had given play a state's first bar; this one calls another, in the middle of it, instead."""
    begins = (Marker(0, "1m01 calm, strings, D minor"), Marker(BAR + 960, "tense, strings"))
    session = Session(Timeline(TempoMap.constant(110.0), MeterMap(), begins), states=STATES)
    stage = Afternoon(session, Line(random.Random(1)))
    stage.play()
    stage.run(0.5)
    stage.ask(StateAsked("chase", When.BAR))
    stage.run(0.1)
    assert stage.conductor.pages.notes("drums", 1)
    stage.control_starts_anew()
    stage.ask(StateAsked("calm", When.MARKER))
    stage.changed_at = stage.now
    stage.run(4.0)
    stage.end()


def test_a_lock_holds_though_the_control_that_hears_it_has_only_just_come() -> None:
    """It has not planned a bar yet, and the model's answers to the one before are lost."""
    begins = Marker(0, "1m01 calm, strings, D minor")
    stage = Afternoon(Session(Timeline(TempoMap.constant(110.0), MeterMap(), (begins,))), Line(random.Random(1)))
    stage.seconds_a_bar = 0.5
    stage.play()
    stage.run(0.1)
    stood = stage.conductor.pages.at("cello", 1)
    assert stood is not None
    assert stood.source is Source.BACK_UP
    stage.control_starts_anew()
    stage.lock("cello", True)
    stage.run(4.0)
    assert stage.conductor.pages.notes("cello", 1) == stood.notes
    stage.end()


def test_what_a_locked_part_has_is_not_taken_away_by_an_answer_for_a_bar_that_another_metre_counts() -> None:
    """A back-up that was written while it was locked, in four; in six the bar of its number lies elsewhere."""
    begins = Marker(0, "1m01 calm, strings, D minor")
    stage = Afternoon(Session(Timeline(TempoMap.constant(188.0), MeterMap(), (begins,))), Line(random.Random(1)))
    stage.seconds_a_bar = 3.0
    stage.play()
    stage.run(1.4)
    stage.lock("cello", True)
    stage.run(0.5)
    stood = stage.conductor.pages.notes("cello", 3)
    assert stood[0].tick == 3 * BAR
    stage.apply(MeterMapChanged(MeterMap.constant(6, 4)))
    stage.changed_at = stage.now
    stage.seconds_a_bar = 0.02
    stage.run(3.0)
    assert stage.conductor.pages.notes("cello", 3) == stood
    stage.end()


def test_with_pedals_too_no_law_is_broken() -> None:
    cue = Marker(0, "1m01 calm, piano, harp, D minor")
    assert sum(play_script(seed, cue)[0] for seed in range(12)) > 20


def test_with_keyswitches_too_no_law_is_broken() -> None:
    keyswitched = articulation_map(Text("keyswitched", 1))
    assert sum(play_script(seed, articulations=keyswitched)[1] for seed in range(12)) > 20


@pytest.mark.slow
@pytest.mark.seeds(5_000, 250)
def test_many_random_afternoons_break_no_law(seeds: range) -> None:
    assert [broken for seed in seeds if (broken := broken_by(seed))] == []


@pytest.mark.slow
@pytest.mark.seeds(300, 25)
def test_many_random_vamps_break_no_law(seeds: range) -> None:
    assert [broken for seed in seeds if (broken := loop_broken_by(seed))] == []
