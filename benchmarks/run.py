"""Runs the benchmarks, prints their figures and, after all of them, writes those into RESULTS.md.

What people wrote there below the first heading of a chapter stays.

Compare figures of one run with each other, and figures of two machines by their yardsticks: the
speed of an empty Python loop just before each part.
"""

import argparse
import asyncio
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import (
    cached_runs,
    first_page,
    history,
    many_automations,
    many_files,
    many_nodes,
    many_sockets,
    memory_of_runs,
    models,
    on_a_gpu,
    photos,
    start_up,
    trivial_runs,
    unet_step,
    video,
    webhooks,
)
from benchmarks.figure import Figure
from benchmarks.machine import describe, yardstick

HERE = Path(__file__).parent
WORK = HERE / ".work"
RESULTS = HERE / "RESULTS.md"
PARTS = {
    "start_up": start_up.measure,
    "first_page": first_page.measure,
    "trivial_runs": trivial_runs.measure,
    "cached_runs": cached_runs.measure,
    "many_nodes": many_nodes.measure,
    "many_sockets": many_sockets.measure,
    "memory_of_runs": memory_of_runs.measure,
    "models": models.measure,
    "unet_step": unet_step.measure,
    "on_a_gpu": on_a_gpu.measure,
    "photos": photos.measure,
    "video": video.measure,
    "many_files": many_files.measure,
    "webhooks": webhooks.measure,
    "many_automations": many_automations.measure,
    "history": history.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the hub on this machine.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all by default")
    wanted = parser.parse_args().parts or list(PARTS)
    rows = [row for part in wanted for row in measure(part)]
    show(rows)
    if wanted == list(PARTS):
        _, chapter, rest = RESULTS.read_text().partition("\n## ")
        RESULTS.write_text(markdown(rows) + chapter + rest)


Row = tuple[Figure, float]


def measure(part: str) -> list[Row]:
    """The figures of one part, each with the yardstick at its beginning."""
    sys.stderr.write(f"{part} …\n")
    work = WORK / part
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    speed = yardstick()
    figures = asyncio.run(PARTS[part](work))
    shutil.rmtree(work)
    return [(figure, speed) for figure in figures]


def show(rows: list[Row]) -> None:
    table = Table("what", "measured", "to hold", "M turns/s")
    for figure, speed in rows:
        table.add_row(figure.what, figure.value, figure.hold, f"{speed:.0f}")
    Console(width=130).print(table)


def markdown(rows: list[Row]) -> str:
    lines = [
        "# Results",
        "",
        f"Written by `script/benchmark` on {datetime.now(UTC):%Y-%m-%d}, on {describe()}.",
        "The yardstick is a bare Python loop just before each part, in million turns per second.",
        "",
        "| what | measured | to hold | yardstick |",
        "|---|---|---|---|",
        *(f"| {item.what} | {item.value} | {item.hold} | {speed:.0f} |" for item, speed in rows),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
