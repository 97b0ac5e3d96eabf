import pytest

from fakes.host_script import broken_by, play_script
from hitpoint.config.articulation_maps import articulation_map
from hitpoint.config.document import Text
from hitpoint.timeline.marker import Marker


def test_random_afternoons_break_no_law() -> None:
    assert [broken for seed in range(40) if (broken := broken_by(seed))] == []


def test_with_pedals_too_no_law_is_broken() -> None:
    cue = Marker(0, "1m01 calm, piano, harp, D minor")
    assert sum(play_script(seed, cue)[0] for seed in range(12)) > 20


def test_with_keyswitches_too_no_law_is_broken() -> None:
    keyswitched = articulation_map(Text("keyswitched", 1))
    assert sum(play_script(seed, articulations=keyswitched)[1] for seed in range(12)) > 20


@pytest.mark.slow
@pytest.mark.seeds(5_000, 250)
def test_many_random_afternoons_break_no_law(seeds: range) -> None:
    assert [broken for seed in seeds if (broken := broken_by(seed))] == []
