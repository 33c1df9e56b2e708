"""Folders of diffusers, which hold what a checkpoint does."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from hub.engine.models.checkpoint import Checkpoint, load_checkpoint
from hub.engine.models.diffusers_folder import PartMissing, load_folder
from hub.engine.models.families import Family
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.sampling.prediction import Velocity
from hub.nodes.model_loading import DiffusersLoader
from hub.testing.nodes import NodeBench
from tests.engine.models.diffusers_files import save_folder
from tests.engine.models.tiny_checkpoints import write_tiny

UNET = Path("unet", "diffusion_pytorch_model.safetensors")
TEXT = Path("text_encoder", "model.safetensors")


@pytest.fixture
def folder(tiny_file: Path, tmp_path: Path) -> Path:
    save_folder(tiny_file, tmp_path / "models" / "diffusers" / "mine")
    return tmp_path / "models" / "diffusers" / "mine"


def states(text: TextEncoder | None) -> torch.Tensor:
    assert text is not None
    told: torch.Tensor = text.encode_from_tokens(text.tokenize("a cat"))
    return told


def test_a_folder_is_the_same_model_as_its_checkpoint(folder: Path, tiny: Checkpoint) -> None:
    model, text, pictures = NodeBench(folder.parents[2]).run(DiffusersLoader, model_path="mine")
    x, sigma, told = torch.randn(1, 4, 4, 4), torch.ones(1), torch.randn(1, 5, 768)
    found, expected = (one.apply_model(x, sigma, c_crossattn=told) for one in (model, tiny.model))
    assert torch.equal(found, expected)
    assert torch.equal(states(text), states(tiny.text))
    assert tiny.pictures is not None
    assert torch.equal(pictures.decode(x), tiny.pictures.decode(x))


def test_its_scheduler_tells_what_is_predicted_and_the_highest_level(folder: Path) -> None:
    plain = load_folder(folder).model.sampling
    assert not isinstance(plain.prediction, Velocity)
    (folder / "scheduler").mkdir()
    config = folder / "scheduler" / "scheduler_config.json"
    config.write_text(json.dumps({"prediction_type": "v_prediction"}))
    found = load_folder(folder).model.sampling
    assert isinstance(found.prediction, Velocity)
    assert found.sigma_max == plain.sigma_max
    config.write_text(json.dumps({"rescale_betas_zero_snr": True}))
    found = load_folder(folder).model.sampling
    assert not isinstance(found.prediction, Velocity)
    assert found.sigma_max > 100 * plain.sigma_max
    config.write_text("[")
    assert not isinstance(load_folder(folder).model.sampling.prediction, Velocity)


def test_half_precision_is_preferred_and_a_lacking_part_is_named(folder: Path) -> None:
    (folder / UNET).rename(folder / "unet" / "diffusion_pytorch_model.fp16.safetensors")
    (folder / UNET).write_text("no model")
    assert load_folder(folder).text is not None
    (folder / TEXT).unlink()
    with pytest.raises(PartMissing, match=r"mine lacks a file in text_encoder/ or text_encoder_2/"):
        load_folder(folder)


def test_of_a_text_encoder_without_its_last_layer_the_last_one_is_read(tmp_path: Path) -> None:
    write_tiny(Family.SD2, tmp_path / "second.safetensors")
    save_folder(tmp_path / "second.safetensors", tmp_path / "second")
    path = tmp_path / "second" / TEXT
    kept = {name: value for name, value in load_file(path).items() if ".layers.1." not in name}
    save_file(kept, path)
    expected = load_checkpoint(tmp_path / "second.safetensors").text
    assert torch.equal(states(load_folder(tmp_path / "second").text), states(expected))
