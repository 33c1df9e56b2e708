"""`hub serve`."""

import asyncio
import signal
from pathlib import Path

from hub.app import Hub
from hub.cli.console import err


async def serve_hub(config: Path, port: int | None, *, safe: bool = False) -> int:
    """Run until asked to stop (SIGINT, SIGTERM). Broken automations are told and left out; the rest
    runs."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with Hub(config, port=port, safe=safe) as hub:
        for problem in map(str, hub.configuration.problems):
            err.print(problem, style="yellow", markup=False, highlight=False, soft_wrap=True)
        err.print(
            f"The hub is at [bold]{hub.address}[/] (Ctrl-C stops it).",
            highlight=False,
            soft_wrap=True,
        )
        if hub.door.welcome_code:
            err.print(
                f"Nobody can log in yet. Open [bold]{hub.address}/welcome[/] and give the code "
                f"[bold]{hub.door.welcome_code}[/], or run `hub user add NAME` here.",
                highlight=False,
                soft_wrap=True,
            )
        await stopped.wait()
    return 0
