"""Asking classes whether their inputs are right, before a run is accepted.

That takes code of the class, and so a worker that has it. One that does not answer in time is not
waited for: the classes are asked again before the run begins.
"""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

import structlog

from hub.engine.catalogue import Catalogue
from hub.engine.check import Checked
from hub.engine.graph import in_order
from hub.engine.messages import AskClasses, ClassesAnswered, Objection
from hub.engine.worker_process import WorkerProcess

SECONDS = 2.0

Objections = dict[str, Objection]
log = structlog.get_logger()


class Asking:
    """`_open` are the questions that wait for an answer, with who was asked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._numbers = count(1)
        self._open: dict[int, tuple[WorkerProcess, asyncio.Future[Objections]]] = {}

    async def objections(self, checked: Checked, workers: Sequence[WorkerProcess]) -> Objections:
        """What classes have against the inputs of nodes that would be carried out; nothing where
        no worker can tell."""
        nodes = self._checked_by_code(checked)
        worker = self._worker_for(checked.graph, workers) if nodes else None
        if worker is None:
            return {}
        question = next(self._numbers)
        answer: asyncio.Future[Objections] = asyncio.get_running_loop().create_future()
        self._open[question] = worker, answer
        try:
            worker.send(AskClasses(question=question, graph=checked.graph, nodes=nodes))
            async with asyncio.timeout(SECONDS):
                return await answer
        except TimeoutError:
            log.warning("classes were not asked: the worker is busy", worker=worker.name)
            return {}
        finally:
            del self._open[question]

    def take(self, message: ClassesAnswered) -> None:
        """A worker answers, perhaps too late."""
        if message.question in self._open:
            _, answer = self._open[message.question]
            answer.set_result(message.objections)

    def bury(self, worker: WorkerProcess) -> None:
        """A worker has ended, and answers no more."""
        for asked, answer in self._open.values():
            if asked is worker and not answer.done():
                answer.set_result({})

    def _checked_by_code(self, checked: Checked) -> tuple[str, ...]:
        graph = checked.graph
        asking = {node for node, each in graph.items() if self._checks(each)}
        return tuple(
            filter(asking.__contains__, in_order(graph, checked.outputs) if asking else ())
        )

    def _checks(self, definition: dict[str, Any]) -> bool:
        schema = self._catalogue.get(str(definition["class_type"]))
        return schema is not None and schema.checks_inputs

    def _worker_for(
        self, graph: dict[str, Any], workers: Iterable[WorkerProcess]
    ) -> WorkerProcess | None:
        names = {str(definition["class_type"]) for definition in graph.values()}
        classes = frozenset(name for name in names if not self._catalogue.is_everywhere(name))
        having = self._catalogue.workers_with(classes)
        return next((worker for worker in workers if worker.name in having), None)
