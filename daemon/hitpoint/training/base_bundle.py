"""The bundle that is adapted: what else it says of itself, to be carried on."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hitpoint.errors import ConfigError
from hitpoint.inference.bundle import CARD, CONFIG, DATA, Bundle, load_bundle
from hitpoint.training.calibration import Levels, levels_in
from hitpoint.training.network import Shape


@dataclass(frozen=True)
class BaseBundle:
    """A bundle, and what its files say beyond what is needed to play it."""

    bundle: Bundle
    config: dict[str, Any]
    shape: Shape
    levels: Levels
    """Where its levels' tenths lie."""
    card: str
    data: bytes
    """The lines of what it was trained on, empty where it has none."""


def read_base(folder: Path) -> BaseBundle:
    """The bundle in `folder`. Raises ModelError when it is broken, ConfigError when it cannot be adapted."""
    bundle = load_bundle(folder)
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    try:
        levels = levels_in(config.get("levels"))
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"{folder / CONFIG} does not say under `levels` what its intensities mean ({error}), so music of yours "
            "cannot be measured as its own was. Adapt another bundle, or export it again from a new run."
        ) from error
    try:
        shape, data = Shape(**config["shape"]), folder / DATA
        lines = gzip.decompress(data.read_bytes()) if data.is_file() else b""
        return BaseBundle(bundle, config, shape, levels, (folder / CARD).read_text(encoding="utf-8"), lines)
    except (OSError, EOFError, TypeError, ValueError) as error:
        raise ConfigError(f"{folder} is damaged ({error}). Fetch it again, or adapt another bundle.") from error
