"""From a checkpoint to a bundle: the model in ONNX, its vocabulary, its configuration, and where its data came from."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import onnx

from hitpoint.inference import bundle
from hitpoint.inference.model import Sampling
from hitpoint.tokens import vocabulary
from hitpoint.training.card import card_of
from hitpoint.training.corpus import Entry, Split, read_manifest
from hitpoint.training.network import Network, rotary
from hitpoint.training.onnx_graph import build_graph
from hitpoint.training.rounding import Calibration, evened, rounding_of
from hitpoint.training.train import load_calibration, load_network

WHOLE_NUMBERS = "whole numbers of 7 bits; what goes through it, and what it keeps, of 8"
FLOAT32 = "float32"
"""How a configuration says in what a bundle computes."""


def export(
    run_folder: Path,
    corpus: Path,
    folder: Path,
    whole_numbers: bool = True,
    figures: dict[str, Any] | None = None,
    judged: Sequence[dict[str, Any]] = (),
) -> None:
    """Write the bundle `folder` from a run's checkpoint. figures, judged: what `evaluate` and `judge` found, for the
    card."""
    network, run = load_network(run_folder)
    measured_by = load_calibration(run_folder) if whole_numbers else None
    entries = read_manifest(corpus, Split.TRAIN)
    config = configuration(network, whole_numbers, run) | {"sampling": asdict(Sampling())}
    parameters = sum(weights.numel() for weights in network.parameters())
    card = card_of(folder.name, parameters, config, entries, figures, judged)
    write_bundle(folder, network, measured_by, config, data_lines(entries), card)


def configuration(network: Network, whole_numbers: bool, run: dict[str, Any]) -> dict[str, Any]:
    """What a bundle says of its network and of the run that made it; how boldly to draw is for others to say."""
    run = dict(run)
    # A checkpoint from before they were kept has none: such a bundle cannot be adapted.
    levels = run.pop("levels", None)
    return {
        "format": bundle.FORMAT,
        "vocabulary_size": int(network.embedding.weight.shape[0]),
        "shape": asdict(network.shape),
        "weights": WHOLE_NUMBERS if whole_numbers else FLOAT32,
        "cache": bundle.EIGHT_BITS if whole_numbers else FLOAT32,
        "run": run,
    } | ({} if levels is None else {"levels": levels})


def write_bundle(
    folder: Path, network: Network, measured_by: Calibration | None, config: dict[str, Any], data: bytes, card: str
) -> None:
    """Write all files of a bundle. measured_by: as `graph_of`. data: as `data_lines` gives them."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(graph_of(network, measured_by), folder / bundle.MODEL)
    fingerprint = sha256((folder / bundle.MODEL).read_bytes()).hexdigest()
    _write_json(folder / bundle.VOCABULARY, vocabulary.as_json())
    _write_json(folder / bundle.CONFIG, config | {bundle.FINGERPRINT: fingerprint})
    # No time stamp inside, so that the same data gives the same bytes.
    (folder / bundle.DATA).write_bytes(gzip.compress(data, mtime=0))
    (folder / bundle.CARD).write_text(card, encoding="utf-8")


def graph_of(network: Network, measured_by: Calibration | None) -> Any:
    """The network as an ONNX model. measured_by: rows and targets that show what goes through it, to compute in whole
    numbers; None for float32."""
    rounding = None
    if measured_by is not None:
        network = evened(network, *measured_by)
        rounding = rounding_of(network, *measured_by)
    weights = {name: value.detach().float().numpy() for name, value in network.state_dict().items()}
    cosine, sine = rotary(network.shape)
    return build_graph(weights, network.shape, (cosine.numpy(), sine.numpy()), rounding)


def data_lines(entries: list[Entry]) -> bytes:
    """One line for each training piece: id, licence, and what that licence asks to be shown."""
    lines = [
        json.dumps(
            {
                "id": entry.id,
                "source": entry.source,
                "licence": entry.licence,
                "attribution": entry.attribution,
                "url": entry.source_url,
                "sha256": entry.sha256,
            },
            ensure_ascii=False,
        )
        for entry in entries
    ]
    return ("\n".join(lines) + "\n").encode()


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
