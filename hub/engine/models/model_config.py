"""What node packs read of a model's configuration, by the names that they know."""

from dataclasses import dataclass, field
from typing import Any

from hub.engine.models.families import Family
from hub.engine.models.latent_formats import LatentFormat
from hub.engine.models.unet import UNet
from hub.errors import Invalid


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


@dataclass(frozen=True)
class ModelConfig:
    """Packs hand it on where they make a way of sampling; they may note settings in it. Which
    family a model is of they tell from the class, by `isinstance` or by its name.

    Raises `Invalid` where a pack wants to make one for a network of its own.
    """

    unet: UNet
    latent_format: LatentFormat | None = None
    sampling_settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.unet, UNet):
            raise Invalid(
                f"{type(self).__name__} was called to make a model of another architecture. The "
                "hub only has the configurations of models that it loaded itself "
                "(`model.model.model_config`); leave this node out."
            )

    @property
    def unet_config(self) -> UNetConfig:
        return UNetConfig(self.unet)


class SD15(ModelConfig):
    """Of Stable Diffusion 1."""


class SD20(ModelConfig):
    """Of Stable Diffusion 2."""


class SDXL(ModelConfig):
    """Of Stable Diffusion XL."""


class SDXLRefiner(ModelConfig):
    """Of its refiner."""


class SD_X4Upscaler(SD20):  # noqa: N801 - ComfyUI's name
    """Of its upscaler."""


CONFIGS: dict[Family, type[ModelConfig]] = {
    Family.SD1: SD15,
    Family.SD2: SD20,
    Family.SDXL: SDXL,
    Family.SDXL_REFINER: SDXLRefiner,
    Family.UPSCALER: SD_X4Upscaler,
}
"""The class of each family; the classes have ComfyUI's names."""
