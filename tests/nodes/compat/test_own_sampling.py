"""Ways of sampling that packs put together of two classes, and override."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise_levels import (
    ContinuousEdm,
    ExponentialShift,
    NoiseLevels,
    RationalShift,
    stable_diffusion,
)
from hub.engine.sampling.prediction import Clean, Edm, Epsilon, Flow, Prediction, Velocity
from tests.engine.models.conftest import tiny as tiny
from tests.engine.models.conftest import tiny_file as tiny_file
from tests.nodes.compat.conftest import Offered

PAIRS: list[tuple[str, str, Prediction, NoiseLevels]] = [
    ("ModelSamplingDiscrete", "EPS", Epsilon(), stable_diffusion()),
    ("ModelSamplingDiscrete", "V_PREDICTION", Velocity(), stable_diffusion()),
    ("ModelSamplingDiscrete", "X0", Clean(), stable_diffusion()),
    ("ModelSamplingContinuousEDM", "EDM", Edm(), ContinuousEdm()),
    ("ModelSamplingDiscreteFlow", "CONST", Flow(), RationalShift()),
    ("ModelSamplingFlux", "CONST", Flow(), ExponentialShift()),
]


def made(offered: Offered, levels: str, predicts: str) -> Any:
    module = offered("comfy.model_sampling")
    return type("Mine", (getattr(module, levels), getattr(module, predicts)), {})


def noise(seed: int) -> Tensor:
    return torch.randn(2, 4, 4, 4, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("levels", "predicts", "prediction", "known"), PAIRS)
def test_two_halves_sample_as_ours_of_the_same_kinds(
    offered: Offered, levels: str, predicts: str, prediction: Prediction, known: NoiseLevels
) -> None:
    own, ours = made(offered, levels, predicts)(), ModelSampling(prediction, known)
    x, output = noise(1), noise(2)
    some = known.table[torch.tensor([100, 700])]
    shaped = some[:, None, None, None]
    torch.testing.assert_close(own.sigmas, known.table)
    torch.testing.assert_close(own.timestep(some), known.timestep(some))
    for percent in (-1.0, 0.3, 1.0):
        assert own.percent_to_sigma(percent) == pytest.approx(known.percent_to_sigma(percent))
    for sigma in (some, shaped, known.table[50]):
        level = shaped if sigma is some else sigma
        clean = own.calculate_denoised(sigma, output, x)
        torch.testing.assert_close(clean, ours.prediction.denoised(x, level, output))
        begun = own.noise_scaling(sigma, x, output)
        torch.testing.assert_close(begun, ours.prediction.noised(output, x, level))
    assert (own.start(x, output, own.sigma_max) == ours.start(x, output, known.sigma_max)).all()
    assert isinstance(own.prediction, Flow) is isinstance(prediction, Flow)


def test_a_model_is_asked_with_what_a_class_overrides(offered: Offered, tiny: Checkpoint) -> None:
    """As a rescaled guidance, or a noise offset, of packs does it."""

    def calculate_denoised(self: Any, sigma: Tensor, output: Tensor, x: Tensor) -> Tensor:
        return super(mine, self).calculate_denoised(sigma, output, x) * 2  # type: ignore[no-any-return]

    mine = made(offered, "ModelSamplingDiscrete", "EPS")
    mine.calculate_denoised = calculate_denoised
    changed = tiny.model.clone()
    changed.add_object_patch("model_sampling", mine(changed.model.model_config))
    told = {"c_crossattn": torch.randn(2, 77, tiny.model.model.diffusion_model.context_width)}
    sigma = torch.tensor([1.0, 5.0])
    plain = tiny.model.apply_model(noise(3), sigma, **told)
    torch.testing.assert_close(changed.apply_model(noise(3), sigma, **told), plain * 2)
    assert changed.batch_key != tiny.model.batch_key


def test_levels_that_a_pack_sets_are_those_that_count(offered: Offered) -> None:
    own = made(offered, "ModelSamplingDiscrete", "EPS")()
    own.set_sigmas(torch.linspace(0.1, 10, 50))
    assert (float(own.sigma_min), float(own.levels.sigma_max)) == pytest.approx((0.1, 10))
    assert own.levels.timestep(torch.tensor(10.0)) == 49
    own.register_buffer("sigmas", torch.linspace(1, 2, 5))
    assert own.levels.timestep(torch.tensor(2.0)) == 4


def test_packs_may_ask_what_a_model_predicts(offered: Offered, tiny: Checkpoint) -> None:
    module = offered("comfy.model_sampling")
    ours = tiny.model.get_model_object("model_sampling")
    assert isinstance(ours, module.EPS)
    assert isinstance(ours, module.ModelSamplingDiscrete)
    assert not isinstance(ours, module.V_PREDICTION | module.CONST)
    own = made(offered, "ModelSamplingDiscreteFlow", "CONST")()
    assert isinstance(own, module.CONST)
    assert not isinstance(own, module.EPS)


def test_a_shift_is_one_of_time(offered: Offered, tiny_file: Path) -> None:
    module = offered("comfy.model_sampling")
    own = made(offered, "ModelSamplingDiscreteFlow", "CONST")()
    own.set_parameters(shift=3.0, multiplier=1.0)
    assert float(own.sigma(torch.tensor(0.5))) == pytest.approx(module.time_snr_shift(3.0, 0.5))
    flux = made(offered, "ModelSamplingFlux", "CONST")()
    expected = module.flux_time_shift(1.15, 1.0, 0.5)
    assert float(flux.sigma(torch.tensor(0.5))) == pytest.approx(expected)
