"""Probes that are slow, greedy or killed."""

import asyncio
import os
import signal
from pathlib import Path

import psutil

from hub.probe.pool import ProbePool
from hub.testing.inbox import huge_png, jpeg


def probes() -> set[int]:
    """The process ids of this test's probes."""
    return {child.pid for child in psutil.Process().children() if is_probe(child)}


def is_probe(child: psutil.Process) -> bool:
    """Whether it is one that lives; it may end at any moment."""
    try:
        return child.status() != psutil.STATUS_ZOMBIE and "hub.probe.process" in child.cmdline()
    except psutil.NoSuchProcess:  # a zombie is one too
        return False


def has_open(pid: int, path: Path) -> bool:
    try:
        return any(file.path == str(path) for file in psutil.Process(pid).open_files())
    except psutil.NoSuchProcess:
        return False


def endless(path: Path) -> Path:
    """A file that takes hours to read and no space on the disk."""
    path.touch()
    os.truncate(path, 1 << 40)
    return path


async def test_probes_start_when_needed_and_stay(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    async with ProbePool() as pool:
        assert not probes()
        await pool.inspect(tmp_path / "a.jpg")
        [first] = probes()
        await pool.inspect(tmp_path / "a.jpg")
        assert probes() == {first}
        await asyncio.gather(*(pool.inspect(tmp_path / "a.jpg") for _ in range(10)))
        assert len(probes()) == 2
    assert not probes()


async def test_a_file_that_takes_too_long_costs_the_probe_and_has_that_problem(
    tmp_path: Path,
) -> None:
    async with ProbePool(size=1, timeout=0.5) as pool:
        slow = await pool.inspect(endless(tmp_path / "a.mp4"))
        assert slow.problem == "took longer than 0.5 s to open"
        assert (slow.sha256, slow.size) == (None, 1 << 40)
        assert not probes()


async def test_a_file_that_needs_too_much_memory_has_that_problem(tmp_path: Path) -> None:
    (tmp_path / "greedy.png").write_bytes(huge_png(9_000, 9_000))
    (tmp_path / "a.jpg").write_bytes(jpeg())
    async with ProbePool(size=1, memory=256 << 20) as pool:
        greedy = await pool.inspect(tmp_path / "greedy.png")
        assert greedy.problem == "needs more than 0.25 GiB of memory to open"
        assert (await pool.inspect(tmp_path / "a.jpg")).problem is None


async def test_of_files_given_to_a_probe_together_only_the_guilty_one_has_the_problem(
    tmp_path: Path,
) -> None:
    (tmp_path / "greedy.png").write_bytes(huge_png(9_000, 9_000))
    (tmp_path / "a.jpg").write_bytes(jpeg())
    names = ["a.jpg", "greedy.png", "a.jpg", "a.jpg"]
    async with ProbePool(size=1, memory=256 << 20) as pool:
        found = await asyncio.gather(*(pool.inspect(tmp_path / name) for name in names))
    assert [one.problem is None for one in found] == [True, False, True, True]


async def test_a_probe_killed_while_idle_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    async with ProbePool(size=1) as pool:
        await pool.inspect(tmp_path / "a.jpg")
        [first] = probes()
        os.kill(first, signal.SIGKILL)
        assert (await pool.inspect(tmp_path / "a.jpg")).problem is None
        assert first not in probes()


async def reader_of(path: Path, *, besides: int = 0) -> int:
    """The probe that has `path` open, as soon as one has."""
    while True:
        for pid in probes() - {besides}:
            if has_open(pid, path):
                return pid
        await asyncio.sleep(0.001)


async def test_a_request_is_tried_again_on_a_new_probe_but_only_once(tmp_path: Path) -> None:
    path = endless(tmp_path / "a.mp4")
    async with ProbePool(size=1) as pool:
        asking = asyncio.create_task(pool.inspect(path))
        first = await reader_of(path)
        os.kill(first, signal.SIGKILL)
        os.kill(await reader_of(path, besides=first), signal.SIGKILL)
        assert (await asking).problem == "makes the process that opens files crash"


async def test_a_cancelled_request_leaves_no_stale_answer(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg())
    path = endless(tmp_path / "a.mp4")
    async with ProbePool(size=1) as pool:
        asking = asyncio.create_task(pool.inspect(path))
        await reader_of(path)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert (await pool.inspect(tmp_path / "a.jpg")).size == len(jpeg())


async def test_a_request_cancelled_while_its_probe_starts_leaves_no_process(tmp_path: Path) -> None:
    async with ProbePool(size=1) as pool:
        for turns in range(8):
            asking = asyncio.create_task(pool.inspect(tmp_path / "a.jpg"))
            for _ in range(turns):
                await asyncio.sleep(0)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        assert not probes()
