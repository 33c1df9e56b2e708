"""Samplers that are plain functions in threads give what generators give, and end with them."""

import threading
from collections.abc import Callable
from contextvars import ContextVar
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise, Sampler
from hub.engine.sampling.driving import advance, drive
from hub.engine.sampling.inpainting import kept_outside
from hub.engine.worker.node_code import RunCancelled
from hub.engine.worker.random_state import RandomState
from hub.engine.worker.threaded_sampler import THREAD_NAME, Ask, threaded

X = torch.ones(1, 4, 2, 2)
SIGMAS = torch.tensor([4.0, 2.0, 1.0, 0.0])
told: ContextVar[str] = ContextVar("told")


def own(function: Callable[[Ask], Tensor]) -> Sampler:
    return threaded(function, RandomState(7, X))


def halved(request: Denoise) -> Answer:
    return Answer(request.x / 2)


def euler(ask: Ask) -> Tensor:
    x = X
    for sigma, sigma_next in pairwise(SIGMAS):
        x = x + (x - ask(Denoise(x, sigma)).denoised) / sigma * (sigma_next - sigma)
    return x


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Callable[[], None]:
    def join() -> None:
        for thread in threading.enumerate():
            if thread.name == THREAD_NAME:
                thread.join(60)
                assert not thread.is_alive()

    return join


def test_a_function_gives_what_it_returns() -> None:
    expected = X
    for sigma, sigma_next in pairwise(SIGMAS):
        expected = expected + expected / 2 / sigma * (sigma_next - sigma)
    assert drive(own(euler), halved).equal(expected)


def test_a_function_that_asks_nothing_is_done_at_once() -> None:
    assert drive(own(lambda ask: X), halved) is X


def test_its_context_is_that_of_who_made_it() -> None:
    token = told.set("here")
    sampler = own(lambda ask: X * len(told.get()))
    told.reset(token)
    assert drive(sampler, halved).equal(X * 4)


def drawing(ask: Ask) -> Tensor:
    """Adds to what it is answered noise of torch's own generator."""
    x = X
    for sigma in SIGMAS:
        x = ask(Denoise(x, sigma)).denoised + torch.randn_like(x)
    return x


def test_it_draws_what_follows_the_noise_of_its_seed() -> None:
    torch.manual_seed(7)
    torch.randn_like(X)
    expected = X
    for _ in SIGMAS:
        expected = expected / 2 + torch.randn_like(X)
    torch.manual_seed(1)
    others = torch.get_rng_state()
    assert drive(own(drawing), halved).equal(expected)
    assert torch.get_rng_state().equal(others)


def test_two_that_draw_by_turns_give_what_each_gives_alone() -> None:
    expected = drive(own(drawing), halved)
    first, second = own(drawing), own(drawing)
    states = [advance(first), advance(second)]
    while isinstance(states[0], Denoise) and isinstance(states[1], Denoise):
        torch.randn(3)
        states = [advance(first, halved(states[0])), advance(second, halved(states[1]))]
    for state in states:
        assert isinstance(state, Tensor)
        assert state.equal(expected)


def test_what_it_raises_is_raised_where_it_is_driven() -> None:
    def failing(ask: Ask) -> Tensor:
        ask(Denoise(X, SIGMAS[0]))
        raise ValueError("the function gave up")

    with pytest.raises(ValueError, match="gave up") as raised:
        drive(own(failing), halved)
    assert raised.traceback[-1].name == "failing"


@pytest.mark.parametrize("wrapped", [False, True])
def test_it_ends_with_its_sampling(wrapped: bool, no_thread_is_left: Callable[[], None]) -> None:
    ended: list[type[BaseException]] = []

    def watched(ask: Ask) -> Tensor:
        for _ in range(2):  # it may ask again, and is told the same
            try:
                ask(Denoise(X, SIGMAS[0]))
            except RunCancelled as cancelled:
                ended.append(type(cancelled))
        return X

    sampler: Sampler = own(watched)
    if wrapped:
        noised = lambda latent, noise, sigma: latent + noise * sigma  # noqa: E731
        sampler = kept_outside(sampler, lambda sigma: X, X, X, noised)
    assert isinstance(advance(sampler), Denoise)
    sampler.close()
    no_thread_is_left()
    assert ended == [RunCancelled] * 2


def test_one_that_notices_the_cancellation_itself_cancels() -> None:
    def noticing(ask: Ask) -> Tensor:
        raise RunCancelled

    with pytest.raises(RunCancelled):
        drive(own(noticing), halved)
