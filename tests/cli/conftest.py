"""A configuration folder, a hub that runs on it, and the command `hub` to use on both."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.app import Hub
from tests.web.configuration import write_configuration

COMMAND = Path(sys.executable).with_name("hub")


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


RunHub = Callable[..., Awaitable[Result]]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    write_configuration(folder)
    return folder


@pytest.fixture
async def hub(config: Path) -> AsyncIterator[Hub]:
    async with Hub(config, port=0, worker_module="hub.testing.worker") as hub:
        yield hub


@pytest.fixture
def hub_command(config: Path) -> RunHub:
    """Runs `hub` with the given words on the configuration folder."""

    async def run(*words: str | bytes) -> Result:
        process = await start_command(config, *words)
        out, err = await process.communicate()
        assert process.returncode is not None
        return Result(process.returncode, os.fsdecode(out), os.fsdecode(err))

    return run


async def start_command(config: Path, *words: str | bytes) -> asyncio.subprocess.Process:
    """`hub` with the given words, reading from the configuration folder, as it runs."""
    return await asyncio.create_subprocess_exec(
        COMMAND,
        *words,
        env={**os.environ, "HUB_CONFIG": str(config), "COLUMNS": "100", "NO_COLOR": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
