"""Numbers that are the same everywhere, and shares that lie evenly."""

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.planner.seed import even_share, seed_of


@given(st.integers(0, 2**63))
def test_a_seed_depends_on_its_values_alone(seed: int) -> None:
    assert seed_of(seed, "harmony") == seed_of(seed, "harmony") != seed_of(seed, "form")


@given(st.integers(0, 2**64 - 1), st.integers(0, 6), st.integers(0, 1000))
def test_of_every_so_many_shares_running_one_lies_in_each_part_of_the_whole(seed: int, power: int, turn: int) -> None:
    count = 2**power
    shares = [even_share(number, seed) for number in range(turn * count, (turn + 1) * count)]
    assert sorted(int(share * count) for share in shares) == list(range(count))


def test_other_values_bring_the_shares_in_another_order() -> None:
    orders = {tuple(even_share(number, seed) < 0.5 for number in range(8)) for seed in range(40)}
    firsts = [even_share(0, seed) for seed in range(400)]
    assert len(orders) > 1
    assert 0.45 < sum(firsts) / len(firsts) < 0.55
