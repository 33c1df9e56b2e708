"""Samplers and schedulers by name, and what packs build on: guiders, samplers, whole samplings.

Packs add to the lists and to `SCHEDULER_HANDLERS`, and `KSampler` knows what they add.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, NamedTuple

import torch
from comfy.k_diffusion import sampling as k_diffusion_sampling  # type: ignore[import-not-found]
from torch import Tensor

from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.engine.sampling.samplers.chosen import ChosenSampler
from hub.engine.sampling.schedules import (
    SCHEDULES,
    beta_spread,
    exponential_between,
    karras_between,
)
from hub.engine.sampling.steps import DISCARD_PENULTIMATE, between
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.sampling.guiders import CFGGuider as CFGGuider
from hub.nodes.compat.sampling.guiders import calc_cond_batch as calc_cond_batch
from hub.nodes.compat.sampling.guiders import cfg_function as cfg_function
from hub.nodes.compat.sampling.guiders import sampling_function as sampling_function
from hub.nodes.compat.sampling.samplers import KSAMPLER as KSAMPLER
from hub.nodes.compat.sampling.samplers import Sampler as Sampler

__getattr__ = not_yet("comfy.samplers")
SAMPLER_NAMES = list(SAMPLERS)
SCHEDULER_NAMES = list(SCHEDULES)
KSAMPLER_NAMES = SAMPLER_NAMES[:-3]  # all but those that are made in another way
_ALL_STEPS = 10_000


class SchedulerHandler(NamedTuple):
    """Called with how the model is sampled and the steps; or with steps and both ends of levels,
    `n`, `sigma_min` and `sigma_max`."""

    handler: Callable[..., Tensor]
    use_ms: bool = True


def _by_levels(schedule: Callable[[Any, int], Tensor], sampling: Any, steps: int) -> Tensor:
    return schedule(sampling.levels, steps)


SCHEDULER_HANDLERS = {
    name: SchedulerHandler(partial(_by_levels, schedule)) for name, schedule in SCHEDULES.items()
}
SCHEDULER_HANDLERS["karras"] = SchedulerHandler(
    lambda n, sigma_min, sigma_max: karras_between(sigma_min, sigma_max, n), use_ms=False
)
SCHEDULER_HANDLERS["exponential"] = SchedulerHandler(
    lambda n, sigma_min, sigma_max: exponential_between(sigma_min, sigma_max, n), use_ms=False
)
simple_scheduler = SCHEDULER_HANDLERS["simple"].handler
ddim_scheduler = SCHEDULER_HANDLERS["ddim_uniform"].handler
linear_quadratic_schedule = SCHEDULER_HANDLERS["linear_quadratic"].handler


def normal_scheduler(model_sampling: Any, steps: int, sgm: bool = False) -> Tensor:
    return calculate_sigmas(model_sampling, "sgm_uniform" if sgm else "normal", steps)


def beta_scheduler(
    model_sampling: Any, steps: int, alpha: float = 0.6, beta: float = 0.6
) -> Tensor:
    return beta_spread(model_sampling.levels, steps, alpha, beta)


def calculate_sigmas(model_sampling: Any, scheduler_name: str, steps: int) -> Tensor:
    handler, takes_sampling = SCHEDULER_HANDLERS[scheduler_name]
    if takes_sampling:
        return handler(model_sampling, steps)
    ends = {name: float(getattr(model_sampling, name)) for name in ("sigma_min", "sigma_max")}
    return handler(n=steps, **ends)


def ksampler(
    sampler_name: str,
    extra_options: Mapping[str, Any] | None = None,
    inpaint_options: Mapping[str, Any] | None = None,
) -> Any:
    """One of the hub's samplers, or a function that a pack put into `comfy.k_diffusion.sampling`
    under `sample_` and the name. With options for masks it runs as if it were a pack's."""
    function = vars(k_diffusion_sampling).get(f"sample_{sampler_name}")
    method = SAMPLERS.get(sampler_name)
    if method is not None and not inpaint_options:
        return ChosenSampler(method, dict(extra_options or {}))
    if function is None:
        raise ValueError(f"There is no sampler {sampler_name!r}.")
    return KSAMPLER(function, extra_options, inpaint_options)


def sampler_object(name: str) -> Any:
    return ksampler(name)


def sample(
    model: Any,
    noise: Tensor,
    positive: Any,
    negative: Any,
    cfg: float,
    device: Any,
    sampler: Any,
    sigmas: Tensor,
    model_options: dict[str, Any] | None = None,
    latent_image: Tensor | None = None,
    denoise_mask: Tensor | None = None,
    callback: Any = None,
    disable_pbar: bool = False,
    seed: int | None = None,
) -> Tensor:
    guider = CFGGuider(model)
    guider.set_conds(positive, negative)
    guider.set_cfg(cfg)
    if model_options:
        guider.model_options = model_options
    latent = torch.zeros_like(noise) if latent_image is None else latent_image
    return guider.sample(noise, latent, sampler, sigmas, denoise_mask, callback, disable_pbar, seed)


class KSampler:
    """A sampler and a schedule by their names, for one model."""

    SAMPLERS: ClassVar[list[str]] = SAMPLER_NAMES
    SCHEDULERS: ClassVar[list[str]] = SCHEDULER_NAMES
    DISCARD_PENULTIMATE_SIGMA_SAMPLERS: ClassVar[set[str]] = DISCARD_PENULTIMATE

    def __init__(
        self,
        model: Any,
        steps: int,
        device: Any = None,
        sampler: str | None = None,
        scheduler: str | None = None,
        denoise: float | None = None,
        model_options: dict[str, Any] | None = None,
    ) -> None:
        self.model = model
        self.device = device
        self.sampler = sampler if sampler in self.SAMPLERS else self.SAMPLERS[0]
        self.scheduler = scheduler if scheduler in self.SCHEDULERS else self.SCHEDULERS[0]
        self.denoise = denoise
        self.model_options = model_options
        self.set_steps(steps, denoise)

    def set_steps(self, steps: int, denoise: float | None = None) -> None:
        self.steps = steps
        if denoise is None or denoise > 0.9999:
            self.sigmas = self.calculate_sigmas(steps)
        elif denoise <= 0:
            self.sigmas = torch.empty(0)
        else:
            self.sigmas = self.calculate_sigmas(int(steps / denoise))[-(steps + 1) :]

    def calculate_sigmas(self, steps: int) -> Tensor:
        sampling = self.model.get_model_object("model_sampling")
        if self.sampler not in self.DISCARD_PENULTIMATE_SIGMA_SAMPLERS:
            return calculate_sigmas(sampling, self.scheduler, steps)
        sigmas = calculate_sigmas(sampling, self.scheduler, steps + 1)
        return torch.cat([sigmas[:-2], sigmas[-1:]])

    def sample(
        self,
        noise: Tensor,
        positive: Any,
        negative: Any,
        cfg: float,
        latent_image: Tensor | None = None,
        start_step: int | None = None,
        last_step: int | None = None,
        force_full_denoise: bool = False,
        denoise_mask: Tensor | None = None,
        sigmas: Tensor | None = None,
        callback: Any = None,
        disable_pbar: bool = False,
        seed: int | None = None,
    ) -> Tensor:
        whole = self.sigmas if sigmas is None else sigmas
        last = _ALL_STEPS if last_step is None else last_step
        part = between(whole, start_step or 0, last, finish=force_full_denoise)
        return sample(
            self.model,
            noise,
            positive,
            negative,
            cfg,
            self.device,
            sampler_object(self.sampler),
            part,
            self.model_options,
            latent_image=latent_image,
            denoise_mask=denoise_mask,
            callback=callback,
            disable_pbar=disable_pbar,
            seed=seed,
        )
