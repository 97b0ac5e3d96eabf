"""A bundle of the first vocabulary, made of one of ours: its weights without the ids and columns that came later."""

import json
from pathlib import Path

FIRST_VOCABULARY = Path(__file__).parents[1] / "golden" / "small-1-vocabulary.json"


def older_bundle(ours: Path, folder: Path) -> Path:
    """The folder, with a bundle in it that knows what small-1 knew."""
    import onnx

    folder.mkdir()
    for name in ("card.md", "config.json"):
        (folder / name).write_bytes((ours / name).read_bytes())
    vocabulary, config = json.loads(FIRST_VOCABULARY.read_text()), json.loads((ours / "config.json").read_text())
    (folder / "vocabulary.json").write_text(json.dumps(vocabulary))
    (folder / "config.json").write_text(json.dumps(config | {"vocabulary_size": vocabulary["size"]}))
    model = onnx.load(str(ours / "model.onnx"))
    for constant in model.graph.initializer:
        if constant.name == "embedding":
            known = onnx.numpy_helper.to_array(constant)[: vocabulary["size"]]
            constant.CopyFrom(onnx.numpy_helper.from_array(known.copy(), "embedding"))
    rows = next(given for given in model.graph.input if given.name == "rows")
    rows.type.tensor_type.shape.dim[2].dim_value = vocabulary["row_width"]
    onnx.save(model, str(folder / "model.onnx"))
    return folder
