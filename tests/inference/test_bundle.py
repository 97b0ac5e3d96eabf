"""A bundle that is not whole says what is wrong with it and what to do."""

import json
from pathlib import Path

import pytest

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import load_bundle
from hitpoint.inference.onnx_model import OnnxModel

SMALL = Path(__file__).parents[2] / "models" / "small-2"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A copy to break."""
    folder = tmp_path / "small-2"
    folder.mkdir()
    for file in SMALL.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def test_the_bundle_in_the_repository_is_whole() -> None:
    found = load_bundle(SMALL)
    assert found.name == "small-2"
    assert found.context == 1024
    assert found.head_sizes == (193, 128, 64, 32)


@pytest.mark.parametrize("name", ["small-2", "large-1"])
def test_bundles_stay_small(name: str) -> None:
    assert load_bundle(SMALL.with_name(name)).name == name
    assert sum(file.stat().st_size for file in SMALL.with_name(name).iterdir()) < 30_000_000


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such model bundle"):
        load_bundle(tmp_path / "small-9")


@pytest.mark.parametrize("name", ["model.onnx", "vocabulary.json", "config.json", "card.md"])
def test_a_missing_file_is_named(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    with pytest.raises(ModelError, match=f"{name} missing"):
        load_bundle(bundle)


def test_a_vocabulary_of_another_size_is_told_with_both_sizes(bundle: Path) -> None:
    vocabulary = json.loads((bundle / "vocabulary.json").read_text())
    (bundle / "vocabulary.json").write_text(json.dumps(vocabulary | {"size": 512}))
    with pytest.raises(ModelError, match=r"vocabulary has 512 ids, model.onnx expects 761"):
        load_bundle(bundle)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 9}', '{"format": 1, "vocabulary_size": 633}'])
def test_a_broken_configuration_is_told(bundle: Path, content: str) -> None:
    (bundle / "config.json").write_text(content)
    with pytest.raises(ModelError, match=r"small-2"):
        load_bundle(bundle)


def test_a_bundle_from_before_graphs_mixed_is_known_as_such(bundle: Path) -> None:
    config = json.loads((bundle / "config.json").read_text())
    assert load_bundle(bundle).mixes
    (bundle / "config.json").write_text(json.dumps(config | {"format": 1}))
    assert not load_bundle(bundle).mixes


def test_only_what_keeps_eight_bits_answers_alike_beside_others(bundle: Path) -> None:
    config = json.loads((bundle / "config.json").read_text())
    assert load_bundle(bundle).alike
    del config["cache"]
    (bundle / "config.json").write_text(json.dumps(config))
    assert not load_bundle(bundle).alike


def test_a_model_in_which_one_bit_is_wrong_is_not_played(bundle: Path) -> None:
    model = bytearray((bundle / "model.onnx").read_bytes())
    model[len(model) // 2] ^= 1
    (bundle / "model.onnx").write_bytes(model)
    with pytest.raises(ModelError, match=r"model\.onnx is damaged, or of another bundle"):
        OnnxModel(load_bundle(bundle))


def test_a_broken_model_is_told_in_a_bundle_that_does_not_say_which_it_has(bundle: Path) -> None:
    config = json.loads((bundle / "config.json").read_text())
    del config["model_sha256"]
    (bundle / "config.json").write_text(json.dumps(config))
    OnnxModel(load_bundle(bundle))
    (bundle / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelError, match="cannot be run"):
        OnnxModel(load_bundle(bundle))


@pytest.mark.parametrize(
    "other",
    [{"layers": 6}, {"layers": 2}, {"kv_heads": 3}, {"heads": 3}],
    ids=lambda other: "".join(f"{name} {value}" for name, value in other.items()),
)
def test_a_model_of_another_bundle_is_told(bundle: Path, other: dict[str, int]) -> None:
    config = json.loads((bundle / "config.json").read_text())
    (bundle / "config.json").write_text(json.dumps({**config, "shape": config["shape"] | other}))
    with pytest.raises(ModelError, match="does not fit"):
        OnnxModel(load_bundle(bundle))


@pytest.mark.parametrize("said", [{"format": 1}, {"cache": "floats"}])
def test_a_model_that_computes_otherwise_than_its_bundle_says_is_told(bundle: Path, said: dict[str, object]) -> None:
    config = json.loads((bundle / "config.json").read_text())
    (bundle / "config.json").write_text(json.dumps(config | said))
    with pytest.raises(ModelError, match="does not fit"):
        OnnxModel(load_bundle(bundle))


def test_a_bundle_says_whether_it_is_better_at_holes(bundle: Path) -> None:
    assert not load_bundle(bundle).fills_holes
    config = json.loads((bundle / "config.json").read_text())
    (bundle / "config.json").write_text(json.dumps({**config, "infill": "holes"}))
    assert load_bundle(bundle).fills_holes
