import torch

from hub.engine.models.patches.freeu import FreeU, with_coarse_scaled

H, SKIP = torch.randn(2, 16, 6, 8), torch.randn(2, 12, 6, 8)


def patched(b: float, s: float, *, is_adaptive: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
    free = FreeU(channels=4, backbone=(b, 9.0), skip=(s, 9.0), is_adaptive=is_adaptive)
    return free(H, SKIP, {})


def test_factors_of_one_change_nothing() -> None:
    for is_adaptive in (False, True):
        h, skip = patched(1.0, 1.0, is_adaptive=is_adaptive)
        assert torch.equal(h, H)
        assert torch.equal(skip, SKIP)


def test_half_of_the_backbone_is_multiplied() -> None:
    h, _ = patched(1.5, 1.0)
    assert torch.equal(h[:, :8], H[:, :8] * 1.5)
    assert torch.equal(h[:, 8:], H[:, 8:])


def test_the_second_version_multiplies_most_where_the_mean_is_greatest() -> None:
    h, _ = patched(1.5, 1.0, is_adaptive=True)
    by = (h[:, 0] / H[:, 0]).flatten(1)
    mean = H.mean(dim=1).flatten(1)
    rows = torch.arange(2)
    assert torch.allclose(by[rows, mean.argmax(dim=1)], torch.tensor(1.5))
    assert torch.allclose(by[rows, mean.argmin(dim=1)], torch.tensor(1.0))


def test_levels_of_other_widths_are_left_alone() -> None:
    free = FreeU(channels=5, backbone=(2.0, 2.0), skip=(2.0, 2.0), is_adaptive=False)
    assert free(H, SKIP, {}) == (H, SKIP)


def test_only_the_coarse_part_of_what_passes_by_is_multiplied() -> None:
    constant = torch.full((1, 3, 6, 8), 2.0)
    columns = torch.arange(8) * torch.pi
    fine = columns.cos().expand(1, 3, 6, 8)
    assert torch.allclose(with_coarse_scaled(constant, 0.2), constant * 0.2, atol=1e-5)
    assert torch.allclose(with_coarse_scaled(fine, 0.2), fine, atol=1e-5)
    both = with_coarse_scaled(constant + fine, 0.2)
    assert torch.allclose(both, constant * 0.2 + fine, atol=1e-5)
