"""Samplers of packs: functions that are given a model, and classes that are given all there is."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.sampling_run import RunDiffusion
from hub.engine.sampling import denoising
from hub.engine.sampling.samplers.plain import sampled_with
from hub.engine.worker.random_state import RandomState
from hub.engine.worker.threaded_sampler import Ask, threaded
from hub.nodes.compat.sampling.views import GuidedModel, MaskedModel

Function = Callable[..., Tensor]


def no_callback(told: Any, *more: Any) -> None:
    """Steps are told by the sampling loop; packs call what they are given."""


class Sampler:
    """What classes of packs derive from, to override `sample`."""

    def __call__(self, x: Tensor, sigmas: Tensor, diffusion: RunDiffusion, /) -> denoising.Sampler:
        levels = sigmas.to(x.device)
        extra = {"model_options": diffusion.model.model_options, "seed": diffusion.seed}

        def sampled(ask: Ask) -> Tensor:
            given = (diffusion.noise, diffusion.latent, diffusion.mask, True)
            return self.sample(GuidedModel(ask, diffusion), levels, extra, no_callback, *given)

        return threaded(sampled, RandomState(diffusion.seed, diffusion.noise))

    def sample(
        self,
        model_wrap: Any,
        sigmas: Tensor,
        extra_args: Mapping[str, Any],
        callback: Any,
        noise: Tensor,
        latent_image: Tensor | None = None,
        denoise_mask: Tensor | None = None,
        disable_pbar: bool = False,
    ) -> Tensor:
        """The latent, of noise that is not scaled yet; `model_wrap` gives clean latents."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it samples.")

    def max_denoise(self, model_wrap: Any, sigmas: Tensor) -> bool:
        """Whether the first level is the highest of the model."""
        sampling = model_wrap.inner_model.model_sampling
        is_highest: bool = sampling.is_the_highest(float(sigmas[0]))
        return is_highest


class KSAMPLER(Sampler):
    """A function `(model, x, sigmas, extra_args, callback, disable, **extra_options)`."""

    def __init__(
        self,
        sampler_function: Function,
        extra_options: Mapping[str, Any] | None = None,
        inpaint_options: Mapping[str, Any] | None = None,
    ) -> None:
        self.sampler_function = sampler_function
        self.extra_options = dict(extra_options or {})
        self.inpaint_options = dict(inpaint_options or {})

    @property
    def has_other_noise_outside(self) -> bool:
        return bool(self.inpaint_options.get("random"))

    def __call__(self, x: Tensor, sigmas: Tensor, diffusion: RunDiffusion, /) -> denoising.Sampler:
        levels = sigmas.to(x.device)
        extra = {
            "model_options": diffusion.model.model_options,
            "seed": diffusion.seed,
            "denoise_mask": diffusion.mask,
        }

        def sampled(ask: Ask) -> Tensor:
            model = MaskedModel(GuidedModel(ask, diffusion), levels, diffusion)
            options = {"extra_args": extra, "callback": no_callback, "disable": True}
            return self.sampler_function(model, x, levels, **options, **self.extra_options)

        return threaded(sampled, RandomState(diffusion.seed, diffusion.noise))

    def sample(
        self,
        model_wrap: Any,
        sigmas: Tensor,
        extra_args: Mapping[str, Any],
        callback: Any,
        noise: Tensor,
        latent_image: Tensor | None = None,
        denoise_mask: Tensor | None = None,
        disable_pbar: bool = False,
    ) -> Tensor:
        latent = torch.zeros_like(noise) if latent_image is None else latent_image
        return sampled_with(
            self.sampler_function,
            self.extra_options,
            model_wrap,
            sigmas,
            extra_args,
            callback,
            noise,
            latent,
        )
