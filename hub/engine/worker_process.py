"""The hub's handle of one worker process, and of the attempts it holds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from hub.child import Child, start_child
from hub.config.engine_settings import EngineSettings
from hub.config.folders import Folders
from hub.engine.job import Job
from hub.engine.messages import FromWorker, Ready, ToWorker, decode_batch, encode
from hub.engine.waiting import Lane
from hub.wire import frame, read_frame


@dataclass(slots=True, eq=False)
class Attempt:
    """One try of one job in `worker`, which has told when it has `begun`.

    `cancelled` means that it was asked to stop.
    """

    job: Job
    number: int
    lane: Lane
    worker: "WorkerProcess"
    begun: bool = False
    cancelled: bool = False


class WorkerProcess:
    """A worker as the hub sees it.

    State: `attempts` is what it holds, by run, in the order in which it was handed over; `slots`
    how many light runs it carries out at once, 0 until it is ready; `condemned` says that the hub
    itself killed it, so that its end is nobody's fault; `ended` that it has gone.
    """

    def __init__(self, child: Child) -> None:
        self._child = child
        self._boot = ""
        self.attempts: dict[str, Attempt] = {}
        self.slots = 0
        self.device = ""
        self.condemned = False
        self.ended = False

    @classmethod
    async def start(
        cls,
        module: str,
        settings: EngineSettings,
        folders: Folders,
        node_modules: tuple[str, ...] = (),
    ) -> "WorkerProcess":
        """Start a process; it tells by `Ready` when it can take runs. Raises `OSError`."""
        arguments = ["--data", str(folders.data), "--output", str(folders.output)]
        arguments += ["--cache-bytes", str(settings.cache_bytes)]
        if settings.slots is not None:
            arguments += ["--slots", str(settings.slots)]
        for folder in folders.packs:
            arguments += ["--packs", str(folder)]
        for name in folders.chosen_packs:
            arguments += ["--pack", name]
        for node_module in node_modules:
            arguments += ["--nodes", node_module]
        return cls(await start_child(module, *arguments))

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
        return self.held(lane) <= self._capacity(lane)

    def held(self, lane: Lane) -> int:
        """How many attempts of that lane it has."""
        return len(self._in(lane))

    def possibly_begun(self) -> list[Attempt]:
        """The attempts it may have been carrying out: news of their beginning may be lost."""
        return [
            attempt
            for lane in Lane
            for place, attempt in enumerate(self._in(lane))
            if attempt.begun or place < self._capacity(lane)
        ]

    def send(self, message: ToWorker) -> None:
        """Queue a message; a worker that has gone drops it."""
        self._child.writer.write(frame(encode(message)))

    async def messages(self) -> AsyncIterator[FromWorker]:
        """What it says, until it ends. The first boot id it shows is the one that counts."""
        while (payload := await read_frame(self._child.reader)) is not None:
            batch = decode_batch(payload)
            self._boot = self._boot or batch.boot
            if batch.boot == self._boot:
                for message in batch.messages:
                    yield message

    def attempt_of(self, message: FromWorker) -> Attempt | None:
        """The attempt a message is about; None if that is over."""
        if isinstance(message, Ready):
            return None
        attempt = self.attempts.get(message.run)
        return attempt if attempt and attempt.number == message.attempt else None

    def condemn(self) -> None:
        """Kill it because a cancelled run does not stop."""
        self.condemned = True
        self._child.kill()

    async def end(self) -> int:
        """Close the socket, which ends it; its exit code."""
        if not self.slots:  # it is still loading torch: notices nothing, and holds nothing
            self._child.kill()
        return await self._child.close()

    def _capacity(self, lane: Lane) -> int:
        return self.slots if lane is Lane.LIGHT else 1

    def _in(self, lane: Lane) -> list[Attempt]:
        return [attempt for attempt in self.attempts.values() if attempt.lane is lane]
