import random

import pytest

from fakes.host_script import BAR, Afternoon, Line, broken_by, play_script
from hitpoint.config.articulation_maps import articulation_map
from hitpoint.config.document import Text
from hitpoint.score.request import Source
from hitpoint.score.session import Session
from hitpoint.timeline.host_event import MarkersChanged
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline


def test_random_afternoons_break_no_law() -> None:
    assert [broken for seed in range(40) if (broken := broken_by(seed))] == []


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
