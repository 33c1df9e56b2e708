"""What node packs read of a model's configuration, by the names that they know."""

from dataclasses import dataclass, field
from typing import Any

from hub.engine.models.latent_formats import LatentFormat
from hub.engine.models.unet import UNet


class UNetConfig(dict[str, Any]):
    """Sizes of a network, and the network that they are of."""

    def __init__(self, unet: UNet) -> None:
        super().__init__(
            in_channels=unet.in_channels,
            out_channels=unet.out_channels,
            model_channels=unet.model_channels,
            context_dim=unet.context_width,
            adm_in_channels=unet.adm_channels or None,
        )
        self.unet = unet


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Packs hand it on where they make a way of sampling; they may note settings in it."""

    unet: UNet
    latent_format: LatentFormat
    sampling_settings: dict[str, Any] = field(default_factory=dict)

    @property
    def unet_config(self) -> UNetConfig:
        return UNetConfig(self.unet)
