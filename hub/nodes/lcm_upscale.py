"""LCM sampling of a latent that grows on its way."""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.nodes.latent_scaling import scaled_latent

UPSCALE_METHODS = ("bislerp", "nearest-exact", "bilinear", "area", "bicubic")


@dataclass(frozen=True)
class LcmUpscale:
    """Each step goes to the clean latent, which is scaled, and back up with new noise.

    The size grows evenly to `ratio` over so many `steps`; -1 is half of all.
    """

    ratio: float
    steps: int
    upscale_method: str

    def __call__(self, x: Tensor, sigmas: Tensor, diffusion: Diffusion, /) -> Sampler:
        rows, columns = x.shape[-2:]
        # Noise of a latent that grows cannot come from one that draws in a fixed shape.
        generator = torch.Generator(x.device).manual_seed((diffusion.seed + 1) % 2**64)
        ratios = self._ratios(len(sigmas))
        for step, (sigma, sigma_next) in enumerate(pairwise(sigmas)):
            x = yield from denoise(x, sigma)
            if step < len(ratios):
                width, height = round(columns * ratios[step]), round(rows * ratios[step])
                x = scaled_latent(x, width, height, self.upscale_method)
            if sigma_next > 0:
                noise = torch.randn(x.shape, dtype=x.dtype, device=x.device, generator=generator)
                x = x + sigma_next * noise
        return x

    def _ratios(self, levels: int) -> list[float]:
        count = max(levels // 2 + 1, 2) if self.steps < 0 else min(self.steps + 1, levels + 1)
        ratios: list[float] = torch.linspace(1.0, self.ratio, count, dtype=torch.float64).tolist()
        return ratios[1:]
