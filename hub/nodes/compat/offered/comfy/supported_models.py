"""Configurations of models by family, to ask which one a model is of."""

from comfy import supported_models_base  # type: ignore[import-not-found] # noqa: F401 - see above

from hub.engine.models.model_config import CONFIGS
from hub.engine.models.model_config import SD15 as SD15
from hub.engine.models.model_config import SD20 as SD20
from hub.engine.models.model_config import SDXL as SDXL
from hub.engine.models.model_config import SD_X4Upscaler as SD_X4Upscaler
from hub.engine.models.model_config import SDXLRefiner as SDXLRefiner
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.supported_models")
models = list(CONFIGS.values())
