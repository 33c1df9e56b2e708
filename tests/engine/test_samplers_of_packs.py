"""Samplers, guiders and whole samplings of packs, in a real worker with a tiny model."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from hub.engine.engine import Engine
from hub.records.run import RunError
from tests.engine.models.conftest import tiny_file as tiny_file
from tests.engine.story import Story, job, node, running_engine

pytestmark = pytest.mark.asyncio(loop_scope="module")
PACKS = Path(__file__).with_name("packs")
Running = tuple[Engine, Story]
PARTS = {
    "model": node("CheckpointLoaderSimple", ckpt_name="tiny.safetensors"),
    "towards": node("CLIPTextEncode", clip=["model", 1], text="a cat"),
    "away": node("CLIPTextEncode", clip=["model", 1], text="a dog"),
    "latent": node("EmptyLatentImage", width=64, height=64, batch_size=1),
    "noise": node("RandomNoise", noise_seed=7),
    "euler": node("KSamplerSelect", sampler_name="euler"),
    "sigmas": node("BasicScheduler", model=["model", 0], scheduler="normal", steps=4, denoise=1.0),
    "guider": node(
        "CFGGuider", model=["model", 0], positive=["towards", 0], negative=["away", 0], cfg=5.0
    ),
    "expected": node(
        "KSampler",
        model=["model", 0],
        seed=7,
        steps=4,
        cfg=5.0,
        sampler_name="euler",
        scheduler="normal",
        positive=["towards", 0],
        negative=["away", 0],
        latent_image=["latent", 0],
        denoise=1.0,
    ),
    "told": node("PackCompare", a=["found", 0], b=["expected", 0]),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    tmp_path_factory: pytest.TempPathFactory, tiny_file: Path
) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("hub")
    models = folder / "models" / "checkpoints"
    models.mkdir(parents=True)
    (models / "tiny.safetensors").symlink_to(tiny_file)
    async with running_engine(folder, worker_module="hub.engine.worker", packs=PACKS) as running:
        yield running


def custom(guider: str = "guider", sampler: str = "euler") -> dict[str, Any]:
    return node(
        "SamplerCustomAdvanced",
        noise=["noise", 0],
        guider=[guider, 0],
        sampler=[sampler, 0],
        sigmas=["sigmas", 0],
        latent_image=["latent", 0],
    )


async def carried_out(running: Running, run: str, **nodes: Any) -> RunError | list[str]:
    """What the comparison with KSampler tells, or the error."""
    engine, story = running
    engine.submit(job(run, {**PARTS, **nodes}, "told"))
    await story.ended(run)
    if run in story.errors:
        return story.errors[run]
    told: list[str] = (story.nodes[run]["told"].ui or {})["text"]
    return told


async def same(running: Running, run: str, **nodes: Any) -> bool:
    """Whether it gives what KSampler gives, and no thread is left."""
    told = await carried_out(running, run, **nodes)
    assert isinstance(told, list), told
    return float(told[0]) < 1e-3 and told[1] == "0"


@pytest.mark.parametrize("kind", ["FunctionSampler", "ClassSampler"])
async def test_a_sampler_of_a_pack_is_sampled_with(running: Running, kind: str) -> None:
    options = {"fails_at": -1} if kind == "FunctionSampler" else {}
    nodes = {"own": node(kind, **options), "found": custom(sampler="own")}
    assert await same(running, f"sampler-{kind}", **nodes)


@pytest.mark.parametrize("inner", ["euler", "own"])
async def test_a_sampler_of_a_pack_leaves_the_work_to_another(running: Running, inner: str) -> None:
    nodes = {
        "own": node("FunctionSampler", fails_at=-1),
        "around": node("SamplerAround", sampler=[inner, 0]),
        "found": custom(sampler="around"),
    }
    assert await same(running, f"around-{inner}", **nodes)


async def test_a_guider_of_a_pack_leads(running: Running) -> None:
    inputs = PARTS["guider"]["inputs"]
    nodes = {"own": node("PackGuider", **inputs), "found": custom(guider="own")}
    assert await same(running, "guider", **nodes)


@pytest.mark.parametrize("way", ["common_ksampler", "node", "sample", "custom"])
async def test_a_node_of_a_pack_samples_by_itself(running: Running, way: str) -> None:
    nodes = {
        "found": node(
            "PackKSampler",
            model=["model", 0],
            positive=["towards", 0],
            negative=["away", 0],
            latent=["latent", 0],
            way=way,
        )
    }
    assert await same(running, f"way-{way}", **nodes)


async def test_an_error_of_a_packs_sampler_is_the_nodes(running: Running) -> None:
    nodes = {"own": node("FunctionSampler", fails_at=2), "found": custom(sampler="own")}
    error = await carried_out(running, "failing", **nodes)
    assert isinstance(error, RunError)
    assert (error.node, error.message) == ("found", "the pack's sampler gave up in step 2")
    assert "plain_euler" in "".join(error.traceback)
    assert await same(running, "after-failing", found=custom())
