"""Guiders of packs: classes that derive from `CFGGuider` and override what they do otherwise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.conditions import (
    Condition,
    conditions_of,
    with_no_objects,
    with_same_areas,
)
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Request, evaluated
from hub.engine.models.guidance import ClassifierFree, denoised, guided_from
from hub.engine.models.guiders import Guidance
from hub.engine.models.sampling_run import SamplingRun
from hub.engine.models.seen_pictures import Inpainting
from hub.engine.sampling.denoising import Answer, Denoise
from hub.engine.sampling.observing import Seen
from hub.engine.sampling.samplers.plain import asked
from hub.nodes.compat.sampling.views import InnerModel, level_of
from hub.nodes.compat.sampling.waiting import sampled_now

Options = Mapping[str, Any]


class CFGGuider:
    """Classifier-free guidance, under ComfyUI's names.

    `original_conds` are CONDITIONINGs by side. While it samples, `conds` are these ready for the
    latent, and `inner_model` is what `calc_cond_batch` and its like are given.
    """

    def __init__(self, model_patcher: DiffusionModel) -> None:
        self.model_patcher = model_patcher
        self.model_options = model_patcher.model_options
        self.original_conds: dict[str, Any] = {}
        self.conds: dict[str, list[Condition]] = {}
        self.inner_model: InnerModel | None = None
        self.cfg = 1.0

    def set_conds(self, positive: Any, negative: Any) -> None:
        self.inner_set_conds({"positive": positive, "negative": negative})

    def set_cfg(self, cfg: float) -> None:
        self.cfg = cfg

    def inner_set_conds(self, conds: Mapping[str, Any]) -> None:
        self.original_conds = dict(conds)

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        return self.predict_noise(*args, **kwargs)

    def predict_noise(
        self,
        x: Tensor,
        timestep: Tensor,
        model_options: Options | None = None,
        seed: int | None = None,
    ) -> Tensor:
        """The guided clean latent, which ComfyUI calls so; packs override it."""
        sides = self.conds.get("negative"), self.conds.get("positive")
        return sampling_function(
            self.inner_model, x, timestep, *sides, self.cfg, model_options or {}, seed
        )

    def sample(
        self,
        noise: Tensor,
        latent_image: Tensor,
        sampler: Any,
        sigmas: Tensor,
        denoise_mask: Tensor | None = None,
        callback: Callable[[int, Tensor, Tensor, int], Any] | None = None,
        disable_pbar: bool = False,
        seed: int | None = None,
    ) -> Tensor:
        """The samples of a LATENT, once they are sampled."""
        latent = {"samples": latent_image}
        if denoise_mask is not None:
            latent["noise_mask"] = denoise_mask
        run = SamplingRun(
            guider=_Led(self),
            method=sampler,
            sigmas=sigmas,
            latent=latent,
            noise=_Given(noise, seed or 0),
            seed=seed or 0,
            seen=_told(callback, len(sigmas) - 1),
        )
        return sampled_now(run)


@dataclass(frozen=True)
class _Given:
    """A NOISE that is there."""

    noise: Tensor
    seed: int

    def generate_noise(self, latent: Mapping[str, Any]) -> Tensor:
        return self.noise


def _told(callback: Any, steps: int) -> Seen | None:
    if callback is None:
        return None
    return lambda step, denoised, x: callback(step, denoised, x, steps)


class _Led:
    """A guider of a pack as one of ours."""

    def __init__(self, guider: CFGGuider) -> None:
        self._guider = guider
        self.model = guider.model_patcher
        if guider.model_options is not self.model.model_options:
            self.model = self.model.with_options(guider.model_options)

    def ready(self, shape: torch.Size, inpainting: Inpainting | None) -> Guidance:
        guider = self._guider
        made = {
            side: conditions_of(
                entries, self.model, shape, is_negative=side != "positive", inpainting=inpainting
            )
            for side, entries in guider.original_conds.items()
            if entries is not None
        }
        positive = made.get("positive", ())
        made = {
            side: own if own is positive else with_no_objects(own, positive)
            for side, own in made.items()
        }
        guider.conds = {
            side: with_same_areas(
                own, [one for other, all_ in made.items() if other != side for one in all_]
            )
            for side, own in made.items()
        }
        guider.inner_model = InnerModel(self.model)
        if type(guider).predict_noise is CFGGuider.predict_noise:
            sides = {side: guider.conds.get(side, []) for side in ("positive", "negative")}
            return ClassifierFree(**sides, scale=guider.cfg)
        return _Predicted(guider)


@dataclass(frozen=True)
class _Predicted:
    """What a pack's own `predict_noise` says. It asks the model by itself, alone."""

    guider: CFGGuider

    def request(self, model: DiffusionModel, x: Tensor, sigma: Tensor, *, both: bool) -> Request:
        kind = _BothWanted if both else Request
        return kind(x=x, sigma=sigma, sides=())

    def answer(self, model: DiffusionModel, request: Request, sides: Sequence[Tensor]) -> Answer:
        wanted = Denoise(request.x, request.sigma, isinstance(request, _BothWanted))
        return asked(self.guider.predict_noise, wanted, {"model_options": model.model_options})


class _BothWanted(Request):
    """A request for the unguided answer as well."""


def calc_cond_batch(
    model: InnerModel,
    conds: Sequence[Any],
    x_in: Tensor,
    timestep: Tensor,
    model_options: Options | None = None,
) -> list[Tensor]:
    """What a model says of each list of conditions; zeros for None."""
    patcher = _with(model, model_options)
    sides = [_ready(one, patcher, x_in) for one in conds]
    (answers,) = evaluated(patcher, [Request(x=x_in, sigma=level_of(timestep), sides=sides)])
    return answers


def sampling_function(
    model: InnerModel | None,
    x: Tensor,
    timestep: Tensor,
    uncond: Any,
    cond: Any,
    cond_scale: float,
    model_options: Options | None = None,
    seed: int | None = None,
    **more: Any,
) -> Tensor:
    """The guided clean latent by classifier-free guidance."""
    assert model is not None, "it is there while a guider samples"
    patcher = _with(model, model_options)
    sides = {"positive": _ready(cond, patcher, x), "negative": _ready(uncond, patcher, x)}
    guidance = ClassifierFree(**sides, scale=cond_scale)
    return denoised(patcher, guidance, x, level_of(timestep)).denoised


def cfg_function(
    model: InnerModel,
    cond_pred: Tensor,
    uncond_pred: Tensor | None,
    cond_scale: float,
    x: Tensor,
    timestep: Tensor,
    model_options: Options | None = None,
    cond: Any = None,
    uncond: Any = None,
) -> Tensor:
    """The guided clean latent, of what the model said of both sides."""
    request = Request(x=x, sigma=level_of(timestep), sides=())
    patcher = _with(model, model_options)
    return guided_from(patcher, request, cond_pred, uncond_pred, cond_scale, (cond, uncond))


def _with(model: InnerModel, options: Options | None) -> DiffusionModel:
    patcher = model.current_patcher
    is_same = not options or options is patcher.model_options
    return patcher if is_same else patcher.with_options(options or {})


def _ready(conds: Any, model: DiffusionModel, x: Tensor) -> list[Condition]:
    """Conditions as they are, and entries of a CONDITIONING made ready."""
    if conds is None or all(isinstance(one, Condition) for one in conds):
        return list(conds or ())
    return conditions_of(conds, model, x.shape)
