"""What a configuration file says of a checkpoint that the weights themselves may not tell.

Of all that such a file holds two things count: whether the denoiser predicts velocity, and after
which layer the text encoder ends. The rest is in the shapes of the weights.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.sampling.noise_levels import stable_diffusion
from hub.engine.sampling.prediction import Velocity
from hub.errors import Invalid

_LARGEST = 1 << 20  # bytes


class NotAConfig(Invalid):
    """A file says nothing of a checkpoint."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} is no configuration of a checkpoint: that is YAML with `model:` and "
            "below it `params:`. Choose another file, or use CheckpointLoaderSimple, which needs "
            "none."
        )


@dataclass(frozen=True, slots=True)
class CheckpointConfig:
    """`last_layer` counts from the end: -1 is the last; None leaves it as the family has it. With
    `ends_in_noise` nothing of a picture is left at the highest level."""

    is_velocity: bool = False
    last_layer: int | None = None
    ends_in_noise: bool = False


KNOWN = {
    "anything_v3.yaml": CheckpointConfig(last_layer=-2),
    "v1-inference.yaml": CheckpointConfig(),
    "v1-inference_clip_skip_2.yaml": CheckpointConfig(last_layer=-2),
    "v1-inference_clip_skip_2_fp16.yaml": CheckpointConfig(last_layer=-2),
    "v1-inference_fp16.yaml": CheckpointConfig(),
    "v1-inpainting-inference.yaml": CheckpointConfig(),
    "v2-inference-v.yaml": CheckpointConfig(is_velocity=True),
    "v2-inference-v_fp32.yaml": CheckpointConfig(is_velocity=True),
    "v2-inference.yaml": CheckpointConfig(),
    "v2-inference_fp32.yaml": CheckpointConfig(),
    "v2-inpainting-inference.yaml": CheckpointConfig(),
}
"""Those that saved workflows name, and for which no file is needed."""


def read_config(path: Path) -> CheckpointConfig:
    """Raises `NotAConfig`."""
    try:
        with path.open("rb") as file:
            params = yaml.safe_load(file.read(_LARGEST))["model"]["params"]
        text = _mapping(_mapping(params.get("cond_stage_config")).get("params"))
        return CheckpointConfig(
            is_velocity=params.get("parameterization") == "v",
            last_layer=_from_the_end(text.get("layer_idx")),
        )
    except (yaml.YAMLError, UnicodeError, LookupError, TypeError, AttributeError, ValueError):
        raise NotAConfig(path) from None


def configured(loaded: Checkpoint, config: CheckpointConfig) -> Checkpoint:
    """The checkpoint as a configuration wants it."""
    model, text, sampling = loaded.model, loaded.text, loaded.model.sampling
    if config.is_velocity:
        sampling = replace(sampling, prediction=Velocity())
    if config.ends_in_noise:
        sampling = replace(sampling, levels=stable_diffusion(zero_terminal_snr=True))
    if sampling is not model.sampling:
        model = model.clone()
        model.add_object_patch("model_sampling", sampling)
    if config.last_layer is not None and text is not None:
        text = text.clone()
        text.clip_layer(config.last_layer)
    return replace(loaded, model=model, text=text)


def _from_the_end(layer: Any) -> int | None:
    """The weights tell how many layers there are, the file does not: so only numbers count that are
    below 0."""
    number = None if layer is None else int(layer)
    return number if number is not None and number < 0 else None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
