"""What all configurations of models have in common."""

from hub.engine.models.model_config import ModelConfig as BASE  # noqa: F401, N814 - ComfyUI's name
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.supported_models_base")
