"""Photos per second, decoded, resized and encoded: by the hub, and by a bare Pillow loop.

The loop compresses as ComfyUI does, by zlib; the hub has ISA-L do it.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from benchmarks.figure import Figure
from benchmarks.hub_under_test import running_hub
from benchmarks.machine import CORES
from benchmarks.prompts import Graph, connect
from hub.testing.pictures import photograph

COUNT = 50
SIZE = (1500, 1000)
PNG_LEVEL = 4  # as SaveImage


async def measure(work: Path) -> list[Figure]:
    """The loop is measured before and after the hub, since machines change their speed."""
    folder = work / "data" / "input"
    await asyncio.to_thread(_make_photos, folder)
    before = await asyncio.to_thread(_bare_loop, folder, work / "bare")
    by_hub = await _by_hub(work)
    after = await asyncio.to_thread(_bare_loop, folder, work / "bare")
    bare = (before + after) / 2
    return [
        Figure(what=f"bare Pillow loop on {CORES} threads", value=f"{bare:.1f} photos/s"),
        Figure(
            what="the hub, all posted at once",
            value=f"{by_hub:.1f} photos/s, {100 * by_hub / bare:.0f} % of the loop",
            hold="≥ 90 %",
        ),
    ]


def _make_photos(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(COUNT + 1):
        photograph(number, SIZE).save(folder / _name(number), quality=90)


def _name(number: int) -> str:
    return f"{number:02d}.jpg"


def _bare_loop(folder: Path, target: Path) -> float:
    target.mkdir(exist_ok=True)

    def work(number: int) -> None:
        with Image.open(folder / _name(number)) as photo:
            small = photo.convert("RGB").resize((512, 512), Image.Resampling.LANCZOS)
        small.save(target / f"{number}.png", compress_level=PNG_LEVEL)

    begun = time.perf_counter()
    with ThreadPoolExecutor(CORES) as threads:
        list(threads.map(work, range(COUNT)))
    return COUNT / (time.perf_counter() - begun)


async def _by_hub(config: Path) -> float:
    async with running_hub(config) as hub, connect(hub.client) as prompts:
        await prompts.run(_graph(COUNT))
        begun = time.perf_counter()
        posted = [await prompts.post(_graph(number)) for number in range(COUNT)]
        await prompts.wait(*posted)
        return COUNT / (time.perf_counter() - begun)


def _graph(number: int) -> Graph:
    scale = {"upscale_method": "lanczos", "width": 512, "height": 512, "crop": "disabled"}
    return {
        "1": {"class_type": "LoadImage", "inputs": {"image": _name(number)}},
        "2": {"class_type": "ImageScale", "inputs": {"image": ["1", 0], **scale}},
        "3": {
            "class_type": "SaveImage",
            "inputs": {"images": ["2", 0], "filename_prefix": "photos/photo"},
        },
    }
