"""What a map can reach is found from anchor to anchor as it is from bar line to bar line, and far sooner."""

import random
from dataclasses import replace

import pytest

from fakes.slow_reach import slowly_reached
from hitpoint.spotting.bar_shapes import FOUR_FOUR, Shape
from hitpoint.spotting.reach import Reach
from hitpoint.spotting.skeleton import Anchor, Task
from hitpoint.timeline.meter import Meter

FRAME = 1 / 24
SLACK = FRAME / 2


def random_task(seed: int, most: int = 12) -> Task:
    """Hits at random frames, which few tempi meet."""
    source = random.Random(seed)
    count = source.randint(2, most)
    length = round(24 * count * source.uniform(0.8, 4.0)) + 40
    frames = sorted(source.sample(range(12, length, 8), count))
    anchors = tuple(Anchor(frame * FRAME, SLACK, 1.0) for frame in frames)
    base = source.choice((FOUR_FOUR, Shape(Meter(3, 4), 6, 2), Shape(Meter(6, 8), 6, 1)))
    wish = 30 / source.choice((60, 84, 100, 120, 144))
    return Task(anchors, (), anchors[-1].seconds + 1, wish, base, source.choice((0.0, 0.01, 0.02, 0.06, 0.15)), FRAME)


def without(task: Task, index: int) -> Task:
    """The task when a hit was given up."""
    return replace(task, anchors=task.anchors[:index] + task.anchors[index + 1 :])


def test_no_fewer_hits_are_met_than_from_bar_line_to_bar_line() -> None:
    part = 0
    for seed in range(24):
        task = random_task(seed)
        slow, slowly_met = slowly_reached(task)
        found, met = Reach().map_of(task)
        assert met >= slowly_met, seed
        assert slow is None or found is not None, seed
        part += found is None
    assert 2 < part < 22


@pytest.mark.slow
@pytest.mark.seeds(20, 4)
def test_no_fewer_hits_of_longer_cues_are_met(seeds: range) -> None:
    for seed in seeds:
        task = random_task(seed, most=50)
        assert Reach().map_of(task)[1] >= slowly_reached(task)[1], seed


def test_a_search_that_goes_on_without_a_hit_finds_what_a_new_one_does() -> None:
    went_on = 0
    for seed in range(8):
        task, reach, source = random_task(seed, most=20), Reach(), random.Random(seed)
        while len(task.anchors) > 1:
            found, met = reach.map_of(task)
            assert (found, met) == Reach().map_of(task), seed
            if found is not None:
                break
            task = without(task, min(source.choice((met, met - 1)), len(task.anchors) - 1) if met else 0)
            went_on += 1
    assert went_on > 8


def test_what_is_followed_after_a_hit_does_not_grow_with_the_cue() -> None:
    source = random.Random(3)
    frames = sorted(source.sample(range(24, 7176, 8), 75))
    task = Task(
        tuple(Anchor(frame * FRAME, SLACK, 1.0) for frame in frames), (), 300.0, 30 / 115, FOUR_FOUR, 0.06, FRAME
    )
    reach = Reach()
    while (found := reach.map_of(task))[0] is None:
        task = without(task, min(found[1], len(task.anchors) - 1))
    followed = [sum(map(len, step.onward.values())) for step in reach._steps]
    early, late = sum(followed[5:30]), sum(followed[-30:-5])
    assert late < 1.5 * early
