"""How latents are scaled, by family. Calling a class gives the hub's object for it."""

from typing import Any

from hub.engine.models import latent_formats as ours
from hub.nodes.compat.kinds import kind
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.latent_formats")


def _one(name: str, own: ours.LatentFormat) -> Any:
    return kind(f"comfy.latent_formats.{name}", lambda form: form is own, lambda: own)


LatentFormat = kind("comfy.latent_formats.LatentFormat", ours.LatentFormat)
SD15 = _one("SD15", ours.SD1)
SDXL = _one("SDXL", ours.SDXL)
SDXL_Playground_2_5 = _one("SDXL_Playground_2_5", ours.PLAYGROUND)
