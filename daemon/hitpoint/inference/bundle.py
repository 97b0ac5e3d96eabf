"""A model bundle: a folder with the model, its vocabulary and configuration, a card, and a list of its training data.

It knows whether its files fit each other; whether the vocabulary is the one this version speaks is asked by the engine,
which knows the vocabulary.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hitpoint.errors import ModelError
from hitpoint.inference.model import Sampling

MODEL, VOCABULARY, CONFIG, CARD, DATA = "model.onnx", "vocabulary.json", "config.json", "card.md", "data.jsonl.gz"
FORMAT = 3
"""Of the folder; raised when it changes so that older versions cannot read it. Since 2 the graph mixes what is drawn
from; bundles of format 1 play as ever, but cannot be guided. Since 3 it may compute in
whole numbers; of older bundles takes are written one after the other."""

MIXES_SINCE = 2
FINGERPRINT = "model_sha256"
"""Where a configuration has the SHA-256 of its model."""
EIGHT_BITS = "8 bits"
"""How a configuration says that what is read is kept so."""


@dataclass(frozen=True)
class Bundle:
    """A folder that was found whole."""

    name: str
    """As the folder is called: small-2."""
    folder: Path
    vocabulary: dict[str, Any]
    """As stored; `tokens.older` says whether it is one that is understood."""
    layers: int
    kv_heads: int
    per_head: int
    """Width of one attention head."""
    context: int
    """Rows the model can hold."""
    sampling: Sampling
    """How boldly to draw unless told otherwise."""
    fills_holes: bool = False
    """True where it writes better into holes, after all it reads, than at the end of what it reads: `infill` in its
    configuration is "holes" then. To be measured for each bundle."""

    mixes: bool = True
    """True where its graph can draw from how rows of a batch differ, so that it can be guided."""
    alike: bool = False
    """True where it computes in whole numbers, and keeps what it has read in 8 bits: it answers the same, bit for bit,
    however rows are cut and whatever is read beside them."""
    fingerprint: str | None = None
    """SHA-256 of its model, in hex digits; None where its configuration, an older one, does not say."""

    @property
    def model_path(self) -> Path:
        """The ONNX file."""
        return self.folder / MODEL

    @property
    def row_width(self) -> int:
        """Ids in a row."""
        return int(self.vocabulary["row_width"])

    @property
    def size(self) -> int:
        """Ids in all."""
        return int(self.vocabulary["size"])

    @property
    def head_sizes(self) -> tuple[int, ...]:
        """Values that each attribute is drawn from."""
        return tuple(int(size) for size in self.vocabulary["head_sizes"])


def load_bundle(folder: Path) -> Bundle:
    """The bundle in `folder`. Raises ModelError when a file is missing, broken, or does not fit the others."""
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such model bundle. Choose a folder that holds one under `model:`.")
    missing = [name for name in (MODEL, VOCABULARY, CONFIG, CARD) if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{folder}: {', '.join(missing)} missing. Run `hitpoint train export` or choose another.")
    config, vocabulary = _read(folder / CONFIG), _read(folder / VOCABULARY)
    try:
        if config["format"] not in range(1, FORMAT + 1):
            raise ModelError(
                f"{folder}: bundle format {config['format']}, this version reads 1 to {FORMAT}. Export it again."
            )
        if config["vocabulary_size"] != vocabulary["size"]:
            raise ModelError(
                f"{folder}: vocabulary has {vocabulary['size']} ids, model.onnx expects {config['vocabulary_size']}. "
                "Run `hitpoint train export` again or choose another bundle under `model:`."
            )
        shape, sampling = config["shape"], config["sampling"]
        return Bundle(
            name=folder.name,
            folder=folder,
            vocabulary=vocabulary,
            layers=int(shape["layers"]),
            kv_heads=int(shape["kv_heads"]),
            per_head=int(shape["width"]) // int(shape["heads"]),
            context=int(shape["context"]),
            sampling=Sampling(float(sampling["temperature"]), float(sampling["min_p"])),
            fills_holes=config.get("infill") == "holes",
            mixes=config["format"] >= MIXES_SINCE,
            alike=config.get("cache") == EIGHT_BITS,
            fingerprint=config.get(FINGERPRINT),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"{folder / CONFIG}: {error!r} is missing or wrong. Run `hitpoint train export` again."
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read ({error}). Run `hitpoint train export` again.") from error
    if not isinstance(content, dict):
        raise ModelError(f"{path} does not hold a JSON object. Run `hitpoint train export` again.")
    return content
