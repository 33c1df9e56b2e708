"""Configuration files of checkpoints, and what they change."""

from pathlib import Path

import pytest
import torch

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.checkpoint_config import (
    KNOWN,
    CheckpointConfig,
    NotAConfig,
    configured,
    read_config,
)
from hub.engine.sampling.prediction import Velocity

VELOCITY = """\
model:
  target: ldm.models.diffusion.ddpm.LatentDiffusion
  params:
    parameterization: "v"
    linear_start: 0.00085
    cond_stage_config:
      target: ldm.modules.encoders.modules.FrozenCLIPEmbedder
      params: {layer: hidden, layer_idx: -2}
"""
PLAIN = "model: {params: {linear_start: 0.00085, cond_stage_config: {target: x}}}"


def config(tmp_path: Path, text: str) -> CheckpointConfig:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    return read_config(path)


def test_velocity_and_the_last_layer_are_read(tmp_path: Path) -> None:
    assert config(tmp_path, VELOCITY) == CheckpointConfig(is_velocity=True, last_layer=-2)
    assert config(tmp_path, PLAIN) == KNOWN["v1-inference.yaml"] == CheckpointConfig()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "model: 3",
        "- model",
        "model: {params: []}",
        "model: {",
        "\\xff",
        "!!python/object:os.system {}",
        PLAIN.replace("target: x", "params: {layer_idx: last}"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotAConfig, match=r"own\.yaml is no configuration of a checkpoint"):
        config(tmp_path, text)


def test_a_configuration_changes_a_copy(tiny: Checkpoint) -> None:
    changed = configured(tiny, CheckpointConfig(is_velocity=True, last_layer=-2))
    assert isinstance(changed.model.sampling.prediction, Velocity)
    assert not isinstance(tiny.model.sampling.prediction, Velocity)
    assert changed.text is not None
    assert tiny.text is not None
    assert not torch.equal(changed.text.encode("a cat"), tiny.text.encode("a cat"))


def test_one_that_says_nothing_changes_nothing(tiny: Checkpoint) -> None:
    same = configured(tiny, CheckpointConfig())
    assert (same.model, same.text) == (tiny.model, tiny.text)
