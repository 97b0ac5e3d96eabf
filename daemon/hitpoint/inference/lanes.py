"""Several writers on one network side by side, each with rows and a cache of its own: a step reads the weights once for
all of them.

Each writer runs as if it were alone, on a lane that is a model like any other. When all that are at work have asked for
a step, the lanes take it together. What a lane answers is bit for bit what its bundle answers by itself, and depends on
no other lane; so it does not matter who writes beside whom. Where several begin with the same rows, one reads them and
the others take over what it keeps. One thread and no locks: writers take turns as greenlets.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from greenlet import getcurrent, greenlet

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import Bundle
from hitpoint.inference.graph_run import Cache, GraphRun, empty_cache, known_rows, mask_room, open_session
from hitpoint.inference.model import Biases, Ids, Masks, Sampling
from hitpoint.inference.onnx_model import OnnxModel

FEW_ROWS = 4
"""So many rows are read in steps with the others; more at once, by the lane alone. A row costs about as much either
way, but a run of its own costs a third of a step besides. Our choice."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Asked:
    row: Ids
    masks: Masks
    noise: Biases
    sampling: Sampling


class Lane(OnnxModel):
    """One writer's model, which answers while its lanes are run."""

    def __init__(self, lanes: "Lanes", place: int, bundle: Bundle, row_width: int, session: Any, cache: Cache) -> None:
        """place: its number among the lanes. cache: of them all."""
        super().__init__(bundle, row_width, session, {name: kept[place : place + 1] for name, kept in cache.items()})
        self._lanes, self.place = lanes, place
        self.held = np.zeros((bundle.context, bundle.row_width), np.int64)
        """The rows that it holds, up to its length."""
        self.asked: _Asked | None = None
        """What its next step is."""
        self._answer: Ids | None = None

    def step(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        """As OnnxModel.step; the others have their turns meanwhile."""
        self._check_room(len(rows))
        rows = known_rows(self._bundle, rows)
        ahead = rows[:-1]
        if len(ahead) > FEW_ROWS:
            ahead = ahead[self._lanes.take_over(self, ahead) :]
            if len(ahead):
                self.held[self.length : self.length + len(ahead)] = ahead
                super().step(ahead, masks, noise, sampling)
                ahead = ahead[:0]
        for row in ahead:
            self._beside_others(_Asked(row, masks, noise, sampling))
        return self._beside_others(_Asked(rows[-1], masks, noise, sampling))

    def took(self, answer: Ids) -> None:
        """Its step was taken, and this was drawn."""
        assert self.asked is not None
        self.held[self._length] = self.asked.row
        self.advance(1)
        self.asked, self._answer = None, answer

    def took_over(self, rows: Ids) -> None:
        """Its cache has these rows, too."""
        self.held[self._length : self._length + len(rows)] = rows
        self.advance(len(rows))

    def _beside_others(self, asked: _Asked) -> Ids:
        self.asked = asked
        turn = getcurrent().parent
        assert turn is not None, "a lane answers while its lanes are run"
        turn.switch()
        assert self._answer is not None
        return self._answer


class Lanes:
    """So many lanes on one network."""

    def __init__(self, bundle: Bundle, row_width: int, count: int) -> None:
        """row_width: as LoadedBundle. Raises ModelError for a bundle that does not answer alike beside others."""
        if not bundle.alike:
            raise ModelError(f"{bundle.name} is of an older kind: it writes one take at a time. Export it again.")
        self._bundle, self._session = bundle, open_session(bundle)
        self._cache = empty_cache(bundle, count)
        self._lanes = [Lane(self, place, bundle, row_width, self._session, self._cache) for place in range(count)]
        self._runs: dict[tuple[int, int], GraphRun] = {}

    def run(self, works: Iterable[Callable[[Lane], T]]) -> Iterator[tuple[int, T]]:
        """Do all works, each on a lane; as many at once as there are lanes. Yields the number of each, counted from 0,
        and what it returned, as it ends. What one raises ends them all. Blocks until the next is done."""
        waiting, free = iter(enumerate(works)), list(reversed(self._lanes))
        begun: dict[int, tuple[int, greenlet]] = {}
        try:
            while True:
                while free and (following := next(waiting, None)) is not None:
                    number, work = following
                    begun[free[-1].place] = number, greenlet(work)
                    free.pop()
                if not begun:
                    return
                for place, (number, turn) in list(begun.items()):
                    lane = self._lanes[place]
                    result = turn.switch() if turn else turn.switch(lane)
                    if turn.dead:
                        del begun[place]
                        lane.roll_back(0)
                        free.append(lane)
                        yield number, result
                self._step([self._lanes[place] for place in begun])
        finally:
            for _, turn in begun.values():
                turn.throw()

    def take_over(self, lane: Lane, rows: Ids) -> int:
        """How many of the rows that `lane` is to read next another has read after the same rows as it; they are in its
        cache now."""
        length, most, best = lane.length, 0, lane
        for other in self._lanes:
            count = min(len(rows), other.length - length)
            if other is not lane and count > most and (other.held[:length] == lane.held[:length]).all():
                same = (other.held[length : length + count] == rows[:count]).all(1)
                shared = count if same.all() else int(same.argmin())
                if shared > most:
                    most, best = shared, other
        for kept in self._cache.values():
            kept[lane.place, :, length : length + most] = kept[best.place, :, length : length + most]
        lane.took_over(rows[:most])
        return most

    def _step(self, lanes: list[Lane]) -> None:
        """What the lanes have asked for. Lanes that nobody writes on are read along, at their first row."""
        asked = [(lane, lane.asked) for lane in lanes if lane.asked is not None]
        if not asked:
            return
        batch = max(lane.place for lane in lanes) + 1
        run = self._run(batch, max(mask_room(one.masks) for _, one in asked))
        for place in range(batch):
            run.last_position[place] = self._lanes[place].length
        for lane, one in asked:
            run.rows[lane.place, 0] = one.row
            run.ask(lane.place, one.masks, one.noise)
        drawn = run.run(asked[0][1].sampling)
        for lane, _ in asked:
            lane.took(drawn[lane.place].copy())

    def _run(self, batch: int, mask_rows: int) -> GraphRun:
        key = batch, mask_rows
        if key not in self._runs:
            cache = {name: kept[:batch] for name, kept in self._cache.items()}
            apart = np.eye(batch, dtype=np.float32)
            self._runs[key] = GraphRun(self._session, self._bundle, cache, 1, mask_rows, apart)
        return self._runs[key]
