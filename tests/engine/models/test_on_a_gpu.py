"""The same models on a GPU: in half precision, near what the processor computes in full."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from torch import Tensor

from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.captured_calls import CAPTURING, CapturedCalls
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


def asked(model: DiffusionModel, rows: int, seed: int) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    x, text = torch.randn(rows, 4, 8, 8, generator=draw), torch.randn(rows, 77, 768, generator=draw)
    return model.apply_model(x, torch.linspace(9.0, 1.0, rows), c_crossattn=text)


@pytest.fixture
def uncaptured(tiny: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Tensor]:
    """What a model says when nothing is captured."""

    def say(model: DiffusionModel, rows: int, seed: int) -> Tensor:
        with monkeypatch.context() as patching:
            patching.setattr(CAPTURING, "is_on", False)
            return asked(model, rows, seed)

    return say


def test_a_captured_call_gives_what_a_new_one_would(
    tiny: Checkpoint, uncaptured: Callable[..., Tensor]
) -> None:
    model = tiny.model
    expected = {
        (rows, seed): uncaptured(model, rows, seed) for rows in (1, 2, 3) for seed in range(6)
    }
    for (rows, seed), one in expected.items():
        assert asked(model, rows, seed).equal(one)
    for (rows, seed), one in reversed(expected.items()):
        assert asked(model, rows, seed).equal(one)
    captured = model.model.weights.bound[CapturedCalls]._captured.values()
    assert len(captured) == 3
    assert None not in captured


def test_captured_calls_follow_the_weights(
    tiny: Checkpoint, uncaptured: Callable[..., Tensor]
) -> None:
    patched = tiny.model.clone()
    name = "diffusion_model.input_blocks.0.0.weight"
    patched.add_patches({name: (torch.randn(tiny.model.weight(name, CPU.device).shape),)}, 0.5)
    for model in (tiny.model, patched, tiny.model):
        expected = uncaptured(model, 2, 1)
        for _ in range(4):
            assert asked(model, 2, 1).equal(expected)
        assert model.model.weights.bound
    assert not asked(patched, 2, 1).equal(asked(tiny.model, 2, 1))


def test_a_compiled_network_is_captured_too(
    tiny: Checkpoint, uncaptured: Callable[..., Tensor]
) -> None:
    compiling = tiny.model.clone()
    compiling.compiled_by = "inductor"
    for seed in range(5):
        expected = uncaptured(tiny.model, 2, seed)
        assert (asked(compiling, 2, seed) - expected).abs().max() < 0.05 * expected.std()
    captured = compiling.model.weights.bound[CapturedCalls]._captured.values()
    assert len(captured) == 1
    assert None not in captured


def test_threads_may_share_captured_calls(
    tiny: Checkpoint, uncaptured: Callable[..., Tensor]
) -> None:
    expected = [[uncaptured(tiny.model, rows, seed) for seed in range(20)] for rows in (1, 2)]
    with ThreadPoolExecutor(2) as threads:
        found = threads.map(
            lambda rows: [asked(tiny.model, rows, seed) for seed in range(20)], (1, 2)
        )
    for ones, others in zip(expected, found, strict=True):
        assert all(one.equal(other) for one, other in zip(ones, others, strict=True))


def test_a_network_that_waits_for_the_gpu_is_called_as_it_is(tiny: Checkpoint) -> None:
    def waiting(x: Tensor, timesteps: Tensor, context: Tensor, y: Tensor | None) -> Tensor:
        return x * float(timesteps.sum()) + context.sum()

    calls = CapturedCalls()
    for number in range(5):
        x = torch.full((1, 4, 8, 8), float(number)).cuda()
        ones = torch.ones(1).cuda()
        assert calls.call(waiting, x, ones, ones, None).equal(x + 1)
    assert list(calls._captured.values()) == [None]
