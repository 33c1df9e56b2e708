"""Samplers as node packs call them: functions that are given a model and call it themselves.

`function(model, x, sigmas, extra_args, callback, disable, **options)`, where `model(x, levels,
**extra_args)` gives clean latents (Katherine Crowson's k-diffusion).
"""

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.driving import drive
from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise import Noise
from hub.engine.sampling.noise_levels import stable_diffusion
from hub.engine.sampling.observing import observed
from hub.engine.sampling.prediction import Epsilon
from hub.engine.sampling.samplers.by_name import Method
from hub.engine.sampling.samplers.options import with_options

Model = Callable[..., Tensor]
_DEEPEST = 4  # models around models


def plain_function(method: Method) -> Callable[..., Tensor]:
    """One of our methods in that form."""

    def sample(
        model: Model,
        x: Tensor,
        sigmas: Tensor,
        extra_args: Mapping[str, Any] | None = None,
        callback: Callable[[dict[str, Any]], Any] | None = None,
        disable: bool | None = None,
        *,
        noise_sampler: Noise | None = None,
        **options: Any,
    ) -> Tensor:
        extra = dict(extra_args or {})
        levels = sigmas.float().cpu()
        diffusion = Diffusion(sampling_of(model), int(extra.get("seed") or 0), noise_sampler)
        sampler = with_options(method, options)(x, levels, diffusion)
        if callback is not None:
            sampler = observed(sampler, levels, _told(callback, levels))
        return drive(sampler, lambda request: asked(model, request, extra))

    return sample


def sampling_of(model: Any) -> ModelSampling:
    """How the model inside of others is sampled; of one that does not say, as by default."""
    for _ in range(_DEEPEST):
        found: Any = getattr(model, "model_sampling", None)
        if hasattr(found, "prediction"):
            sampling: ModelSampling = found  # or a pack's own, which answers the same
            return sampling
        model = getattr(model, "inner_model", None)
    return ModelSampling(Epsilon(), stable_diffusion())


def sampled_with(
    function: Callable[..., Tensor],
    options: Mapping[str, Any],
    model: Any,
    sigmas: Tensor,
    extra_args: Mapping[str, Any] | None,
    callback: Callable[[int, Tensor, Tensor, int], Any] | None,
    noise: Tensor,
    latent: Tensor,
) -> Tensor:
    """What such a function makes of a latent and noise that is not scaled yet.

    `callback` is told the step, the clean latent, x, and the number of steps.
    """
    sampling, steps = sampling_of(model), len(sigmas) - 1

    def told(step: dict[str, Any]) -> None:
        if callback is not None:
            callback(step["i"], step["denoised"], step["x"], steps)

    x = sampling.start(latent, noise, sigmas[0])
    x = function(model, x, sigmas, extra_args=extra_args, callback=told, disable=True, **options)
    return sampling.prediction.finished(x, sigmas[-1].to(x))


def asked(model: Model, request: Denoise, extra: Mapping[str, Any]) -> Answer:
    """What a model says that is called with `extra` arguments."""
    levels = request.sigma.to(request.x).expand(len(request.x))
    if not request.unguided:
        return Answer(model(request.x, levels, **extra))
    unguided: list[Tensor] = []

    def note(told: dict[str, Any]) -> Tensor:
        unguided.append(told["uncond_denoised"])
        denoised: Tensor = told["denoised"]
        return denoised

    options = dict(extra.get("model_options") or {})
    functions = [*options.get("sampler_post_cfg_function", ()), note]
    options |= {"sampler_post_cfg_function": functions, "disable_cfg1_optimization": True}
    denoised = model(request.x, levels, **{**extra, "model_options": options})
    return Answer(denoised, unguided[-1])


def _told(
    callback: Callable[[dict[str, Any]], Any], sigmas: Tensor
) -> Callable[[int, Tensor, Tensor], None]:
    def seen(step: int, denoised: Tensor, x: Tensor) -> None:
        sigma = sigmas[step]
        told = {"i": step, "denoised": denoised, "x": x, "sigma": sigma, "sigma_hat": sigma}
        callback(told)

    return seen
