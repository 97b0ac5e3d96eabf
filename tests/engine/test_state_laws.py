"""Every state change takes place at a sync point of its kind and not later than the next, no part of the state before
strikes after it, and nothing hangs: over random timelines, places and changes."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from fakes.stage import Sent, Stage
from hitpoint.planner.sync import LEAD_SECONDS
from hitpoint.score.direction import parse
from hitpoint.score.ensemble import parts_for
from hitpoint.score.midi_message import is_note_off, is_note_on
from hitpoint.score.session import Session
from hitpoint.score.state import States
from hitpoint.score.when import When
from hitpoint.score.wish import StateAsked
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline

# No player in two of them: who strikes tells which one it is.
STATES = (("chase", "furious, brass"), ("dream", "calm, flute, harp"), ("march", "tense, drums, piano"))
PLAYERS = {name: frozenset(part.name for part in parts_for(parse(words))) for name, words in STATES}
NAMES = ("HIT a", "HIT b", "tense, strings", "2m02 calm, strings", "STOP", "END")
STRINGS = frozenset(part.name for part in parts_for(parse("calm, strings")))
LAST_TICK = 400_000
BAR = 3840


def a_timeline(source: random.Random) -> Timeline:
    tempi = [TempoPoint(0, source.uniform(90, 240), source.choice(list(Ramp)))]
    tempi.append(TempoPoint(source.randrange(1, LAST_TICK), source.uniform(90, 240)))
    metres = [MeterChange(0, Meter(source.randrange(2, 6), source.choice([4, 8])))]
    metres.append(MeterChange(source.randrange(1, LAST_TICK), Meter(source.randrange(2, 8), source.choice([4, 8]))))
    markers = [Marker(0, "1m01 calm, strings, D minor")]
    markers += [Marker(source.randrange(LAST_TICK), source.choice(NAMES)) for _ in range(source.randrange(30))]
    regions = [Region(start, start + 9000, "wind") for start in [source.randrange(LAST_TICK)]]
    return Timeline(TempoMap(tuple(tempi)), MeterMap(tuple(metres)), tuple(sorted(markers, key=_tick)), tuple(regions))


def _tick(marker: Marker) -> int:
    return marker.tick


def points_between(timeline: Timeline, start: int, end: int, when: When) -> set[int]:
    """Sync points of that kind in [start, end], found without the code that is tested."""
    bars = timeline.meter_map.bars_between(start, end + 1)
    lines = {bar.start for bar in bars}
    beats = {tick for bar in bars for tick in range(bar.start, bar.end, bar.meter.beat_ticks)}
    marks = {marker.tick for marker in timeline.markers}
    marks |= {edge for region in timeline.regions for edge in (region.start, region.end)}
    found = {When.NOW: set(range(start, end + 1)), When.BEAT: beats, When.BAR: lines}.get(when, marks)
    return {tick for tick in found if start <= tick <= end}


def check_tick(timeline: Timeline, asked_at: float, begins: int, when: When) -> None:
    seconds = timeline.tempo_map.seconds_at
    assert seconds(begins) >= seconds(asked_at) + LEAD_SECONDS - 1e-9, "too near"
    earliest = timeline.tempo_map.fractional_tick_at(seconds(asked_at) + LEAD_SECONDS)
    earlier = points_between(timeline, int(earliest) + 1, begins, when)
    if when in (When.NOW, When.BEAT, When.BAR):
        assert begins in earlier, f"{begins} is no {when.value}"
        assert min(earlier) == begins, f"there was a {when.value} before {begins}"
    elif when is When.MARKER and earlier:
        # Moments that come of a marker, such as where the silence before a hit begins, count too.
        assert min(earlier) >= begins or begins not in earlier


def state_script(seed: int, changes: int) -> int:
    """How many changes took place."""
    source = random.Random(seed)
    timeline = a_timeline(source)
    stage = Stage(replace(Session(timeline), states=States(STATES)), seconds_a_bar=0.05)
    stage.locate(source.randrange(LAST_TICK // 2))
    stage.play()
    stage.run(source.uniform(0, 0.5))
    for _ in range(changes):
        change(stage, timeline, source)
    stage.end()
    check_ended(stage.sent)
    return changes


def change(stage: Stage, timeline: Timeline, source: random.Random) -> None:
    """Call a state that does not hold, wait for it, and look at who strikes."""
    holding = stage.session.states.at(round(stage.tick))
    name = source.choice([name for name, _ in STATES if not holding or name != holding[-1].name])
    when = source.choice([When.NOW, When.BEAT, When.BAR, When.MARKER, When.END])
    stage.seconds_a_bar = source.choice([0.02, 0.1, 0.6, 5.0])
    asked_at = stage.tick
    stage.ask(StateAsked(name, when, from_start=source.random() < 0.5))
    begins = stage.session.states.changes[-1].tick
    check_tick(timeline, asked_at, begins, when)
    wait = timeline.tempo_map.seconds_at(begins) - timeline.tempo_map.seconds_at(stage.tick)
    if wait > 4.0:
        # Far away: another is called instead, as people do.
        return
    sent = stage.run(wait + 0.4)
    struck = [one for one in sent if is_note_on(one.message.data) and one.tick > begins - 0.5]
    assert {one.message.part for one in struck} <= PLAYERS[name]
    for one in sent:
        if is_note_off(one.message.data) and one.message.part not in PLAYERS[name]:
            assert one.tick <= begins + 0.5, f"{one.message.part} sounds on after the turn"


def loop_script(seed: int) -> None:
    """A state that comes where a loop turns: until then nothing of it, from then on nothing else, and no note late."""
    source = random.Random(seed)
    bpm, first, bars = source.uniform(60, 220), source.randrange(1, 4), source.randrange(1, 5)
    markers = (Marker(0, "1m01 calm, strings, D minor"),)
    stage = Stage(replace(Session(Timeline(TempoMap.constant(bpm), markers=markers)), states=States(STATES)), 0.05)
    start, end = first * BAR, (first + bars) * BAR
    stage.locate(start)
    stage.loop(start, end)
    stage.play()
    seconds = TempoMap.constant(bpm).seconds_at
    turn = seconds(end) - seconds(start)
    stage.run(turn * source.randrange(2) + source.uniform(0, turn - 0.3))
    for _ in range(3):
        ask_in_loop(stage, source, seconds, end, turn)
    stage.end()
    check_ended(stage.sent)


def ask_in_loop(stage: Stage, source: random.Random, seconds: Callable[[int], float], end: int, turn: float) -> None:
    holding = stage.session.states.at(round(stage.tick))
    before = PLAYERS[holding[-1].name] if holding else STRINGS
    name = source.choice([name for name, _ in STATES if not holding or name != holding[-1].name])
    stage.seconds_a_bar = source.choice([0.02, 0.6, 5.0])
    stage.run(
        max(0.0, seconds(end) - seconds(round(stage.tick)) - source.uniform(0.2, min(turn, 60.0 / 220 * 4)) - 0.02)
    )
    turns_at = stage.now + seconds(end) - seconds(round(stage.tick))
    stage.ask(StateAsked(name, When.BAR))
    if stage.session.states.changes[-1].tick != end:
        stage.run(turns_at - stage.now + turn + 0.1)
        return
    sent = stage.run(turns_at - stage.now + turn / 2)
    struck = [one.message for one in sent if is_note_on(one.message.data)]
    assert {one.part for one in struck if one.at < turns_at - 0.002} <= before
    after = [one for one in struck if one.at > turns_at - 0.002]
    assert {one.part for one in after} <= PLAYERS[name]
    assert after
    assert after[0].at < turns_at + 0.002, "the turn is met"
    stage.run(turn / 2 + 0.1)


def check_ended(sent: list[Sent]) -> None:
    sounding: set[tuple[int, int, int]] = set()
    for one in sent:
        key = (one.message.port, one.message.data[0] & 15, one.message.data[1])
        if is_note_on(one.message.data):
            assert key not in sounding
            sounding.add(key)
        elif is_note_off(one.message.data):
            sounding.discard(key)
    assert not sounding


def test_random_state_changes_take_place_at_their_sync_point_and_nothing_is_stuck() -> None:
    assert sum(state_script(seed, 6) for seed in range(12)) == 72


def test_a_state_that_comes_where_a_loop_turns_is_heard_from_its_first_note_on() -> None:
    for seed in range(3):
        loop_script(seed)


def test_a_state_that_waits_behind_a_loop_that_is_set_comes_where_that_turns() -> None:
    """What lies behind a loop never comes; and it is heard from the first note of the turn on, not a look later."""
    timeline = Timeline(
        TempoMap.constant(110.0), markers=(Marker(0, "1m01 calm, strings, D minor"), Marker(99 * BAR, "END"))
    )
    stage = Stage(replace(Session(timeline), states=States(STATES)), 0.05)
    stage.locate(BAR + 960)
    stage.play()
    stage.ask(StateAsked("chase", When.END))
    assert stage.session.states.changes[-1].tick > 90 * BAR
    stage.run(0.5)
    stage.loop(BAR, 2 * BAR)
    assert stage.session.states.changes[-1].tick == 2 * BAR
    turns_at = stage.now + (2 * BAR - stage.tick) * 60.0 / 110.0 / 960.0
    sent = stage.run(turns_at - stage.now + 1.0)
    struck = [one.message for one in sent if is_note_on(one.message.data) and one.message.at > turns_at - 0.002]
    assert struck[0].at < turns_at + 0.002, "the turn is met"
    assert {one.part for one in struck} <= PLAYERS["chase"]


@pytest.mark.parametrize("bpm", [97.0, 133.0, 179.0])
def test_a_state_whose_bars_are_over_where_a_loop_turns_is_left_from_the_first_note_of_the_turn_on(bpm: float) -> None:
    timeline = Timeline(TempoMap.constant(bpm), markers=(Marker(0, "1m01 calm, strings, D minor"),))
    stage = Stage(replace(Session(timeline), states=States(STATES)), 0.05)
    stage.locate(960)
    stage.play()
    stage.ask(StateAsked("chase", When.NOW, hold_bars=2))
    stage.run(1.0)
    stage.loop(2 * BAR, 3 * BAR)
    (held,) = stage.session.states.at(2 * BAR)
    assert held.until == 3 * BAR
    turns_at = stage.now + (3 * BAR - stage.tick) * 60.0 / bpm / 960.0
    sent = stage.run(turns_at - stage.now + 1.0)
    struck = [one.message for one in sent if is_note_on(one.message.data) and one.message.at > turns_at - 0.002]
    assert struck[0].at < turns_at + 0.002, "the turn is met"
    assert {one.part for one in struck} <= STRINGS


@pytest.mark.slow
@pytest.mark.seeds(80, 8)
def test_many_states_that_come_where_a_loop_turns_are(seeds: range) -> None:
    for seed in seeds:
        loop_script(seed)


@pytest.mark.slow
@pytest.mark.seeds(100, 10)
def test_many_random_state_changes_do(seeds: range) -> None:
    assert sum(state_script(seed, 20) for seed in seeds) == 20 * len(seeds)
