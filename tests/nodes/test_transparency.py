import pytest
import torch

from hub.nodes.porter_duff import MODES, composited
from hub.nodes.transparency import (
    JoinImageWithAlpha,
    PorterDuffImageComposite,
    SplitImageWithAlpha,
)
from hub.testing.nodes import NodeBench

S, D = 0.8, 0.4  # colours of source and destination

# With both opaque: the colour, and the alpha.
OPAQUE = {
    "ADD": (1.0, 1),
    "CLEAR": (0, 0),
    "DARKEN": (D, 1),
    "DST": (D, 1),
    "DST_ATOP": (D, 1),
    "DST_IN": (D, 1),
    "DST_OUT": (0, 0),
    "DST_OVER": (D, 1),
    "LIGHTEN": (S, 1),
    "MULTIPLY": (S * D, 1),
    "OVERLAY": (2 * S * D, 1),
    "SCREEN": (S + D - S * D, 1),
    "SRC": (S, 1),
    "SRC_ATOP": (S, 1),
    "SRC_IN": (S, 1),
    "SRC_OUT": (0, 0),
    "SRC_OVER": (S, 1),
    "XOR": (0, 0),
}
# Operators of Porter and Duff's table: which of the four areas hold the source or destination.
# Alphas a and b are read as shares of a pixel that cover each other by chance.
SHARES = {
    "CLEAR": (0, 0, 0),
    "SRC": (1, 0, "s"),
    "DST": (0, 1, "d"),
    "SRC_OVER": (1, 1, "s"),
    "DST_OVER": (1, 1, "d"),
    "SRC_IN": (0, 0, "s"),
    "DST_IN": (0, 0, "d"),
    "SRC_OUT": (1, 0, 0),
    "DST_OUT": (0, 1, 0),
    "SRC_ATOP": (0, 1, "s"),
    "DST_ATOP": (1, 0, "d"),
    "XOR": (1, 1, 0),
}


def one(value: float) -> torch.Tensor:
    return torch.full((1, 1, 1, 1), value)


@pytest.mark.parametrize("mode", MODES)
def test_two_opaque_layers(mode: str) -> None:
    colour, alpha = composited(one(S), one(1.0), one(D), one(1.0), mode)
    assert (colour.item(), alpha.item()) == pytest.approx(OPAQUE[mode])


@pytest.mark.parametrize("mode", SHARES)
def test_half_transparent_layers_cover_shares_of_a_pixel(mode: str) -> None:
    a, b = 0.6, 0.3
    source_alone, destination_alone, both = SHARES[mode]
    source = a * (1 - b) * source_alone + (a * b if both == "s" else 0)
    destination = b * (1 - a) * destination_alone + (a * b if both == "d" else 0)
    colour, alpha = composited(one(S), one(a), one(D), one(b), mode)
    assert alpha.item() == pytest.approx(source + destination)
    assert (colour * alpha).item() == pytest.approx(S * source + D * destination)


def test_masks_are_one_where_a_layer_is_transparent(bench: NodeBench) -> None:
    image, mask = bench.run(
        PorterDuffImageComposite,
        source=torch.full((1, 2, 2, 3), S),
        source_alpha=torch.tensor([[[1.0, 0.0], [1.0, 0.0]]]),
        destination=torch.full((1, 2, 2, 3), D),
        destination_alpha=torch.zeros(1, 2, 2),
        mode="SRC_OVER",
    )
    assert torch.allclose(image[0, 0, :, 0], torch.tensor([D, S]))
    assert mask.sum() == 0


def test_the_destination_decides_the_size_and_a_shorter_batch_begins_again(
    bench: NodeBench,
) -> None:
    image, mask = bench.run(
        PorterDuffImageComposite,
        source=torch.ones(1, 8, 8, 4),
        source_alpha=torch.zeros(2, 3, 3),
        destination=torch.zeros(1, 4, 6, 3),
        destination_alpha=torch.zeros(1, 4, 6),
        mode="SRC",
    )
    assert image.shape == (2, 4, 6, 3)
    assert mask.shape == (2, 4, 6)


def test_joining_what_was_split_gives_the_image_back(bench: NodeBench) -> None:
    image = torch.rand(2, 3, 4, 4)
    colours, mask = bench.run(SplitImageWithAlpha, image=image)
    (joined,) = bench.run(JoinImageWithAlpha, image=colours, alpha=mask)
    assert torch.allclose(joined, image)


def test_an_image_without_alpha_is_opaque(bench: NodeBench) -> None:
    assert bench.run(SplitImageWithAlpha, image=torch.rand(2, 3, 4, 3))[1].sum() == 0


def test_one_mask_serves_a_whole_batch(bench: NodeBench) -> None:
    inputs = {"image": torch.rand(3, 4, 4, 3), "alpha": torch.zeros(1, 64, 64)}
    (joined,) = bench.run(JoinImageWithAlpha, **inputs)
    assert joined.shape == (3, 4, 4, 4)
    assert torch.all(joined[..., 3] == 1)
