"""The model as samplers of packs see it: a model in a guider in what masks, each `inner_model` of
the next."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.sampling_run import RunDiffusion
from hub.engine.sampling.denoising import Denoise
from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.worker.threaded_sampler import Ask


def level_of(sigma: Tensor | float) -> Tensor:
    """The level that a batch has in common, as our samplers and models know it."""
    return torch.as_tensor(sigma).reshape(-1)[0].to("cpu", torch.float32)


class InnerModel:
    """What a MODEL holds, sampled as nodes have set it."""

    def __init__(self, patcher: DiffusionModel) -> None:
        self.current_patcher = patcher

    @property
    def model_sampling(self) -> ModelSampling:
        return self.current_patcher.sampling

    def process_latent_in(self, latent: Tensor) -> Tensor:
        return self.current_patcher.latent_format.process_in(latent)

    def process_latent_out(self, latent: Tensor) -> Tensor:
        return self.current_patcher.latent_format.process_out(latent)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.current_patcher.model, name)


class GuidedModel:
    """A guider that answers through the sampling loop; calling it gives clean latents."""

    def __init__(self, ask: Ask, diffusion: RunDiffusion) -> None:
        self.model_patcher = diffusion.model
        self.model_options = diffusion.model.model_options
        self.inner_model = InnerModel(diffusion.model)
        self.cfg = getattr(diffusion.guider, "scale", 1.0)
        self.conds = {
            side: getattr(diffusion.guidance, side, ()) for side in ("positive", "negative")
        }
        self._ask = ask

    def __call__(
        self,
        x: Tensor,
        sigma: Tensor,
        model_options: Mapping[str, Any] | None = None,
        seed: int | None = None,
        **more: Any,
    ) -> Tensor:
        """Options other than those of the run go with the request."""
        own = model_options is None or model_options is self.model_options
        options = None if own else model_options
        return self._ask(Denoise(x, level_of(sigma), options=options)).denoised

    predict_noise = __call__


class MaskedModel:
    """What functions of packs call as their model. Masks are taken care of outside of it."""

    def __init__(self, guided: GuidedModel, sigmas: Tensor, diffusion: RunDiffusion) -> None:
        self.inner_model = guided
        self.sigmas = sigmas
        self.noise, self.latent_image = diffusion.noise, diffusion.latent

    def __call__(
        self, x: Tensor, sigma: Tensor, denoise_mask: Tensor | None = None, **more: Any
    ) -> Tensor:
        return self.inner_model(x, sigma, **more)
