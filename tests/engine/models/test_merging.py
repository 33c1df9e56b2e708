from pathlib import Path

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.denoiser import Denoiser
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.merging import ModelsDoNotMatch, Shares, mixed, mixed_text
from hub.engine.models.model_file import below
from hub.engine.models.text_files import load_text_encoder
from hub.engine.models.unet import UNet
from hub.engine.models.weights import mapped
from tests.engine.models.open_clip import save_open_clip
from tests.engine.models.seeded_checkpoint import UNET, Drawer, UNetDrawer, UNetSizes

X, SIGMA, TEXT = torch.randn(1, 4, 8, 8), torch.tensor([2.0]), torch.randn(1, 5, 768)
CPU = torch.device("cpu")
LAYER = "diffusion_model.input_blocks.1.0.in_layers.2.weight"


def another(tiny: Checkpoint, sizes: UNetSizes = UNetSizes(channels=32)) -> DiffusionModel:  # noqa: B008 - frozen in effect
    drawer = Drawer(seed=1)
    UNetDrawer(drawer, sizes).draw()
    tensors = {name: torch.from_numpy(values) for name, values in drawer.tensors.items()}
    weights = mapped("denoiser", UNet, below(tensors, UNET))
    return DiffusionModel(Denoiser(weights, tiny.model.model.facts))


def answer(model: DiffusionModel) -> Tensor:
    return model.apply_model(X, SIGMA, c_crossattn=TEXT)


def test_each_weight_is_the_sum_of_shares(tiny: Checkpoint) -> None:
    other = another(tiny)
    found = mixed(tiny.model, other, lambda name: Shares(0.25, 0.75))
    expected = 0.25 * tiny.model.weight(LAYER, CPU) + 0.75 * other.weight(LAYER, CPU)
    assert torch.allclose(found.weight(LAYER, CPU), expected)
    assert not torch.allclose(answer(found), answer(tiny.model), atol=1e-3)


def test_all_of_one_is_that_one(tiny: Checkpoint) -> None:
    other = another(tiny)
    first = mixed(tiny.model, other, lambda name: Shares(1.0, 0.0))
    second = mixed(tiny.model, other, lambda name: Shares(0.0, 1.0))
    assert torch.equal(answer(first), answer(tiny.model))
    assert torch.allclose(answer(second), answer(other), atol=1e-5)


def test_the_difference_added_to_the_first_is_the_second(tiny: Checkpoint) -> None:
    other = another(tiny)
    difference = mixed(other, tiny.model, lambda name: Shares(1.0, -1.0))
    whole = mixed(tiny.model, difference, lambda name: Shares(1.0, 1.0))
    assert torch.allclose(answer(whole), answer(other), atol=1e-4)


def test_patches_of_both_are_mixed_too(tiny: Checkpoint) -> None:
    other = tiny.model.clone()
    other.add_patches({LAYER: [lambda weight: weight + 4]})
    own = tiny.model.clone()
    own.add_patches({LAYER: [lambda weight: weight - 2]})
    found = mixed(own, other, lambda name: Shares(0.5, 0.5))
    assert torch.allclose(found.weight(LAYER, CPU), tiny.model.weight(LAYER, CPU) + 1, atol=1e-6)


def test_what_has_no_counterpart_stays(tiny: Checkpoint) -> None:
    inpainting = another(tiny, UNetSizes(channels=32, incoming=9))
    found = mixed(inpainting, tiny.model, lambda name: Shares(0.0, 1.0))
    first = "diffusion_model.input_blocks.0.0.weight"
    assert torch.equal(found.weight(first, CPU), inpainting.weight(first, CPU))
    assert torch.equal(found.weight(LAYER, CPU), tiny.model.weight(LAYER, CPU))


def test_text_encoders_are_mixed(tiny: Checkpoint, tmp_path: Path) -> None:
    other = load_text_encoder([save_open_clip(tmp_path / "other.safetensors", 768)])
    assert tiny.text is not None
    name = "clip_l.text_model.encoder.layers.0.mlp.fc1.weight"
    found = mixed_text(tiny.text, other, lambda name: Shares(0.5, 0.5))
    expected = (tiny.text.weight(name, CPU) + other.weight(name, CPU)) / 2
    assert torch.allclose(found.weight(name, CPU), expected)
    assert not torch.allclose(found.encode("a cat"), tiny.text.encode("a cat"), atol=1e-3)


def test_models_without_anything_in_common_are_refused(tiny: Checkpoint, tmp_path: Path) -> None:
    other = load_text_encoder([save_open_clip(tmp_path / "wide.safetensors", 1024)])
    assert tiny.text is not None
    with pytest.raises(ModelsDoNotMatch, match="two text encoders cannot be mixed"):
        mixed_text(tiny.text, other, lambda name: Shares(0.5, 0.5))
