"""From a LATENT, a schedule and a sampler to a task for the sampling loop, and back to a LATENT."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.nn import functional

from hub.engine.models.answer_log import AnswerLog, ResumeAt
from hub.engine.models.answer_reuse import with_reuse
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.fingerprint import fingerprint
from hub.engine.models.guiders import Guidance, Guider
from hub.engine.models.level_masks import mask_by_level
from hub.engine.models.rows import repeated
from hub.engine.models.sampling_task import SamplingTask, Told
from hub.engine.models.seen_pictures import Inpainting
from hub.engine.sampling.denoising import Sampler
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.inpainting import kept_outside
from hub.engine.sampling.noise import initial_noise
from hub.engine.sampling.observing import Seen, observed
from hub.engine.sampling.samplers.by_name import Method
from hub.errors import Invalid

Latent = Mapping[str, Any]


class NoiseSource(Protocol):
    """What a NOISE link carries."""

    @property
    def seed(self) -> int:
        """For the noise that a sampler adds on its way."""

    def generate_noise(self, latent: Latent) -> Tensor:
        """The noise that sampling starts from, in the shape of the latent's samples."""


@dataclass(frozen=True, kw_only=True)
class RunDiffusion(Diffusion):
    """A run's, for samplers of node packs, which look at what is sampled themselves."""

    guider: Guider
    guidance: Guidance
    noise: Tensor
    latent: Tensor
    mask: Tensor | None

    @property
    def model(self) -> DiffusionModel:
        return self.guider.model


@dataclass(frozen=True, slots=True)
class SeededNoise:
    """The noise of a seed; the rows of a larger batch get what they would have there."""

    seed: int

    def generate_noise(self, latent: Latent) -> Tensor:
        return initial_noise(latent["samples"], self.seed, latent.get("batch_index"))


@dataclass(frozen=True, slots=True)
class NoNoise:
    """For latents that have their noise already."""

    seed: int = 0

    def generate_noise(self, latent: Latent) -> Tensor:
        return torch.zeros_like(latent["samples"])


class LatentDoesNotFit(Invalid):
    """A latent has another number of channels than the model."""

    def __init__(self, given: int, wanted: int) -> None:
        super().__init__(
            f"The latent has {given} channels, and the model works on {wanted}. Make it with the "
            "autoencoder or the empty latent node of this model."
        )


class NoPicture(Invalid):
    """A sampling ended in values that are no numbers, which would be seen as black."""

    def __init__(self) -> None:
        super().__init__(
            "The sampling ended in values that are no numbers (NaN or infinite), so there is no "
            "picture. Try the model's usual sampler, schedule and cfg, and weaker adapters; on a "
            "GPU also ModelComputeDtype with fp32. If nothing helps, the model file is damaged."
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SamplingRun:
    """One sampling of one LATENT. `seed` is for the noise that the sampler adds itself.

    `seen` looks at each step, besides what whoever carries out the run tells of it.
    """

    guider: Guider
    method: Method
    sigmas: Tensor
    latent: Latent
    noise: NoiseSource
    seed: int
    seen: Seen | None = None

    @property
    def is_needless(self) -> bool:
        """Without a step the input is the result."""
        return len(self.sigmas) < 2

    def task(
        self,
        told: Told,
        priority: int = 0,
        resume_at: ResumeAt | None = None,
        *,
        is_alone: bool = False,
    ) -> SamplingTask:
        """Ready for the loop; where its answers are noted it goes on after them. Raises
        `LatentDoesNotFit` and what the guider raises."""
        model = self.guider.model
        samples = self._samples()
        latent = model.latent_format.process_in(samples)
        noise = self.noise.generate_noise({**self.latent, "samples": samples}).to(samples)
        mask = self._mask(samples)
        inpainting = None if mask is None else Inpainting(latent, mask[:, :1])
        guidance = self.guider.ready(samples.shape, inpainting)
        device = model.compute.device
        latent, noise = latent.to(device), noise.to(device)
        sigmas = self.sigmas.float().cpu()
        mask = None if mask is None else mask.to(device)
        x = model.sampling.start(latent, noise, sigmas[0])
        noted = None
        if resume_at:
            depends_on = (x, latent, noise, mask, guidance)
            noted = AnswerLog(resume_at, x, lambda: self._fingerprint(*depends_on))
        diffusion = RunDiffusion(
            model.sampling,
            self.seed,
            guider=self.guider,
            guidance=guidance,
            noise=noise,
            latent=latent,
            mask=mask,
        )
        return SamplingTask(
            model=model,
            guidance=guidance,
            sampler=with_reuse(model, self._sampler(x, sigmas, diffusion)),
            sigmas=sigmas,
            told=told,
            priority=priority,
            is_alone=is_alone,
            noted=noted,
        )

    def sampled(self, x: Tensor) -> Tensor:
        """What a task ended with, as samples of a LATENT. Raises `NoPicture`."""
        model = self.guider.model
        finished = self.clean(model.sampling.prediction.finished(x, self.sigmas[-1].to(x)))
        if not finished.isfinite().all():
            raise NoPicture
        return finished

    def clean(self, x: Tensor) -> Tensor:
        """A latent as the model sees it, as samples of a LATENT."""
        return self.guider.model.latent_format.process_out(x.to("cpu", torch.float32))

    def _sampler(self, x: Tensor, sigmas: Tensor, diffusion: RunDiffusion) -> Sampler:
        """The method at its beginning, seen by whoever looks on, and within the mask."""
        sampler = self.method(x, sigmas, diffusion)
        if self.seen is not None:
            sampler = observed(sampler, sigmas, self.seen)
        if diffusion.mask is None:
            return sampler
        mask_at = mask_by_level(self.guider.model, diffusion.mask, sigmas)
        outside = self._noise_outside(diffusion.noise)
        return kept_outside(sampler, mask_at, diffusion.latent, outside, diffusion.noised)

    def _noise_outside(self, noise: Tensor) -> Tensor:
        """What is added around a mask: the noise of the beginning, or for some samplers another."""
        if not getattr(self.method, "has_other_noise_outside", False):
            return noise
        other = initial_noise(torch.empty_like(noise, device="cpu"), (self.seed + 1) % 2**64)
        return other.to(noise)

    def _fingerprint(self, *depends_on: Any) -> bytes:
        """Of this sampling, whose model gets ready for it if it is not."""
        model = self.guider.model
        with model.placed() as network:
            return fingerprint(
                *(self.method, self.sigmas, self.seed, self.latent.get("batch_index")),
                *(str(model.compute), model.compiled_by, model.sampling, model.model_options),
                *(network, depends_on),
            )

    def _samples(self) -> Tensor:
        """Empty latents fit any model; they get as many channels as it has."""
        samples: Tensor = self.latent["samples"].float()
        wanted = self.guider.model.latent_format.latent_channels
        if samples.shape[1] == wanted:
            return samples
        if samples.count_nonzero():
            raise LatentDoesNotFit(samples.shape[1], wanted)
        return samples.new_zeros(len(samples), wanted, *samples.shape[2:])

    def _mask(self, samples: Tensor) -> Tensor | None:
        """The LATENT's mask at the size of its samples, 1 where they may change."""
        mask = self.latent.get("noise_mask")
        if mask is None:
            return None
        mask = mask.reshape(-1, 1, *mask.shape[-2:]).float()
        mask = functional.interpolate(mask, size=tuple(samples.shape[2:]), mode="bilinear")
        return repeated(mask, len(samples)).expand(-1, samples.shape[1], -1, -1)
