"""Real workers with torch, in processes of their own."""

import asyncio
import io
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

import psutil
import pytest
import pytest_asyncio
from PIL import Image

from hub.child import Child, start_child
from hub.engine.engine import Engine
from hub.engine.messages import CannotStart, decode_batch
from hub.nodes.png_deflating import deflate_pngs
from hub.wire import read_frame
from tests.engine.story import Story, job, node, running_engine

pytestmark = pytest.mark.asyncio(loop_scope="module")
LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")
Running = tuple[Engine, Story, Path]
TRIVIAL = {
    "1": node("EmptyImage", width=64, height=64, batch_size=1, color=255),
    "2": node("SaveImage", images=["1", 0], filename_prefix="x"),
}
PARENT = """
import asyncio, sys
from hub.child import start_child

async def main():
    child = await start_child("hub.engine.worker", "--data", sys.argv[1], "--output", sys.argv[1])
    await child.reader.read(1)
    print(child.pid, flush=True)
    await asyncio.sleep(1000)

asyncio.run(main())
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One worker for those tests that leave it alive."""
    folder = tmp_path_factory.mktemp("hub")
    async with running_engine(folder, worker_module="hub.engine.worker") as (engine, story):
        yield engine, story, folder


def gate(folder: Path) -> str:
    """A place where a node waits until the test opens it."""
    path = folder / "gate"
    os.mkfifo(path)
    return str(path)


async def reached(path: str) -> IO[str]:
    """Wait until a node is at the gate; closing what this gives lets it through."""
    return await asyncio.to_thread(Path(path).open, "w")


async def test_a_picture_is_written_into_staging(running: Running) -> None:
    engine, story, folder = running
    engine.submit(job("trivial", TRIVIAL, "2"))
    assert await story.ended("trivial") == ["starting 1", "begun 1", "done 1"]
    (file,) = story.nodes["trivial"]["2"].files
    staged = folder / "staging" / file.staged
    assert staged.stat().st_size == file.size
    assert (file.width, file.height, file.kind) == (64, 64, "images")


async def test_pngs_of_workers_are_compressed_by_isa_l(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, story, folder = running
    engine.submit(job("white", TRIVIAL, "2"))
    await story.ended("white")
    (file,) = story.nodes["white"]["2"].files
    monkeypatch.setattr(Image, "ENCODERS", {})
    deflate_pngs()
    expected = io.BytesIO()
    Image.new("RGB", (64, 64), (0, 0, 255)).save(expected, "PNG")
    _, pixels = expected.getvalue().split(b"IDAT")
    assert (folder / "staging" / file.staged).read_bytes().endswith(pixels)


@pytest.mark.skipif(
    not (LARGE_PAGES.exists() and "[madvise]" in LARGE_PAGES.read_text()),
    reason="whether pages are large is not up to programs here",
)
async def test_large_tensors_lie_on_large_pages(running: Running) -> None:
    engine, story, _ = running
    mask = node("SolidMask", value=0.5, width=4096, height=2048)
    engine.submit(job("large", {"1": mask, "2": node("MaskPreview", mask=["1", 0])}, "2"))
    await story.ended("large")
    told = await asyncio.to_thread(Path(f"/proc/{engine.workers[0].pid}/smaps").read_text)
    areas = re.findall(r"^Size: +(\d+) kB.*?^VmFlags:(.*?)$", told, re.MULTILINE | re.DOTALL)
    assert any(
        int(size) >= 4096 * 2048 * 4 >> 10 and "hg" in flags.split() for size, flags in areas
    )


async def test_an_error_comes_with_shapes_and_traceback(running: Running) -> None:
    engine, story, _ = running
    graph = {"1": TRIVIAL["1"], "2": node("Fail", error="ValueError", image=["1", 0])}
    engine.submit(job("failing", graph, "2"))
    await story.ended("failing")
    error = story.errors["failing"]
    assert error.inputs["image"] == ["IMAGE [1, 64, 64, 3] float32"]
    assert error.traceback


async def test_light_runs_go_on_side_by_side(running: Running, tmp_path: Path) -> None:
    engine, story, _ = running
    (tmp_path / "2").mkdir()
    gates = [gate(tmp_path), gate(tmp_path / "2")]
    for number, path in enumerate(gates):
        engine.submit(job(f"side{number}", {"1": node("Gate", path=path)}))
    for opened in [await reached(path) for path in gates]:
        opened.close()
    await story.ended("side0")
    await story.ended("side1")


async def test_other_runs_have_the_execution_thread_to_themselves(
    running: Running, tmp_path: Path
) -> None:
    engine, story, _ = running
    path = gate(tmp_path)
    engine.submit(job("heavy1", {"1": node("HeavyGate", path=path)}))
    engine.submit(job("heavy2", {"1": node("Progress", steps=1)}))
    engine.submit(job("light3", {"1": node("Show")}))
    opened = await reached(path)
    await story.ended("light3")
    assert story.told["heavy2"] == ["starting 1"]
    opened.close()
    await story.ended("heavy2")


async def test_a_running_node_is_cancelled(running: Running, tmp_path: Path) -> None:
    engine, story, _ = running
    path = gate(tmp_path)
    engine.submit(job("forever", {"1": node("Forever", path=path)}))
    (await reached(path)).close()
    engine.cancel("forever")
    assert (await story.ended("forever"))[-1] == "cancelled 1"


async def test_asynchronous_nodes_work_in_a_real_worker(running: Running) -> None:
    engine, story, _ = running
    graph = {
        "a": node("Later", group="real", number=2),
        "b": node("Later", group="real", number=2, fails=False),
        "show": node("Show", x=["a", 0], y=["b", 0]),
    }
    engine.submit(job("later", graph, "show"))
    await story.ended("later")
    assert story.nodes["later"]["show"].ui == {"text": ["real a", "real b"]}


async def test_names_with_surrogates_and_huge_numbers_get_through(running: Running) -> None:
    engine, story, _ = running
    engine.submit(job("odd", {"1": node("Show", text=["x\udc80", 2**70, 1])}))
    await story.ended("odd")
    assert story.nodes["odd"]["1"].ui == {"text": [["x\udc80", 2**70, 1]]}


async def test_a_killed_worker_is_replaced_and_its_run_done(tmp_path: Path) -> None:
    async with running_engine(tmp_path, worker_module="hub.engine.worker") as (engine, story):
        survived = str(tmp_path / "survived")
        engine.submit(job("a", {"1": node("Die", survived=survived)}))
        told = await story.ended("a")
        assert "interrupted 1 deaths=1 suspect=False" in told
        assert told[-1] == "done 2"


async def test_a_worker_ends_with_its_hub(tmp_path: Path) -> None:
    arguments = ("-c", PARENT, str(tmp_path))
    parent = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    worker = psutil.Process(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()
    gone, _ = await asyncio.to_thread(psutil.wait_procs, [worker], timeout=100)
    assert gone == [worker]


async def test_a_worker_whose_device_torch_does_not_find_says_so_and_ends(tmp_path: Path) -> None:
    places = ("--data", str(tmp_path), "--output", str(tmp_path))
    child = await start_child(
        "hub.engine.worker", *places, "--device", "cuda", environment={"CUDA_VISIBLE_DEVICES": ""}
    )
    payload = await read_frame(child.reader)
    assert payload is not None
    (told,) = decode_batch(payload).messages
    assert isinstance(told, CannotStart)
    assert "finds no device cuda" in told.reason
    assert await child.process.wait() == 0
    await child.close()


async def test_a_worker_ends_when_its_socket_closes(tmp_path: Path) -> None:
    child: Child = await start_child(
        "hub.engine.worker", "--data", str(tmp_path), "--output", str(tmp_path)
    )
    await child.reader.read(1)
    assert await child.close() == 0
