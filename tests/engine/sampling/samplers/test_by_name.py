"""What holds for every sampler: its name, its ends, and that it can go on from a log."""

import pytest
import torch
from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise, Sampler
from hub.engine.sampling.driving import advance, drive, replay
from hub.engine.sampling.samplers.by_name import SAMPLERS
from hub.engine.sampling.schedules import SCHEDULES
from tests.engine.comfyui_schemas import comfyui_schemas
from tests.engine.sampling.gaussian import EXPLODING, FLOW, Gaussian

SIGMAS = torch.tensor([14.0, 7.0, 3.0, 1.5, 0.6, 0.2, 0.0])
FLOW_SIGMAS = torch.tensor([1.0, 0.9, 0.7, 0.5, 0.3, 0.1, 0.0])
LATENT = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))
STOP_BEFORE_ZERO = ("dpm_fast", "dpm_adaptive")
KINDS = {"exploding": (EXPLODING, SIGMAS), "flow": (FLOW, FLOW_SIGMAS)}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> tuple[Gaussian, Tensor]:
    return KINDS[request.param]


def start(name: str, kind: tuple[Gaussian, Tensor], seed: int = 42) -> Sampler:
    gaussian, sigmas = kind
    return SAMPLERS[name](LATENT * sigmas[0], sigmas, gaussian.diffusion(seed))


def crooked(request: Denoise) -> Answer:
    """A denoiser like no ideal one, that also tells guided from unguided."""
    denoised = torch.tanh(request.x / (1 + request.sigma))
    return Answer(denoised, denoised.flip(-1) / 2)


def test_every_name_that_comfyui_offers_is_there_in_its_order() -> None:
    (offered,) = (one for one in comfyui_schemas() if one.class_type == "KSampler")
    for name, known in (("sampler_name", SAMPLERS), ("scheduler", SCHEDULES)):
        declared = offered.input(name)
        assert declared is not None
        assert tuple(known) == declared.options


@pytest.mark.parametrize("name", SAMPLERS)
def test_without_a_step_the_input_is_the_result(name: str, kind: tuple[Gaussian, Tensor]) -> None:
    gaussian, sigmas = kind
    for few in (sigmas[:0], sigmas[:1]):
        assert advance(SAMPLERS[name](LATENT, few, gaussian.diffusion())) is LATENT


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
@pytest.mark.parametrize("name", SAMPLERS)
def test_a_few_steps_end_near_the_data(
    name: str, steps: int, kind: tuple[Gaussian, Tensor]
) -> None:
    gaussian, sigmas = kind
    few = torch.cat([sigmas[:steps], sigmas[-1:]])
    result = drive(SAMPLERS[name](LATENT * few[0], few, gaussian.diffusion()), crooked)
    assert result.shape == LATENT.shape
    assert result.dtype == torch.float32
    left = few[-2] if name in STOP_BEFORE_ZERO else 0
    assert float(result.abs().max()) < 20 + 5 * left


@pytest.mark.parametrize("name", SAMPLERS)
def test_latent_and_levels_of_the_caller_are_left_as_they_were(
    name: str, kind: tuple[Gaussian, Tensor]
) -> None:
    gaussian, sigmas = kind
    given, latent = sigmas.double(), LATENT.clone()
    drive(SAMPLERS[name](latent, given, gaussian.diffusion()), crooked)
    assert torch.equal(given, sigmas.double())
    assert torch.equal(latent, LATENT)


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_model_that_answers_no_numbers_does_not_hold_a_sampler_up(
    name: str, kind: tuple[Gaussian, Tensor]
) -> None:
    nothing = torch.full_like(LATENT, float("nan"))
    result = drive(start(name, kind), lambda request: Answer(nothing, nothing))
    assert bool(result.isnan().all())


@pytest.mark.parametrize("name", SAMPLERS)
def test_requests_are_for_scalar_float32_levels_of_the_schedule(
    name: str, kind: tuple[Gaussian, Tensor]
) -> None:
    sampler = start(name, kind)
    state = advance(sampler)
    while isinstance(state, Denoise):
        assert state.sigma.shape == ()
        assert 0 < state.sigma <= kind[1][0] * (1 + 1e-6)
        assert state.x.dtype == torch.float32
        state = advance(sampler, crooked(state))


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_log_of_answers_brings_a_fresh_sampler_to_the_same_point(
    name: str, kind: tuple[Gaussian, Tensor]
) -> None:
    sampler, log, states = start(name, kind), list[Answer](), list[Denoise]()
    state = advance(sampler)
    while isinstance(state, Denoise):
        states.append(state)
        log.append(crooked(state))
        state = advance(sampler, log[-1])
    half = len(log) // 2
    replayed = replay(start(name, kind), log[:half])
    assert isinstance(replayed, Denoise)
    assert torch.equal(replayed.x, states[half].x)
    assert torch.equal(replayed.sigma, states[half].sigma)
    result = replay(start(name, kind), log)
    assert isinstance(result, Tensor)
    assert torch.equal(result, state)


@pytest.mark.parametrize("name", SAMPLERS)
def test_two_samplers_side_by_side_end_as_each_does_alone(
    name: str, kind: tuple[Gaussian, Tensor]
) -> None:
    alone = [drive(start(name, kind, seed), crooked) for seed in (1, 2)]
    samplers = [start(name, kind, seed) for seed in (1, 2)]
    states = [advance(sampler) for sampler in samplers]
    while any(isinstance(state, Denoise) for state in states):
        for index, state in enumerate(states):
            if isinstance(state, Denoise):
                states[index] = advance(samplers[index], crooked(state))
    for state, wanted in zip(states, alone, strict=True):
        assert isinstance(state, Tensor)
        assert torch.equal(state, wanted)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("name", SAMPLERS)
def test_a_gpu_carries_out_every_sampler(name: str) -> None:
    sampler = SAMPLERS[name](LATENT.cuda() * SIGMAS[0], SIGMAS, EXPLODING.diffusion())
    result = drive(sampler, crooked)
    assert result.device.type == "cuda"
    assert bool(result.isfinite().all())
