"""What conditions are told about the hub."""

from collections.abc import Callable

from hub.automations.supervisor import Supervisor
from hub.engine.engine import Engine
from hub.storage.disk_space import DiskSpace


class Facts:
    """Implements `hub.automations.conditions.base.HubFacts`.

    `supervisor` gives it when asked: it works with conditions, and is made after them.
    """

    def __init__(
        self, *, engine: Engine, disk_space: DiskSpace, supervisor: Callable[[], Supervisor]
    ) -> None:
        self._engine = engine
        self._disk_space = disk_space
        self._supervisor = supervisor

    def queue_length(self) -> int:
        return self._engine.waiting

    def free_disk(self) -> int:
        return self._disk_space.free

    def free_device_memory(self) -> int | None:
        workers = self._engine.workers
        return max((each.free for worker in workers for each in worker.devices), default=None)

    def has_model(self, folder: str, name: str) -> bool:
        return self._engine.catalogue.files.folder_has(folder, name)

    def automation_state(self, automation: str) -> str | None:
        states = {status.id: status.state for status in self._supervisor().statuses()}
        return states.get(automation)
