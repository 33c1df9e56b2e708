"""Ten thousand files dropped at once: how long until each of them is an event, exactly once."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from PIL import Image

from benchmarks.automation import write_configuration
from benchmarks.figure import Figure
from benchmarks.hub_under_test import running_hub

COUNT = 10_000
PATIENCE = 600.0  # seconds


async def measure(work: Path) -> list[Figure]:
    config, waiting = work / "config", work / "waiting"
    write_configuration(config, "{trigger: folder, path: inbox}")
    await asyncio.to_thread(_make_files, waiting)
    async with running_hub(config):
        begun = time.perf_counter()
        await asyncio.to_thread(_drop, waiting, config / "inbox")
        dropped = time.perf_counter() - begun
        database = config / "data" / "hub.sqlite"
        while time.perf_counter() - begun < PATIENCE:
            if await asyncio.to_thread(_count, database, "ledger") >= COUNT:
                break
            await asyncio.sleep(0.1)
        seconds = time.perf_counter() - begun
        rows = await asyncio.to_thread(_count, database, "ledger")
        events = await asyncio.to_thread(_count, database, "events")
    return [
        Figure(
            what=f"{COUNT:,} files dropped within {dropped:.1f} s: all in the ledger",
            value=f"{seconds:.0f} s",
            hold="< 60 s",
        ),
        Figure(
            what="files missed, files taken twice",
            value=f"{COUNT - min(rows, events)}, {max(rows, events) - COUNT}",
            hold="0, 0",
        ),
    ]


def _make_files(folder: Path) -> None:
    """Each of other content: a duplicate would rightly be skipped."""
    folder.mkdir()
    for number in range(COUNT):
        colour = (number % 256, number // 256, 128)
        picture = Image.new("RGB", (64, 64), colour)
        picture.save(folder / f"{number:05d}.jpg", comment=str(number).encode())


def _drop(source: Path, inbox: Path) -> None:
    for file in source.iterdir():
        file.rename(inbox / file.name)


def _count(database: Path, table: str) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return count
