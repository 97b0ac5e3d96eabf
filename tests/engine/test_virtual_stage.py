"""The daemon on a virtual clock: hours of it must cost what minutes do."""

import gc

from fakes.stage import composed
from hitpoint.engine.conductor import WRITTEN_AHEAD_BARS
from hitpoint.engine.virtual_stage import VirtualStage
from hitpoint.scheduler.performance import Played
from hitpoint.score.midi_message import is_note_off, is_note_on
from hitpoint.score.session import Session
from hitpoint.timeline.timeline import Timeline


def reports() -> int:
    """How many reports of what was played there are in this process; other tests may have kept some."""
    gc.collect()
    return sum(type(found) is Played for found in gc.get_objects())


def test_it_falls_silent_when_it_stops_and_keeps_nothing_of_what_it_played() -> None:
    stage = VirtualStage(Session(Timeline(), direction="tense, violin, cello"), composed, step_seconds=0.1)
    before = reports()
    stage.start()
    messages = []
    while stage.now < 60.0:
        messages += stage.go_on()
    on = [message for message in messages if is_note_on(message.data)]
    off = [message for message in messages if is_note_off(message.data)]
    assert len(on) > 20
    assert len(on) > len(off)
    off += [message for message in stage.stop() if is_note_off(message.data)]
    assert len(off) == len(on)
    assert reports() <= before


def test_the_first_bars_are_written_before_it_rolls() -> None:
    stage = VirtualStage(Session(Timeline(), direction="tense, violin, cello"), composed)
    stage.write_ahead()
    assert stage.conductor.bars_ready(0.0) >= WRITTEN_AHEAD_BARS
    assert stage.tick == 0
