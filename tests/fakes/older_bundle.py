"""A bundle of the first vocabulary, made of one of ours: its weights without the ids and columns that came later."""

import json
from pathlib import Path
from typing import Any

import numpy as np

FIRST_VOCABULARY = Path(__file__).parents[1] / "golden" / "small-1-vocabulary.json"


def older_bundle(ours: Path, folder: Path) -> Path:
    """The folder, with a bundle in it that knows what small-1 knew."""
    import onnx

    folder.mkdir()
    for name in ("card.md", "config.json"):
        (folder / name).write_bytes((ours / name).read_bytes())
    vocabulary, config = json.loads(FIRST_VOCABULARY.read_text()), json.loads((ours / "config.json").read_text())
    (folder / "vocabulary.json").write_text(json.dumps(vocabulary))
    # Nor did older ones name their model.
    del config["model_sha256"]
    (folder / "config.json").write_text(json.dumps(config | {"vocabulary_size": vocabulary["size"]}))
    model = onnx.load(str(ours / "model.onnx"))
    for constant in model.graph.initializer:
        if constant.name == "embedding":
            known = onnx.numpy_helper.to_array(constant)[: vocabulary["size"]]
            constant.CopyFrom(onnx.numpy_helper.from_array(known.copy(), "embedding"))
    _fewer_columns(model.graph, vocabulary["row_width"])
    rows = next(given for given in model.graph.input if given.name == "rows")
    rows.type.tensor_type.shape.dim[2].dim_value = vocabulary["row_width"]
    onnx.save(model, str(folder / "model.onnx"))
    return folder


def _fewer_columns(graph: Any, count: int) -> None:
    """Only so many columns are added up."""
    import onnx

    split = next(node for node in graph.node if node.op_type == "Split")
    added = next(node for node in graph.node if node.op_type == "Sum")
    del split.output[count:], added.input[count:]
    split.input[1] = "columns"
    graph.initializer.append(onnx.numpy_helper.from_array(np.ones(count, np.int64), "columns"))
