"""Denoisers by family, to ask which one a model is of."""

from typing import Any

from hub.engine.models.denoiser import Denoiser
from hub.engine.models.families import Family
from hub.nodes.compat.kinds import kind
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.model_base")


def _of(name: str, *families: Family) -> Any:
    def is_one(model: object) -> bool:
        return isinstance(model, Denoiser) and model.family in families

    return kind(f"comfy.model_base.{name}", is_one)


BaseModel = _of("BaseModel", *Family)
SDXL = _of("SDXL", Family.SDXL)
SDXLRefiner = _of("SDXLRefiner", Family.SDXL_REFINER)
