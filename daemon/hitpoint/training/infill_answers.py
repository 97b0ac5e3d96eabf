"""Who fills the holes of a task: a bundle, as it does when playing, or the Markov model of each part."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from hitpoint.inference.beside import beside
from hitpoint.inference.bundle import MODEL, Bundle
from hitpoint.inference.generate import Generator
from hitpoint.inference.model import Model, Sampling
from hitpoint.inference.sampler import NoiseSource
from hitpoint.score.likeliest import CANDIDATES, Strike, likeliest
from hitpoint.tokens import vocabulary
from hitpoint.tokens.grammar import FORBIDDEN, MOST_NOTES, NoteMasks
from hitpoint.tokens.rows import note_rows, row
from hitpoint.tokens.vocabulary import END, HEAD_SIZES, ROW_WIDTH, Kind
from hitpoint.training.infill_tasks import Notes, Task
from hitpoint.training.markov import Markov, streams_from
from hitpoint.training.network import Network
from hitpoint.training.windows import cell_row, opened

PITCHES = np.arange(HEAD_SIZES[1])


@contextmanager
def bundle_of(network: Network) -> Iterator[Bundle]:
    """A bundle of a network in float32, while it is used."""
    import onnx

    from hitpoint.training.export_onnx import graph_of

    shape = network.shape
    with TemporaryDirectory() as folder:
        onnx.save(graph_of(network, None), Path(folder) / MODEL)
        yield Bundle(
            "checkpoint", Path(folder), vocabulary.as_json(), shape.layers, shape.kv_heads, shape.per_head,
            shape.context, Sampling(),
        )  # fmt: skip


class BundleFiller:
    """Fills holes with a bundle as `hitpoint infill` does: as boldly, several times over, of which the likeliest answer
    is kept; bar by bar, as `engine.infill` where a bundle is weak at holes."""

    def __init__(self, bundle: Bundle, candidates: int = CANDIDATES) -> None:
        """candidates: answers to choose from."""
        self._bundle, self._candidates, self._sampling = bundle, candidates, bundle.sampling.fitting()

    def answers(self, tasks: Sequence[Task]) -> Iterator[list[Notes] | None]:
        """The notes of each hole of each task; None for a task that does not fit the context."""
        works = [partial(self._filled, task, number) for task in tasks for number in range(self._candidates)]
        drawn = beside(self._bundle, ROW_WIDTH, works)
        for _ in tasks:
            fitting = [answer for answer in islice(drawn, self._candidates) if answer is not None]
            yield fitting[likeliest([_strikes(answer) for answer in fitting])] if fitting else None

    def _filled(self, task: Task, number: int, model: Model) -> list[Notes] | None:
        bars = [task.reader.bar_row(task.first + bar) for bar in range(len(task.bars))]
        generator, filled = Generator(model), dict[tuple[int, int], Notes]()
        for own, place in task.holes:
            rows = [row(Kind.START)]
            # The bars after the hole are read first, then those before it, then the rest of its own bar.
            for bar in (*range(own + 1, len(task.bars)), *range(own + 1)):
                rows.append(bars[bar])
                for other, cell in enumerate(task.bars[bar]):
                    if (bar, other) not in task.holes:
                        rows.append(opened(Kind.PART, cell)[0])
                    elif (bar, other) in filled:
                        rows.append(opened(Kind.PART, replace(cell, notes=filled[bar, other]))[0])
            cell = task.bars[own][place]
            prompt = np.concatenate([*rows, cell_row(Kind.PART, cell)])
            if len(prompt) + MOST_NOTES + 1 > self._bundle.context:
                return None
            generator.prompt(prompt)
            noise = NoiseSource(f"{task.piece}/{own}/{place}/{number}", sum(HEAD_SIZES))
            filled[own, place] = self._drawn(generator, noise, task.lengths[own], cell.instrument, cell.desk)
        return list(filled.values())

    def _drawn(self, generator: Generator, noise: NoiseSource, length: int, instrument: int, desk: int) -> Notes:
        masks, found = _RisingMasks(length), list[list[int]]()
        while len(found) < MOST_NOTES:
            codes = generator.draw(masks.masks, noise.next(), self._sampling).tolist()
            if codes[0] == END:
                break
            found.append(codes)
            masks.take(codes[0], codes[1])
            generator.append(note_rows(instrument, desk, np.array([codes])))
        return np.array(found, np.int64).reshape(-1, 4)


def _strikes(answer: list[Notes]) -> frozenset[Strike]:
    return frozenset((hole, *note) for hole, notes in enumerate(answer) for note in notes[:, :2].tolist())


class MarkovFiller:
    """Goes on from what its part played before the hole."""

    def __init__(self, markov: Markov) -> None:
        self._markov = markov

    def answers(self, tasks: Iterable[Task]) -> Iterator[list[Notes]]:
        """The notes of each hole of each task."""
        return map(self._filled, tasks)

    def _filled(self, task: Task) -> list[Notes]:
        random = np.random.default_rng((7, task.piece, len(task.holes)))
        filled = {hole: np.zeros((0, 4), np.int64) for hole in task.holes}
        for hole in task.holes:
            part = task.bars[hole[0]][hole[1]].part
            before = [
                np.concatenate([filled.get((bar, place), cell.notes), [[END, -1, -1, -1]]])
                for bar, cells in enumerate(task.bars[: hole[0]])
                for place, cell in enumerate(cells)
                if cell.part == part
            ]
            streams = [s.tolist() for s in streams_from(np.concatenate([np.zeros((0, 4), np.int64), *before]))]
            pitch = next((int(b[-2, 1]) for b in reversed(before) if len(b) > 1), 64)
            filled[hole] = self._drawn(streams, pitch, task.lengths[hole[0]], random)
        return list(filled.values())

    def _drawn(self, streams: list[list[int]], pitch: int, length: int, random: np.random.Generator) -> Notes:
        found: list[list[int]] = []
        while len(found) < MOST_NOTES:
            least = found[-1][0] if found else 0
            position = self._pick(0, streams, random, [*range(least, length), END])
            if position == END:
                break
            step = self._pick(1, streams, random, range(128 - pitch, 256 - pitch))
            pitch += step - 128
            duration = self._pick(2, streams, random, range(HEAD_SIZES[2]))
            found.append([position, pitch, duration, 0])
        return np.array(found, np.int64).reshape(-1, 4)

    def _pick(self, column: int, streams: list[list[int]], random: np.random.Generator, allowed: object) -> int:
        choice = np.array(list(allowed))  # type: ignore[call-overload]
        share = self._markov.attributes[column].following(streams[column])[choice]
        picked = int(choice[random.choice(len(choice), p=share / share.sum())])
        streams[column].append(picked)
        return picked


class _RisingMasks:
    """What keeps answers in the order of their grid: later positions, or higher keys at the same one."""

    def __init__(self, length: int) -> None:
        self.masks = NoteMasks(
            np.full(HEAD_SIZES[0], FORBIDDEN),
            np.ones(HEAD_SIZES[0], np.int64),
            tuple(np.zeros((2, size), np.float32) for size in HEAD_SIZES[1:]),  # type: ignore[arg-type]
        )
        self.masks.first[:length] = 0
        self.masks.first[END] = 0

    def take(self, position: int, pitch: int) -> None:
        """A note was drawn."""
        masks = self.masks
        masks.first[:position] = FORBIDDEN
        masks.row_of_first[:] = 1
        masks.row_of_first[position] = 0
        masks.rest[0][0] = np.where(pitch < PITCHES, 0, FORBIDDEN)
        if pitch == PITCHES[-1]:
            masks.first[position] = FORBIDDEN
