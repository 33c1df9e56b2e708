"""Finds edges (Canny 1986)."""

import torch
from torch import Tensor
from torch.nn import functional

from hub.nodes.api import FLOAT, IMAGE, Input, Node, NodeOutput, Schema
from hub.nodes.yuv import LUMA

_BLUR = (2, 1.0)  # a kernel of 5 × 5 pixels, sigma in pixels
# The direction of the gradient in steps of 45°, as (down, right).
_NEIGHBOURS = ((0, 1), (1, 1), (1, 0), (1, -1))


class Canny(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Canny",
            display_name="Canny",
            category="image/preprocessors",
            description=(
                "Draws edges white on black. Those steeper than the high threshold are edges, and "
                "those above the low one where they continue such an edge."
            ),
            inputs=(
                IMAGE.input("image"),
                _threshold("low_threshold", 0.4),
                _threshold("high_threshold", 0.8),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module="comfy_extras.nodes_canny",
        )

    @classmethod
    def execute(cls, image: Tensor, low_threshold: float, high_threshold: float) -> NodeOutput:
        return NodeOutput(edges(image, low_threshold, high_threshold)[..., None].repeat(1, 1, 1, 3))


def edges(image: Tensor, low: float, high: float) -> Tensor:
    """1 on edges, else 0: [batch, height, width]. Thresholds are in units of Sobel's operator."""
    across, down = _gradient(_smoothed(image[..., :3] @ torch.tensor(LUMA)))
    steepness = torch.hypot(across, down)
    ridge = steepness * _is_crest(steepness, across, down)
    weak = ridge > low
    return continued(weak & (ridge > high), weak).float()


def continued(steep: Tensor, weak: Tensor) -> Tensor:
    """What is weak and hangs together with what is steep, across corners too.

    Only the pixels around those found last are looked at, as a line may be as long as it likes.
    """
    rest = functional.pad(weak & ~steep, (1, 1, 1, 1))
    row = rest.shape[-1]
    around = torch.tensor([y * row + x for y in (-1, 0, 1) for x in (-1, 0, 1)])
    places = rest.view(-1)
    found = functional.pad(steep, (1, 1, 1, 1)).view(-1).nonzero()
    while len(found):
        near = (found + around).view(-1)
        found = near[places[near]].unique()[:, None]  # type: ignore[no-untyped-call] # untyped by torch
        places[found] = False
    return weak & ~rest[:, 1:-1, 1:-1]


def _smoothed(grey: Tensor) -> Tensor:
    radius, sigma = _BLUR
    weights = torch.exp(-((torch.arange(radius + 1) / sigma) ** 2) / 2)
    weights = weights / (2 * weights.sum() - weights[0])
    return _weighted(_weighted(grey, weights.tolist(), dim=1), weights.tolist(), dim=2)


def _gradient(grey: Tensor) -> tuple[Tensor, Tensor]:
    """Sobel's operator, across and down."""
    across = _difference(_weighted(grey, [2.0, 1.0], dim=1), dim=2)
    return across, _difference(_weighted(grey, [2.0, 1.0], dim=2), dim=1)


def _weighted(grey: Tensor, weights: list[float], dim: int) -> Tensor:
    """The sum of what lies along an axis, with a weight for each distance.

    Pairs are added first, so that what is symmetric stays so to the last bit, and sums of moved
    images are many times as fast on a CPU as a convolution with one channel.
    """
    radius, size = len(weights) - 1, grey.shape[dim]
    padded = _continuing(grey, radius, dim)
    result = grey * weights[0]
    for distance, weight in enumerate(weights[1:], start=1):
        before = padded.narrow(dim, radius - distance, size)
        result.add_(before + padded.narrow(dim, radius + distance, size), alpha=weight)
    return result


def _difference(grey: Tensor, dim: int) -> Tensor:
    padded, size = _continuing(grey, 1, dim), grey.shape[dim]
    return padded.narrow(dim, 2, size) - padded.narrow(dim, 0, size)


def _continuing(grey: Tensor, radius: int, dim: int) -> Tensor:
    """Beyond the edges the image goes on as it ends."""
    before, after = grey.narrow(dim, 0, 1), grey.narrow(dim, grey.shape[dim] - 1, 1)
    return torch.cat([before] * radius + [grey] + [after] * radius, dim)


def _is_crest(steepness: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """Where it is steeper than on one side, along the gradient, and no less than on the other.

    So an edge right between two pixels, which are equally steep then, is drawn once.
    """
    eighths = (torch.atan2(down, across) * 4 / torch.pi).round().long() % 4
    padded = functional.pad(steepness, (1, 1, 1, 1))
    crest = torch.zeros_like(steepness)
    for number, (y, x) in enumerate(_NEIGHBOURS):
        ahead = _shifted(padded, y, x, steepness)
        behind = _shifted(padded, -y, -x, steepness)
        crest += (eighths == number) & (steepness > ahead) & (steepness >= behind)
    return crest


def _shifted(padded: Tensor, y: int, x: int, like: Tensor) -> Tensor:
    height, width = like.shape[1:]
    return padded[:, 1 + y : 1 + y + height, 1 + x : 1 + x + width]


def _threshold(name: str, default: float) -> Input:
    return FLOAT.value(name, default=default, minimum=0.01, maximum=0.99, step=0.01)


NODES: tuple[type[Node], ...] = (Canny,)
