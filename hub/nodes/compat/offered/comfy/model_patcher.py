"""What a MODEL link carries."""

from hub.engine.models.diffusion_model import DiffusionModel
from hub.nodes.compat.kinds import kind
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.model_patcher")
ModelPatcher = kind("comfy.model_patcher.ModelPatcher", DiffusionModel)
