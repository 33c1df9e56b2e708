"""Parts that are measured in a process of their own, which leaves nothing behind in this one."""

import asyncio
import os
import sys
from pathlib import Path

import msgspec

from benchmarks.figure import Figure


class PartFailed(Exception):
    """The process of a part ended without figures; it said why itself."""


async def measured_apart(module: str, work: Path, *more: str) -> list[Figure]:
    """The figures that `python -m module WORK …` tells."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, str(work), *more), stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    if process.returncode:
        raise PartFailed(module)
    return msgspec.json.decode(told, type=list[Figure])


def told_from_apart(figures: list[Figure]) -> None:
    """Tell them, and end, whatever threads there are."""
    sys.stdout.buffer.write(msgspec.json.encode(figures))
    sys.stdout.flush()
    os._exit(0)
