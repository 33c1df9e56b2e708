"""Whole samplings, the noise that they start from, and latents that fit a model."""

from typing import Any

import torch
from comfy import samplers  # type: ignore[import-not-found] # this folder is searched
from torch import Tensor

from hub.engine.sampling.noise import initial_noise
from hub.nodes.compat.batch_sizes import repeat_to_batch_size
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.sample")


def prepare_noise(latent_image: Tensor, seed: int, noise_inds: Any = None) -> Tensor:
    """Normal noise in the latent's shape, the same on every machine.

    With `noise_inds`, rows are drawn one by one from the first on, and each element has the row of
    its index; so an element of a batch has the noise that it had in the whole batch.
    """
    return initial_noise(latent_image, seed, noise_inds)


def fix_empty_latent_channels(model: Any, latent_image: Tensor, *more: Any) -> Tensor:
    """An all-zero latent in as many channels, and with a time axis, as the model wants."""
    form = model.get_model_object("latent_format")
    is_empty = torch.count_nonzero(latent_image) == 0
    if is_empty and form.latent_channels != latent_image.shape[1]:
        latent_image = repeat_to_batch_size(latent_image, form.latent_channels, dim=1)
    if form.latent_dimensions == 3 and latent_image.ndim == 4:
        latent_image = latent_image.unsqueeze(2)
    return latent_image


def sample(
    model: Any,
    noise: Tensor,
    steps: int,
    cfg: float,
    sampler_name: str,
    scheduler: str,
    positive: Any,
    negative: Any,
    latent_image: Tensor,
    denoise: float = 1.0,
    disable_noise: bool = False,
    start_step: int | None = None,
    last_step: int | None = None,
    force_full_denoise: bool = False,
    noise_mask: Tensor | None = None,
    sigmas: Tensor | None = None,
    callback: Any = None,
    disable_pbar: bool = False,
    seed: int | None = None,
) -> Tensor:
    """As KSampler does it; the samples of a LATENT."""
    sampler = samplers.KSampler(
        model, steps, sampler=sampler_name, scheduler=scheduler, denoise=denoise
    )
    samples: Tensor = sampler.sample(
        noise,
        positive,
        negative,
        cfg=cfg,
        latent_image=latent_image,
        start_step=start_step,
        last_step=last_step,
        force_full_denoise=force_full_denoise,
        denoise_mask=noise_mask,
        sigmas=sigmas,
        callback=callback,
        disable_pbar=disable_pbar,
        seed=seed,
    )
    return samples


def sample_custom(
    model: Any,
    noise: Tensor,
    cfg: float,
    sampler: Any,
    sigmas: Tensor,
    positive: Any,
    negative: Any,
    latent_image: Tensor,
    noise_mask: Tensor | None = None,
    callback: Any = None,
    disable_pbar: bool = False,
    seed: int | None = None,
) -> Tensor:
    """As SamplerCustom does it."""
    samples: Tensor = samplers.sample(
        model,
        noise,
        positive,
        negative,
        cfg,
        None,
        sampler,
        sigmas,
        latent_image=latent_image,
        denoise_mask=noise_mask,
        callback=callback,
        disable_pbar=disable_pbar,
        seed=seed,
    )
    return samples
