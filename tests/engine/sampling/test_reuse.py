"""EasyCache around a sampler, against the paper's algorithm as a plain loop."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise, Sampler
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.driving import advance, drive, replay
from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise_levels import stable_diffusion
from hub.engine.sampling.prediction import Epsilon
from hub.engine.sampling.reuse import LatentSpace, NetworkSpace, Reuse, Space, reused
from hub.engine.sampling.samplers.euler import euler

SIGMAS = torch.linspace(14, 0, 21)
DIFFUSION = Diffusion(ModelSampling(Epsilon(), stable_diffusion()), 0)
X = torch.randn(1, 4, 5, 6, generator=torch.Generator().manual_seed(0)) * 14
Found = tuple[Tensor, int, int]


def curved(request: Denoise) -> Answer:
    """A model whose noise is no straight line of what it sees."""
    seen = request.x / (request.sigma**2 + 1) ** 0.5
    noise = torch.tanh(seen) + 0.3 * torch.sin(request.sigma)
    return Answer(request.x - noise * request.sigma, request.x)


def sampled(
    space: Space,
    threshold: float,
    *,
    start: float = 1000.0,
    end: float = 0.0,
    answer: Callable[[Denoise], Answer] = curved,
) -> Found:
    """The latent, how many answers were reused, and of how many."""
    told: list[tuple[int, int]] = []
    reuse = Reuse(space=space, threshold=threshold, start=start, end=end)
    sampler = reused(euler(X, SIGMAS, DIFFUSION), reuse, lambda *counts: told.append(counts))
    return drive(sampler, answer), *told[0]


def by_the_paper(space: str, threshold: float, start: float, end: float) -> tuple[Tensor, int]:
    """Algorithm and symbols of the paper, with Euler's steps in between."""
    x, error, saved = X, 0.0, 0
    k: Any = None
    u_before: Any = None
    u_known: Any = None
    v_known: Any = None
    for sigma, sigma_next in zip(SIGMAS[:-1].tolist(), SIGMAS[1:].tolist(), strict=True):
        u = x / (sigma**2 + 1) ** 0.5 if space == "network" else x
        error_now = float("inf")
        if k is not None and start >= sigma >= end:
            error_now = error + k * float((u - u_before).abs().mean() / v_known.abs().mean())
        u_before = u
        if error_now < threshold:
            error, saved = error_now, saved + 1
            v = u + (v_known - u_known)
        else:
            error = 0.0
            clean = curved(Denoise(x, torch.tensor(sigma))).denoised
            v = (x - clean) / sigma if space == "network" else clean
            if v_known is not None:
                k = float((v - v_known).abs().mean() / (u - u_known).abs().mean())
            u_known, v_known = u, v
        noise = v if space == "network" else (x - v) / sigma
        x = x + noise * (sigma_next - sigma)
    return x, saved


@pytest.mark.parametrize("threshold", [0.12, 0.3, 1.0])
@pytest.mark.parametrize("space", ["network", "latent"])
def test_answers_are_reused_as_in_the_paper(space: str, threshold: float) -> None:
    spaces: Mapping[str, Space] = {"network": NetworkSpace(), "latent": LatentSpace()}
    found, saved, total = sampled(spaces[space], threshold, start=12, end=1.5)
    expected, expected_saved = by_the_paper(space, threshold, 12, 1.5)
    assert (saved, total) == (expected_saved, 20)
    assert 0 < saved < 18
    assert torch.allclose(found, expected, atol=1e-3)


def test_without_allowance_the_model_is_always_asked() -> None:
    plain = drive(euler(X, SIGMAS, DIFFUSION), curved)
    found, saved, _ = sampled(NetworkSpace(), 0.0)
    assert saved == 0
    assert torch.equal(found, plain)


def test_the_more_is_allowed_the_more_is_saved_and_the_further_it_is_off() -> None:
    plain = drive(euler(X, SIGMAS, DIFFUSION), curved)
    made = [sampled(NetworkSpace(), threshold) for threshold in (0.02, 0.2, 2.0)]
    saved = [count for _, count, _ in made]
    errors = [float((found - plain).abs().mean()) for found, _, _ in made]
    assert saved == sorted(set(saved))
    assert errors == sorted(errors)


def test_it_is_exact_for_a_network_that_puts_the_same_on_top_of_each_input() -> None:
    on_top = torch.linspace(-1, 1, 6)

    def even(request: Denoise) -> Answer:
        noise = request.x / (request.sigma**2 + 1) ** 0.5 + on_top
        return Answer(request.x - noise * request.sigma)

    plain = drive(euler(X, SIGMAS, DIFFUSION), even)
    found, saved, _ = sampled(NetworkSpace(), 1000.0, answer=even)
    assert saved == 18
    assert torch.allclose(found, plain, atol=1e-4)


def test_outside_of_its_levels_the_model_is_always_asked() -> None:
    asked: list[float] = []

    def noting(request: Denoise) -> Answer:
        asked.append(float(request.sigma))
        return curved(request)

    sampled(NetworkSpace(), 1000.0, start=10, end=3, answer=noting)
    left = SIGMAS[:-1].tolist()
    assert asked == [sigma for sigma in left if not 10 >= sigma >= 3]


def asking(requests: Sequence[Denoise], got: list[Answer]) -> Sampler:
    """Makes these requests, whatever the answers are."""
    for request in requests:
        answer = yield request
        got.append(answer)
    return requests[-1].x


def asked_of(*requests: Denoise) -> list[Denoise]:
    reuse = Reuse(space=NetworkSpace(), threshold=1000.0, start=1000.0, end=0.0)
    asked: list[Denoise] = []

    def noting(request: Denoise) -> Answer:
        asked.append(request)
        answer = curved(request)
        return answer if request.unguided else Answer(answer.denoised)

    drive(reused(asking(requests, []), reuse, lambda saved, total: None), noting)
    return asked


def test_the_model_is_asked_for_what_it_was_not_asked_before() -> None:
    first, second, third, fourth = (Denoise(X * by, torch.tensor(by)) for by in (4.0, 3, 2, 1))
    both = Denoise(X, torch.tensor(1.5), unguided=True)
    with_options = Denoise(X, torch.tensor(1.5), options={})
    at_the_end = Denoise(X, torch.tensor(0.0))
    assert asked_of(first, second, third, fourth) == [first, second]
    for other in (both, with_options, at_the_end):
        assert asked_of(first, second, other, fourth) == [first, second, other]


def test_the_unguided_answer_is_reused_too() -> None:
    requests = [Denoise(X * by, torch.tensor(by), unguided=True) for by in (4.0, 3.0, 2.0)]
    got: list[Answer] = []
    reuse = Reuse(space=LatentSpace(), threshold=1000.0, start=1000.0, end=0.0)
    drive(reused(asking(requests, got), reuse, lambda saved, total: None), curved)
    assert got[2].unguided is not None
    assert torch.allclose(got[2].unguided, requests[2].x)  # as the model says whatever x is


def test_a_sampling_is_replayed_from_the_answers_of_the_model_alone() -> None:
    def fresh() -> Sampler:
        reuse = Reuse(space=NetworkSpace(), threshold=0.2, start=1000.0, end=0.0)
        return reused(euler(X, SIGMAS, DIFFUSION), reuse, lambda saved, total: None)

    answers: list[Answer] = []

    def noting(request: Denoise) -> Answer:
        answers.append(curved(request))
        return answers[-1]

    whole = drive(fresh(), noting)
    assert len(answers) < 20
    sampler = fresh()
    state = replay(sampler, answers[:5])
    while isinstance(state, Denoise):
        state = advance(sampler, curved(state))
    assert torch.equal(state, whole)
