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
from hitpoint.training.onnx_graph import CachePeaks, build_graph
from hitpoint.training.train import load_network

EIGHT_BITS = "8 bits in blocks of 128, scales and the rest float32"
"""How a configuration says that weights are stored."""


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
    config = configuration(network, eight_bits, run) | {"sampling": asdict(Sampling())}
    parameters = sum(weights.numel() for weights in network.parameters())
    card = card_of(folder.name, parameters, config, entries, figures, judged)
    write_bundle(folder, network, config, data_lines(entries), card)


def configuration(network: Network, eight_bits: bool, run: dict[str, Any]) -> dict[str, Any]:
    """What a bundle says of its network and of the run that made it; how boldly to draw is for others to say."""
    run = dict(run)
    # A checkpoint from before they were kept has none: such a bundle cannot be adapted, or keeps its cache in float32.
    found = {name: value for name in ("levels", "cache_peaks") if (value := run.pop(name, None)) is not None}
    if not eight_bits:
        found.pop("cache_peaks", None)
    return {
        "format": bundle.FORMAT,
        "vocabulary_size": int(network.embedding.weight.shape[0]),
        "shape": asdict(network.shape),
        "weights": EIGHT_BITS if eight_bits else "float32",
        "run": run,
    } | found


def write_bundle(folder: Path, network: Network, config: dict[str, Any], data: bytes, card: str) -> None:
    """Write all files of a bundle. data: as `data_lines` gives them."""
    folder.mkdir(parents=True, exist_ok=True)
    graph = graph_of(network, config["weights"] == EIGHT_BITS, config.get("cache_peaks"))
    onnx.save(graph, folder / bundle.MODEL)
    _write_json(folder / bundle.VOCABULARY, vocabulary.as_json())
    _write_json(folder / bundle.CONFIG, config)
    # No time stamp inside, so that the same data gives the same bytes.
    (folder / bundle.DATA).write_bytes(gzip.compress(data, mtime=0))
    (folder / bundle.CARD).write_text(card, encoding="utf-8")


def graph_of(network: Network, eight_bits: bool, peaks: CachePeaks | None = None) -> Any:
    """The network as an ONNX model. peaks: as `build_graph`."""
    weights = {name: value.detach().float().numpy() for name, value in network.state_dict().items()}
    cosine, sine = rotary(network.shape)
    return build_graph(weights, network.shape, (cosine.numpy(), sine.numpy()), eight_bits, peaks)


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
