import torch

from hub.engine.sampling.consistency import Consistency, Distilled
from hub.engine.sampling.noise_levels import stable_diffusion

TEACHER = stable_diffusion()
LEVELS = Distilled(TEACHER)


def test_the_student_knows_every_twentieth_level_up_to_the_highest() -> None:
    assert len(LEVELS.table) == 50
    assert torch.equal(LEVELS.table, TEACHER.table[19::20])
    assert LEVELS.sigma_max == TEACHER.sigma_max


def test_timesteps_are_those_of_the_teacher() -> None:
    assert LEVELS.timestep(LEVELS.table).tolist() == list(range(19, 1000, 20))
    assert torch.allclose(LEVELS.sigma(LEVELS.timestep(LEVELS.table)), LEVELS.table)
    halfway = LEVELS.sigma(torch.tensor(29.0))
    assert torch.allclose(halfway, (LEVELS.table[0] * LEVELS.table[1]).sqrt())


def test_a_part_of_the_steps_is_counted_in_the_thousand() -> None:
    assert abs(LEVELS.percent_to_sigma(1 - 499 / 999) / float(TEACHER.table[499]) - 1) < 1e-5


def test_the_clean_latent_is_nearly_that_of_the_noise() -> None:
    prediction = Consistency(levels=LEVELS)
    noise, x = torch.randn(2, 1, 4, 4), torch.randn(2, 1, 4, 4)
    sigma = LEVELS.table[[3, 40]][:, None, None, None]
    time = torch.tensor([79.0, 819.0])[:, None, None, None] * 10
    kept = 0.25 / (time**2 + 0.25)
    expected = kept * x + time / (time**2 + 0.25).sqrt() * (x - sigma * noise)
    assert torch.allclose(prediction.denoised(x, sigma, noise), expected, atol=1e-6)
