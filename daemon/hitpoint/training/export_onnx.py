"""From a checkpoint to a bundle: the model in ONNX, its vocabulary, its configuration, and where its data came from."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict
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
from hitpoint.training.train import load_network


def export(
    run_folder: Path,
    corpus: Path,
    folder: Path,
    eight_bits: bool = True,
    figures: dict[str, Any] | None = None,
    judged: Sequence[dict[str, Any]] = (),
) -> None:
    """Write the bundle `folder` from a run's checkpoint. figures, judged: what `evaluate` and `judge` found, for the
    card."""
    network, run = load_network(run_folder)
    entries = read_manifest(corpus, Split.TRAIN)
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(graph_of(network, eight_bits), folder / bundle.MODEL)
    _write_json(folder / bundle.VOCABULARY, vocabulary.as_json())
    config = {
        "format": bundle.FORMAT,
        "vocabulary_size": int(network.embedding.weight.shape[0]),
        "shape": asdict(network.shape),
        "weights": "8 bits in blocks of 128, scales and the rest float32" if eight_bits else "float32",
        "sampling": asdict(Sampling()),
        "run": run,
    }
    _write_json(folder / bundle.CONFIG, config)
    write_data(entries, folder / bundle.DATA)
    parameters = sum(weights.numel() for weights in network.parameters())
    card = card_of(folder.name, parameters, config, entries, figures, judged)
    (folder / bundle.CARD).write_text(card, encoding="utf-8")


def graph_of(network: Network, eight_bits: bool) -> Any:
    """The network as an ONNX model."""
    weights = {name: value.detach().float().numpy() for name, value in network.state_dict().items()}
    cosine, sine = rotary(network.shape)
    return build_graph(weights, network.shape, (cosine.numpy(), sine.numpy()), eight_bits)


def write_data(entries: list[Entry], path: Path) -> None:
    """One line for each training piece, gzipped: id, licence, and what that licence asks to be shown."""
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
    # No time stamp inside, so that the same data gives the same bytes.
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
