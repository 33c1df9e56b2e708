"""Carries out graphs in this process, without a socket."""

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from hub.config.folders import Folders
from hub.engine.input_files import InputFiles
from hub.engine.messages import (
    Cancelled,
    Done,
    Execute,
    Failed,
    FromWorker,
    NodeDone,
    NodeStarted,
    Started,
)
from hub.engine.worker.cache import Cache
from hub.engine.worker.context import Attempt
from hub.engine.worker.executor import Execution
from hub.engine.worker.node_classes import NodeClass, load_node_classes
from hub.engine.worker.policies import Everything, Policy
from hub.engine.worker.sampling_loop import SamplingLoop
from hub.engine.worker.staging import Staging
from hub.records.run import RunError

_classes: dict[str, NodeClass] = {}


def all_classes() -> dict[str, NodeClass]:
    """The built-in classes and those for tests, read once."""
    if not _classes:
        _classes.update(load_node_classes(["tests.engine.nodes"]))
    return _classes


class Story(list[FromWorker]):
    """What an attempt told, in order."""

    def tell(self, message: FromWorker) -> None:
        self.append(message)

    def flush(self) -> None:
        """There is nowhere to send it."""

    @property
    def end(self) -> FromWorker:
        return self[-1]

    @property
    def error(self) -> RunError:
        assert isinstance(self.end, Failed)
        return self.end.error

    @property
    def cached(self) -> set[str]:
        (started,) = (message for message in self if isinstance(message, Started))
        return set(started.cached)

    @property
    def carried_out(self) -> list[str]:
        return [message.node for message in self if isinstance(message, NodeStarted)]

    @property
    def done(self) -> dict[str, NodeDone]:
        return {message.node: message for message in self if isinstance(message, NodeDone)}

    def shown(self, node: str) -> list[Any]:
        """All that a node shows, whatever the keys."""
        ui = self.done[node].ui or {}
        return [item for items in ui.values() for item in items]


class Bench:
    """Attempts one after another, with one cache."""

    def __init__(
        self, folder: Path, *, cache_bytes: int = 1 << 20, policy: Policy | None = None
    ) -> None:
        self.folders = Folders(config=folder, data=folder)
        self.folders.make()
        self.cache = Cache(cache_bytes, policy or Everything())
        self.sampling = SamplingLoop(max_batch=8)
        self._numbers = count(1)

    def run(self, graph: dict[str, Any], *targets: str, **order: Any) -> Story:
        """Carry out a graph that has no asynchronous nodes."""
        loop = asyncio.new_event_loop()
        try:
            story, execution, turns = self.prepare(loop, graph, *targets, **order)
            assert execution.advance()
        finally:
            loop.close()
        assert turns.empty()
        assert isinstance(story.end, Done | Failed | Cancelled)
        return story

    async def run_async(self, graph: dict[str, Any], *targets: str) -> Story:
        """Carry out any graph; the turns of its lane are taken in threads."""
        loop = asyncio.get_running_loop()
        story, execution, turns = self.prepare(loop, graph, *targets)
        is_over = await asyncio.to_thread(execution.advance)
        while not is_over:
            resumed = await asyncio.to_thread(turns.get)
            is_over = await asyncio.to_thread(resumed.advance)
        return story

    def prepare(
        self, loop: asyncio.AbstractEventLoop, graph: dict[str, Any], *targets: str, **order: Any
    ) -> tuple[Story, Execution, "SimpleQueue[Execution]"]:
        """An execution that has not begun, what it will tell, and the queue of its lane."""
        run = f"run{next(self._numbers)}"
        story = Story()
        turns: SimpleQueue[Execution] = SimpleQueue()
        attempt = Attempt(
            Execute(run=run, attempt=1, graph=graph, targets=targets, **order),
            Staging(self.folders.staging, run, 1),
            InputFiles(self.folders),
            story,
            self.sampling,
        )
        return story, Execution(attempt, all_classes(), self.cache, loop, turns.put), turns


def node(class_type: str, **inputs: Any) -> dict[str, Any]:
    """A node of a graph."""
    return {"class_type": class_type, "inputs": inputs}


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
