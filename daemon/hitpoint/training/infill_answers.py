"""Who fills the holes of a task: a network, as it would when playing, or the Markov model of each part."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from hitpoint.inference.bundle import MODEL, Bundle
from hitpoint.inference.generate import Generator
from hitpoint.inference.model import Sampling
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.inference.sampler import NoiseSource
from hitpoint.tokens import vocabulary
from hitpoint.tokens.grammar import FORBIDDEN, MOST_NOTES, NoteMasks
from hitpoint.tokens.rows import note_rows, row
from hitpoint.tokens.vocabulary import END, HEAD_SIZES, Kind
from hitpoint.training.infill_tasks import Notes, Task
from hitpoint.training.markov import Markov, streams_from
from hitpoint.training.network import Network
from hitpoint.training.windows import cell_row, opened

PITCHES = np.arange(HEAD_SIZES[1])


FILL_TEMPERATURE = 0.3
"""Where notes are compared with those that were there, the likeliest are wanted, not many different ones. Chosen on
`valid` among 0.1, 0.3, 0.5 and 1."""


class NetworkFiller:
    """Fills holes with a network, in float32, bar by bar as `engine.infill` does where a bundle is weak at holes: the
    bars after the hole are read first, then those before it, then the rest of its own bar. Each note is drawn once."""

    def __init__(self, network: Network, temperature: float = FILL_TEMPERATURE) -> None:
        import onnx

        from hitpoint.training.export_onnx import graph_of

        shape = network.shape
        self._context, self._sampling = shape.context, Sampling(temperature, 0.02)
        with TemporaryDirectory() as folder:
            onnx.save(graph_of(network, None), Path(folder) / MODEL)
            bundle = Bundle(
                "checkpoint", Path(folder), vocabulary.as_json(), shape.layers, shape.kv_heads, shape.per_head,
                shape.context, Sampling(),
            )  # fmt: skip
            self._generator = Generator(OnnxModel(bundle))

    def answers(self, task: Task) -> list[Notes] | None:
        """The notes of each hole; None when the task does not fit the context."""
        bars = [task.reader.bar_row(task.first + bar) for bar in range(len(task.bars))]
        filled: dict[tuple[int, int], Notes] = {}
        for own, place in task.holes:
            rows = [row(Kind.START)]
            for bar in (*range(own + 1, len(task.bars)), *range(own + 1)):
                rows.append(bars[bar])
                for other, cell in enumerate(task.bars[bar]):
                    if (bar, other) not in task.holes:
                        rows.append(opened(Kind.PART, cell)[0])
                    elif (bar, other) in filled:
                        rows.append(opened(Kind.PART, replace(cell, notes=filled[bar, other]))[0])
            cell = task.bars[own][place]
            prompt = np.concatenate([*rows, cell_row(Kind.PART, cell)])
            if len(prompt) + MOST_NOTES + 1 > self._context:
                return None
            key = f"{task.piece}/{own}/{place}"
            filled[own, place] = self._drawn(prompt, key, task.lengths[own], cell.instrument, cell.desk)
        return list(filled.values())

    def _drawn(self, prompt: Notes, key: str, length: int, instrument: int, desk: int) -> Notes:
        noise, masks = NoiseSource(key, sum(HEAD_SIZES)), _RisingMasks(length)
        found: list[list[int]] = []
        self._generator.prompt(prompt)
        while len(found) < MOST_NOTES:
            codes = self._generator.draw(masks.masks, noise.next(), self._sampling).tolist()
            if codes[0] == END:
                break
            found.append(codes)
            masks.take(codes[0], codes[1])
            self._generator.append(note_rows(instrument, desk, np.array([codes])))
        return np.array(found, np.int64).reshape(-1, 4)


class MarkovFiller:
    """Goes on from what its part played before the hole."""

    def __init__(self, markov: Markov) -> None:
        self._markov = markov

    def answers(self, task: Task) -> list[Notes]:
        """The notes of each hole."""
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
