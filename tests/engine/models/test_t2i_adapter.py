from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from hub.engine.models.checkpoint import Checkpoint, load_denoiser
from hub.engine.models.conditions import conditions_of
from hub.engine.models.control_file import load_control
from hub.engine.models.control_models import LoadedAdapter
from hub.engine.models.controls import Asked, Control, ControlDoesNotFit
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Request, evaluated
from hub.engine.models.residuals import Residuals
from tests.engine.models.tiny_checkpoints import write_tiny_upscaler

WIDTHS = (32, 6, 8, 10)  # the first is that of the tiny U-Net's third block
SHAPE = torch.Size([1, 4, 9, 8])


class Watching(DiffusionModel):
    """Remembers what it is given to add, and answers with its question."""

    given: Residuals

    def apply_model(self, x: Tensor, sigma: Tensor, **inputs: Any) -> Tensor:
        self.given = inputs["control"]
        return x


def adapter_tensors(channels: int = 192, seed: int = 0) -> dict[str, Tensor]:
    """Of an adapter with two blocks for each width, by their first names."""
    generator = torch.Generator().manual_seed(seed)
    tensors = {}

    def layer(name: str, *shape: int) -> None:
        tensors[f"{name}.weight"] = torch.randn(shape, generator=generator) * 0.1
        tensors[f"{name}.bias"] = torch.randn(shape[0], generator=generator) * 0.1

    layer("conv_in", WIDTHS[0], channels, 3, 3)
    before = WIDTHS[0]
    for number in range(8):
        width = WIDTHS[number // 2]
        if width != before:
            layer(f"body.{number}.in_conv", width, before, 1, 1)
        layer(f"body.{number}.block1", width, width, 3, 3)
        layer(f"body.{number}.block2", width, width, 1, 1)
        before = width
    return tensors


def in_diffusers_layout(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same as diffusers saves it."""

    def renamed(name: str) -> str:
        kind, *rest = name.split(".")
        if kind != "body":
            return f"adapter.{name}"
        number, part = int(rest[0]), ".".join(rest[1:])
        inner = part if part.startswith("in_conv") else f"resnets.{number % 2}.{part}"
        return f"adapter.body.{number // 2}.{inner}"

    return {renamed(name): tensor for name, tensor in tensors.items()}


def loaded(folder: Path, tensors: dict[str, Tensor]) -> Control:
    path = folder / "adapter.safetensors"
    save_file(tensors, path)
    return load_control(path)


def seen(control: Control, hint: Tensor, height: int, width: int) -> tuple[Tensor, ...]:
    assert isinstance(control.model, LoadedAdapter)
    return control.model.seen(hint, height, width)


def added(control: Control, asked: Asked, features: tuple[Tensor, ...]) -> dict[str, list[int]]:
    residuals = control.model.residuals(features, asked)
    middle = [] if residuals.middle is None else [residuals.middle.shape[1]]
    return {"inputs": list(residuals.inputs), "skips": list(residuals.skips), "middle": middle}


def test_the_first_features_are_those_of_its_convolutions(tmp_path: Path) -> None:
    tensors = adapter_tensors()
    hint = torch.rand(2, 3, 64, 64)
    first, *_ = seen(loaded(tmp_path, tensors), hint, 8, 8)
    x = functional.pixel_unshuffle(hint, 8)
    x = functional.conv2d(x, tensors["conv_in.weight"], tensors["conv_in.bias"], padding=1)
    for number in (0, 1):
        one, two = (f"body.{number}.block{block}" for block in (1, 2))
        h = functional.conv2d(x, tensors[f"{one}.weight"], tensors[f"{one}.bias"], padding=1)
        h = functional.conv2d(h.relu(), tensors[f"{two}.weight"], tensors[f"{two}.bias"])
        x = x + h
    assert torch.allclose(first, x, atol=1e-4)


def test_features_have_the_sizes_of_the_levels(tmp_path: Path) -> None:
    features = seen(loaded(tmp_path, adapter_tensors()), torch.rand(1, 3, 30, 30), 9, 8)
    assert [tuple(x.shape[1:]) for x in features] == [(32, 9, 8), (6, 5, 4), (8, 3, 2), (10, 2, 1)]


def test_features_of_xl_have_the_sizes_of_its_levels(tmp_path: Path) -> None:
    adapter = loaded(tmp_path, adapter_tensors(channels=256))
    features = seen(adapter, torch.rand(1, 3, 30, 30), 15, 8)
    assert [tuple(x.shape[2:]) for x in features] == [(8, 4), (8, 4), (4, 2), (4, 2)]


def test_both_layouts_are_read(tmp_path: Path) -> None:
    tensors, hint = adapter_tensors(), torch.rand(1, 3, 64, 64)
    features = [
        seen(loaded(tmp_path, layout), hint, 8, 8)
        for layout in (tensors, in_diffusers_layout(tensors))
    ]
    for one, other in zip(*features, strict=True):
        torch.testing.assert_close(one, other)


def test_it_adds_to_the_way_down_and_for_xl_to_the_middle(tmp_path: Path, tiny: Checkpoint) -> None:
    asked = Asked(
        sampling=tiny.model.sampling,
        x=torch.zeros(1, 4, 8, 8),
        sigma=torch.ones(1),
        context=torch.zeros(1, 77, 768),
        y=None,
    )
    hint = torch.rand(1, 3, 64, 64)
    for channels, expected in (
        (192, {"inputs": [2, 5, 8, 11], "skips": [], "middle": []}),
        (768, {"inputs": [3, 5, 8], "skips": [], "middle": [10]}),
    ):
        adapter = loaded(tmp_path, adapter_tensors(channels))
        assert added(adapter, asked, seen(adapter, hint, 8, 8)) == expected


def test_its_strength_scales_what_a_model_is_given(tmp_path: Path, tiny: Checkpoint) -> None:
    hint = torch.rand(1, 3, 72, 64)
    adapter = loaded(tmp_path, adapter_tensors()).set_cond_hint(hint, 0.5)
    model = Watching(tiny.model.model)
    entry = [torch.ones(1, 77, 768), {"control": adapter}]
    sides = (conditions_of([entry], model, SHAPE),)
    evaluated(model, [Request(x=torch.zeros(SHAPE), sigma=torch.tensor(2.0), sides=sides)])
    expected = seen(adapter, hint, 9, 8)
    assert torch.allclose(model.given.inputs[8] * 2, expected[2])


def test_one_for_xl_is_refused_elsewhere(tmp_path: Path, tiny: Checkpoint) -> None:
    adapter = loaded(tmp_path, adapter_tensors(768)).set_cond_hint(torch.rand(1, 3, 8, 8))
    with pytest.raises(ControlDoesNotFit, match="a T2I-Adapter for Stable Diffusion XL"):
        conditions_of([[torch.ones(1, 77, 768), {"control": adapter}]], tiny.model, SHAPE)


def test_one_for_the_first_is_refused_where_layers_are_of_other_widths(tmp_path: Path) -> None:
    write_tiny_upscaler(tmp_path / "upscaler.safetensors")
    model = load_denoiser(tmp_path / "upscaler.safetensors")
    adapter = loaded(tmp_path, adapter_tensors()).set_cond_hint(torch.rand(1, 3, 8, 8))
    with pytest.raises(ControlDoesNotFit, match="a T2I-Adapter for Stable Diffusion 1"):
        conditions_of([[torch.ones(1, 77, 1024), {"control": adapter}]], model, SHAPE)
