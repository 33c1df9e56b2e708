"""The modules `comfy.samplers` and `comfy.k_diffusion.sampling`."""

from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guiders import BasicGuider, CfgGuider
from hub.engine.models.sampling_run import SeededNoise
from hub.engine.sampling.noise import white_noise
from hub.engine.sampling.steps import sigmas_for
from hub.nodes.compat.extra_names import EXTRA_NAMES
from hub.nodes.custom_sampling import SamplerCustomAdvanced
from hub.testing.nodes import NodeBench
from tests.engine.models.conftest import tiny as tiny
from tests.engine.models.conftest import tiny_file as tiny_file
from tests.nodes.compat.conftest import Offered
from tests.nodes.conditionings import conditioning
from tests.nodes.conftest import bench as bench


@pytest.fixture
def model(tiny: Checkpoint) -> DiffusionModel:
    assert tiny.model is not None
    return tiny.model


def sampled(
    bench: NodeBench, model: DiffusionModel, sampler: Any, guider: Any = None, **latent: Any
) -> Tensor:
    sides = {"positive": conditioning(model, 1), "negative": conditioning(model, 2)}
    output, _ = bench.run(
        SamplerCustomAdvanced,
        noise=SeededNoise(7),
        guider=guider or CfgGuider(model=model, scale=3.0, **sides),
        sampler=sampler,
        sigmas=sigmas_for(model.sampling.levels, "euler", "normal", 3),
        latent_image={"samples": torch.zeros(1, 4, 8, 8), **latent},
    )
    samples: Tensor = output["samples"]
    return samples


@pytest.mark.parametrize("name", ["euler", "euler_cfg_pp", "euler_ancestral", "dpmpp_sde"])
def test_the_hubs_samplers_are_the_same_as_functions(
    bench: NodeBench, model: DiffusionModel, offered: Offered, name: str
) -> None:
    """Those of CFG++ change the model's options to learn of the unguided latent."""
    samplers, k_diffusion = offered("comfy.samplers"), offered("comfy.k_diffusion.sampling")
    function = samplers.KSAMPLER(getattr(k_diffusion, f"sample_{name}"))
    expected = sampled(bench, model, samplers.sampler_object(name))
    found = sampled(bench, model, function)
    assert torch.allclose(found, expected, atol=1e-4 * float(expected.std()))


def test_a_basic_guider_that_a_pack_makes_is_led_like_ours(
    bench: NodeBench, model: DiffusionModel, offered: Offered
) -> None:
    euler = offered("comfy.samplers").sampler_object("euler")
    ours = BasicGuider(model=model, positive=conditioning(model, 1))
    theirs = EXTRA_NAMES["comfy_extras.nodes_custom_sampler"]["Guider_Basic"](model)
    theirs.set_conds(conditioning(model, 1))
    assert sampled(bench, model, euler, theirs).equal(sampled(bench, model, euler, ours))


def test_a_function_leaves_what_is_around_a_mask(
    bench: NodeBench, model: DiffusionModel, offered: Offered
) -> None:
    samplers, k_diffusion = offered("comfy.samplers"), offered("comfy.k_diffusion.sampling")
    mask = torch.zeros(1, 1, 8, 8)
    mask[..., :4] = 1
    function = samplers.KSAMPLER(k_diffusion.sample_euler, inpaint_options={"random": True})
    found = sampled(bench, model, function, noise_mask=mask)
    ddim = sampled(bench, model, samplers.sampler_object("ddim"), noise_mask=mask)
    assert found.equal(ddim)
    assert torch.allclose(found[..., 4:], torch.zeros(1, 4, 8, 4), atol=1e-5)


def test_a_schedule_that_a_pack_adds_is_known(model: DiffusionModel, offered: Offered) -> None:
    samplers = offered("comfy.samplers")

    def even(n: int, sigma_min: float, sigma_max: float) -> Tensor:
        return torch.linspace(sigma_max, 0, n + 1)

    samplers.SCHEDULER_HANDLERS["even"] = samplers.SchedulerHandler(even, use_ms=False)
    samplers.KSampler.SCHEDULERS.append("even")
    sampler = samplers.KSampler(model, 4, sampler="euler", scheduler="even")
    assert len(sampler.sigmas) == 5
    assert torch.allclose(sampler.sigmas.diff(), sampler.sigmas.diff()[:1])


@pytest.mark.parametrize("denoise", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("name", ["euler", "dpm_2"])
def test_levels_are_those_of_ksampler(
    model: DiffusionModel, offered: Offered, name: str, denoise: float
) -> None:
    kind = offered("comfy.samplers").KSampler
    sampler = kind(model, 4, sampler=name, scheduler="karras", denoise=denoise)
    expected = sigmas_for(model.sampling.levels, name, "karras", 4, denoise)
    assert torch.allclose(sampler.sigmas, expected)


def test_a_sampler_nobody_knows_is_an_error(offered: Offered) -> None:
    with pytest.raises(ValueError, match="no sampler 'of_tomorrow'"):
        offered("comfy.samplers").sampler_object("of_tomorrow")


def test_what_samplers_are_written_with(offered: Offered) -> None:
    k_diffusion = offered("comfy.k_diffusion.sampling")
    x = torch.ones(2, 4, 8, 8)
    assert k_diffusion.append_dims(torch.ones(2), 4).shape == (2, 1, 1, 1)
    assert k_diffusion.to_d(x, torch.tensor([2.0, 4.0]), x * 3)[:, 0, 0, 0].tolist() == [-1, -0.5]
    down, up = k_diffusion.get_ancestral_step(torch.tensor(2.0), torch.tensor(1.0))
    assert float(down**2 + up**2) == pytest.approx(1.0)
    assert k_diffusion.get_ancestral_step(2.0, 1.0, eta=0.0) == (1.0, 0.0)
    drawn = k_diffusion.default_noise_sampler(x, seed=3)(torch.ones(()), torch.zeros(()))
    assert drawn.equal(white_noise(x, 3)(torch.ones(()), torch.zeros(())))


def test_noise_of_one_motion_is_the_same_for_the_same_seed(offered: Offered) -> None:
    pytest.importorskip("torchsde")
    kind = offered("comfy.k_diffusion.sampling").BrownianTreeNoiseSampler
    levels = torch.tensor([4.0, 2.0, 1.0])
    first, second = (kind(torch.zeros(1, 4), 1.0, 4.0, seed=5, cpu=True) for _ in range(2))
    assert first(levels[0], levels[1]).equal(second(levels[0], levels[1]))
    halves = first(levels[0], levels[1]) * 2**0.5 + first(levels[1], levels[2])
    assert torch.allclose(halves / 3**0.5, first(levels[0], levels[2]), atol=1e-5)
