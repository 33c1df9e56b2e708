"""A sink that remembers what it was told, and on which tests can wait."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hub.clock import Clock, SystemClock
from hub.config.engine_settings import EngineSettings
from hub.config.folders import Folders
from hub.config.model_folders import FurtherFolder
from hub.engine.engine import Engine
from hub.engine.job import Job
from hub.engine.messages import NodeDone, PackMessage, PackPrompt, Preview, Progress
from hub.records.run import RunError

ENDS = ("done", "failed", "cancelled")


class Story:
    """Implements `hub.engine.job.Sink`. `told` has for each run what was said of it, in order."""

    def __init__(self) -> None:
        self.told: defaultdict[str, list[str]] = defaultdict(list)
        self.errors: dict[str, RunError] = {}
        self.nodes: defaultdict[str, dict[str, NodeDone]] = defaultdict(dict)
        self.progress: defaultdict[str, list[tuple[str, float, float]]] = defaultdict(list)
        self.previews: defaultdict[str, list[Preview]] = defaultdict(list)
        self.stopped_in: dict[str, str | None] = {}
        self.order: list[str] = []
        self.said: list[PackMessage] = []
        self.posted: list[PackPrompt] = []
        self._news = asyncio.Condition()

    def starting(self, run: str, attempt: int) -> None:
        self._tell(run, f"starting {attempt}")

    def begun(self, run: str, attempt: int, cached: tuple[str, ...]) -> None:
        self.order.append(run)
        self._tell(run, f"begun {attempt}")

    def node_started(self, run: str, attempt: int, node: str) -> None: ...

    def progressed(self, progress: Progress) -> None:
        self.progress[progress.run].append((progress.node, progress.value, progress.maximum))

    def previewed(self, preview: Preview) -> None:
        self.previews[preview.run].append(preview)

    def node_done(self, done: NodeDone) -> None:
        self.nodes[done.run][done.node] = done

    def done(self, run: str, attempt: int) -> None:
        self._tell(run, f"done {attempt}")

    def failed(self, run: str, attempt: int, error: RunError) -> None:
        self.errors[run] = error
        self._tell(run, f"failed {attempt}")

    def cancelled(self, run: str, attempt: int, node: str | None) -> None:
        self.stopped_in[run] = node
        self._tell(run, f"cancelled {attempt}")

    def pack_spoke(self, message: PackMessage) -> None:
        self.said.append(message)

    def pack_posted(self, prompt: PackPrompt) -> None:
        self.posted.append(prompt)

    def interrupted(self, run: str, attempt: int, deaths: int, suspect: bool) -> None:
        self._tell(run, f"interrupted {attempt} deaths={deaths} suspect={suspect}")

    async def until(self, run: str, *beginnings: str) -> str:
        """The first thing said of `run` that begins so; waits for it."""
        async with self._news:
            while True:
                for said in self.told[run]:
                    if said.startswith(beginnings):
                        return said
                await self._news.wait()

    async def ended(self, run: str) -> list[str]:
        """All that was said of a run, once it has ended."""
        await self.until(run, *ENDS)
        return self.told[run]

    def _tell(self, run: str, said: str) -> None:
        self.told[run].append(said)
        asyncio.get_running_loop().create_task(self._wake())

    async def _wake(self) -> None:
        async with self._news:
            self._news.notify_all()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that nobody announces."""
    while not is_so():  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0.001)


def job(run: str, graph: dict[str, Any], *targets: str, **marks: Any) -> Job:
    """A job whose number is in its name, such as `run3`."""
    digits = "".join(character for character in run if character.isdigit())
    return Job(run=run, number=int(digits or 0), graph=graph, targets=targets or ("1",), **marks)


def node(class_type: str, **inputs: Any) -> dict[str, Any]:
    """A node of a graph."""
    return {"class_type": class_type, "inputs": inputs}


@asynccontextmanager
async def running_engine(
    folder: Path,
    *,
    worker_module: str = "hub.testing.worker",
    clock: Clock | None = None,
    packs: Path | None = None,
    packs_apart: tuple[str, ...] = (),
    further_models: tuple[FurtherFolder, ...] = (),
    all_ready: bool = False,
    **settings: Any,
) -> AsyncIterator[tuple[Engine, Story]]:
    """An engine with a worker that is ready, or all of them; each carries out light graphs two at
    a time."""
    folders = Folders(
        config=folder,
        data=folder,
        packs=(packs,) if packs else (),
        packs_apart=packs_apart,
        further_models=further_models,
    )
    folders.make()
    story = Story()
    engine = Engine(
        EngineSettings(**{"slots": 2, **settings}),
        folders,
        story,
        clock or SystemClock(),
        worker_module=worker_module,
        node_modules=("tests.engine.nodes",),
    )
    async with engine:
        engine.start_workers()
        await engine.ready.wait()
        if all_ready:
            await until(lambda: all(worker.ready for worker in engine.workers))
        yield engine, story
