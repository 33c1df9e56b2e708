"""What a node may ask of the engine while it runs."""

import asyncio
import hashlib
import math
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakMethod

from torch import Tensor

from hub.config.engine_settings import Previews
from hub.engine.input_files import InputFiles
from hub.engine.messages import Execute, File, FromWorker, Preview, Progress
from hub.engine.models.answer_log import ResumeAt
from hub.engine.models.sampling_run import SamplingRun
from hub.engine.models.sampling_task import Told
from hub.engine.worker.dynamic_graph import DynamicGraph
from hub.engine.worker.node_code import RunCancelled
from hub.engine.worker.sampling_loop import SamplingLoop
from hub.engine.worker.sampling_means import SamplingMeans
from hub.engine.worker.shown_latents import preview_method
from hub.engine.worker.staging import Staged, Staging
from hub.nodes.pixels import picture_of
from hub.nodes.previews import encoded_preview
from hub.records.output import OutputFolder

SECONDS_BETWEEN_PROGRESS = 0.02
SECONDS_BETWEEN_PREVIEWS = 0.1
_LONGEST_PARENT = 80


class Outlet(Protocol):
    """Where messages to the hub go."""

    def tell(self, message: FromWorker) -> None:
        """Send it soon, after all that was told before."""

    def flush(self) -> None:
        """Send all of it now."""


class Attempt:
    """What all nodes of one attempt share. `cancelled` may be set from another thread, by its
    execution, whose method `stop` is; weakly, so that neither keeps the other."""

    stop: WeakMethod[Callable[[], None]]

    def __init__(
        self,
        order: Execute,
        staging: Staging,
        input_files: InputFiles,
        outlet: Outlet,
        sampling: SamplingLoop,
        means: SamplingMeans | None = None,
    ) -> None:
        self.order = order
        self.sampling = sampling
        self.means = means or SamplingMeans()
        self.staging = staging
        self.input_files = input_files
        self.outlet = outlet
        self.cancelled = False
        self.graph = DynamicGraph(order.graph)
        self._prefixes: Counter[str] = Counter()
        self._samplings: Counter[str] = Counter()
        self._resume_points: list[Path] = []

    def new_prefix(self, node: str) -> str:
        """Another one each time, and the same ones whenever the graph is carried out again.

        A loop expands ever deeper; so a long id stands in it as its hash.
        """
        self._prefixes[node] += 1
        if len(node) > _LONGEST_PARENT:
            digest = hashlib.sha256(node.encode()).hexdigest()[:16]
            return f"{self.graph.get_display_node_id(node)}.{digest}.{self._prefixes[node]}."
        return f"{node}.{self._prefixes[node]}."

    def resume_at(self, node: str) -> ResumeAt | None:
        """Where the next sampling of a node is noted."""
        self._samplings[node] += 1
        found = self.means.resume_at(self.order.run, node, self._samplings[node])
        if found:
            self._resume_points.append(found.path)
        return found

    def drop_resume_points(self) -> None:
        """It is over, and nobody goes on from them."""
        for path in self._resume_points:
            with suppress(OSError):  # most samplings are too quick to have one
                path.unlink()

    @property
    def is_deterministic(self) -> bool:
        """Whether it shares no calls of models, and takes nothing that was made in company."""
        return self.order.extra.get("deterministic") is True

    def check_cancelled(self) -> None:
        if self.cancelled:
            raise RunCancelled


class NodeContext:
    """Implements `hub.nodes.api.Context` for one node of one attempt."""

    def __init__(self, attempt: Attempt, node: str) -> None:
        self._attempt = attempt
        self._told_at = 0.0
        self._previewed_at = 0.0
        self._untold: Progress | None = None
        self._staged: list[Staged] = []
        self.node = node
        self.prompt = attempt.order.graph
        self.extra_pnginfo: dict[str, Any] | None = attempt.order.extra.get("extra_pnginfo")

    def stage(
        self, *, prefix: str, suffix: str, folder: OutputFolder, counted: bool = True
    ) -> Staged:
        staged = self._attempt.staging.stage(prefix, suffix, folder, counted=counted)
        self._staged.append(staged)
        return staged

    def input_file(self, name: str) -> Path:
        return self._attempt.input_files.path(name)

    def input_folder(self, name: str) -> Path:
        return self._attempt.input_files.folder(name)

    def model_file(self, kind: str, name: str) -> Path:
        path = self._attempt.input_files.model(kind, name)
        self._attempt.means.opened(kind, name, path)
        return path

    def model_folders(self, kind: str) -> tuple[Path, ...]:
        return self._attempt.input_files.model_folders(kind)

    def progress(self, value: float, maximum: float) -> None:
        """At most fifty a second are told; the last is told when the node is done."""
        self._attempt.check_cancelled()
        value, maximum = float(value), float(maximum)
        if not (math.isfinite(value) and math.isfinite(maximum)):
            return
        order = self._attempt.order
        shown = self._attempt.graph.get_display_node_id(self.node)
        self._untold = Progress(order.run, order.attempt, shown, value, maximum)
        now = time.monotonic()
        if now - self._told_at >= SECONDS_BETWEEN_PROGRESS:
            self._told_at = now
            self._tell()

    def preview(self, encoded: Callable[[], tuple[bytes, str]]) -> None:
        """At most ten a second are told; only those are encoded."""
        now = time.monotonic()
        if now - self._previewed_at >= SECONDS_BETWEEN_PREVIEWS:
            self._previewed_at = now
            self._show(*encoded(), may_be_missed=True)

    def show(self, image: bytes, kind: str) -> None:
        """Waits while the hub does not keep up, so that pictures do not pile up here."""
        self._show(image, kind, may_be_missed=False)
        self._attempt.outlet.flush()

    async def sampled(self, run: SamplingRun) -> Tensor:
        attempt = self._attempt
        resume_at = attempt.resume_at(self.node)
        task = run.task(
            *(self._sampling_told(run), attempt.order.priority, resume_at),
            is_alone=attempt.is_deterministic,
        )
        self._attempt.sampling.add(task)
        return await asyncio.wrap_future(task.result)

    def _sampling_told(self, run: SamplingRun) -> Told:
        """What the sampling loop calls after each step; ends a run that was cancelled."""
        attempt = self._attempt
        method = preview_method(attempt.order.extra.get("preview_method"), attempt.means.previews)
        form = run.guider.model.latent_format

        def shown(denoised: Tensor) -> tuple[bytes, str]:
            return encoded_preview(
                picture_of(attempt.means.shown.picture(denoised, form, method)[0])
            )

        def told(step: int, steps: int, denoised: Tensor) -> None:
            self.progress(step, steps)
            if method != Previews.NONE:
                self.preview(lambda: shown(denoised))

        return told

    @property
    def run(self) -> str:
        """The id of the run that the node belongs to."""
        return self._attempt.order.run

    @property
    def client(self) -> str | None:
        """The client that posted the run through ComfyUI's protocol."""
        client: str | None = self._attempt.order.extra.get("client_id")
        return client

    @property
    def graph(self) -> DynamicGraph:
        """What DYNPROMPT gives."""
        return self._attempt.graph

    def check_cancelled(self) -> None:
        self._attempt.check_cancelled()

    def cancel(self) -> None:
        """Have the run stop at its next chance."""
        if stop := self._attempt.stop():
            stop()

    def new_prefix(self) -> str:
        return self._attempt.new_prefix(self.node)

    def close(self, ui: dict[str, Any] | None) -> tuple[File, ...]:
        """Tell the last progress; gives the files that were written.

        Raises `NothingWritten` and `OSError`.
        """
        self._tell()
        return self._attempt.staging.measured(self.node, self._staged, ui)

    def _show(self, image: bytes, kind: str, *, may_be_missed: bool) -> None:
        order = self._attempt.order
        shown = self._attempt.graph.get_display_node_id(self.node)
        preview = Preview(order.run, order.attempt, shown, image, kind, may_be_missed)
        self._attempt.outlet.tell(preview)

    def _tell(self) -> None:
        untold, self._untold = self._untold, None  # another thread of the node may do it meanwhile
        if untold:
            self._attempt.outlet.tell(untold)
