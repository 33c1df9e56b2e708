"""Generated pictures from a real worker: runs side by side, with progress, previews and an end."""

from pathlib import Path
from typing import Any

from hub.config.model_folders import FurtherFolder
from tests.engine.models.conftest import tiny_file as tiny_file
from tests.engine.story import job, node, running_engine


def picture(steps: int, *, text: str = "a fox") -> dict[str, Any]:
    """A text to picture graph of 64 × 64 pixels."""
    return {
        "1": node("CheckpointLoaderSimple", ckpt_name="tiny-1.safetensors"),
        "2": node("CLIPTextEncode", clip=["1", 1], text=text),
        "3": node("EmptyLatentImage", width=64, height=64, batch_size=1),
        "4": node(
            "KSampler",
            model=["1", 0],
            positive=["2", 0],
            negative=["2", 0],
            latent_image=["3", 0],
            seed=1,
            steps=steps,
            cfg=2.0,
            sampler_name="euler",
            scheduler="normal",
            denoise=1.0,
        ),
        "5": node("VAEDecode", samples=["4", 0], vae=["1", 2]),
        "6": node("SaveImage", images=["5", 0], filename_prefix="x"),
    }


async def test_a_short_run_overtakes_a_long_one_in_the_same_worker_which_can_be_cancelled(
    tiny_file: Path, tmp_path: Path
) -> None:
    further = (FurtherFolder(kind="checkpoints", folder=str(tiny_file.parent)),)
    async with running_engine(
        tmp_path, worker_module="hub.engine.worker", further_models=further
    ) as (engine, story):
        engine.submit(job("long1", picture(10_000), "6"))
        await story.until("long1", "begun")
        engine.submit(job("short2", picture(3, text="an owl"), "6"))
        assert await story.ended("short2") == ["starting 1", "begun 1", "done 1"]
        assert story.told["long1"] == ["starting 1", "begun 1"]
        assert story.progress["short2"][-1] == ("4", 3.0, 3.0)
        assert {(shown.node, shown.kind) for shown in story.previews["short2"]} == {
            ("4", "image/jpeg")
        }
        assert engine.cancel("long1")
        assert (await story.ended("long1"))[-1] == "cancelled 1", story.errors
        engine.submit(job("again3", picture(2), "6"))
        assert (await story.ended("again3"))[-1] == "done 1"


async def test_a_file_that_is_no_model_is_an_error_of_its_node(tmp_path: Path) -> None:
    graph = picture(2)
    graph["1"]["inputs"]["ckpt_name"] = "broken.safetensors"
    (tmp_path / "models/checkpoints").mkdir(parents=True)
    (tmp_path / "models/checkpoints/broken.safetensors").write_bytes(b"not a model at all")
    async with running_engine(tmp_path, worker_module="hub.engine.worker") as (engine, story):
        engine.submit(job("run1", graph, "6"))
        assert (await story.ended("run1"))[-1] == "failed 1"
    error = story.errors["run1"]
    assert (error.node, error.node_type) == ("1", "CheckpointLoaderSimple")
    assert "broken.safetensors" in error.message
