"""What is the same for all samplings of a worker: how they are shown, and where they are noted."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hub.config.engine_settings import Previews
from hub.engine.models.answer_log import ResumeAt
from hub.engine.worker.shown_latents import ShownLatents

Opened = Callable[[str, str, Path], None]
"""Told of each model file that a node asks for: kind, name, path."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SamplingMeans:
    """Without a `resume_folder`, or `resume_seconds`, nothing is noted."""

    shown: ShownLatents = field(default_factory=ShownLatents)
    previews: Previews = Previews.AUTO
    resume_folder: Path | None = None
    resume_seconds: float | None = None
    opened: Opened = lambda kind, name, path: None

    def resume_at(self, run: str, node: str, number: int) -> ResumeAt | None:
        """Where the sampling of that number of a node is noted; the same in each attempt."""
        if self.resume_folder is None or self.resume_seconds is None:
            return None
        digest = hashlib.sha256(node.encode()).hexdigest()[:16]
        name = f"{run}-{digest}-{number}"
        return ResumeAt(path=self.resume_folder / name, seconds=self.resume_seconds)
