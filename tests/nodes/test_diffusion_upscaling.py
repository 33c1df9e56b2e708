"""A tiny x4 upscaler, shown a small picture."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import load_denoiser
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import evaluated
from hub.engine.models.guiders import BasicGuider, CfgGuider, Guider
from hub.nodes.diffusion_upscaling import SDUpscaleConditioning
from hub.nodes.sampling import KSampler
from hub.testing.nodes import NodeBench
from tests.engine.models.tiny_checkpoints import write_tiny_upscaler
from tests.nodes.conditionings import conditioning

SHAPE = torch.Size([1, 4, 8, 12])


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "upscaler.safetensors"
    write_tiny_upscaler(path)
    return path


@pytest.fixture(scope="module")
def model(path: Path) -> DiffusionModel:
    return load_denoiser(path)


def shown(
    bench: NodeBench, model: DiffusionModel, noise: float = 0.0, **options: Any
) -> tuple[Any, ...]:
    """Of a picture of 12 × 8 pixels, with texts of chance: both sides and the latent."""
    pixels = torch.rand(1, 8, 12, 3, generator=torch.Generator().manual_seed(0))
    given = {"images": pixels, "noise_augmentation": noise, **options}
    sides = {"positive": conditioning(model, 0), "negative": conditioning(model, 1)}
    return bench.run(SDUpscaleConditioning, **sides, **given)


def answer(guider: Guider) -> Tensor:
    x = torch.randn(SHAPE, generator=torch.Generator().manual_seed(1)) * 4
    guidance = guider.ready(SHAPE, None)
    request = guidance.request(guider.model, x, torch.tensor(4.0), both=False)
    return guidance.answer(guider.model, request, evaluated(guider.model, [request])[0]).denoised


def basic(model: DiffusionModel, told: Any) -> Tensor:
    return answer(BasicGuider(model=model, positive=told))


@pytest.mark.parametrize(
    ("ratio", "height", "width"), [(4.0, 8, 12), (2.0, 4, 6), (8.0, 16, 24), (0.0, 1, 1)]
)
def test_a_latent_has_a_quarter_of_the_pixels_of_the_large_picture_on_each_side(
    ratio: float, height: int, width: int, bench: NodeBench, model: DiffusionModel
) -> None:
    positive, negative, latent = shown(bench, model, scale_ratio=ratio)
    assert torch.equal(latent["samples"], torch.zeros(1, 4, height, width))
    for side in (positive, negative):
        assert side[0][1]["concat_image"].shape == (1, 3, height, width)


def test_the_picture_is_seen_itself_from_minus_one_to_one(
    bench: NodeBench, model: DiffusionModel
) -> None:
    pixels = torch.tensor([0.0, 0.5, 1.0, 0.3]).expand(2, 8, 12, 4)
    positive, _, latent = shown(bench, model, images=pixels)
    picture = positive[0][1]["concat_image"]
    assert picture[1, :, 7, 11].tolist() == [-1.0, 0.0, 1.0]
    assert len(picture) == len(latent["samples"]) == 2


def test_the_model_is_led_by_the_picture_and_by_how_much_noise_it_is_told(
    bench: NodeBench, model: DiffusionModel
) -> None:
    clean, *_ = shown(bench, model)
    noisy, *_ = shown(bench, model, 1.0)
    without_noise_on_it = [[noisy[0][0], {**noisy[0][1], "concat_image": None}]]
    blank = [[clean[0][0], {**clean[0][1], "concat_image": None}]]
    told = [basic(model, side) for side in (clean, noisy, without_noise_on_it, blank)]
    for number, one in enumerate(told):
        for other in told[:number]:
            assert float((one - other).std()) > 0.01 * float(one.std())


def test_sides_with_other_levels_share_a_call_and_are_answered_as_alone(
    bench: NodeBench, model: DiffusionModel
) -> None:
    positive, *_ = shown(bench, model)
    _, negative, _ = shown(bench, model, 0.5)
    towards, away = basic(model, positive), basic(model, negative)
    found = answer(CfgGuider(model=model, positive=positive, negative=negative, scale=3.0))
    expected = away + 3.0 * (towards - away)
    assert torch.allclose(found, expected, atol=1e-4 * float(expected.std()))


def test_levels_stay_whole_numbers_where_the_model_computes_in_a_small_type(
    bench: NodeBench, path: Path, model: DiffusionModel
) -> None:
    """bfloat16 has no 349, which would become 350."""
    compute = replace(model.compute, dtype=torch.bfloat16, storage=torch.bfloat16)
    small = load_denoiser(path, compute)
    told = [
        basic(small, [[conditioning(model, 0)[0][0], {"noise_augmentation": level / 350}]])
        for level in (349, 350)
    ]
    assert not torch.equal(*told)


def test_it_is_sampled_like_any_model(bench: NodeBench, model: DiffusionModel) -> None:
    positive, negative, latent = shown(bench, model, 0.2)
    options = {"steps": 2, "cfg": 5.0, "sampler_name": "dpmpp_2m", "scheduler": "karras"}
    sides = {"positive": positive, "negative": negative, "latent_image": latent}
    (found,) = bench.run(KSampler, model=model, seed=1, **options, denoise=1.0, **sides)
    assert found["samples"].shape == SHAPE
    assert found["samples"].isfinite().all()
