"""Takes that are written side by side are those that are written one after the other."""

import json
from pathlib import Path

import pytest

from hitpoint.engine.composer import Composer
from hitpoint.engine.render import prompt_session, render
from hitpoint.engine.side_by_side import side_by_side
from hitpoint.errors import ModelError
from hitpoint.score.direction import parse
from hitpoint.score.note import Note

SMALL = Path(__file__).parents[2] / "models" / "small-2"


def take(seed: int, composer: Composer) -> list[tuple[Note, ...]]:
    """Some bars of a cue."""
    session, bars = prompt_session(parse("tense, flute, violin and cello, D minor"), 2 + seed % 3, seed)
    return [tuple(part.notes) for part in render(session, composer, bars, lambda *_: None)]


def works(seeds: range) -> list:
    return [lambda composer, seed=seed: take(seed, composer) for seed in seeds]


def test_takes_are_the_same_beside_others_and_guided_ones_are_written_too() -> None:
    composer = Composer.load(SMALL)
    alone = [take(seed, composer) for seed in range(3)]
    assert list(side_by_side(SMALL, 0.0, works(range(3)))) == alone
    assert list(side_by_side(SMALL, 0.0, works(range(1)))) == alone[:1]
    guided = Composer.load(SMALL, 1.0)
    assert list(side_by_side(SMALL, 1.0, works(range(2)))) == [take(seed, guided) for seed in range(2)]


def test_of_an_older_bundle_takes_are_written_one_after_the_other(tmp_path: Path) -> None:
    config = json.loads((SMALL / "config.json").read_text())
    for file in SMALL.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "config.json").write_text(json.dumps(config | {"format": 2}))
    assert len(list(side_by_side(tmp_path, 0.0, works(range(2))))) == 2


def test_a_take_that_fails_is_told() -> None:
    def fail(_: Composer) -> None:
        raise ModelError("no more")

    with pytest.raises(ModelError, match="no more"):
        list(side_by_side(SMALL, 0.0, [fail, fail]))
