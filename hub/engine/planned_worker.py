"""The workers that the settings ask for, each by its name."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hub.config.engine_settings import EngineSettings
from hub.config.folders import Folders
from hub.config.found_packs import pack_name
from hub.config.worker_settings import AUTO, WorkerSettings

ALL = "all"
MAIN = "main"
"""What workers are called that the settings only count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedWorker:
    """A worker as it should be. `folders` say which packs it loads; without `slots` it has as many
    as there are cores."""

    name: str
    folders: Folders
    device: str = AUTO
    slots: int | None = None


def planned_workers(settings: EngineSettings, folders: Folders) -> tuple[PlannedWorker, ...]:
    """The first is the primary one. Those for packs that are kept apart come last; they have the
    device of the primary one."""
    workers = list(_listed(settings, folders))
    apart = [
        PlannedWorker(
            name=f"pack:{pack_name(name)}",
            folders=replace(folders, chosen_packs=(name,), packs_apart=()),
            device=workers[0].device,
            slots=settings.slots,
        )
        for name in dict.fromkeys(folders.packs_apart)
    ]
    return (*workers, *apart)


def _listed(settings: EngineSettings, folders: Folders) -> Iterator[PlannedWorker]:
    kinds = settings.workers
    if isinstance(kinds, int):
        kinds = [WorkerSettings(name=MAIN, count=kinds)]
    for kind in kinds:
        for number in range(1, kind.count + 1):
            yield PlannedWorker(
                name=kind.name if kind.count == 1 else f"{kind.name} {number}",
                folders=_with_packs(kind.packs, folders),
                device=kind.device,
                slots=kind.slots or settings.slots,
            )


def _with_packs(packs: str | list[str], folders: Folders) -> Folders:
    """The folders with the choice of packs narrowed; what the whole hub leaves out stays out."""
    if packs == ALL:
        return folders
    allowed = set(map(pack_name, folders.chosen_packs))
    wanted = [] if isinstance(packs, str) else packs
    chosen = tuple(name for name in wanted if not allowed or pack_name(name) in allowed)
    return replace(folders, chosen_packs=chosen, packs=folders.packs if chosen else ())
