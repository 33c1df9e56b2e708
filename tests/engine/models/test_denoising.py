import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.compute import Compute
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.families import Family
from hub.engine.models.model_file import below
from hub.engine.models.size_conditioning import size_conditioning
from hub.engine.models.unet import UNet
from hub.engine.models.weights import mapped
from tests.engine.models.conftest import recorded
from tests.engine.models.seeded_checkpoint import UNET, Drawer, UNetDrawer, UNetSizes

TOLERANCE = 1e-3  # of the standard deviation


def unet(sizes: UNetSizes) -> UNet:
    drawer = Drawer()
    UNetDrawer(drawer, sizes).draw()
    tensors = {name: torch.from_numpy(values).float() for name, values in drawer.tensors.items()}
    return mapped("denoiser", UNet, below(tensors, UNET)).module


@pytest.mark.slow
@pytest.mark.parametrize("step", [10, 500, 999])
def test_clean_latents_are_those_recorded(step: int, reference: Checkpoint) -> None:
    figures = recorded("denoised")
    sigma, expected = figures[f"unit.sigma_t{step}"], figures[f"unit.denoised_t{step}_pos"]
    text = figures["cond_positive"]
    x = figures["initial_noise"] * sigma
    found = reference.model.apply_model(x, sigma, c_crossattn=text)
    assert (found - expected).abs().max() <= TOLERANCE * expected.std()


def test_a_network_like_the_one_of_xl_answers_as_that_of_diffusers() -> None:
    figures = {name.removeprefix("sdxl."): value for name, value in recorded("diffusers").items()}
    sizes = UNetSizes(channels=64, text=2048, labels=2816, depths=(0, 2), is_linear=True)
    options = {"pooled_output": figures["pooled"], "width": 768, "crop_w": 8}
    y = size_conditioning(Family.SDXL, options, height=64, width=1, is_negative=False)
    assert y is not None
    with torch.no_grad():
        found = unet(sizes)(figures["x"], figures["timesteps"], figures["context"], y.expand(2, -1))
    expected = figures["output"]
    assert (found - expected).abs().max() <= TOLERANCE * expected.std()


def test_sides_need_not_be_multiples_of_the_steps_down() -> None:
    network = unet(UNetSizes(channels=32, text=8))
    with torch.no_grad():
        found = network(torch.randn(1, 4, 5, 7), torch.tensor([3]), torch.randn(1, 2, 8))
    assert found.shape == (1, 4, 5, 7)


def test_rows_of_a_batch_do_not_know_each_other(tiny: Checkpoint) -> None:
    x, text = torch.randn(2, 4, 8, 8), torch.randn(2, 5, 768)
    sigma = torch.tensor([1.0, 7.0])
    together = tiny.model.apply_model(x, sigma, c_crossattn=text)
    for row in range(2):
        rows = slice(row, row + 1)
        alone = tiny.model.apply_model(x[rows], sigma[rows], c_crossattn=text[rows])
        assert (together[rows] - alone).abs().max() <= 5e-5 * alone.std()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float8_e4m3fn])
def test_weights_kept_in_a_small_type_give_nearly_the_same(
    dtype: torch.dtype, tiny: Checkpoint
) -> None:
    half = Compute(device=torch.device("cpu"), dtype=torch.bfloat16, storage=dtype)
    x, sigma, text = torch.randn(1, 4, 8, 8), torch.tensor([2.0]), torch.randn(1, 5, 768)
    exact = tiny.model.apply_model(x, sigma, c_crossattn=text)
    model = DiffusionModel(tiny.model.model, half)
    found = model.apply_model(x, sigma, c_crossattn=text)
    assert found.dtype == torch.float32
    assert 0 < (found - exact).abs().max() < 0.25 * exact.std()


def sizes_told(family: Family, is_negative: bool = False, **options: float) -> list[Tensor]:
    """The pooled text, and the waves of each number."""
    told = size_conditioning(
        family,
        {"pooled_output": torch.zeros(1, 1280), **options},
        height=64,
        width=96,
        is_negative=is_negative,
    )
    assert told is not None
    return list(torch.split(told[0], [1280, *[256] * ((told.shape[1] - 1280) // 256)]))


def test_xl_is_told_the_sizes_of_the_latent_unless_others_are_given() -> None:
    _, height, width, crop_h, crop_w, target_height, target_width = sizes_told(Family.SDXL)
    assert torch.equal(height, target_height)
    assert torch.equal(width, target_width)
    assert torch.equal(crop_h, crop_w)
    assert height[128:][-1] == pytest.approx(torch.tensor(512 * 10000 ** (-127 / 128)).sin())
    assert width[0] == pytest.approx(torch.tensor(768.0).cos())


def test_the_refiner_is_told_what_pleases_and_what_does_not() -> None:
    *_, pleasing = sizes_told(Family.SDXL_REFINER)
    *_, displeasing = sizes_told(Family.SDXL_REFINER, is_negative=True)
    *_, asked = sizes_told(Family.SDXL_REFINER, is_negative=True, aesthetic_score=6.0)
    assert not torch.equal(pleasing, displeasing)
    assert torch.equal(pleasing, asked)


def test_the_first_two_families_are_told_no_sizes() -> None:
    assert size_conditioning(Family.SD1, {}, height=8, width=8, is_negative=False) is None
