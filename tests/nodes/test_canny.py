import torch

from hub.nodes.canny import Canny, continued, edges
from hub.nodes.morphology import dilated
from hub.testing.nodes import NodeBench


def step(height: float, side: int = 12) -> torch.Tensor:
    """Dark on the left, brighter by `height` on the right."""
    image = torch.zeros(1, side, side, 3)
    image[:, :, side // 2 :] = height
    return image


def test_a_step_is_one_line_of_one_pixel(bench: NodeBench) -> None:
    (result,) = bench.run(Canny, image=step(1.0))
    assert result.shape == (1, 12, 12, 3)
    assert torch.equal(result.sum(dim=2), torch.ones(1, 12, 3))
    assert result[0, 0, :, 0].nonzero().item() in (5, 6)


def test_a_step_in_the_other_direction_is_a_row() -> None:
    turned = edges(step(1.0).transpose(1, 2), 0.4, 0.8)
    assert torch.equal(turned.sum(dim=1), torch.ones(1, 12))


def test_one_colour_has_no_edges() -> None:
    assert edges(torch.full((2, 8, 8, 3), 0.7), 0.01, 0.01).sum() == 0


def test_a_faint_edge_counts_only_where_it_continues_a_steep_one() -> None:
    faint = step(0.3)
    assert edges(faint, 0.4, 0.8).sum() == 0
    faint[:, :4, 6:] = 1.0
    # The steep part is four rows high, and the faint one below it has no other beginning.
    assert edges(faint, 0.4, 0.8)[0, 10].sum() == 1
    assert edges(faint, 0.79, 0.8)[0, 10].sum() == 0


def test_what_is_weak_is_followed_from_what_is_steep_by_any_way() -> None:
    weak = torch.rand(3, 40, 50) < 0.45
    steep = weak & (torch.rand(3, 40, 50) < 0.01)
    steep[2] = False
    found = steep
    for _ in range(40 * 50):
        found = dilated(found.float(), 3).bool() & weak
    assert torch.equal(continued(steep, weak), found)
