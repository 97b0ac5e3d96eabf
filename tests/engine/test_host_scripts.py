import pytest

from fakes.host_script import broken_by


def test_random_afternoons_break_no_law() -> None:
    assert [broken for seed in range(40) if (broken := broken_by(seed))] == []


@pytest.mark.slow
@pytest.mark.seeds(5_000, 250)
def test_many_random_afternoons_break_no_law(seeds: range) -> None:
    assert [broken for seed in seeds if (broken := broken_by(seed))] == []
