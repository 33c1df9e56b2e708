"""What a CONTROL_NET link carries, and loading it."""

from pathlib import Path
from typing import Any

from hub.engine.models.control_file import load_control
from hub.engine.models.control_models import LoadedAdapter, LoadedControlNet
from hub.engine.models.controls import Control
from hub.nodes.compat.kinds import kind
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.controlnet")


def _has(model: type) -> Any:
    return lambda control: isinstance(control, Control) and isinstance(control.model, model)


ControlBase = kind("comfy.controlnet.ControlBase", Control)
ControlNet = kind("comfy.controlnet.ControlNet", _has(LoadedControlNet))
T2IAdapter = kind("comfy.controlnet.T2IAdapter", _has(LoadedAdapter))


def load_controlnet(
    ckpt_path: str, model: Any = None, model_options: dict[str, Any] | None = None
) -> Control:
    return load_control(Path(ckpt_path), model)
