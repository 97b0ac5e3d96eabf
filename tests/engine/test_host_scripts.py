import pytest

from fakes.host_script import broken_among, broken_by


def test_random_afternoons_break_no_law():
    assert [broken for seed in range(40) if (broken := broken_by(seed))] == []


@pytest.mark.slow
def test_many_random_afternoons_break_no_law():
    assert broken_among(10_000, 350) == []
