"""A class that derives from one of ComfyUI's that the hub does not have yet."""

from typing import Any

from comfy.model_patcher import ModelPatcher  # type: ignore[import-not-found]


class TracedPatcher(ModelPatcher):  # type: ignore[misc]
    def __init__(self, model: Any) -> None:
        super().__init__(model)
