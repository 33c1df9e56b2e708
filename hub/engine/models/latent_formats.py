"""How the latents of each family are scaled between its autoencoder and its denoiser.

LATENTs hold what the autoencoder gives. The denoiser sees (latent − shift) · scale, in which its
training data had about unit variance.
"""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, kw_only=True, slots=True)
class LatentFormat:
    latent_channels: int = 4
    latent_dimensions: int = 2  # 3 with time
    scale_factor: float
    shift_factor: float = 0.0

    def process_in(self, latent: Tensor) -> Tensor:
        return (latent - self.shift_factor) * self.scale_factor

    def process_out(self, latent: Tensor) -> Tensor:
        return latent / self.scale_factor + self.shift_factor


@dataclass(frozen=True, kw_only=True, slots=True)
class NormedFormat(LatentFormat):
    """Each channel has a mean and a deviation of its own."""

    means: tuple[float, ...]
    deviations: tuple[float, ...]

    def process_in(self, latent: Tensor) -> Tensor:
        means, deviations = self._by_channel(latent)
        return (latent - means) * self.scale_factor / deviations

    def process_out(self, latent: Tensor) -> Tensor:
        means, deviations = self._by_channel(latent)
        return latent * deviations / self.scale_factor + means

    def _by_channel(self, latent: Tensor) -> tuple[Tensor, Tensor]:
        means, deviations = latent.new_tensor(self.means), latent.new_tensor(self.deviations)
        return means[:, None, None], deviations[:, None, None]


SD1 = LatentFormat(scale_factor=0.18215)  # also Stable Diffusion 2
SDXL = LatentFormat(scale_factor=0.13025)
UPSCALER = LatentFormat(scale_factor=0.08333)  # of Stable Diffusion 2
PLAYGROUND = NormedFormat(
    scale_factor=0.5,
    means=(-1.6574, 1.886, -1.383, 2.5155),
    deviations=(8.4927, 5.9022, 6.5498, 5.2299),
)
