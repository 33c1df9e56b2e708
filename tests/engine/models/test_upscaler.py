"""The network of the x4 upscaler, held against figures that diffusers 0.31 computed."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import load_denoiser
from hub.engine.models.diffusers_layout import in_first_names
from tests.engine.models.tiny_checkpoints import write_tiny_upscaler

FIGURES = [0.24484, 0.20395, -0.39088, 0.15013, 0.00937, -0.42323, 0.23709, -0.03568]


def waves(*shape: int) -> Tensor:
    return (torch.arange(torch.Size(shape).numel()) * 0.37).sin().reshape(shape)


def test_it_predicts_what_others_say_it_does(tmp_path: Path) -> None:
    path = tmp_path / "upscaler.safetensors"
    write_tiny_upscaler(path)
    times, classes = torch.tensor([500, 3]), torch.tensor([20, 350])
    with load_denoiser(path).placed() as network, torch.no_grad():
        output = network(waves(2, 7, 8, 12), times, waves(2, 5, 1024), classes)
    assert output[:, :, 3, 5].flatten().tolist() == pytest.approx(FIGURES, abs=1e-4)


def test_its_classes_have_another_name_in_the_layout_of_diffusers() -> None:
    rows = torch.ones(1000, 4)
    assert in_first_names({"class_embedding.weight": rows})["label_emb.weight"] is rows
