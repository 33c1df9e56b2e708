"""Answering samplers: to the end with one function, and again from the answers they once had."""

from collections.abc import Callable, Iterable

from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise, Sampler


def drive(sampler: Sampler, answer: Callable[[Denoise], Answer]) -> Tensor:
    """Run one sampler to its end and return its latent."""
    state = advance(sampler)
    while isinstance(state, Denoise):
        state = advance(sampler, answer(state))
    return state


def replay(sampler: Sampler, answers: Iterable[Answer]) -> Denoise | Tensor:
    """Bring a fresh sampler to where `answers` leave it: at its next request, or at its result.

    No model is needed, and no sampler knows that this can be done: all that it has seen are the
    answers, and its own noise comes from its seed.
    """
    state = advance(sampler)
    for answer in answers:
        state = advance(sampler, answer)
    return state


def advance(sampler: Sampler, answer: Answer | None = None) -> Denoise | Tensor:
    """Start a fresh sampler or send it an answer; it comes back with a request, or its result."""
    try:
        return next(sampler) if answer is None else sampler.send(answer)
    except StopIteration as end:
        result: Tensor = end.value
        return result
