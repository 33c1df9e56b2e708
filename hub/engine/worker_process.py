"""The hub's handle of one worker process, and of the attempts it holds."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
import structlog

from hub.child import Child, start_child
from hub.config.engine_settings import EngineSettings
from hub.engine.devices import device_environment
from hub.engine.job import Job
from hub.engine.kinds import Lane
from hub.engine.loaded_models import LoadedModels
from hub.engine.messages import (
    DEVICE_LOST,
    CannotStart,
    ClassesAnswered,
    FromWorker,
    ModelsLoaded,
    NodeDone,
    NodeStarted,
    PackMessage,
    PackPrompt,
    Ready,
    ToWorker,
    decode_batch,
    encode,
)
from hub.engine.planned_worker import PlannedWorker
from hub.engine.worker_death import Death, Overgrowth
from hub.engine.worker_output import WorkerOutput
from hub.records.run import RunError
from hub.wire import frame, read_frame

log = structlog.get_logger()


@dataclass(slots=True, eq=False)
class Attempt:
    """One try of one job in `worker`, which has told when it has `begun`.

    `cancelled` means that it was asked to stop, `verdict` that the hub itself ends it, and why.
    `under_way` are nodes and since when; `heard_at` is when it told something last.
    """

    job: Job
    number: int
    lane: Lane
    worker: "WorkerProcess"
    begun: bool = False
    cancelled: bool = False
    verdict: RunError | None = None
    heard_at: float = 0.0
    under_way: dict[str, float] = field(default_factory=dict)

    @property
    def node(self) -> str | None:
        """The node that began last of those under way."""
        return next(reversed(self.under_way), None)

    def class_of(self, node: str | None) -> str | None:
        return self.job.graph[node]["class_type"] if node in self.job.graph else None

    def hear(self, message: FromWorker, now: float) -> None:
        """Note what it tells of its nodes, and that it tells anything."""
        self.heard_at = now
        if isinstance(message, NodeStarted):
            self.under_way[message.node] = now
        elif isinstance(message, NodeDone):
            self.under_way.pop(message.display or message.node, None)


_OF_NO_ATTEMPT = Ready | CannotStart | PackMessage | PackPrompt | ModelsLoaded | ClassesAnswered


class WorkerProcess:
    """A worker as the hub sees it.

    State: `attempts` is what it holds, by run, in the order in which it was handed over; `slots`
    how many light runs it carries out at once, 0 until it is ready; `models` are the files that it
    has loaded or is about to, and `memory` is what it told of them last; `condemned` says that the
    hub itself killed it, or that it lost its device, so that its end is nobody's fault; `ended`
    that it has gone, and `death` how; `begun` counts the attempts that it has begun.
    """

    def __init__(self, name: str, child: Child, output: WorkerOutput, max_batch: int = 1) -> None:
        self.name = name
        self._max_batch = max_batch
        self._child = child
        self._output = output
        self._overgrowth: Overgrowth | None = None
        self._garbled = False
        self._hanging_up = asyncio.create_task(child.hang_up_after_exit(), name="hang up")
        self._boot = ""
        self.attempts: dict[str, Attempt] = {}
        self.slots = 0
        self.models = LoadedModels()
        self.memory = ModelsLoaded()
        self.device = ""
        self.condemned = False
        self.ended = False
        self.death = Death(exit_code=0)
        self.begun = 0

    @classmethod
    async def start(
        cls,
        module: str,
        settings: EngineSettings,
        plan: PlannedWorker,
        node_modules: tuple[str, ...] = (),
    ) -> "WorkerProcess":
        """Start a process; it tells by `Ready` when it can take runs.

        Raises `OSError`, and `NoSuchDevice` if it is certain that it would find none.
        """
        environment = await asyncio.to_thread(device_environment, plan.device, os.environ)
        folders = plan.folders
        arguments = ["--data", str(folders.data), "--output", str(folders.output)]
        arguments += ["--cache", msgspec.json.encode(settings.cache).decode()]
        arguments += ["--device", plan.device, "--max-batch", str(settings.max_batch)]
        arguments += ["--previews", settings.previews]
        arguments += [_switch("compile", settings.compile)]
        arguments += [_switch("cuda-graphs", settings.cuda_graphs)]
        if settings.resume_seconds is not None:
            arguments += ["--resume-seconds", str(settings.resume_seconds)]
        if settings.model_memory is not None:
            arguments += ["--model-memory", str(settings.model_memory)]
        if plan.slots is not None:
            arguments += ["--slots", str(plan.slots)]
        for folder in folders.packs:
            arguments += ["--packs", str(folder)]
        if folders.further_models:
            arguments += ["--models", json.dumps(msgspec.to_builtins(folders.further_models))]
        for name in folders.chosen_packs:
            arguments += ["--pack", name]
        for name in folders.packs_apart:
            arguments += ["--without-pack", name]
        for node_module in node_modules:
            arguments += ["--nodes", node_module]
        output = WorkerOutput(plan.name)
        with await output.open() as pipe:
            child = await start_child(
                module, *arguments, environment=environment, output=pipe, leads_group=True
            )
        return cls(plan.name, child, output, settings.max_batch)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def is_ready(self) -> bool:
        """Whether it takes runs."""
        return self.slots > 0 and not self.condemned and not self.ended

    def has_room(self, lane: Lane) -> bool:
        """One more than it can carry out is sent ahead, so that it never waits for the hub."""
        if not self.is_ready or any(a.lane is Lane.ALONE for a in self.attempts.values()):
            return False
        if lane is Lane.ALONE:
            return not self.attempts
        return self.held(lane) <= self.capacity(lane)

    def capacity(self, lane: Lane) -> int:
        """How many attempts of that lane it carries out at once."""
        match lane:
            case Lane.LIGHT:
                return self.slots
            case Lane.SHARED:
                return self._max_batch
        return 1

    def held(self, lane: Lane) -> int:
        """How many attempts of that lane it has."""
        return len(self._in(lane))

    def possibly_begun(self) -> list[Attempt]:
        """The attempts it may have been carrying out: news of their beginning may be lost."""
        return [
            attempt
            for lane in Lane
            for place, attempt in enumerate(self._in(lane))
            if attempt.begun or place < self.capacity(lane)
        ]

    def hold(self, attempt: Attempt) -> None:
        """It is about to be handed over."""
        if not self.attempts:
            self._output.forget()
        self.attempts[attempt.job.run] = attempt

    def send(self, message: ToWorker) -> None:
        """Queue a message; a worker that has gone drops it."""
        self._child.writer.write(frame(encode(message)))

    async def messages(self) -> AsyncIterator[FromWorker]:
        """What it says, until it ends. The first boot id it shows is the one that counts."""
        while (payload := await read_frame(self._child.reader)) is not None:
            try:
                batch = decode_batch(payload)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                log.error("worker says what cannot be read", worker=self.name, reason=str(error))  # noqa: TRY400 - the frames are ours
                self._garbled = True
                self._child.kill()
                return
            self._boot = self._boot or batch.boot
            if batch.boot == self._boot:
                for message in batch.messages:
                    yield message

    def attempt_of(self, message: FromWorker) -> Attempt | None:
        """The attempt a message is about; None if that is over."""
        if isinstance(message, _OF_NO_ATTEMPT):
            return None
        attempt = self.attempts.get(message.run)
        return attempt if attempt and attempt.number == message.attempt else None

    def condemn(self) -> None:
        """Kill it because a cancelled run does not stop."""
        self.condemned = True
        self._child.kill()

    def kill_as_too_large(self, reached: int, limit: int) -> None:
        """Kill it because it has more memory than it may have."""
        self._overgrowth = Overgrowth(reached=reached, limit=limit)
        self._child.kill()

    async def end(self) -> int:
        """Close the socket, which ends it; its exit code."""
        self._hanging_up.cancel()
        with suppress(asyncio.CancelledError):
            await self._hanging_up
        is_loading = not self.slots and not self._child.reader.at_eof()
        if is_loading:  # torch: it notices nothing, and holds nothing
            self._child.kill()
        exit_code = await self._child.close()
        await self._output.close()
        self.death = Death(
            exit_code=exit_code,
            last_lines=self._output.last_lines(),
            last_error=self._output.last_error(),
            overgrowth=self._overgrowth,
            garbled=self._garbled,
        )
        self.condemned |= exit_code == DEVICE_LOST
        return exit_code

    def _in(self, lane: Lane) -> list[Attempt]:
        return [attempt for attempt in self.attempts.values() if attempt.lane is lane]


def _switch(name: str, is_on: bool) -> str:
    return f"--{name}" if is_on else f"--no-{name}"
