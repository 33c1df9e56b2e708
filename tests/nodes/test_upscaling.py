"""Making pictures larger with models."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.errors import NotFound
from hub.nodes.upscale_models import NoUpscaler, SpandrelMissing, UpscaleModel, load_upscale_model
from hub.nodes.upscaling import ImageUpscaleWithModel, UpscaleModelLoader
from hub.testing.nodes import NodeBench
from tests.nodes import upscalers

needs_spandrel = pytest.mark.skipif(
    importlib.util.find_spec("spandrel") is None, reason="spandrel is not installed"
)


class Counting:
    """A model that makes pictures three times as large, and notes what it was given.

    Without `room` for so many pixels at once, it runs out of memory.
    """

    scale, input_channels, output_channels = 3, 3, 3
    device = torch.device("cpu")

    def __init__(self, room: int = 10**9) -> None:
        self.room = room
        self.sizes: list[tuple[int, ...]] = []
        self.devices: list[str] = []

    def to(self, device: torch.device) -> "Counting":
        self.devices.append(device.type)
        return self

    def __call__(self, image: Tensor) -> Tensor:
        self.sizes.append(tuple(image.shape))
        if image.shape[-1] * image.shape[-2] > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return image.repeat_interleave(3, -1).repeat_interleave(3, -2)


def upscaled(bench: NodeBench, model: Any, image: Tensor) -> Tensor:
    (result,) = bench.run(ImageUpscaleWithModel, upscale_model=model, image=image)
    assert isinstance(result, Tensor)
    return result


def loaded(bench: NodeBench, name: str) -> UpscaleModel:
    (model,) = bench.run(UpscaleModelLoader, model_name=name)
    found: UpscaleModel = model
    return found


@needs_spandrel
def test_a_picture_in_tiles_is_what_the_model_makes_of_the_whole(
    bench: NodeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    upscalers.save(bench.folder, "small.safetensors")
    model = loaded(bench, "small.safetensors")
    image = torch.rand(1, 70, 80, 3, generator=torch.Generator().manual_seed(2))
    whole = model(image.movedim(-1, 1)).movedim(1, -1)
    monkeypatch.setattr("hub.nodes.upscaling._TILE", 64)
    tiled = upscaled(bench, model, image)
    assert len(bench.steps) == 5, "four tiles, and the beginning"
    assert tiled.shape == whole.shape == (1, 280, 320, 3)
    difference = (tiled - whole).abs()
    assert difference.mean() < 0.01 * whole.std()
    assert difference.max() < 0.2 * whole.std()  # without overlap it would be 1.2


@needs_spandrel
def test_a_pickle_of_weights_makes_the_same_model(bench: NodeBench) -> None:
    image = torch.rand(1, 8, 9, 3)
    results = []
    for name in ("small.safetensors", "small.pth"):
        upscalers.save(bench.folder, name)
        model = loaded(bench, name)
        assert model.scale == 4
        results.append(upscaled(bench, model, image))
    assert results[0].equal(results[1])


@needs_spandrel
@pytest.mark.skipif(upscalers.REAL is None, reason="HUB_UPSCALER names no file of real weights")
def test_real_weights_keep_what_a_picture_shows(bench: NodeBench) -> None:
    model = load_upscale_model(Path(str(upscalers.REAL)))
    ramp = torch.linspace(0.1, 0.9, 32)
    image = torch.stack(
        [ramp.expand(16, 32), ramp.flip(0).expand(16, 32), torch.full((16, 32), 0.5)], -1
    )
    result = upscaled(bench, model, image[None])
    assert result.shape == (1, 64, 128, 3)
    back = torch.nn.functional.avg_pool2d(result.movedim(-1, 1), 4).movedim(1, -1)
    assert (back[0] - image).abs().mean() < 0.03


def test_pictures_go_one_by_one_in_tiles_and_tell_how_far_they_are(bench: NodeBench) -> None:
    model, image = Counting(), torch.rand(2, 600, 520, 3)
    result = upscaled(bench, model, image)
    torch.testing.assert_close(result[1, ::3, ::3], image[1])
    assert set(model.sizes) == {(1, 3, 512, 512)}
    assert bench.steps == [(done, 8) for done in range(9)]
    assert model.devices[-1] == "cpu"


def test_tiles_are_halved_until_they_fit(bench: NodeBench) -> None:
    model = Counting(room=150 * 150)
    result = upscaled(bench, model, torch.rand(1, 300, 300, 3))
    assert result.shape == (1, 900, 900, 3)
    assert [size[-1] for size in dict.fromkeys(model.sizes)] == [300, 256, 128]


def test_a_model_that_fits_in_no_tile_fails_with_the_memory_and_leaves_the_device(
    bench: NodeBench,
) -> None:
    model = Counting(room=10)
    with pytest.raises(torch.OutOfMemoryError):
        upscaled(bench, model, torch.rand(1, 300, 300, 3))
    assert model.sizes[-1] == (1, 3, 128, 128)
    assert model.devices[-1] == "cpu"


def test_a_cancelled_run_stops_between_tiles(
    bench: NodeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(BaseException):
        pass

    def progress(self: Any, value: float, maximum: float) -> None:
        if value == 2:
            raise Stopped

    monkeypatch.setattr("hub.testing.nodes.BenchContext.progress", progress)
    model = Counting()
    with pytest.raises(Stopped):
        upscaled(bench, model, torch.rand(1, 1500, 520, 3))
    assert len(model.sizes) == 2
    assert model.devices[-1] == "cpu"


def test_transparency_is_left_out_for_a_model_without(bench: NodeBench) -> None:
    assert upscaled(bench, Counting(), torch.rand(1, 8, 8, 4)).shape == (1, 24, 24, 3)


@needs_spandrel
def test_a_file_of_another_kind_is_refused(bench: NodeBench) -> None:
    path = upscalers.save(bench.folder, "other.pth")
    torch.save({"lora.up": torch.zeros(2, 2)}, path)
    with pytest.raises(NoUpscaler, match=r"other.pth is no upscaling model"):
        loaded(bench, "other.pth")


@needs_spandrel
def test_nobody_takes_the_stand_ins_for_torchvision(bench: NodeBench) -> None:
    upscalers.save(bench.folder, "small.pth")
    loaded(bench, "small.pth")
    is_installed = importlib.util.find_spec("torchvision") is not None
    assert ("torchvision" in sys.modules) is is_installed


def test_a_missing_file_is_told(bench: NodeBench) -> None:
    with pytest.raises(NotFound, match=r"gone\.pth"):
        loaded(bench, "gone.pth")


def test_without_spandrel_the_node_says_what_to_install(
    bench: NodeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    upscalers.save(bench.folder, "small.pth")
    from hub.nodes import upscale_models

    upscale_models._spandrel.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SpandrelMissing, match="pip install spandrel"):
        loaded(bench, "small.pth")
