"""The same models on a GPU: in half precision, near what the processor computes in full."""

from pathlib import Path

import pytest
import torch

from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.checkpoint import Checkpoint, load_checkpoint
from hub.engine.models.compute import Compute
from hub.engine.models.diffusion_model import DiffusionModel

CPU = Compute(device=torch.device("cpu"), dtype=torch.float32, storage=torch.float32)

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]


@pytest.fixture
def other(tiny_file: Path) -> Checkpoint:
    """Loaded once more, as weights are in one place at a time."""
    return load_checkpoint(tiny_file)


def test_clean_latents_are_nearly_the_same(tiny: Checkpoint, other: Checkpoint) -> None:
    x, sigma, text = torch.randn(2, 4, 8, 8), torch.tensor([2.0, 9.0]), torch.randn(2, 77, 768)
    expected = DiffusionModel(other.model.model, CPU).apply_model(x, sigma, c_crossattn=text)
    found = tiny.model.apply_model(x, sigma, c_crossattn=text)
    assert found.device.type == "cpu"
    assert (found - expected).abs().max() < 0.05 * expected.std()


def test_prompts_are_encoded_nearly_the_same(tiny: Checkpoint, other: Checkpoint) -> None:
    assert tiny.text is not None
    assert other.text is not None
    other.text._compute = CPU
    expected, found = other.text.encode("a (cat:1.2)"), tiny.text.encode("a (cat:1.2)")
    assert (found - expected).abs().max() < 0.01 * expected.std()


def test_pictures_are_nearly_the_same(tiny: Checkpoint, other: Checkpoint) -> None:
    assert tiny.pictures is not None
    assert other.pictures is not None
    latent = torch.randn(2, 4, 4, 5)
    expected = AutoEncoder(other.pictures._weights, CPU).decode(latent)
    assert (tiny.pictures.decode(latent) - expected).abs().mean() < 0.02
