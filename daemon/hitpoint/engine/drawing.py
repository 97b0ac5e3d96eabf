"""Drawing the notes of one part in one bar, and loading what draws them: for cues and for infill alike."""

from pathlib import Path

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import Bundle, load_bundle
from hitpoint.inference.generate import Generator
from hitpoint.inference.model import Model, Sampling
from hitpoint.inference.sampler import NoiseSource
from hitpoint.score.stem import Part
from hitpoint.tokens import encode, vocabulary
from hitpoint.tokens.grammar import PartGrammar


def load_model(bundle: Path) -> tuple[Model, Sampling]:
    """The model in the folder `bundle`, and how boldly it asks to draw. Raises ModelError when it cannot be used."""
    # Imported here, so that whoever draws with another model needs no runtime.
    from hitpoint.inference.onnx_model import OnnxModel

    found = load_bundle(bundle)
    _check_vocabulary(found)
    return OnnxModel(found), found.sampling


def draw_part(
    generator: Generator, part: Part, grammar: PartGrammar, noise: NoiseSource, sampling: Sampling
) -> list[tuple[int, ...]]:
    """Draw notes until the part is over. Returns their codes in the order of DRAWN, without END.

    The generator has read the row that opens the part. Blocks: a model step for each note, and one for the end.
    """
    drawn: list[tuple[int, ...]] = []
    while True:
        codes = grammar.settled(tuple(generator.draw(grammar.masks, noise.next(), sampling).tolist()))
        if codes[0] == vocabulary.END:
            return drawn
        drawn.append(codes)
        grammar.take((codes[0], codes[1]))
        generator.append(encode.note_row(part, codes))


def _check_vocabulary(bundle: Bundle) -> None:
    """Raises ModelError unless the bundle's ids mean what ours do."""
    ours, theirs = vocabulary.as_json(), bundle.vocabulary
    if theirs == ours:
        return
    names = ", ".join(name for name in ours if ours[name] != theirs.get(name)) or "entries we do not know"
    raise ModelError(
        f"{bundle.folder}: vocabulary of {theirs['size']} ids, this version speaks {ours['size']}; {names} differ. "
        "Run `hitpoint train export` again or choose another bundle under `model:`."
    )
