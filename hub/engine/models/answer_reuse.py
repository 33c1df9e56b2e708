"""Reuse of answers, as nodes set it on a model: in parts of the sampling instead of levels."""

import logging
from dataclasses import dataclass

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.sampling.denoising import Sampler
from hub.engine.sampling.reuse import Reuse, Space, reused

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)  # what it tells was asked for
_OPTION = "answer_reuse"


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerReuse:
    """What a node says. One that is `verbose` tells the log how many calls were saved."""

    name: str
    space: Space
    threshold: float
    start_percent: float
    end_percent: float
    verbose: bool

    def on(self, model: DiffusionModel) -> DiffusionModel:
        """A copy that samples so."""
        changed = model.clone()
        changed.model_options[_OPTION] = self
        return changed

    def told(self, saved: int, total: int) -> None:
        if self.verbose:
            log.info("%s answered %d of %d requests without the model.", self.name, saved, total)


def with_reuse(model: DiffusionModel, sampler: Sampler) -> Sampler:
    """A sampler that gets answers again, if a node has set that on its model."""
    setting: AnswerReuse | None = model.model_options.get(_OPTION)
    if setting is None:
        return sampler
    levels = model.sampling.levels
    reuse = Reuse(
        space=setting.space,
        threshold=setting.threshold,
        start=levels.percent_to_sigma(setting.start_percent),
        end=levels.percent_to_sigma(setting.end_percent),
    )
    return reused(sampler, reuse, setting.told)
