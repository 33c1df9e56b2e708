"""Finds edges (Canny 1986)."""

import torch
from torch import Tensor
from torch.nn import functional

from hub.nodes.api import FLOAT, IMAGE, Input, Node, NodeOutput, Schema
from hub.nodes.morphology import dilated
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
    weak = (ridge > low).float()
    found = (ridge > high).float() * weak
    while True:
        grown = dilated(found, 3) * weak
        if torch.equal(grown, found):
            return found
        found = grown


def _smoothed(grey: Tensor) -> Tensor:
    radius, sigma = _BLUR
    distance = torch.arange(-radius, radius + 1) / sigma
    weights = torch.exp(-(distance**2) / 2)
    weights = weights / weights.sum()
    return _correlated(grey, torch.outer(weights, weights))


def _gradient(grey: Tensor) -> tuple[Tensor, Tensor]:
    """Sobel's operator, across and down."""
    kernel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    return _correlated(grey, kernel), _correlated(grey, kernel.T)


def _correlated(grey: Tensor, kernel: Tensor) -> Tensor:
    """Beyond the edges the image goes on as it ends."""
    radius = len(kernel) // 2
    padded = functional.pad(grey[:, None], (radius,) * 4, mode="replicate")
    return functional.conv2d(padded, kernel[None, None])[:, 0]


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
