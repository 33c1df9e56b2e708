"""The demo: starts the hub on ./config, drops three pictures into the inbox, and has one drawn.

Everything it shows comes from the hub's own API; whether the results are right it sees for itself.
"""

import argparse
import asyncio
import contextlib
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from demo_pictures import Picture, make_pictures
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

CONFIG = Path(__file__).parent.parent / "config"
LOG = CONFIG / "data" / "demo.log"
PATIENCE = 120  # seconds for all three pictures; the first run also waits for torch to load
PROMPT = "a boat on the sea in the evening"
console = Console()


class DemoFailed(Exception):
    """The demo cannot go on; its text is meant for people."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Shows the hub at work on three pictures.")
    parser.add_argument("--exit", action="store_true", help="end when the pictures are done")
    parser.add_argument("--port", type=int, default=8188, help="a free one is taken if this is not")
    arguments = parser.parse_args()
    try:
        return asyncio.run(demonstrate(free_port(arguments.port), stay=not arguments.exit))
    except DemoFailed as failure:
        console.print(str(failure), style="red", markup=False, highlight=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        return 0


async def demonstrate(port: int, *, stay: bool) -> int:
    with tempfile.TemporaryDirectory() as folder:
        console.print("Taking three pictures …")
        number = int(time.time())  # so that a second demo brings new pictures
        pictures = await asyncio.to_thread(make_pictures, Path(folder), CONFIG, number)
        async with running_hub(port) as (hub, address):
            right = await follow(address, pictures)
            report(pictures, right=right)
            right &= await generate()
            if stay:
                console.print(f"\nThe hub's page: [bold]{address}[/]")
                console.print(f"Drop pictures of your own into {CONFIG / 'inbox'} (Ctrl-C ends).")
                await hub.wait()
    return 0 if right else 1


def free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            found: int = probe.getsockname()[1]
            return found
    raise DemoFailed("This machine has no free port.")


@asynccontextmanager
async def running_hub(port: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`hub serve` on ./config, once it is ready to carry out runs; it ends with the block."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    (CONFIG / "inbox").mkdir(exist_ok=True)
    command = ("-m", "hub.cli", "serve", "--config", str(CONFIG), "--port", str(port))
    with LOG.open("wb") as log:
        # In a session of its own, Ctrl-C reaches it only through us, after the last picture.
        hub = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdout=log, stderr=log, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}"
    try:
        with console.status("Starting the hub …"):
            await ready(hub, address)
        yield hub, address
    finally:
        with contextlib.suppress(ProcessLookupError):
            hub.send_signal(signal.SIGTERM)
        await hub.wait()


async def ready(hub: asyncio.subprocess.Process, address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    async with aiohttp.ClientSession(address) as client:
        while hub.returncode is None and time.monotonic() < deadline:
            with contextlib.suppress(aiohttp.ClientConnectionError):
                async with client.get("/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise DemoFailed(f"The hub did not start. It said:\n{LOG.read_text()[-2000:]}")


async def follow(address: str, pictures: list[Picture]) -> bool:
    """Drop the pictures and show what becomes of them; whether all results are right."""
    columns = (
        TextColumn("{task.fields[picture]}"),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        show = Show(progress, pictures)
        with contextlib.suppress(TimeoutError):
            async with (
                asyncio.timeout(PATIENCE),
                aiohttp.ClientSession(address) as client,
                client.ws_connect("/api/hub/notices") as notices,
            ):
                for picture in pictures:
                    await asyncio.to_thread(picture.drop)
                async for message in notices:
                    show.take(message.json())
                    if show.over:
                        break
        return await asyncio.to_thread(show.verify)


@dataclass(kw_only=True)
class Row:
    """A picture's line on the screen, and the run and firing that it led to."""

    picture: Picture
    task: TaskID
    run: str = ""
    firing: str = ""
    ended: bool = False


class Show:
    """Turns notices of the hub into lines on the screen."""

    def __init__(self, progress: Progress, pictures: list[Picture]) -> None:
        self._progress = progress
        self._rows = [
            Row(
                picture=picture,
                task=progress.add_task("waits until it lies still", picture=picture.what),
            )
            for picture in pictures
        ]

    @property
    def over(self) -> bool:
        return all(row.ended for row in self._rows)

    def take(self, notice: dict[str, Any]) -> None:
        for row in self._rows:
            self._show(row, notice)

    def _show(self, row: Row, notice: dict[str, Any]) -> None:
        run = notice.get("run") or {}
        match notice["type"]:
            case "FileSighted" if Path(notice["path"]).name == row.picture.name and not row.run:
                self._say(row, notice["reason"])
            case "RunQueued" if row.picture.source.stem in str(run["parameters"]):
                row.run, row.firing = run["id"], run["firing"]
                self._say(row, f"run {run['number']} waits", total=run["node_count"])
            case "NodeFinished" if run["id"] == row.run:
                self._progress.advance(row.task)
                self._say(row, f"run {run['number']}: node {notice['node']} is done")
            case "RunFinished" if run["id"] == row.run:
                self._say(row, f"run {run['number']} {run['state']}")
            case "FiringChanged" if notice["firing"] == row.firing:
                row.ended = notice["state"] not in ("waiting", "running")
            case _:
                pass

    def _say(self, row: Row, text: str, total: float | None = None) -> None:
        self._progress.update(row.task, description=text, total=total)

    def verify(self) -> bool:
        """Look at every result; whether all are right."""
        verdicts = [row.picture.faults() for row in self._rows]
        for row, faults in zip(self._rows, verdicts, strict=True):
            self._say(row, f"[red]{'; '.join(faults)}[/]" if faults else "[green]right[/]")
        return not any(verdicts)


def report(pictures: list[Picture], *, right: bool) -> None:
    for picture in pictures:
        console.print(f"\n[bold]{picture.name}[/] ({picture.about})")
        for path in (picture.webp, picture.jpeg, picture.inbox / "processed" / picture.name):
            console.print(f"  {path}", highlight=False, soft_wrap=True)
    if right:
        console.print(
            "\nAll three came out right: upright, 1600 px, with camera, colours and alpha."
        )
    else:
        console.print(f"\n[red]Not everything came out right.[/] The hub's log is in {LOG}.")


async def generate() -> bool:
    """Have a picture drawn, as anybody would in a terminal; whether it came."""
    console.print(f"\nThe model that comes along draws: [bold]{PROMPT}[/]")
    command = ("run", "pixel_scene", "--config", str(CONFIG), "-p", f"prompt={PROMPT}")
    painter = await asyncio.create_subprocess_exec(sys.executable, "-m", "hub.cli", *command)
    return await painter.wait() == 0


if __name__ == "__main__":
    sys.exit(main())
