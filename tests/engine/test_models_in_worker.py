"""Models from further folders, in a real worker."""

import importlib.util
from pathlib import Path

import pytest

from hub.config.model_folders import FurtherFolder
from tests.engine.story import job, node, running_engine
from tests.nodes import upscalers


@pytest.mark.skipif(
    importlib.util.find_spec("spandrel") is None, reason="spandrel is not installed"
)
async def test_a_picture_is_made_larger_with_a_model_from_a_further_folder(tmp_path: Path) -> None:
    path = upscalers.save(tmp_path / "nas", "small.safetensors")
    further = (FurtherFolder("upscale_models", str(path.parent)),)
    graph = {
        "1": node("UpscaleModelLoader", model_name="small.safetensors"),
        "2": node("EmptyImage", width=20, height=10, batch_size=1, color=255),
        "3": node("ImageUpscaleWithModel", upscale_model=["1", 0], image=["2", 0]),
        "4": node("SaveImage", images=["3", 0], filename_prefix="large"),
    }
    async with running_engine(
        tmp_path / "hub", worker_module="hub.engine.worker", further_models=further
    ) as (engine, story):
        assert engine.files.folder_has("upscale_models", "small.safetensors")
        engine.submit(job("large", graph, "4"))
        assert (await story.ended("large"))[-1] == "done 1", story.errors
        (file,) = story.nodes["large"]["4"].files
        assert (file.width, file.height) == (80, 40)
        engine.submit(
            job("gone", {**graph, "1": node("UpscaleModelLoader", model_name="x.pt")}, "4")
        )
        await story.ended("gone")
        assert str(path.parent) in story.errors["gone"].message
