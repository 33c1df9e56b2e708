"""Dispatch: which job goes to which worker, when, and what becomes of it when the worker dies.

The rule of deaths: an attempt that was alone in its worker counts a death; those that were in
company become suspects and go again, each alone; those that had not begun go again as if nothing
had happened. Two deaths alone end a run.
"""

import asyncio
import dataclasses

import structlog

from hub.clock import Clock
from hub.engine.catalogue import Catalogue
from hub.engine.job import DEATHS_ALLOWED, Job, Sink
from hub.engine.messages import (
    Cancel,
    Cancelled,
    Done,
    Execute,
    Failed,
    FromWorker,
    NodeDone,
    NodeStarted,
    Progress,
    Started,
)
from hub.engine.waiting import Lane, Waiting
from hub.engine.worker_process import Attempt, WorkerProcess
from hub.records.run import ErrorKind, RunError

log = structlog.get_logger()


class Dispatch:
    """Hands out jobs and follows their attempts.

    State: `waiting` are the jobs no worker has; `_attempts` those that one was given, by run. A job
    is in just one of the two places. `_workers` are the processes that are ready.
    """

    def __init__(
        self,
        *,
        sink: Sink,
        clock: Clock,
        catalogue: Catalogue,
        cancel_seconds: float,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self.waiting = Waiting()
        self._sink = sink
        self._clock = clock
        self._catalogue = catalogue
        self._cancel_seconds = cancel_seconds
        self._tasks = tasks
        self._patience: set[asyncio.Task[None]] = set()
        self._attempts: dict[str, Attempt] = {}
        self._workers: list[WorkerProcess] = []

    def submit(self, job: Job) -> None:
        """Take a job. It is begun as soon as its turn comes and a worker has room."""
        self._wait(job)
        self._feed()

    def cancel(self, run: str) -> bool:
        """Stop a run, or take it out of the queue; False if it is neither waiting nor held."""
        if job := self.waiting.withdraw(run):
            self._sink.cancelled(run, job.attempt)
        elif attempt := self._attempts.get(run):
            attempt.cancelled = True
            attempt.worker.send(Cancel(run=run, attempt=attempt.number))
            task = self._tasks.create_task(self._replace_if_unheeded(attempt))
            self._patience.add(task)
            task.add_done_callback(self._patience.discard)
        else:
            return False
        return True

    def join(self, worker: WorkerProcess) -> None:
        """A worker is ready."""
        self._workers.append(worker)
        self._feed()

    def report(self, worker: WorkerProcess, message: FromWorker) -> None:
        """Pass on what a worker says; nothing that is about an attempt which is over."""
        attempt = worker.attempt_of(message)
        if attempt is None:
            return
        match message:
            case Started(run=run, attempt=number, cached=cached):
                attempt.begun = True
                self._sink.begun(run, number, cached)
            case NodeStarted(run=run, attempt=number, node=node):
                self._sink.node_started(run, number, node)
            case Progress():
                self._sink.progressed(message)
            case NodeDone():
                self._sink.node_done(message)
            case Done() | Failed() | Cancelled():
                self._let_go(attempt)
                self._conclude(message)
                self._feed()

    def bury(self, worker: WorkerProcess) -> None:
        """Decide what becomes of the attempts that a dead worker held."""
        if worker in self._workers:
            self._workers.remove(worker)
        begun = worker.possibly_begun()
        for attempt in list(worker.attempts.values()):
            self._let_go(attempt)
            if attempt.cancelled:
                self._sink.cancelled(attempt.job.run, attempt.number)
            elif worker.condemned or attempt not in begun:
                self._again(attempt, attempt.job)
            else:
                self._judge(attempt, is_alone=len(begun) == 1)
        self._feed()

    def close(self) -> None:
        """Wait for no cancelled run any longer."""
        for task in self._patience:
            task.cancel()

    def _feed(self) -> None:
        """Hand out jobs while there is room. What must be alone comes first."""
        for lane in (Lane.ALONE, Lane.LIGHT, Lane.EXECUTION):
            while (job := self.waiting.first(lane)) and (worker := self._room(lane)):
                self.waiting.withdraw(job.run)
                attempt = Attempt(job, job.attempt + 1, lane, worker)
                self._attempts[job.run] = worker.attempts[job.run] = attempt
                self._sink.starting(job.run, attempt.number)
                worker.send(_order(attempt))

    def _room(self, lane: Lane) -> WorkerProcess | None:
        """The worker with room that has least to do in this lane.

        While a job waits to be alone, the worker nearest to that is given nothing else.
        """
        rooms = [worker for worker in self._workers if worker.has_room(lane)]
        if lane is not Lane.ALONE and self.waiting.first(Lane.ALONE):
            emptiest = min(self._workers, key=lambda worker: len(worker.attempts), default=None)
            rooms = [worker for worker in rooms if worker is not emptiest]
        return min(rooms, key=lambda worker: worker.held(lane), default=None)

    async def _replace_if_unheeded(self, attempt: Attempt) -> None:
        await self._clock.sleep(self._cancel_seconds)
        if self._attempts.get(attempt.job.run) is attempt:
            log.warning("worker does not heed a cancelled run and is replaced", run=attempt.job.run)
            attempt.worker.condemn()

    def _conclude(self, end: Done | Failed | Cancelled) -> None:
        match end:
            case Done(run=run, attempt=number):
                self._sink.done(run, number)
            case Failed(run=run, attempt=number, error=error):
                self._sink.failed(run, number, error)
            case Cancelled(run=run, attempt=number):
                self._sink.cancelled(run, number)

    def _judge(self, attempt: Attempt, *, is_alone: bool) -> None:
        job = attempt.job
        deaths = job.deaths + is_alone
        if deaths < DEATHS_ALLOWED:
            is_suspect = job.suspect or not is_alone
            self._again(attempt, dataclasses.replace(job, deaths=deaths, suspect=is_suspect))
            return
        message = (
            f"The worker died {deaths} times while it carried out this run alone. "
            "It is not tried again by itself; look at its inputs, or at the memory it needs."
        )
        error = RunError(kind=ErrorKind.WORKER_DIED, message=message)
        self._sink.failed(job.run, attempt.number, error)

    def _again(self, attempt: Attempt, job: Job) -> None:
        self._sink.interrupted(job.run, attempt.number, job.deaths, job.suspect)
        self._wait(dataclasses.replace(job, attempt=attempt.number))

    def _wait(self, job: Job) -> None:
        self.waiting.add(job, self._lane(job))

    def _lane(self, job: Job) -> Lane:
        if job.suspect:
            return Lane.ALONE
        schemas = [self._catalogue.get(node["class_type"]) for node in job.graph.values()]
        is_light = all(schema is not None and schema.light for schema in schemas)
        return Lane.LIGHT if is_light else Lane.EXECUTION

    def _let_go(self, attempt: Attempt) -> None:
        del self._attempts[attempt.job.run]
        del attempt.worker.attempts[attempt.job.run]


def _order(attempt: Attempt) -> Execute:
    job = attempt.job
    return Execute(
        run=job.run,
        attempt=attempt.number,
        graph=job.graph,
        targets=job.targets,
        extra=job.extra,
        alone=job.suspect,
        fresh=job.fresh,
    )
