"""Infills as they are given out: each wish is answered several times, side by side, and the likeliest one is kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from hitpoint.engine.infill import Infiller
from hitpoint.engine.infill_file import Answer, OpenFile, Wanted, hole_of, infill
from hitpoint.engine.side_by_side import models_beside
from hitpoint.engine.understood import understood_bundle
from hitpoint.inference.model import Model, Sampling
from hitpoint.score.likeliest import CANDIDATES, FEWEST_TO_CHOOSE_FROM, LARGEST_HOLE, Strike, likeliest

Progress = Callable[[float], None]


def infills(
    file: OpenFile, wishes: Sequence[Wanted], bundle: Path, guidance: float, candidates: int | None, progress: Progress
) -> Iterator[Answer]:
    """The answers to all wishes, in their order. The same wish after the same ones gives the same answer. None is what
    stood there or was answered before, where anything else was drawn. Blocks until the next one is there.

    candidates: answers of which each is the likeliest; 1 for the first that is drawn, None for as many as are usual for
    so large a hole. guidance: as `load_model`. progress: told the share that is done. Raises ModelError, and ScoreError
    as `infill`.
    """
    holes = understood_bundle(bundle).fills_holes
    stood = [hole_of(file, wish) for wish in wishes]
    counts = [candidates or usual_candidates(hole.cells) for hole in stood]
    drawn = [replace(wish, candidate=number) for wish, count in zip(wishes, counts, strict=True)
             for number in range(count)]  # fmt: skip
    done = [0.0] * len(drawn)

    def tell(place: int, cells: int, of: int) -> None:
        done[place] = cells / of
        progress(sum(done) / len(done))

    def write(place: int, model: Model, sampling: Sampling) -> Answer:
        return infill(file, drawn[place], Infiller(model, sampling, holes), partial(tell, place))

    answers = models_beside(bundle, guidance, [partial(write, place) for place in range(len(drawn))])
    given = set[frozenset[Strike]]()
    for count, hole in zip(counts, stood, strict=True):
        few = list(islice(answers, count))
        chosen = few[likeliest([answer.strikes for answer in few], {hole.strikes, *given})]
        given.add(chosen.strikes)
        yield chosen


def usual_candidates(cells: int) -> int:
    """How many answers are drawn for a hole of so many bars of parts: fewer where that is more than LARGEST_HOLE, so
    that nobody waits much longer for a large one."""
    count = CANDIDATES * LARGEST_HOLE // max(LARGEST_HOLE, cells)
    return count if count >= FEWEST_TO_CHOOSE_FROM else 1
