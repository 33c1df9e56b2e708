"""What a sampler yields and is sent: a latent to denoise, and the model's answer.

A sampler never calls a model. Whoever drives it may answer many samplers with one batched call,
park it between two steps, or go on later from the answers that it has had (see `driving`).
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor


@dataclass(frozen=True)
class Denoise:
    """The request to tell which clean latent is behind `x` at the noise level `sigma`.

    `sigma` is a scalar float32 tensor on the CPU, wherever `x` lies: so no sampler waits for a GPU
    when it calculates with noise levels or compares them.
    """

    x: Tensor
    sigma: Tensor
    unguided: bool = False  # needs the answer's `unguided`, even where guidance has nothing to do
    options: Mapping[str, Any] | None = None  # of the model, in the place of those that it has


class Answer(NamedTuple):
    """Clean latents as the model sees them, both of the shape of `x`."""

    denoised: Tensor
    unguided: Tensor | None = None  # what the model says without the positive prompt


# Sampling is the carrying-out of one: it yields requests, is sent answers, and returns the latent.
Sampler = Generator[Denoise, Answer, Tensor]


def denoise(x: Tensor, sigma: Tensor) -> Sampler:
    """Ask for the guided clean latent: `denoised = yield from denoise(x, sigma)`."""
    answer = yield Denoise(x, sigma)
    return answer.denoised


def denoise_both(x: Tensor, sigma: Tensor) -> Generator[Denoise, Answer, tuple[Tensor, Tensor]]:
    """Ask for the guided clean latent and the unguided one."""
    denoised, unguided = yield Denoise(x, sigma, unguided=True)
    assert unguided is not None, "the request asked for it"
    return denoised, unguided
