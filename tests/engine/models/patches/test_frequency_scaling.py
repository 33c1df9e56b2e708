"""FreSca on latents that are sums of known waves."""

import math

import torch
from torch import Tensor

from hub.engine.models.patches.frequency_scaling import FrequencyScaled

HEIGHT, WIDTH = 16, 24
NEGATIVE = torch.randn(1, 4, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(0))


def wave(down: int, across: int) -> Tensor:
    rows, columns = torch.arange(HEIGHT)[:, None], torch.arange(WIDTH)
    angle = 2 * math.pi * (down * rows / HEIGHT + across * columns / WIDTH)
    return torch.cos(angle + 0.3).expand(1, 4, HEIGHT, WIDTH)


def way(by: FrequencyScaled, given: Tensor) -> Tensor:
    """What becomes of the way between two sides."""
    positive, negative, other = by({"conds_out": [NEGATIVE + given, NEGATIVE, given]})
    assert negative is NEGATIVE
    assert other is given
    return positive - negative


def is_near(found: Tensor, expected: Tensor) -> bool:
    return torch.allclose(found, expected, atol=1e-5)


def test_slow_waves_get_one_factor_and_all_others_the_other() -> None:
    by = FrequencyScaled(low=0.5, high=2.0, cutoff=4)
    for low in (wave(0, 0), wave(3, 0), wave(-3, 2), wave(3, 3)):
        assert is_near(way(by, low), low * 0.5)
    for high in (wave(5, 0), wave(0, 7), wave(1, -5), wave(8, 12)):
        assert is_near(way(by, high), high * 2)
    assert is_near(way(by, wave(1, 1) + wave(0, 9)), wave(1, 1) * 0.5 + wave(0, 9) * 2)


def test_of_two_opposite_waves_at_the_cutoff_one_is_low() -> None:
    by = FrequencyScaled(low=0.5, high=2.0, cutoff=4)
    assert is_near(way(by, wave(4, 0)), wave(4, 0) * 1.25)


def test_the_cutoff_is_at_most_half_of_the_shorter_side() -> None:
    by = FrequencyScaled(low=0.5, high=2.0, cutoff=10000)
    assert is_near(way(by, wave(7, 7)), wave(7, 7) * 0.5)
    assert is_near(way(by, wave(7, 9)), wave(7, 9) * 2)


def test_a_side_alone_stays_as_it_is() -> None:
    by = FrequencyScaled(low=0.5, high=2.0, cutoff=4)
    assert by({"conds_out": [NEGATIVE]}) == [NEGATIVE]
