from typing import Any

import pytest
import torch

from hub.nodes.api import Node
from hub.nodes.latent_scaling import LatentUpscale, LatentUpscaleBy
from hub.nodes.latent_transforms import (
    LatentBlend,
    LatentComposite,
    LatentCompositeMasked,
    LatentCrop,
    LatentFlip,
    LatentRotate,
    OtherChannels,
)
from hub.nodes.latents import (
    EmptyChromaRadianceLatentImage,
    EmptyFlux2LatentImage,
    EmptyHunyuanImageLatent,
    EmptyLatentImage,
    EmptySD3LatentImage,
    LatentFromBatch,
    RepeatLatentBatch,
    SetLatentNoiseMask,
)
from hub.testing.nodes import NodeBench


def batch(*values: float, **rest: Any) -> dict[str, Any]:
    """One latent of 8 × 12 for each value."""
    samples = torch.tensor(values)[:, None, None, None].expand(-1, 4, 8, 12)
    return {"samples": samples.contiguous(), **rest}


def values(latent: dict[str, Any]) -> list[float]:
    found: list[float] = latent["samples"][:, 0, 0, 0].tolist()
    return found


def test_empty_latents_are_zeros_at_an_eighth_of_the_size(bench: NodeBench) -> None:
    (latent,) = bench.run(EmptyLatentImage, width=100, height=64, batch_size=2)
    assert latent["samples"].shape == (2, 4, 8, 12)
    assert not latent["samples"].any()
    assert bench.run(EmptySD3LatentImage)[0]["samples"].shape == (1, 16, 128, 128)


@pytest.mark.parametrize(
    ("node", "shape"),
    [
        (EmptyHunyuanImageLatent, (1, 64, 4, 8)),
        (EmptyFlux2LatentImage, (1, 128, 8, 16)),
        (EmptyChromaRadianceLatentImage, (1, 3, 128, 256)),
    ],
)
def test_other_families_have_other_empty_latents(
    node: type[Node], shape: tuple[int, ...], bench: NodeBench
) -> None:
    (latent,) = bench.run(node, width=256, height=128)
    assert latent["samples"].shape == shape


def test_a_mask_rides_along_with_four_dimensions(bench: NodeBench) -> None:
    (latent,) = bench.run(SetLatentNoiseMask, samples=batch(1.0), mask=torch.ones(2, 5, 6))
    assert latent["noise_mask"].shape == (2, 1, 5, 6)


def test_latents_out_of_a_batch_remember_their_places(bench: NodeBench) -> None:
    mask = torch.arange(2.0)[:, None, None, None].expand(2, 1, 4, 4)
    whole = batch(1, 2, 3, 4, noise_mask=mask, kept="yes")
    (part,) = bench.run(LatentFromBatch, samples=whole, batch_index=1, length=2)
    assert values(part) == [2, 3]
    assert part["batch_index"] == [1, 2]
    assert part["noise_mask"][:, 0, 0, 0].tolist() == [1, 0]
    assert part["kept"] == "yes"
    (last,) = bench.run(LatentFromBatch, samples=part, batch_index=9, length=9)
    assert (values(last), last["batch_index"]) == ([3], [2])


def test_repeated_latents_get_places_of_their_own(bench: NodeBench) -> None:
    whole = batch(1, 2, batch_index=[3, 5], noise_mask=torch.ones(2, 1, 4, 4))
    (more,) = bench.run(RepeatLatentBatch, samples=whole, amount=2)
    assert values(more) == [1, 2, 1, 2]
    assert more["batch_index"] == [3, 5, 6, 8]
    assert len(more["noise_mask"]) == 4


@pytest.mark.parametrize("method", ["nearest-exact", "bilinear", "area", "bicubic", "bislerp"])
def test_latents_are_brought_to_a_size_in_pixels(method: str, bench: NodeBench) -> None:
    latent = batch(2.0, kept="yes")
    (larger,) = bench.run(LatentUpscale, samples=latent, upscale_method=method)
    assert larger["samples"].shape == (1, 4, 64, 64)
    assert larger["samples"].mean() == pytest.approx(2.0, abs=1e-4)
    assert larger["kept"] == "yes"


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [(0, 128, (16, 24)), (192, 0, (16, 24)), (0, 8, (8, 12)), (0, 0, (8, 12)), (8, 800, (100, 8))],
)
def test_a_side_of_zero_keeps_the_ratio(
    width: int, height: int, shape: tuple[int, int], bench: NodeBench
) -> None:
    (scaled,) = bench.run(LatentUpscale, samples=batch(1.0), width=width, height=height)
    assert scaled["samples"].shape[2:] == shape


def test_the_middle_is_kept_where_the_ratio_changes(bench: NodeBench) -> None:
    latent = batch(0.0)
    latent["samples"][..., 2:10] = 1.0
    (square,) = bench.run(LatentUpscale, samples=latent, width=64, height=64, crop="center")
    assert square["samples"].shape == (1, 4, 8, 8)
    assert square["samples"].all()


def test_a_factor_is_rounded_to_whole_latents(bench: NodeBench) -> None:
    (scaled,) = bench.run(LatentUpscaleBy, samples=batch(1.0), scale_by=1.3)
    assert scaled["samples"].shape[2:] == (10, 16)
    (least,) = bench.run(LatentUpscaleBy, samples=batch(1.0), scale_by=0.01)
    assert least["samples"].shape[2:] == (1, 1)


def corner() -> dict[str, Any]:
    """Only the upper left is 1."""
    latent = batch(0.0)
    latent["samples"][..., 0, 0] = 1.0
    return latent


@pytest.mark.parametrize(
    ("node", "inputs", "place"),
    [
        (LatentRotate, {"rotation": "none"}, (0, 0)),
        (LatentRotate, {"rotation": "90 degrees"}, (0, 7)),
        (LatentRotate, {"rotation": "180 degrees"}, (7, 11)),
        (LatentRotate, {"rotation": "270 degrees"}, (11, 0)),
        (LatentFlip, {"flip_method": "x-axis: vertically"}, (7, 0)),
        (LatentFlip, {"flip_method": "y-axis: horizontally"}, (0, 11)),
    ],
)
def test_latents_are_turned(
    node: Any, inputs: dict[str, str], place: tuple[int, int], bench: NodeBench
) -> None:
    (turned,) = bench.run(node, samples=corner(), **inputs)
    assert turned["samples"][0, 0].nonzero().tolist() == [list(place)]


def test_a_cut_leaves_at_least_64_pixels(bench: NodeBench) -> None:
    latent = {"samples": torch.arange(20.0).expand(1, 4, 16, 20)}
    (part,) = bench.run(LatentCrop, samples=latent, width=512, height=64, x=800, y=800)
    assert part["samples"][0, 0, 0].tolist() == [12, 13, 14, 15, 16, 17, 18, 19]
    assert part["samples"].shape[2] == 8


def test_a_latent_is_put_into_another(bench: NodeBench) -> None:
    (joined,) = bench.run(
        LatentComposite, samples_to=batch(0.0), samples_from=batch(1.0), x=64, y=32
    )
    row = joined["samples"][0, 0, 4]
    assert row.tolist() == [0] * 8 + [1] * 4
    assert not joined["samples"][..., :4, :].any()


def test_only_edges_inside_fade(bench: NodeBench) -> None:
    (joined,) = bench.run(
        LatentComposite, samples_to=batch(0.0), samples_from=batch(1.0), x=64, feather=16
    )
    assert joined["samples"][0, 0, 0].tolist() == [0] * 8 + [0.5, 1, 1, 1]


def test_latents_are_mixed_at_the_size_of_the_first(bench: NodeBench) -> None:
    second = {"samples": torch.full((1, 4, 16, 16), 4.0)}
    (mixed,) = bench.run(LatentBlend, samples1=batch(2.0), samples2=second, blend_factor=0.75)
    assert mixed["samples"].shape == (1, 4, 8, 12)
    assert mixed["samples"].mean() == pytest.approx(2.5)


def test_a_source_covers_the_destination_where_its_mask_is_one(bench: NodeBench) -> None:
    mask = torch.zeros(1, 64, 96)
    mask[..., :48] = 1
    inputs = {"destination": batch(1.0, 2.0, kept="yes"), "source": batch(5.0), "mask": mask}
    (made,) = bench.run(LatentCompositeMasked, **inputs, x=16, y=8)
    assert made["samples"][1, 0, 4].tolist() == [2, 2, 5, 5, 5, 5, 5, 5, 2, 2, 2, 2]
    assert made["samples"][0, 0, 0].tolist() == [1] * 12
    assert made["kept"] == "yes"


def test_a_source_may_be_brought_to_the_size_of_the_destination(bench: NodeBench) -> None:
    small = {"samples": torch.full((1, 4, 2, 2), 5.0)}
    inputs = {"destination": batch(1.0), "source": small}
    (made,) = bench.run(LatentCompositeMasked, **inputs, resize_source=True)
    assert torch.allclose(made["samples"], torch.tensor(5.0))


def test_latents_of_different_models_are_not_laid_over_each_other(bench: NodeBench) -> None:
    other = {"samples": torch.zeros(1, 16, 8, 12)}
    with pytest.raises(OtherChannels, match="4 channels and the source 16"):
        bench.run(LatentCompositeMasked, destination=batch(1.0), source=other)
