"""Infills as they are given out: each wish is answered several times, side by side, and the likeliest one is kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from hitpoint.engine.infill import Infiller
from hitpoint.engine.infill_file import Answer, OpenFile, Wanted, infill
from hitpoint.engine.side_by_side import models_beside
from hitpoint.engine.understood import understood_bundle
from hitpoint.inference.model import Model, Sampling
from hitpoint.score.likeliest import likeliest

Progress = Callable[[float], None]


def infills(
    file: OpenFile, wishes: Sequence[Wanted], bundle: Path, guidance: float, candidates: int, progress: Progress
) -> Iterator[Answer]:
    """The answers to all wishes, in their order. The same wish gives the same answer, whatever is wished beside it.
    Blocks until the next one is there.

    candidates: answers of which each is the likeliest; 1 for the first that is drawn. guidance: as `load_model`.
    progress: told the share that is done. Raises ModelError, and ScoreError as `infill`.
    """
    holes = understood_bundle(bundle).fills_holes
    done = [0.0] * (len(wishes) * candidates)

    def tell(place: int, cells: int, of: int) -> None:
        done[place] = cells / of
        progress(sum(done) / len(done))

    def write(place: int, model: Model, sampling: Sampling) -> Answer:
        wanted = replace(wishes[place // candidates], candidate=place % candidates)
        return infill(file, wanted, Infiller(model, sampling, holes), partial(tell, place))

    answers = models_beside(bundle, guidance, [partial(write, place) for place in range(len(done))])
    for _ in wishes:
        few = list(islice(answers, candidates))
        yield few[likeliest([answer.strikes for answer in few])]
