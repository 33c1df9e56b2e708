"""The comparison on a GPU, with tiny sizes wherever this runs."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.on_a_gpu import KINDS, Kind, compared, measure, our_sampling
from hub.engine.models.checkpoint import load_denoiser
from tests.engine.models.seeded_checkpoint import Array, Drawer, UNetDrawer, UNetSizes, write

TINY = {
    "first": Kind(sizes=UNetSizes(channels=32), side=8, heads=8),
    "XL": Kind(
        sizes=UNetSizes(channels=64, text=2048, labels=2816, depths=(0, 2), is_linear=True),
        side=8,
        heads=(1, 2),
        pooled=1280,
    ),
}


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
async def test_without_a_gpu_it_says_what_to_do(tmp_path: Path) -> None:
    (figure,) = await measure(tmp_path)
    assert "needs a CUDA device; there, run `python -m benchmarks.run on_a_gpu`" in figure.value


@pytest.mark.parametrize("name", TINY)
def test_our_side_samples_as_many_pictures_as_it_says(name: str, tmp_path: Path) -> None:
    drawer = Drawer()
    UNetDrawer(drawer, TINY[name].sizes).draw()
    write(drawer, tmp_path / "denoiser.safetensors")
    model = load_denoiser(tmp_path / "denoiser.safetensors")
    latent = our_sampling(model, TINY[name], 3, 2)()
    assert isinstance(latent, torch.Tensor)
    assert latent.shape == (3, 4, 8, 8)
    assert latent.isfinite().all()


@pytest.mark.filterwarnings("ignore")  # other people's
@pytest.mark.skipif(importlib.util.find_spec("diffusers") is None, reason="needs diffusers")
@pytest.mark.parametrize("name", TINY)
def test_both_sides_are_measured(name: str, tmp_path: Path) -> None:
    path = tmp_path / "denoiser.safetensors"
    figures = compared(name, TINY[name], path, "", (1, 2), 2)
    assert [figure.what for figure in figures] == [f"{name}, {n} at a time" for n in (1, 2)]
    assert all("it/s; diffusers " in figure.value for figure in figures)


class Counting(Drawer):
    """Notes shapes, and draws nothing."""

    def layer(self, name: str, *shape: int, gain: float = 1.0, bias: bool = True) -> None:
        self.tensors[f"{name}.weight"] = np.broadcast_to(np.float32(0), shape)
        if bias:
            self.tensors[f"{name}.bias"] = np.broadcast_to(np.float32(0), shape[:1])

    def norm(self, name: str, width: int) -> None:
        for leaf in ("weight", "bias"):
            self.tensors[f"{name}.{leaf}"] = np.broadcast_to(np.float32(0), (width,))

    def change(self, name: str, *, factor: float = 1.0, add: Array | float = 0.0) -> None:
        """Shapes stay."""


@pytest.mark.parametrize(("name", "millions"), [("SD 1.5, 512²", 859.5), ("SDXL, 1024²", 2567.5)])
def test_what_is_compared_has_as_many_weights_as_the_real_one(name: str, millions: float) -> None:
    drawer = Counting()
    UNetDrawer(drawer, KINDS[name].sizes).draw()
    count = sum(values.size for values in drawer.tensors.values())
    assert round(count / 1e6, 1) == millions
