"""Answering a sampler without the model, where the answer would hardly be another one.

EasyCache (Zhou et al. 2025, "Less is Enough: Training-Free Video Diffusion Acceleration via
Runtime-Adaptive Caching"): from step to step a network's output moves at a rate that changes slowly
when seen against its input. So one can tell how far it will have moved before it is asked; as long
as that adds up to little, what it put on top of its input last time is put on top of the new one.

A sampler cannot tell who answered it. What is decided follows from requests and answers alone, so a
sampling that goes on from its answers decides as it did.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise, Sampler
from hub.engine.sampling.driving import advance

Counted = Callable[[int, int], None]
"""Called at the end: how many answers were reused, and of how many."""


class Space(Protocol):
    """As what inputs and outputs are compared."""

    def input(self, x: Tensor, sigma: Tensor) -> Tensor:
        """Of a noisy latent."""

    def output(self, x: Tensor, sigma: Tensor, denoised: Tensor) -> Tensor:
        """Of the clean latent behind it."""

    def denoised(self, x: Tensor, sigma: Tensor, output: Tensor) -> Tensor:
        """The clean latent of an output."""


@dataclass(frozen=True, slots=True)
class NetworkSpace:
    """As a network sees latents, all of one size, and the noise that it finds in them."""

    def input(self, x: Tensor, sigma: Tensor) -> Tensor:
        return x / (sigma**2 + 1) ** 0.5

    def output(self, x: Tensor, sigma: Tensor, denoised: Tensor) -> Tensor:
        return (x - denoised) / sigma

    def denoised(self, x: Tensor, sigma: Tensor, output: Tensor) -> Tensor:
        return x - output * sigma


@dataclass(frozen=True, slots=True)
class LatentSpace:
    """As a sampler sees them: noisy latents and clean ones."""

    def input(self, x: Tensor, sigma: Tensor) -> Tensor:
        return x.clone()  # a sampler may write into what it asked about, later on

    def output(self, x: Tensor, sigma: Tensor, denoised: Tensor) -> Tensor:
        return denoised.clone()

    def denoised(self, x: Tensor, sigma: Tensor, output: Tensor) -> Tensor:
        return output


@dataclass(frozen=True, kw_only=True, slots=True)
class Reuse:
    """Answers are reused while their relative error adds up to less than `threshold`, and only at
    levels with start ≥ sigma ≥ end."""

    space: Space
    threshold: float
    start: float
    end: float


def reused(sampler: Sampler, reuse: Reuse, counted: Counted) -> Sampler:
    """Around any sampler. Requests with options of the model's are always asked, as functions in
    these may wait for it."""
    last = _Last(reuse)
    state, total, saved = advance(sampler), 0, 0
    while isinstance(state, Denoise):
        total += 1
        answer = last.again(state)
        if answer is None:
            answer = yield state
            last.learn(state, answer)
        else:
            saved += 1
        state = advance(sampler, answer)
    counted(saved, total)
    return state


class _Last:
    """What was asked and answered last.

    State: `_input` is that of the last request; `_known` are input and output of the last one that
    the model answered, `_added` what its outputs have beyond that input; `_rate` is how far outputs
    move for each unit that inputs do; `_error` what reuse may have cost since.
    """

    def __init__(self, reuse: Reuse) -> None:
        self._reuse = reuse
        self._input: Tensor | None = None
        self._known: tuple[Tensor, Tensor] | None = None
        self._added: list[Tensor] = []
        self._rate: float | None = None
        self._error = 0.0

    def again(self, request: Denoise) -> Answer | None:
        """The answer by that before; None if the model has to be asked."""
        x, sigma, space = request.x, request.sigma, self._reuse.space
        before, self._input = self._input, space.input(x, sigma)
        if before is not None and self._may_reuse(request):
            self._error += self._expected_error(before, self._input)
            if self._error < self._reuse.threshold:
                return Answer(*(space.denoised(x, sigma, self._input + one) for one in self._added))
        self._error = 0.0
        return None

    def learn(self, request: Denoise, answer: Answer) -> None:
        """What the model said, to the request that was to be answered last."""
        x, sigma, input_ = request.x, request.sigma, self._input
        assert input_ is not None, "it was to be answered"
        if not float(sigma):
            return
        parts = [part for part in answer if part is not None]
        outputs = [self._reuse.space.output(x, sigma, part) for part in parts]
        if self._known:
            moved = _distance(input_, self._known[0])
            self._rate = _distance(outputs[0], self._known[1]) / moved if moved else None
        self._known = (input_, outputs[0])
        self._added = [output - input_ for output in outputs]

    def _may_reuse(self, request: Denoise) -> bool:
        is_within = self._reuse.start >= float(request.sigma) >= self._reuse.end
        has_all = len(self._added) > request.unguided
        return is_within and has_all and request.options is None and bool(float(request.sigma))

    def _expected_error(self, before: Tensor, input_: Tensor) -> float:
        """Of what the last output says at this input, relative to its size."""
        if self._rate is None or self._known is None:
            return float("inf")
        size = float(self._known[1].abs().mean())
        return self._rate * _distance(input_, before) / size if size else float("inf")


def _distance(one: Tensor, other: Tensor) -> float:
    return float((one - other).abs().mean())
