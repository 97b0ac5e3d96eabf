import pytest

from fakes.host_script import broken_by, play_script
from hitpoint.timeline.marker import Marker


def test_random_afternoons_break_no_law() -> None:
    assert [broken for seed in range(40) if (broken := broken_by(seed))] == []


def test_with_pedals_too_no_law_is_broken() -> None:
    assert sum(play_script(seed, Marker(0, "1m01 calm, piano, harp, D minor")) for seed in range(12)) > 20


@pytest.mark.slow
@pytest.mark.seeds(5_000, 250)
def test_many_random_afternoons_break_no_law(seeds: range) -> None:
    assert [broken for seed in seeds if (broken := broken_by(seed))] == []
