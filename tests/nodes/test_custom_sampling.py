"""Sampling by parts: what they give together is what the nodes that know them all give."""

from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.sampling_run import SeededNoise
from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.nodes.custom_sampling import SamplerCustom, SamplerCustomAdvanced
from hub.nodes.guiders import BasicGuider, CFGGuider, DualCFGGuider, PerpNegGuider
from hub.nodes.latent_noise import AddNoise, DisableNoise, RandomNoise
from hub.nodes.samplers import NODES as SAMPLER_NODES
from hub.nodes.samplers import KSamplerSelect
from hub.nodes.sampling import KSampler, KSamplerAdvanced
from hub.nodes.schedulers import BasicScheduler
from hub.nodes.sigmas import SplitSigmas
from hub.testing.nodes import NodeBench
from tests.nodes.conditionings import conditioning

STEPS = 4


class Parts:
    """What nodes of custom sampling are linked with, for a tiny model."""

    def __init__(self, bench: NodeBench, model: DiffusionModel) -> None:
        self.bench = bench
        self.model = model
        self.latent = {"samples": torch.zeros(1, 4, 8, 8)}
        self.positive, self.negative, self.other = (conditioning(model, seed) for seed in range(3))
        self.sides = {"positive": self.positive, "negative": self.negative}

    def sigmas(self, scheduler: str = "normal", denoise: float = 1.0) -> Tensor:
        options = {"scheduler": scheduler, "steps": STEPS, "denoise": denoise}
        sigmas: Tensor
        (sigmas,) = self.bench.run(BasicScheduler, model=self.model, **options)
        return sigmas

    def sampler(self, name: str = "euler") -> Any:
        return self.bench.run(KSamplerSelect, sampler_name=name)[0]

    def guider(self, cfg: float = 5.0) -> Any:
        return self.bench.run(CFGGuider, model=self.model, cfg=cfg, **self.sides)[0]

    def sampled(self, guider: Any = None, **options: Any) -> tuple[Tensor, Tensor]:
        """Both outputs of the advanced node."""
        parts = {
            "noise": self.bench.run(RandomNoise, noise_seed=7)[0],
            "guider": guider or self.guider(),
            "sampler": self.sampler(),
            "sigmas": self.sigmas(),
            "latent_image": self.latent,
        }
        output, denoised = self.bench.run(SamplerCustomAdvanced, **(parts | options))
        return output["samples"], denoised["samples"]


@pytest.fixture
def parts(bench: NodeBench, tiny: Checkpoint) -> Parts:
    assert tiny.model is not None
    return Parts(bench, tiny.model)


def ksampler(parts: Parts, **options: Any) -> Tensor:
    given = {
        "model": parts.model,
        "seed": 7,
        "steps": STEPS,
        "cfg": 5.0,
        "sampler_name": "euler",
        "scheduler": "normal",
        "latent_image": parts.latent,
        **parts.sides,
    }
    (latent,) = parts.bench.run(KSampler, **(given | options))
    samples: Tensor = latent["samples"]
    return samples


@pytest.mark.parametrize("name", ["euler", "euler_ancestral", "dpmpp_2m"])
def test_the_parts_of_ksampler_give_what_it_gives(parts: Parts, name: str) -> None:
    expected = ksampler(parts, sampler_name=name)
    (simple, _) = parts.bench.run(
        SamplerCustom,
        model=parts.model,
        noise_seed=7,
        cfg=5.0,
        sampler=parts.sampler(name),
        sigmas=parts.sigmas(),
        latent_image=parts.latent,
        **parts.sides,
    )
    advanced, _ = parts.sampled(sampler=parts.sampler(name))
    assert simple["samples"].equal(expected)
    assert advanced.equal(expected)


def test_a_part_of_the_noise_is_the_end_of_more_steps(parts: Parts) -> None:
    latent = {"samples": torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))}
    expected = ksampler(parts, denoise=0.5, latent_image=latent)
    output, _ = parts.sampled(sigmas=parts.sigmas(denoise=0.5), latent_image=latent)
    assert output.equal(expected)


@pytest.mark.parametrize("name", ["euler", "heun", "dpm_2"])
def test_two_parts_of_a_schedule_are_the_whole(parts: Parts, name: str) -> None:
    sampler, sigmas = parts.sampler(name), parts.sigmas()
    whole, _ = parts.sampled(sampler=sampler)
    high, low = parts.bench.run(SplitSigmas, sigmas=sigmas, step=2)
    half, _ = parts.sampled(sampler=sampler, sigmas=high)
    (none,) = parts.bench.run(DisableNoise)
    joined, _ = parts.sampled(
        sampler=sampler, sigmas=low, noise=none, latent_image={"samples": half}
    )
    assert torch.allclose(joined, whole, atol=1e-4 * float(whole.std()))


def test_the_clean_latent_of_the_last_step_comes_out_too(parts: Parts) -> None:
    whole, clean = parts.sampled()
    assert torch.allclose(clean, whole, atol=1e-5 * float(whole.std()))
    sigmas = parts.sigmas()
    noisy, clean = parts.sampled(sigmas=sigmas[:2])
    noise = SeededNoise(7).generate_noise(parts.latent) * (1 + sigmas[0] ** 2).sqrt()
    begun = parts.model.latent_format.process_out(noise)
    stepped = clean + (begun - clean) * sigmas[1] / sigmas[0]  # Euler's step
    assert torch.allclose(noisy, stepped, atol=1e-4 * float(noisy.std()))


def test_without_a_step_the_latent_comes_back(parts: Parts) -> None:
    output, denoised = parts.sampled(sigmas=torch.empty(0))
    assert output is parts.latent["samples"]
    assert denoised is parts.latent["samples"]


def test_every_step_is_told(parts: Parts) -> None:
    parts.sampled()
    assert parts.bench.steps == [(step + 1, STEPS) for step in range(STEPS)]


def test_one_conditioning_is_guidance_by_one(parts: Parts) -> None:
    (basic,) = parts.bench.run(BasicGuider, model=parts.model, conditioning=parts.positive)
    assert parts.sampled(basic)[0].equal(parts.sampled(parts.guider(cfg=1.0))[0])


def dual(parts: Parts, **given: Any) -> Tensor:
    options = {
        "model": parts.model,
        "cond1": parts.positive,
        "cond2": parts.positive,
        "negative": parts.negative,
        "cfg_conds": 3.0,
        "cfg_cond2_negative": 5.0,
        "style": "regular",
    }
    (guider,) = parts.bench.run(DualCFGGuider, **(options | given))
    return parts.sampled(guider)[0]


@pytest.mark.parametrize("style", ["regular", "nested"])
def test_of_two_equal_conditionings_one_counts(parts: Parts, style: str) -> None:
    expected = parts.sampled()[0]
    assert torch.allclose(dual(parts, style=style), expected, atol=1e-3 * float(expected.std()))


def test_the_styles_of_dual_guidance_meet_where_their_formulas_do(parts: Parts) -> None:
    """With both scales 1 each is the first conditioning; else they differ."""
    only = parts.sampled(parts.guider(cfg=1.0))[0]
    for style in ("regular", "nested"):
        found = dual(parts, cond2=parts.other, cfg_conds=1.0, cfg_cond2_negative=1.0, style=style)
        assert torch.allclose(found, only, atol=1e-3 * float(only.std()))
    regular, nested = (
        dual(parts, cond2=parts.other, style=style) for style in ("regular", "nested")
    )
    assert not torch.allclose(regular, nested, atol=1e-2 * float(only.std()))


def perp_neg(parts: Parts, **given: Any) -> Tensor:
    options = {
        "model": parts.model,
        "positive": parts.positive,
        "negative": parts.negative,
        "empty_conditioning": parts.other,
        "cfg": 5.0,
        "neg_scale": 1.0,
    }
    (guider,) = parts.bench.run(PerpNegGuider, **(options | given))
    return parts.sampled(guider)[0]


def test_of_a_negative_prompt_counts_what_the_positive_one_has_not(parts: Parts) -> None:
    """None of it where both are the same, so that guidance from the empty prompt is left."""
    options = {"model": parts.model, "positive": parts.positive, "negative": parts.other}
    (guider,) = parts.bench.run(CFGGuider, cfg=5.0, **options)
    expected = parts.sampled(guider)[0]
    tolerance = 1e-3 * float(expected.std())
    assert torch.allclose(perp_neg(parts, negative=parts.positive), expected, atol=tolerance)
    assert torch.allclose(perp_neg(parts, neg_scale=0.0), expected, atol=tolerance)
    assert not torch.allclose(perp_neg(parts), expected, atol=tolerance)


def test_noise_that_is_added_beforehand_is_that_of_sampling(parts: Parts) -> None:
    latent = {"samples": torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))}
    sigmas = parts.sigmas(denoise=0.5)
    expected, _ = parts.sampled(sigmas=sigmas, latent_image=latent)
    (noise,) = parts.bench.run(RandomNoise, noise_seed=7)
    (noisy,) = parts.bench.run(
        AddNoise, model=parts.model, noise=noise, sigmas=sigmas, latent_image=latent
    )
    (none,) = parts.bench.run(DisableNoise)
    made, _ = parts.sampled(sigmas=sigmas, latent_image=noisy, noise=none)
    assert torch.allclose(made, expected, atol=1e-4 * float(expected.std()))


def test_ddim_has_other_noise_around_a_mask(parts: Parts) -> None:
    samples = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    mask = torch.zeros(1, 1, 8, 8)
    mask[..., :4] = 1
    masked = {"samples": samples, "noise_mask": mask}
    euler, _ = parts.sampled(latent_image=masked)
    ddim, _ = parts.sampled(latent_image=masked, sampler=parts.sampler("ddim"))
    assert torch.allclose(ddim[..., 4:], samples[..., 4:], atol=1e-5)
    assert not torch.allclose(ddim, euler, atol=1e-3)
    assert parts.sampled(sampler=parts.sampler("ddim"))[0].equal(parts.sampled()[0])


DEFAULTS = {
    "SamplerEulerAncestral": "euler_ancestral",
    "SamplerEulerAncestralCFGPP": "euler_ancestral_cfg_pp",
    "SamplerLMS": "lms",
    "SamplerDPMPP_3M_SDE": "dpmpp_3m_sde_gpu",
    "SamplerDPMPP_2M_SDE": "dpmpp_2m_sde_gpu",
    "SamplerDPMPP_SDE": "dpmpp_sde_gpu",
    "SamplerDPMPP_2S_Ancestral": "dpmpp_2s_ancestral",
    "SamplerDPMAdaptative": "dpm_adaptive",
    "SamplerER_SDE": "er_sde",
    "SamplerSASolver": "sa_solver",
    "SamplerSEEDS2": "seeds_2",
    "SamplerEulerCFGpp": "euler_cfg_pp",
}


def sampler_of(parts: Parts, class_type: str, **options: Any) -> Any:
    """What a node gives with its defaults."""
    (node,) = (node for node in SAMPLER_NODES if node.define_schema().class_type == class_type)
    if class_type == "SamplerSASolver":
        options = {"model": parts.model, "use_pece": False, "simple_order_2": False, **options}
    return parts.bench.run(node, **options)[0]


@pytest.mark.parametrize("class_type", DEFAULTS)
def test_with_its_defaults_a_sampler_is_the_one_of_its_name(parts: Parts, class_type: str) -> None:
    found, _ = parts.sampled(sampler=sampler_of(parts, class_type))
    expected, _ = parts.sampled(sampler=SAMPLERS[DEFAULTS[class_type]])
    assert found.equal(expected)


@pytest.mark.parametrize(
    ("class_type", "options", "name"),
    [
        ("SamplerEulerAncestral", {"eta": 0.0}, "euler"),
        ("SamplerLMS", {"order": 1}, "euler"),
        ("SamplerSEEDS2", {"solver_type": "phi_2", "r": 1.0, "eta": 0.0}, "exp_heun_2_x0"),
        ("SamplerDPMPP_2M_SDE", {"solver_type": "heun"}, "dpmpp_2m_sde_heun_gpu"),
        ("SamplerSASolver", {"use_pece": True}, "sa_solver_pece"),
    ],
)
def test_options_reach_the_sampler(
    parts: Parts, class_type: str, options: dict[str, Any], name: str
) -> None:
    found, _ = parts.sampled(sampler=sampler_of(parts, class_type, **options))
    expected, _ = parts.sampled(sampler=parts.sampler(name))
    assert torch.allclose(found, expected, atol=1e-3 * float(expected.std()))


def test_lcm_may_let_the_latent_grow(parts: Parts) -> None:
    sampler = sampler_of(parts, "SamplerLCMUpscale", scale_ratio=2.0)
    found, _ = parts.sampled(sampler=sampler)
    assert found.shape == (1, 4, 16, 16)
    assert found.equal(parts.sampled(sampler=sampler)[0])


def test_the_alternative_slope_is_eulers_where_guidance_changes_nothing(parts: Parts) -> None:
    options = {"model": parts.model, "positive": parts.positive, "negative": parts.positive}
    (guider,) = parts.bench.run(CFGGuider, cfg=1.0, **options)
    alternative = sampler_of(parts, "SamplerEulerCFGpp", version="alternative")
    found, _ = parts.sampled(guider, sampler=alternative)
    expected, _ = parts.sampled(guider)
    assert torch.allclose(found, expected, atol=1e-4 * float(expected.std()))


def test_advanced_sampling_goes_on_where_ksampler_stopped(parts: Parts) -> None:
    whole = ksampler(parts)
    (left,) = parts.bench.run(
        KSamplerAdvanced,
        model=parts.model,
        noise_seed=7,
        steps=STEPS,
        cfg=5.0,
        sampler_name="euler",
        scheduler="normal",
        latent_image=parts.latent,
        end_at_step=2,
        return_with_leftover_noise="enable",
        **parts.sides,
    )
    _, low = parts.bench.run(SplitSigmas, sigmas=parts.sigmas(), step=2)
    (none,) = parts.bench.run(DisableNoise)
    found, _ = parts.sampled(sigmas=low, noise=none, latent_image=left)
    assert torch.allclose(found, whole, atol=1e-4 * float(whole.std()))
