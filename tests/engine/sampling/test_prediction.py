"""What a model's output means: each kind finds the latent behind its own ideal output."""

import pytest
import torch
from torch import Tensor

from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise_levels import RationalShift, stable_diffusion
from hub.engine.sampling.prediction import Clean, Edm, Epsilon, Flow, Prediction, Velocity

LATENT = torch.tensor([1.0, -2.0, 0.5])
NOISE = torch.tensor([0.3, 0.1, -1.2])
SIGMA = torch.tensor(0.6)


def _velocity(sigma_data: float) -> Tensor:
    """The noise's share of what is seen less the latent's: v of Salimans and Ho."""
    size = (SIGMA**2 + sigma_data**2) ** 0.5
    return (sigma_data * NOISE - SIGMA / sigma_data * LATENT) / size


@pytest.mark.parametrize(
    ("prediction", "output"),
    [
        (Epsilon(), NOISE),
        (Velocity(), _velocity(1.0)),
        (Velocity(0.5), _velocity(0.5)),
        (Edm(0.5), -_velocity(0.5)),
        (Clean(), LATENT),
        (Flow(), NOISE - LATENT),
    ],
    ids=["epsilon", "velocity", "velocity 0.5", "edm", "clean", "flow"],
)
def test_the_latent_is_found_behind_the_ideal_output(
    prediction: Prediction, output: Tensor
) -> None:
    x = prediction.noised(LATENT, NOISE, SIGMA)
    torch.testing.assert_close(prediction.denoised(x, SIGMA, output), LATENT)


def test_noised_latents_are_scaled_to_the_size_of_the_data() -> None:
    x = torch.full((4,), 5.0)
    assert Epsilon().scaled(x, torch.tensor(4.0))[0] == pytest.approx(5 / 17**0.5)
    assert Flow().scaled(x, torch.tensor(0.9)) is x


def test_levels_of_a_joined_batch_are_its_own() -> None:
    x, sigmas = torch.ones(2, 4, 8, 8), torch.tensor([1.0, 3.0]).view(2, 1, 1, 1)
    joined = Velocity().denoised(x, sigmas, x)
    for row, sigma in enumerate(sigmas.flatten()):
        torch.testing.assert_close(joined[row], Velocity().denoised(x[row], sigma, x[row]))


def test_sampling_from_the_top_starts_with_more_noise() -> None:
    sampling = ModelSampling(Epsilon(), stable_diffusion())
    top, below = sampling.levels.sigma_max, torch.tensor(14.0)
    size = (1 + top**2) ** 0.5
    torch.testing.assert_close(sampling.start(LATENT, NOISE, top), LATENT + size * NOISE)
    torch.testing.assert_close(sampling.start(LATENT, NOISE, below), LATENT + 14 * NOISE)


def test_a_flow_starts_from_noise_alone_and_is_scaled_back_where_it_stops() -> None:
    sampling = ModelSampling(Flow(), RationalShift())
    assert torch.equal(sampling.start(LATENT, NOISE, torch.tensor(1.0)), NOISE)
    stopped = Flow().noised(LATENT, torch.zeros(3), SIGMA)
    torch.testing.assert_close(Flow().finished(stopped, SIGMA), LATENT)
