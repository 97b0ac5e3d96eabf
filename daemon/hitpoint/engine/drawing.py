"""Drawing the notes of one part in one bar, and loading what draws them: for cues and for infill alike."""

from contextlib import nullcontext
from pathlib import Path

from hitpoint.engine.understood import understood_bundle
from hitpoint.inference.generate import Generator
from hitpoint.inference.model import Biases, Model, Sampling
from hitpoint.inference.sampler import NoiseSource
from hitpoint.originality.guard import CopyGuard
from hitpoint.score.note import Note
from hitpoint.score.stem import Part
from hitpoint.tokens import encode, grid, vocabulary
from hitpoint.tokens.bar_grid import BarGrid
from hitpoint.tokens.grammar import PartGrammar

GUIDED = ("intensity", "density", "valence", "arousal", "tension")
"""Fields that guidance pulls towards: what a bar is to feel like. Key, chords and roles are followed well without."""


def load_model(bundle: Path, guidance: float = 0.0) -> tuple[Model, Sampling]:
    """The model in the folder `bundle`, and how boldly it asks to draw.

    guidance: above 0 to pull it towards what bars are asked to be. Raises ModelError when it cannot be used.
    """
    # Imported here, so that whoever draws with another model needs no runtime.
    from hitpoint.inference.onnx_model import OnnxModel

    found = understood_bundle(bundle)
    if guidance > 0:
        from hitpoint.inference.guided_model import GuidedModel

        fields = [(vocabulary.OFFSETS[name], vocabulary.FIELD_BY_NAME[name].size) for name in GUIDED]
        controls = [(first, first + size - 1) for first, size in fields]
        return GuidedModel(found, vocabulary.ROW_WIDTH, guidance, controls), found.sampling
    return OnnxModel(found, vocabulary.ROW_WIDTH), found.sampling


class PartGuard:
    """Keeps a part that is being drawn from completing a run of an index of music."""

    def __init__(self, guard: CopyGuard, positions: BarGrid) -> None:
        """guard: has taken what the part played before. positions: of the bar that is drawn."""
        self._guard, self._positions = guard, positions
        self.refused = 0
        """Keys, so far."""

    def refuses(self, codes: tuple[int, ...]) -> bool:
        """Whether this note would complete a run."""
        answer = self._guard.completes(self._positions.tick_at(codes[0]), codes[1])
        self.refused += answer
        return answer

    def take(self, codes: tuple[int, ...]) -> None:
        """This note was kept."""
        duration, velocity = grid.duration_ticks(codes[2]), grid.velocity_of_class(codes[3])
        self._guard.take(Note(self._positions.tick_at(codes[0]), codes[1], duration, velocity))


def draw_part(
    generator: Generator,
    part: Part,
    grammar: PartGrammar,
    noise: NoiseSource,
    sampling: Sampling,
    guard: PartGuard | None = None,
) -> list[tuple[int, ...]]:
    """Draw notes until the part is over. Returns their codes in the order of DRAWN, without END.

    The generator has read the row that opens the part. Blocks: a model step for each note, and one for the end; one
    more for each key that the guard refuses.
    """
    drawn: list[tuple[int, ...]] = []
    while True:
        codes = _draw_note(generator, grammar, noise.next(), sampling, guard)
        if codes[0] == vocabulary.END:
            return drawn
        drawn.append(codes)
        grammar.take((codes[0], codes[1]))
        if guard is not None:
            guard.take(codes)
        generator.append(encode.note_row(part, codes))


def _draw_note(
    generator: Generator, grammar: PartGrammar, noise: Biases, sampling: Sampling, guard: PartGuard | None
) -> tuple[int, ...]:
    """One note, or the end. What the guard refuses is left out, and the note drawn again."""
    answers: list[tuple[int, ...]] = []
    while True:
        refused = {codes[1] for codes in answers}
        with grammar.without(refused) if refused else nullcontext():
            codes: tuple[int, ...] = tuple(generator.draw(grammar.masks, noise, sampling).tolist())
            says_something = not refused or codes[0] == vocabulary.END or grammar.allows(codes[0], codes[1])
        if not says_something:
            # Where every key is refused, the masks say nothing any more: the first answer stands.
            return grammar.settled(answers[0])
        if guard is None or codes[0] == vocabulary.END or not guard.refuses(codes):
            return grammar.settled(codes)
        answers.append(codes)
