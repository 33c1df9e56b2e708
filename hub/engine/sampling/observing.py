"""Looking at a sampling once a step, from the inside of whatever is around its sampler."""

from collections.abc import Callable

from torch import Tensor

from hub.engine.sampling.denoising import Denoise, Sampler
from hub.engine.sampling.driving import advance

Seen = Callable[[int, Tensor, Tensor], None]
"""Called once in each step: its number from 0, the clean latent as it looks there, and x."""


def step_at(sigmas: Tensor, sigma: Tensor) -> int:
    """The number from 0 of the step of a schedule in which a sampler asks about a level."""
    return max(int((sigmas[:-1] >= sigma).sum()) - 1, 0)


def observed(sampler: Sampler, sigmas: Tensor, seen: Seen) -> Sampler:
    """Around any sampler: `seen` is told of the first answer in each step of its schedule."""
    state, last = advance(sampler), -1
    while isinstance(state, Denoise):
        answer = yield state
        step = step_at(sigmas, state.sigma)
        if step > last:
            seen(step, answer.denoised, state.x)
            last = step
        state = advance(sampler, answer)
    return state
