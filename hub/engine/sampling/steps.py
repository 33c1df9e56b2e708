"""The noise levels that KSampler and KSampler (Advanced) have a sampler visit."""

import torch
from torch import Tensor

from hub.engine.sampling.noise_levels import NoiseLevels
from hub.engine.sampling.schedules import SCHEDULES, simple

# The last but one level of a schedule is left out for these; one more step makes up for it.
DISCARD_PENULTIMATE = {"dpm_2", "dpm_2_ancestral", "uni_pc", "uni_pc_bh2"}


def sigmas_for(
    levels: NoiseLevels, sampler: str, schedule: str, steps: int, denoise: float = 1.0
) -> Tensor:
    """The levels for `steps` steps of this sampler; a part of the noise is the end of more steps.

    Empty when there is nothing to denoise: the input is the result. Names nobody knows mean the
    first schedule, as ComfyUI has it.
    """
    if denoise > 0.9999:
        return _full(levels, sampler, schedule, steps)
    if denoise <= 0:
        return torch.empty(0)
    return _full(levels, sampler, schedule, int(steps / denoise))[-(steps + 1) :]


def _full(levels: NoiseLevels, sampler: str, schedule: str, steps: int) -> Tensor:
    function = SCHEDULES.get(schedule, simple)
    if sampler not in DISCARD_PENULTIMATE:
        return function(levels, steps)
    sigmas = function(levels, steps + 1)
    return torch.cat([sigmas[:-2], sigmas[-1:]])


def between(sigmas: Tensor, start: int, end: int, *, finish: bool) -> Tensor:
    """The part of a schedule from one step to another; empty if there is none.

    To `finish` is to go to 0 with the last of these steps instead of leaving noise in the latent.
    """
    if end < len(sigmas) - 1:
        sigmas = sigmas[: end + 1]
        if finish:
            sigmas = torch.cat([sigmas[:-1], sigmas.new_zeros(1)])
    return sigmas[start:] if start < len(sigmas) - 1 else sigmas[:0]
