"""A pack that imports ComfyUI's sampling layer, of which the hub has little yet."""

import ast
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from hub.engine.check import check_graph
from hub.engine.engine import Engine
from tests.engine.story import Story, job, node, running_engine

pytestmark = pytest.mark.asyncio(loop_scope="module")
PACKS = Path(__file__).with_name("packs")
Running = tuple[Engine, Story, Path]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("hub")
    async with running_engine(folder, worker_module="hub.engine.worker", packs=PACKS) as (
        engine,
        story,
    ):
        yield engine, story, folder


def sound_in(folder: Path) -> str:
    """A file in the folder that the pack adds for its own kind of model."""
    (folder / "input").mkdir(exist_ok=True)
    (folder / "input" / "bell.wav").touch()
    return "bell.wav"


async def test_its_nodes_are_there_and_the_pack_says_what_it_lacks(running: Running) -> None:
    (pack,) = (pack for pack in running[0].packs if pack.name == "sampling_layer")
    assert set(pack.nodes) == {"PackNoise", "PackGuide"}
    assert pack.problems == (
        (
            "It imports comfy.hooks.HookGroup, comfy.ldm.flux.layers.timestep_embedding, "
            "comfy_extras.nodes_custom_sampler.Guider_DualCFG, "
            "comfy_extras.nodes_gits.GITSScheduler, nodes.unCLIPCheckpointLoader, which the hub "
            "does not offer yet; nodes that use them fail."
        ),
    )
    assert "PackSampler is left out" in (pack.error or "")
    assert "nodes.unCLIPCheckpointLoader" in (pack.error or "")


async def test_what_a_node_uses_of_it_works(running: Running) -> None:
    engine, story, folder = running
    sound = sound_in(folder)
    graph = {
        "1": node("EmptyImage", width=16, height=16, batch_size=1, color=255),
        "2": node("PackNoise", seed=3, image=["1", 0], sound=sound),
    }
    assert check_graph(graph, engine.catalogue).outputs == ("2",)
    engine.submit(job("noise", graph, "2"))
    assert (await story.ended("noise"))[-1] == "done 1", story.errors
    (text,) = (story.nodes["noise"]["2"].ui or {})["text"]
    assert ast.literal_eval(text) == {
        "is a patcher": False,
        "values": {"a": 1, "b": 2},
        "cut": [1, 4, 4, 3],
        "node": "2",
        "listens": "127.0.0.1",
        "samplers": 44,
        "noise": True,
        "guiders": [True, False],
        "sound": True,
    }


async def test_a_kind_of_model_that_a_pack_adds_is_listed_by_the_hub(running: Running) -> None:
    engine, _, folder = running
    sound_in(folder)
    schema = engine.catalogue.get("PackNoise")
    assert schema is not None
    item = schema.input("sound")
    assert item is not None
    assert item.folder == "sounds"
    assert await asyncio.to_thread(engine.files.list_folder, "sounds") == ["bell.wav"]
    assert not engine.files.folder_has("sounds", "../input/bell.wav")


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (
            "scheduler",
            "The module sampling_layer called comfy_extras.nodes_gits.GITSScheduler.",
        ),
        ("patcher", "The module sampling_layer called comfy.model_patcher.ModelPatcher."),
    ],
)
async def test_a_node_that_calls_what_is_missing_fails_with_a_sentence(
    running: Running, wanted: str, sentence: str
) -> None:
    engine, story, _ = running
    engine.submit(job(wanted, {"1": node("PackGuide", wanted=wanted)}, "1"))
    await story.ended(wanted)
    error = story.errors[wanted]
    assert error.message == (
        f"{sentence} That is part of ComfyUI, and the hub does not offer it yet. Leave this node "
        "out, or take another one for the same purpose."
    )
    assert error.node == "1"
