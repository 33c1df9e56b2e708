"""Sampling that changes a latent only where a mask says so."""

from collections.abc import Callable
from dataclasses import replace

from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise, Sampler
from hub.engine.sampling.driving import advance

Noised = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Latent, noise and level: the latent with that noise, as `Prediction.noised` gives it."""

MaskAt = Callable[[Tensor], Tensor]
"""The mask that counts at a level."""


def kept_outside(
    sampler: Sampler, mask_at: MaskAt, latent: Tensor, noise: Tensor, noised: Noised
) -> Sampler:
    """Around any sampler: where the mask is 0, `latent` stays.

    What the model is asked has the original there, with noise of the level, and so has what the
    sampler is told (Lugmayr et al. 2022, RePaint, equation 8). The same noise at every level.
    """
    state = advance(sampler)
    while isinstance(state, Denoise):
        around, outside = noised(latent, noise, state.sigma), 1 - mask_at(state.sigma)
        answer = yield replace(state, x=state.x.lerp(around, outside))
        state = advance(sampler, Answer(answer.denoised.lerp(latent, outside), answer.unguided))
    return state
