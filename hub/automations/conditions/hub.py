"""`hub`: how the hub itself is. Not in Home Assistant."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from hub.automations.conditions.base import Condition, Ruling, Situation
from hub.config.fields import ByteCount, checked
from hub.config.scalars import Unfit


def folder_and_file(model: str) -> None:
    """Raises `Unfit` for a name without a folder."""
    if "/" not in model:
        raise Unfit("a folder of models and a file in it, such as checkpoints/sd15.safetensors")


class HubCondition(Condition, frozen=True, kw_only=True, tag_field="condition", tag="hub"):
    """All of what is asked holds of the hub."""

    kind: ClassVar[str] = "hub"

    max_queue: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        Meta(description="At most so many runs wait for a worker."),
    ] = None
    min_free_disk: Annotated[
        ByteCount | None, Meta(description="At least so much is free on the data disk.")
    ] = None
    min_free_device_memory: Annotated[
        ByteCount | None,
        Meta(
            description="At least so much memory is free on a worker's device, the one with the"
            " most, as the workers told last."
        ),
    ] = None
    model: Annotated[
        str | None,
        checked(folder_and_file),
        Meta(description="This file of models is there, such as `checkpoints/sd15.safetensors`."),
    ] = None

    def __post_init__(self) -> None:
        asked = (self.max_queue, self.min_free_disk, self.min_free_device_memory, self.model)
        if asked == (None,) * len(asked):
            raise ValueError(
                "A hub condition needs `max_queue`, `min_free_disk`, `min_free_device_memory` or"
                " `model`."
            )

    async def judge(self, situation: Situation) -> Ruling:
        rulings = list(self._rulings(situation))
        details = "; ".join(ruling.details for ruling in rulings)
        return Ruling(holds=all(ruling.holds for ruling in rulings), details=details)

    def _rulings(self, situation: Situation) -> Iterator[Ruling]:
        if self.max_queue is not None:
            waiting = situation.hub.queue_length()
            details = f"{waiting} runs wait, at most {self.max_queue} wanted"
            yield Ruling(holds=waiting <= self.max_queue, details=details)
        if self.min_free_disk is not None:
            free = situation.hub.free_disk()
            details = f"{free} bytes are free, at least {self.min_free_disk} wanted"
            yield Ruling(holds=free >= self.min_free_disk, details=details)
        if self.min_free_device_memory is not None:
            yield _device_memory(situation.hub.free_device_memory(), self.min_free_device_memory)
        if self.model is not None:
            folder, _, name = self.model.partition("/")
            there = situation.hub.has_model(folder, name)
            details = f"the model {self.model} is {'there' if there else 'missing'}"
            yield Ruling(holds=there, details=details)


def _device_memory(free: int | None, wanted: int) -> Ruling:
    if free is None:
        return Ruling(holds=False, details="no worker has told yet how much device memory is free")
    details = f"{free} bytes of device memory are free, at least {wanted} wanted"
    return Ruling(holds=free >= wanted, details=details)
