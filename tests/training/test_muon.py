"""A step of Muon is as large in every direction."""

import pytest

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("shape", [(24, 24), (16, 48), (48, 16)])
def test_singular_values_come_near_one_and_vectors_stay(shape: tuple[int, int]) -> None:
    from hitpoint.training.muon import orthogonal

    torch.manual_seed(0)
    matrix = torch.randn(shape)
    made = orthogonal(matrix)
    values = torch.linalg.svdvals(made)
    assert made.shape == matrix.shape
    assert values.min() > 0.4
    assert values.max() < 1.3
    left, _, right = torch.linalg.svd(matrix, full_matrices=False)
    assert torch.diagonal(left.T @ made @ right.T).min() > 0.4


def test_matrices_turned_together_come_out_as_each_alone() -> None:
    from hitpoint.training.muon import orthogonal

    torch.manual_seed(0)
    several = torch.randn(3, 16, 48)
    together = orthogonal(several)
    for one, made in zip(several, together, strict=True):
        assert torch.allclose(orthogonal(one), made, atol=1e-5)


def test_it_finds_the_bottom_of_a_bowl() -> None:
    from hitpoint.training.muon import Muon

    torch.manual_seed(0)
    target, matrix = torch.randn(8, 12), torch.nn.Parameter(torch.zeros(8, 12))
    optimiser = Muon([matrix], lr=0.2, weight_decay=0.0)
    for step in range(200):
        optimiser.param_groups[0]["lr"] = 0.2 * (1 - step / 200)
        loss = ((matrix - target) ** 2).mean()
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    assert loss < 0.01
