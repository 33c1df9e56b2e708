"""The workers that `engine.workers` in hub.yaml lists."""

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hub.config.fields import checked
from hub.config.positions import Positions
from hub.config.problems import Problems
from hub.config.scalars import Unfit

AUTO = "auto"
CPU = "cpu"
_DEVICE = re.compile(r"auto|cpu|cuda(:\d{1,3})?")


def known_device(device: str) -> None:
    """Raises `Unfit` for what is the name of no device, whether it is there or not."""
    if not _DEVICE.fullmatch(device):
        raise Unfit("auto, cpu, cuda, or one of several such as cuda:1")


class WorkerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Workers of one kind."""

    name: Annotated[
        str,
        Meta(
            description="What this worker is called wherever it is spoken of.",
            pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$",
            max_length=40,
        ),
    ]
    device: Annotated[
        str,
        Meta(
            description="`cpu`, `cuda`, or one of several GPUs such as `cuda:1`, the only one that"
            " the worker then sees. `auto` takes what is there."
        ),
        checked(known_device),
    ] = AUTO
    count: Annotated[
        int, Meta(description="How many equal workers of this kind there are.", ge=1, le=64)
    ] = 1
    slots: Annotated[
        Annotated[int, Meta(ge=1, le=256)] | None,
        Meta(description="As `engine.slots`, for this worker."),
    ] = None
    packs: Annotated[
        Literal["all", "none"] | list[str],
        Meta(
            description="The node packs that it loads, by folder or file name; or `all`, or `none`."
        ),
    ] = "all"


def check_worker_names(
    workers: int | list[WorkerSettings], positions: Positions, problems: Problems
) -> None:
    """No two workers may be called the same."""
    if isinstance(workers, int):
        return
    taken: dict[str, int] = {}
    for worker in workers:
        place = positions.of(worker, "name")
        if worker.name in taken:
            message = f"the worker in line {taken[worker.name]} has the name {worker.name!r} too"
            problems.add(place, message, value=worker.name)
        taken.setdefault(worker.name, place.line)
