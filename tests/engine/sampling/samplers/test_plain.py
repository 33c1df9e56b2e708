"""Samplers as plain functions: they do what the generators do, with whatever model."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.sampling.denoising import Denoise
from hub.engine.sampling.driving import drive
from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.engine.sampling.samplers.chosen import chosen
from hub.engine.sampling.samplers.options import UnknownSamplerOption
from hub.engine.sampling.samplers.plain import plain_function
from tests.engine.sampling.gaussian import EXPLODING

SIGMAS = EXPLODING.levels(6).float()


class Model:
    """The ideal denoiser, as packs are given one."""

    inner_model = SimpleNamespace(model_sampling=EXPLODING.sampling)

    def __call__(self, x: Tensor, sigma: Tensor, **extra: Any) -> Tensor:
        denoised = EXPLODING.answer(Denoise(x, sigma[0].cpu())).denoised
        told = {"denoised": denoised, "uncond_denoised": denoised}
        for function in extra.get("model_options", {}).get("sampler_post_cfg_function", ()):
            denoised = function(told)
        return denoised


def latents() -> Tensor:
    return EXPLODING.latents(float(SIGMAS[0])).float()[:, None]


def sampled(name: str, **options: Any) -> Tensor:
    function = plain_function(SAMPLERS[name])
    return function(Model(), latents(), SIGMAS, {"seed": 42}, **options)


@pytest.mark.parametrize("name", ["euler", "euler_cfg_pp", "heun", "dpmpp_2m", "euler_ancestral"])
def test_it_gives_what_the_generator_gives(name: str) -> None:

    sampler = SAMPLERS[name](latents(), SIGMAS, EXPLODING.diffusion())
    assert sampled(name).equal(drive(sampler, EXPLODING.answer))


def test_it_tells_each_step_once() -> None:
    told: list[dict[str, Any]] = []
    sampled("heun", callback=told.append)
    assert [step["i"] for step in told] == list(range(6))
    assert [float(step["sigma"]) for step in told] == SIGMAS[:-1].tolist()


def test_noise_may_be_given() -> None:
    without = sampled("euler_ancestral", noise_sampler=lambda sigma, sigma_next: torch.zeros(()))
    assert without.std() < sampled("euler_ancestral").std()


def test_options_have_the_flat_names_that_packs_know() -> None:
    assert not sampled("euler", s_churn=3.0).equal(sampled("euler"))
    strict = chosen("dpm_adaptive", rtol=0.01, order=2)
    loose = chosen("dpm_adaptive", rtol=0.5, order=2)
    assert EXPLODING.error(strict, 6) < EXPLODING.error(loose, 6)


def test_an_option_that_a_sampler_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownSamplerOption, match="no option 'speed'"):
        sampled("euler", speed=2)
