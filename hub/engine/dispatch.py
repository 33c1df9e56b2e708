"""Dispatch: which job goes to which worker, when, and what becomes of it when the worker dies.

The rule of deaths: an attempt that was alone in its worker counts a death; those that were in
company become suspects and go again, each alone; those that had not begun go again as if nothing
had happened. Two deaths alone end a run, and one for want of memory in a worker that had done
nothing else.
"""

import asyncio
from collections.abc import Sequence

import structlog
from msgspec.structs import replace

from hub.clock import Clock
from hub.engine.catalogue import Catalogue
from hub.engine.homes import lacking_home
from hub.engine.job import DEATHS_ALLOWED, Job, Sink
from hub.engine.kinds import Lane, kind_of
from hub.engine.messages import (
    Cancel,
    Cancelled,
    Done,
    Execute,
    Failed,
    FromWorker,
    ModelsLoaded,
    NodeDone,
    NodeStarted,
    Preview,
    Progress,
    Started,
)
from hub.engine.routing import Routing
from hub.engine.waiting import Waiting
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
        self.waiting = Waiting(clock)
        self._routing = Routing(self.waiting, catalogue)
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

    @property
    def workers(self) -> Sequence[WorkerProcess]:
        """Those that are ready."""
        return self._workers

    @property
    def is_idle(self) -> bool:
        return not self._attempts and not len(self.waiting)

    def cancel(self, run: str) -> bool:
        """Stop a run, or take it out of the queue; False if it is neither waiting nor held."""
        if job := self.waiting.withdraw(run):
            self._sink.cancelled(run, job.attempt, None)
        elif attempt := self._attempts.get(run):
            attempt.cancelled = True
            self._ask_to_stop(attempt)
        else:
            return False
        return True

    def move(self, run: str, *, priority: int, position: float) -> bool:
        """Give a job that waits another turn; False if it does not wait."""
        return self.waiting.move(run, priority=priority, position=position)

    def stop(self, attempt: Attempt, error: RunError) -> None:
        """End an attempt that goes wrong; `error` becomes the run's."""
        log.warning("run is ended", run=attempt.job.run, reason=error.message)
        attempt.verdict = error
        self._ask_to_stop(attempt)

    def join(self, worker: WorkerProcess, *, has_news: bool) -> None:
        """A worker is ready. With news of its classes, jobs that need others than the built-in
        ones may be of another kind now, or at home in no worker any longer."""
        self._workers.append(worker)
        if has_news:
            for job in self.waiting.with_classes():
                self.waiting.withdraw(job.run)
                self._wait(job)
        self._feed()

    def report(self, worker: WorkerProcess, message: FromWorker) -> None:
        """Pass on what a worker says; nothing that is about an attempt which is over."""
        attempt = worker.attempt_of(message)
        if attempt is None:
            return
        attempt.hear(message, self._clock.monotonic())
        match message:
            case Started(run=run, attempt=number, cached=cached):
                attempt.begun = True
                worker.begun += 1
                self._sink.begun(run, number, cached)
            case NodeStarted(run=run, attempt=number, node=node):
                self._sink.node_started(run, number, node)
            case Progress():
                self._sink.progressed(message)
            case Preview():
                self._sink.previewed(message)
            case NodeDone():
                self._sink.node_done(message)
            case Done() | Failed() | Cancelled():
                self._let_go(attempt)
                self._conclude(attempt, message)
                self._feed()

    def learn_models(self, worker: WorkerProcess, loaded: ModelsLoaded) -> None:
        """What a worker has loaded, besides which it will load what its runs need."""
        kinds = (kind_of(attempt.job, self._catalogue) for attempt in worker.attempts.values())
        worker.memory = loaded
        worker.models.learn(loaded.files, {name for kind in kinds for name in kind.models})

    def bury(self, worker: WorkerProcess) -> None:
        """Decide what becomes of the attempts that a dead worker held."""
        if worker in self._workers:
            self._workers.remove(worker)
        begun = worker.possibly_begun()
        for attempt in list(worker.attempts.values()):
            self._let_go(attempt)
            if attempt.cancelled:
                self._sink.cancelled(attempt.job.run, attempt.number, attempt.node)
            elif attempt.verdict:
                self._sink.failed(attempt.job.run, attempt.number, attempt.verdict)
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
        for lane in (Lane.ALONE, Lane.LIGHT, Lane.SHARED, Lane.EXECUTION):
            while found := self._routing.next(lane, self._workers):
                (_, job, kind), worker = found
                self.waiting.withdraw(job.run)
                attempt = Attempt(job, job.attempt + 1, lane, worker)
                self._attempts[job.run] = attempt
                worker.hold(attempt)
                worker.models.note(kind.models)
                self._sink.starting(job.run, attempt.number)
                worker.send(_order(attempt))

    def _ask_to_stop(self, attempt: Attempt) -> None:
        attempt.worker.send(Cancel(run=attempt.job.run, attempt=attempt.number))
        task = self._tasks.create_task(self._replace_if_unheeded(attempt))
        self._patience.add(task)
        task.add_done_callback(self._patience.discard)

    async def _replace_if_unheeded(self, attempt: Attempt) -> None:
        await self._clock.sleep(self._cancel_seconds)
        if self._attempts.get(attempt.job.run) is attempt:
            log.warning("worker does not heed a cancelled run and is replaced", run=attempt.job.run)
            attempt.worker.condemn()

    def _conclude(self, attempt: Attempt, end: Done | Failed | Cancelled) -> None:
        match end:
            case Failed() | Cancelled() if attempt.verdict and not attempt.cancelled:
                self._sink.failed(end.run, end.attempt, attempt.verdict)
            case Done(run=run, attempt=number):
                self._sink.done(run, number)
            case Failed(run=run, attempt=number, error=error):
                self._sink.failed(run, number, error)
            case Cancelled(run=run, attempt=number):
                self._sink.cancelled(run, number, attempt.node)

    def _judge(self, attempt: Attempt, *, is_alone: bool) -> None:
        job = attempt.job
        death = attempt.worker.death
        deaths = job.deaths + is_alone
        is_too_large = death.overgrowth and is_alone and attempt.worker.begun <= 1
        if deaths < DEATHS_ALLOWED and not is_too_large:
            is_suspect = job.suspect or not is_alone
            self._again(attempt, replace(job, deaths=deaths, suspect=is_suspect))
            return
        self._sink.failed(job.run, attempt.number, death.error(job.graph, attempt.node, deaths))

    def _again(self, attempt: Attempt, job: Job) -> None:
        self._sink.interrupted(job.run, attempt.number, job.deaths, job.suspect)
        self._wait(replace(job, attempt=attempt.number))

    def _wait(self, job: Job) -> None:
        kind = kind_of(job, self._catalogue)
        if self._catalogue.is_homeless(kind.classes):
            message = f"It cannot be carried out: {lacking_home(job.graph, self._catalogue)}."
            error = RunError(kind=ErrorKind.GRAPH_REFUSED, message=message)
            self._sink.failed(job.run, job.attempt, error)
        else:
            self.waiting.add(job, kind)

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
        priority=job.priority,
        careful=job.suspect or job.deaths > 0,
        fresh=job.fresh,
    )
