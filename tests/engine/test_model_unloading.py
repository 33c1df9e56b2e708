"""A worker tells which models it has loaded, and unloads them when it is asked to."""

from pathlib import Path

from tests.engine.models.conftest import tiny_file as tiny_file
from tests.engine.story import job, node, running_engine, until


async def test_models_are_told_and_unloaded(tmp_path: Path, tiny_file: Path) -> None:
    checkpoints = tmp_path / "models" / "checkpoints"
    checkpoints.mkdir(parents=True)
    (checkpoints / "tiny.safetensors").symlink_to(tiny_file)
    graph = {
        "1": node("CheckpointLoaderSimple", ckpt_name="tiny.safetensors"),
        "2": node("CLIPTextEncode", clip=["1", 1], text="a cat"),
        "3": node("PreviewAny", source=["2", 0]),
    }
    async with running_engine(tmp_path, worker_module="hub.engine.worker") as (engine, story):
        engine.submit(job("run", graph, "3"))
        assert (await story.ended("run"))[-1] == "done 1", story.errors
        await until(lambda: bool(engine.workers[0].models))
        (model,) = engine.workers[0].models
        assert (model.name, model.part) == ("checkpoints/tiny.safetensors", "text encoder")
        assert model.bytes > 0
        assert engine.workers[0].devices[0].total > 0
        engine.free(cache=False, models=True)
        await until(lambda: not engine.workers[0].models)
