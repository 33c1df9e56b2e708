from pathlib import Path
from typing import Any

import pytest
import torch

from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.checkpoint import load_autoencoder
from hub.nodes.inpainting import cropped, greyed, grown, mask_for
from hub.nodes.picture_latents import (
    InpaintModelConditioning,
    NoAutoencoder,
    VAEDecode,
    VAEDecodeTiled,
    VAEEncode,
    VAEEncodeForInpaint,
    VAEEncodeTiled,
)
from hub.testing.nodes import NodeBench


@pytest.fixture
def vae(tiny_file: Path) -> AutoEncoder:
    return load_autoencoder(tiny_file)


def test_pictures_become_latents_and_latents_pictures(bench: NodeBench, vae: AutoEncoder) -> None:
    (latent,) = bench.run(VAEEncode, pixels=torch.rand(2, 20, 16, 3), vae=vae)
    assert latent["samples"].shape == (2, 4, 2, 2)
    (pictures,) = bench.run(VAEDecode, samples=latent, vae=vae)
    assert pictures.shape == (2, 16, 16, 3)
    assert 0 <= pictures.min() <= pictures.max() <= 1


def test_tiles_give_the_same_sizes(bench: NodeBench, vae: AutoEncoder) -> None:
    sizes = {"tile_size": 64, "overlap": 64}
    (latent,) = bench.run(VAEEncodeTiled, pixels=torch.rand(1, 24, 136, 3), vae=vae, **sizes)
    assert latent["samples"].shape == (1, 4, 3, 17)
    (pictures,) = bench.run(VAEDecodeTiled, samples=latent, vae=vae, **sizes)
    assert pictures.shape == (1, 24, 136, 3)


def test_one_tile_is_the_whole(bench: NodeBench, vae: AutoEncoder) -> None:
    latent = {"samples": torch.randn(1, 4, 2, 3)}
    (whole,) = bench.run(VAEDecode, samples=latent, vae=vae)
    (tiled,) = bench.run(VAEDecodeTiled, samples=latent, vae=vae)
    assert torch.allclose(whole, tiled, atol=1e-5)


@pytest.mark.parametrize("node", [VAEEncode, VAEDecode])
def test_a_checkpoint_without_an_autoencoder_is_told(node: Any, bench: NodeBench) -> None:
    name = "pixels" if node is VAEEncode else "samples"
    with pytest.raises(NoAutoencoder, match="no autoencoder on the vae input"):
        bench.run(node, vae=None, **{name: None})


def test_inpainting_greys_what_is_masked_and_lets_a_little_more_change(
    bench: NodeBench, vae: AutoEncoder
) -> None:
    pixels, mask = torch.rand(1, 18, 16, 3), torch.zeros(1, 18, 16)
    mask[:, 8:11, 8:11] = 1.0
    (latent,) = bench.run(VAEEncodeForInpaint, pixels=pixels, vae=vae, mask=mask, grow_mask_by=3)
    grey = pixels.clone()
    grey[:, 8:11, 8:11] = 0.5
    assert torch.allclose(latent["samples"], vae.encode(grey), atol=1e-6)
    assert latent["noise_mask"].shape == (1, 1, 16, 16)
    assert int(latent["noise_mask"].sum()) == 25


@pytest.mark.parametrize("pixels", [1, 2, 3, 6, 7, 64])
def test_a_mask_is_spread_to_a_square_around_each_pixel(pixels: int) -> None:
    mask = torch.zeros(2, 1, 12, 16)
    mask[0, 0, 5, 8] = 0.6
    before, after = pixels // 2, (pixels - 1) // 2
    expected = torch.zeros(2, 1, 12, 16)
    expected[0, 0, max(0, 5 - after) : 6 + before, max(0, 8 - after) : 9 + before] = 1
    assert torch.equal(grown(mask, pixels), expected)


def test_an_inpainting_model_is_shown_picture_and_mask(bench: NodeBench, vae: AutoEncoder) -> None:
    pixels, mask = torch.rand(1, 16, 16, 3), torch.zeros(1, 8, 8)
    mask[:, :4] = 1.0
    prompt = [[torch.ones(1, 2, 3), {"kept": "yes"}]]
    inputs = {"positive": prompt, "negative": prompt, "vae": vae, "pixels": pixels, "mask": mask}
    positive, negative, latent = bench.run(InpaintModelConditioning, **inputs)
    for ((_, options),) in (positive, negative):
        assert options["kept"] == "yes"
        assert options["concat_mask"].shape == (1, 1, 16, 16)
        assert options["concat_latent_image"].shape == (1, 4, 2, 2)
    assert torch.equal(latent["samples"], vae.encode(pixels))
    assert torch.equal(latent["noise_mask"], positive[0][1]["concat_mask"])
    *_, free = bench.run(InpaintModelConditioning, **inputs, noise_mask=False)
    assert set(free) == {"samples"}


def test_masks_come_to_the_size_of_the_picture_and_both_are_cut_evenly() -> None:
    pixels = torch.arange(19.0)[None, None, :, None].expand(1, 17, 19, 3)
    cut, mask = cropped(pixels, mask_for(pixels, torch.ones(4, 4)), 8)
    assert cut.shape == (1, 16, 16, 3)
    assert cut[0, 0, :, 0].tolist() == list(range(1, 17))
    assert mask.shape == (1, 1, 16, 16)


def test_an_even_square_grows_to_one_side() -> None:
    mask = torch.zeros(1, 1, 1, 9)
    mask[..., 4] = 0.6
    assert grown(mask, 0)[0, 0, 0].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert grown(mask, 3)[0, 0, 0].tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0]
    assert grown(mask, 2)[0, 0, 0].tolist() == [0, 0, 0, 0, 1, 1, 0, 0, 0]
    assert greyed(torch.ones(1, 1, 9, 4), mask)[0, 0, :, 0].tolist() == [1] * 4 + [0.5] + [1] * 4
