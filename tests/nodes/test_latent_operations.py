from pathlib import Path

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import load_checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Request
from hub.engine.models.guidance import ClassifierFree
from hub.errors import Invalid
from hub.nodes.latent_operations import (
    LatentApplyOperation,
    LatentApplyOperationCFG,
    LatentOperationSharpen,
    LatentOperationTonemapReinhard,
    sharpened,
    tonemapped,
)
from hub.testing.nodes import NodeBench


@pytest.fixture
def model(tiny_file: Path) -> DiffusionModel:
    return load_checkpoint(tiny_file).model


def latent(height: int = 12, width: int = 16) -> Tensor:
    return torch.randn(2, 4, height, width, generator=torch.Generator().manual_seed(7))


def lengths(x: Tensor) -> Tensor:
    found: Tensor = torch.linalg.vector_norm(x, dim=1)
    return found


def test_tonemapping_shortens_vectors_and_keeps_their_directions() -> None:
    x = latent()
    made = tonemapped(x, 1.0)
    m = lengths(x[:1])
    top = m.mean() + 5 * m.std()
    assert torch.allclose(lengths(made[:1]), m * top / (m + top), atol=1e-5)
    assert torch.allclose(made / lengths(made)[:, None], x / lengths(x)[:, None], atol=1e-5)


def test_a_multiplier_of_zero_leaves_nothing() -> None:
    assert not tonemapped(latent(), 0.0).any()


def test_sharpening_leaves_an_even_latent_as_it_is_and_keeps_lengths() -> None:
    even = torch.full((1, 4, 12, 12), 2.0)
    assert torch.allclose(sharpened(even, 3, 1.0, 0.5), even, atol=1e-4)
    step = even.clone()
    step[:, 0, :, 6:] *= -1
    made = sharpened(step, 3, 1.0, 0.1)
    assert made[0, 0, 6, 5] > step[0, 0, 6, 5]
    assert torch.allclose(made[:, 1], step[:, 1], atol=1e-4)


def test_a_latent_without_room_for_the_radius_is_told(bench: NodeBench) -> None:
    (operation,) = bench.run(LatentOperationSharpen)
    with pytest.raises(Invalid, match="radius of 9"):
        bench.run(LatentApplyOperation, samples={"samples": latent(8, 8)}, operation=operation)


def test_an_operation_is_applied_to_latents(bench: NodeBench) -> None:
    (operation,) = bench.run(LatentOperationTonemapReinhard, multiplier=2.0)
    samples = {"samples": latent(), "batch_index": [3, 4]}
    (made,) = bench.run(LatentApplyOperation, samples=samples, operation=operation)
    assert torch.equal(made["samples"], tonemapped(latent(), 2.0))
    assert made["batch_index"] == [3, 4]


def test_at_every_step_it_changes_the_way_between_the_sides(
    bench: NodeBench, model: DiffusionModel
) -> None:
    (changed,) = bench.run(
        LatentApplyOperationCFG, model=model, operation=lambda latent: latent * 10
    )
    assert guided(changed, 3.0, [torch.tensor(3.0), torch.tensor(1.0)]) == 1 + 3 * 20
    assert guided(changed, 1.0, [torch.tensor(3.0)]) == 30
    assert guided(model, 3.0, [torch.tensor(3.0), torch.tensor(1.0)]) == 1 + 3 * 2


def guided(model: DiffusionModel, scale: float, sides: list[Tensor]) -> float:
    """What guidance makes of what the model said of each side."""
    guidance = ClassifierFree(positive=(), negative=(), scale=scale)
    request = Request(x=torch.zeros(1), sigma=torch.tensor(1.0), sides=())
    return float(guidance.answer(model, request, sides).denoised)
