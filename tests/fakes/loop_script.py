"""Random vamps: a loop anywhere, of any length, and a person who calls states, freezes and varies in it, at every kind
of sync point. What is asked for in time meets the turn in every way there is; the judge is that of random afternoons.

    play_loop_script(seed)                           # raises AssertionError that names the law which was broken
"""

import random
from functools import partial

from fakes.host_script import BAR, STATES, Afternoon, Line, ask, some_markers
from hitpoint.score.session import Session
from hitpoint.score.when import When
from hitpoint.score.wish import FreezeAsked, ReturnAsked, StateAsked, VaryAsked, Wish
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline


def play_loop_script(seed: int) -> None:
    """One vamp. Raises AssertionError when a law was broken."""
    source = random.Random(seed)
    timeline = Timeline(TempoMap.constant(source.uniform(60, 200)), MeterMap(), some_markers(source))
    stage = Afternoon(Session(timeline, states=STATES), Line(source))
    start = source.choice([source.randrange(2 * BAR), source.randrange(3) * BAR])
    # Whole bars, parts of one, and what a hand that misses the bar line makes of them.
    length = source.choice([BAR, BAR, 2 * BAR, BAR // 2, 960, 2 * BAR + 77, BAR + source.randrange(BAR)])
    stage.locate(start)
    stage.loop(start, start + length)
    stage.play()
    for _ in range(8):
        stage.hear(partial(ask, wish=some_wish(source)))
        stage.seconds_a_bar = source.choice([0.02, 0.1, 0.5, 3.0])
        stage.run(source.choice([0.3, 1.2, 2.5, source.uniform(0.1, 3)]))
    stage.end()


def some_wish(source: random.Random) -> Wish:
    """Mostly a state."""
    when = source.choice(list(When))
    match source.randrange(8):
        case 0:
            return ReturnAsked(when)
        case 1:
            return FreezeAsked(source.random() < 0.5)
        case 2:
            return VaryAsked(when, source.choice([frozenset[str](), frozenset({"cello"})]))
        case _:
            start, bridge = source.random() < 0.5, source.random() < 0.2
            return StateAsked(source.choice(["calm", "chase"]), when, start, bridge, source.choice([None, 1, 2, 3]))


def loop_broken_by(seed: int) -> str:
    """What a script broke, or an empty text."""
    try:
        play_loop_script(seed)
    except Exception as error:
        return f"loop script {seed}: {type(error).__name__}: {error}"
    return ""
