"""A tiny model of InstructPix2Pix, led by text and picture."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.checkpoint import load_autoencoder, load_denoiser
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import evaluated
from hub.engine.models.families import Family
from hub.engine.models.guiders import BasicGuider, CfgGuider, DualCfgGuider, Guider
from hub.nodes.picture_editing import InstructPixToPixConditioning
from hub.nodes.sampling import KSampler
from hub.testing.nodes import NodeBench
from tests.engine.models.tiny_checkpoints import write_tiny_editor
from tests.nodes.conditionings import conditioning

SHAPE = torch.Size([2, 4, 4, 6])
Sides = dict[str, Any]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> DiffusionModel:
    path = tmp_path_factory.mktemp("models") / "editor.safetensors"
    write_tiny_editor(Family.SD1, path)
    return load_denoiser(path)


@pytest.fixture
def vae(tiny_file: Path) -> AutoEncoder:
    return load_autoencoder(tiny_file)


@pytest.fixture
def sides(bench: NodeBench, model: DiffusionModel, vae: AutoEncoder) -> Sides:
    """With a picture of 50 × 35 pixels, whose edges are cut."""
    texts = {"positive": conditioning(model, 0), "negative": conditioning(model, 1)}
    pixels = torch.rand(1, 35, 50, 3, generator=torch.Generator().manual_seed(0))
    positive, negative, latent = bench.run(
        InstructPixToPixConditioning, **texts, vae=vae, pixels=pixels
    )
    assert torch.equal(positive[0][1]["concat_latent_image"], vae.encode(pixels[:, 1:33, 1:49]))
    return {"positive": positive, "negative": negative, "latent_image": latent}


def answer(guider: Guider) -> Tensor:
    """What the model says of a noisy latent, guided."""
    x = torch.randn(SHAPE, generator=torch.Generator().manual_seed(1)) * 4
    guidance = guider.ready(SHAPE, None)
    request = guidance.request(guider.model, x, torch.tensor(4.0), both=False)
    return guidance.answer(guider.model, request, evaluated(guider.model, [request])[0]).denoised


def basic(model: DiffusionModel, told: Any) -> Tensor:
    return answer(BasicGuider(model=model, positive=told))


def test_both_sides_see_the_picture_and_begin_from_an_empty_latent(
    sides: Sides, bench: NodeBench, model: DiffusionModel
) -> None:
    assert torch.equal(sides["latent_image"]["samples"], torch.zeros(1, 4, 4, 6))
    assert torch.equal(
        sides["positive"][0][1]["concat_latent_image"],
        sides["negative"][0][1]["concat_latent_image"],
    )
    options = {"steps": 2, "cfg": 5.0, "sampler_name": "dpmpp_2m", "scheduler": "karras"}
    (latent,) = bench.run(KSampler, model=model, seed=1, **options, denoise=1.0, **sides)
    assert latent["samples"].shape == (1, 4, 4, 6)


def test_a_picture_changes_what_the_model_says(sides: Sides, model: DiffusionModel) -> None:
    with_it, without = basic(model, sides["positive"]), basic(model, conditioning(model, 0))
    assert float((with_it - without).std()) > 0.01 * float(without.std())


def test_a_side_with_the_picture_and_one_without_are_guided_as_each_by_itself(
    sides: Sides, model: DiffusionModel
) -> None:
    plain = conditioning(model, 1)
    guider = CfgGuider(model=model, positive=sides["positive"], negative=plain, scale=3.0)
    towards, away = basic(model, sides["positive"]), basic(model, plain)
    expected = away + 3.0 * (towards - away)
    assert torch.allclose(answer(guider), expected, atol=1e-4 * float(expected.std()))


def test_the_two_scales_count_as_in_the_paper(sides: Sides, model: DiffusionModel) -> None:
    """Brooks et al. 2023, equation 3: from nothing to the picture, and from there to the text."""
    nothing = conditioning(model, 1)
    guider = DualCfgGuider(
        model=model,
        first=sides["positive"],
        second=sides["negative"],
        negative=nothing,
        scale=7.5,
        second_scale=1.5,
        style="regular",
    )
    told = (sides["positive"], sides["negative"], nothing)
    both, picture, none = (basic(model, side) for side in told)
    expected = none + 1.5 * (picture - none) + 7.5 * (both - picture)
    assert torch.allclose(answer(guider), expected, atol=1e-4 * float(expected.std()))
