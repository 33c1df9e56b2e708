"""`output.save`: put a run's outputs where people want them, under names of their choice."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.base import Action, Known, Mistake, StepContext
from hub.automations.permission import permitted
from hub.errors import Invalid
from hub.storage.placements import Wanted, mark_done


class OutputSaveData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `output.save` takes."""

    outputs: Annotated[
        Any, Meta(description="The outputs: a template such as `{{ result.outputs }}`.")
    ]
    path: Annotated[
        str,
        Meta(
            description="Template of each file's path, with `output` and `loop.index`. Relative "
            "paths count from the configuration folder; a taken name gets a number."
        ),
    ]


class OutputSave(Action, frozen=True, kw_only=True, tag_field="action", tag="output.save"):
    """Put a run's outputs where people want them. Nothing is ever overwritten."""

    kind: ClassVar[str] = "output.save"

    data: OutputSaveData

    def mistakes(self, known: Known) -> Iterator[Mistake]:
        return known.outside(("data", "path"), self.data.path)

    async def finish(self, step: StepContext) -> Any:
        outputs = await step.render(self.data.outputs, native=True)
        if not isinstance(outputs, list) or not all(_is_output(output) for output in outputs):
            raise Invalid(
                f"output.save wants a list of outputs, such as {{{{ result.outputs }}}}; "
                f"{self.data.outputs!r} gave {str(outputs)[:100]!r}."
            )
        wanted = [
            await self._wanted(step, output, index, len(outputs))
            for index, output in enumerate(outputs)
        ]
        placements = await asyncio.to_thread(step.means.placing.put, wanted)
        await step.means.database.write(lambda connection: mark_done(connection, placements))
        return {"files": [str(placement.path) for placement in placements]}

    async def _wanted(
        self, step: StepContext, output: dict[str, Any], index: int, length: int
    ) -> Wanted:
        loop = {"index": index + 1, "index0": index, "length": length}
        text = await step.render(
            self.data.path, native=False, extra={"output": output, "loop": loop}
        )
        path = permitted(Path(text), step.means.folders)
        return Wanted(
            owner=step.firing,
            slot=f"{step.key}/{index}",
            source=Path(output["path"]),
            folder=path.parent,
            stem=path.stem,
            suffix=path.suffix,
            sha256=output["sha256"],
            size=output["size"],
        )


def _is_output(value: Any) -> bool:
    return isinstance(value, dict) and {"path", "sha256", "size"} <= value.keys()
