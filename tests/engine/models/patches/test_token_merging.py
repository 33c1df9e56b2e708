import pytest
import torch
from torch import Tensor

from hub.engine.models.patches.token_merging import Merged, TokenMerging

ROWS, COLUMNS = 6, 5
X = torch.randn(2, ROWS * COLUMNS, 16)


def merged(x: Tensor, count: int) -> Merged:
    found = Merged.of(x, ROWS, COLUMNS, count)
    assert found is not None
    return found


@pytest.mark.parametrize("ratio", [0.0, 0.01])
def test_a_ratio_of_nothing_changes_nothing(ratio: float) -> None:
    told = {"activations_shape": (2, 16, ROWS, COLUMNS), "original_shape": (2, 4, ROWS, COLUMNS)}
    merging = TokenMerging(ratio)
    x, context, _ = merging.before(X, X, X, told)
    assert x is X
    assert context is X
    assert merging.after(x, told) is X


def test_lower_levels_are_left_alone() -> None:
    told = {"activations_shape": (2, 16, 3, 2), "original_shape": (2, 4, ROWS, COLUMNS)}
    assert TokenMerging(0.5).before(X[:, :6], X, X, told)[0].shape[1] == 6


def test_equal_tokens_come_back_exactly() -> None:
    same = X[:, :1].expand_as(X)
    found = merged(same, 12)
    assert found.joined(same).shape[1] == ROWS * COLUMNS - 12
    assert torch.allclose(found.parted(found.joined(same)), same, atol=1e-6)


def test_tokens_that_are_not_merged_come_back_where_they_were() -> None:
    found = merged(X, 7)
    back = found.parted(found.joined(X))
    touched = (back - X).abs().amax(dim=-1) > 1e-6
    assert touched.sum(dim=1).max() <= 14  # those that went, and those that took them in
    assert touched.any(dim=1).all()


def test_the_most_alike_become_their_mean() -> None:
    x = X.clone()
    x[:, 1] = 2 * x[:, 0]  # the same way as the first, which stays
    found = merged(x, 1)
    back = found.parted(found.joined(x))
    assert torch.allclose(back[:, 0], 1.5 * x[:, 0], atol=1e-6)
    assert torch.equal(back[:, 0], back[:, 1])
    assert torch.allclose(back[:, 2:], x[:, 2:])


def test_never_more_are_merged_than_may_go() -> None:
    found = merged(X, ROWS * COLUMNS)
    assert found.joined(X).shape[1] == 9  # one of each square
