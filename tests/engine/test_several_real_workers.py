"""Several real workers with torch: one dies; packs that must not share a process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from hub.config.worker_settings import WorkerSettings
from hub.engine.engine import Engine
from tests.engine.story import Story, job, node, running_engine, until
from tests.engine.test_real_worker import gate, reached

pytestmark = pytest.mark.asyncio(loop_scope="module")
CLASHING = """
import json

json.whose = {name!r}


class {name}:
    INPUT_TYPES = classmethod(lambda cls: {{"required": {{}}}})
    RETURN_TYPES = ()
    FUNCTION = "tell"
    OUTPUT_NODE = True

    def tell(self):
        return {{"ui": {{"text": [json.whose]}}}}


NODE_CLASS_MAPPINGS = {{{name!r}: {name}}}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Engine, Story]]:
    """Two workers: the ordinary one, and that of the pack `Second`."""
    folder = tmp_path_factory.mktemp("hub")
    packs = folder / "packs"
    packs.mkdir()
    for name in ("First", "Second"):
        (packs / f"{name}.py").write_text(CLASHING.format(name=name))
    async with running_engine(
        folder,
        worker_module="hub.engine.worker",
        packs=packs,
        packs_apart=("Second",),
        workers=[WorkerSettings(name="main", device="cpu")],
        all_ready=True,
    ) as running:
        yield running


async def test_packs_that_are_kept_apart_do_not_see_what_the_others_do(
    running: tuple[Engine, Story],
) -> None:
    engine, story = running
    assert [(worker.name, worker.packs) for worker in engine.workers] == [
        ("main", ("First",)),
        ("pack:Second", ("Second",)),
    ]
    for name in ("First", "Second"):
        engine.submit(job(name, {"1": node(name)}))
        await story.ended(name)
        assert story.nodes[name]["1"].ui == {"text": [name]}


async def test_one_worker_dies_and_the_run_of_the_other_goes_on(
    running: tuple[Engine, Story], tmp_path: Path
) -> None:
    engine, story = running
    path = gate(tmp_path)
    pids = {worker.pid for worker in engine.workers}
    engine.submit(job("steady1", {"1": node("HeavyGate", path=path)}))
    opened = await reached(path)
    engine.submit(job("dying2", {"1": node("Die", survived=str(tmp_path / "survived"))}))
    engine.submit(job("queued3", {"1": node("Progress", steps=1)}))
    assert (await story.ended("dying2"))[-1] == "done 2"
    await story.ended("queued3")
    opened.close()
    assert await story.ended("steady1") == ["starting 1", "begun 1", "done 1"]
    await until(lambda: all(worker.ready for worker in engine.workers))
    assert len(pids & {worker.pid for worker in engine.workers}) == 1
