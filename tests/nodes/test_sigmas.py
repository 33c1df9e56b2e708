"""Schedules that are told their levels, and nodes that cut, turn and extend schedules."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.errors import Invalid
from hub.nodes.api import Node
from hub.nodes.schedulers import (
    AlignYourStepsScheduler,
    BasicScheduler,
    BetaSamplingScheduler,
    ExponentialScheduler,
    Flux2Scheduler,
    KarrasScheduler,
    LaplaceScheduler,
    LTXVScheduler,
    PolyexponentialScheduler,
    SDTurboScheduler,
    VPScheduler,
)
from hub.nodes.sigmas import (
    ExtendIntermediateSigmas,
    FlipSigmas,
    ManualSigmas,
    SamplingPercentToSigma,
    SetFirstSigma,
    SplitSigmas,
    SplitSigmasDenoise,
)
from hub.testing.nodes import NodeBench

SIGMAS = torch.tensor([14.0, 7.0, 3.0, 1.0, 0.0])


def one(bench: NodeBench, node: type[Node], **options: Any) -> Any:
    (found,) = bench.run(node, **options)
    return found


def parts(bench: NodeBench, node: type[Node], **options: Any) -> list[list[float]]:
    return [part.tolist() for part in bench.run(node, **options)]


def close(found: Tensor, *expected: float) -> bool:
    return torch.allclose(found, torch.tensor(expected), rtol=1e-4)


@pytest.mark.parametrize(
    ("node", "name"), [(KarrasScheduler, "karras"), (ExponentialScheduler, "exponential")]
)
def test_schedules_of_levels_are_those_of_a_model_with_these(
    bench: NodeBench, tiny: Checkpoint, node: type[Node], name: str
) -> None:
    assert tiny.model is not None
    of_model = one(bench, BasicScheduler, model=tiny.model, scheduler=name, steps=7)
    assert torch.allclose(one(bench, node, steps=7), of_model, rtol=1e-4)


def test_a_polyexponential_schedule_of_power_1_is_exponential(bench: NodeBench) -> None:
    found = one(bench, PolyexponentialScheduler, steps=5)
    assert torch.allclose(found, one(bench, ExponentialScheduler, steps=5), rtol=1e-5)
    limits = {"sigma_max": math.e**2, "sigma_min": math.e**-2}
    assert close(one(bench, PolyexponentialScheduler, steps=3, rho=2.0, **limits)[1:2], math.e**-1)


@pytest.mark.parametrize("node", [ExponentialScheduler, PolyexponentialScheduler])
def test_a_level_of_0_has_no_logarithm(bench: NodeBench, node: type[Node]) -> None:
    with pytest.raises(Invalid, match="set sigma_min and sigma_max to more than 0"):
        bench.run(node, sigma_min=0.0)


def test_laplace_is_symmetric_around_its_middle_and_ends_above_0(bench: NodeBench) -> None:
    limits = {"sigma_min": 1e-4, "sigma_max": 1e4, "mu": 1.0}
    logs = one(bench, LaplaceScheduler, steps=5, **limits).log()
    assert close(logs[2:3], 1.0)
    assert torch.allclose(logs + logs.flip(0), torch.full((5,), 2.0), atol=1e-4)
    assert (logs.diff() < 0).all()
    assert one(bench, LaplaceScheduler, steps=5)[-1] == pytest.approx(0.0291675)


def test_variance_preserving_levels_are_those_of_the_formula(bench: NodeBench) -> None:
    found = one(bench, VPScheduler, steps=2)
    assert close(found[:1], math.sqrt(math.expm1(19.9 / 2 + 0.1)))
    assert close(found[1:2], math.sqrt(math.expm1(19.9e-6 / 2 + 1e-4)))
    assert found[-1] == 0


def test_a_beta_schedule_of_the_usual_shape_is_the_one_by_name(
    bench: NodeBench, tiny: Checkpoint
) -> None:
    named = one(bench, BasicScheduler, model=tiny.model, scheduler="beta", steps=6)
    assert one(bench, BetaSamplingScheduler, model=tiny.model, steps=6).equal(named)
    with pytest.raises(Invalid, match="alpha and beta above 0"):
        bench.run(BetaSamplingScheduler, model=tiny.model, alpha=0.0)


def test_turbo_begins_at_the_highest_level_or_a_part_of_the_way(
    bench: NodeBench, tiny: Checkpoint
) -> None:
    assert tiny.model is not None
    table = tiny.model.sampling.levels.table
    assert close(one(bench, SDTurboScheduler, model=tiny.model), float(table[999]), 0.0)
    found = one(bench, SDTurboScheduler, model=tiny.model, steps=2, denoise=0.5)
    assert close(found, float(table[499]), float(table[399]), 0.0)


def test_aligned_steps_are_in_the_table_or_between(bench: NodeBench) -> None:
    ten = one(bench, AlignYourStepsScheduler, model_type="SDXL")
    assert len(ten) == 11
    assert close(ten[:2], 14.6146412293, 6.3184485287)
    assert ten[-1] == 0
    twenty = one(bench, AlignYourStepsScheduler, model_type="SDXL", steps=20)
    assert torch.allclose(twenty[:-1:2], ten[:-1])
    assert close(twenty[1:2], math.sqrt(14.6146412293 * 6.3184485287))
    assert one(bench, AlignYourStepsScheduler, denoise=0.5).equal(
        one(bench, AlignYourStepsScheduler)[-6:]
    )
    assert len(one(bench, AlignYourStepsScheduler, denoise=0.0)) == 0


def test_flux_2_shifts_even_times_by_size_and_steps(bench: NodeBench) -> None:
    few = one(bench, Flux2Scheduler, steps=10, width=1024, height=1024)
    mu = 8.73809524e-05 * 4096 + 1.89833333
    assert close(few[5:6], math.exp(mu) / (math.exp(mu) + 1))
    assert (few[0], few[-1]) == (1, 0)
    large = one(bench, Flux2Scheduler, steps=2, width=2048, height=2048)
    mu = 0.00016927 * 16384 + 0.45666666
    assert close(large[1:2], math.exp(mu) / (math.exp(mu) + 1))


def test_ltx_video_stretches_its_levels_to_the_last(bench: NodeBench) -> None:
    found = one(bench, LTXVScheduler, steps=8)
    assert close(found[[0, -2, -1]], 1.0, 0.1, 0.0)
    plain = one(bench, LTXVScheduler, steps=2, stretch=False)
    assert close(plain, 1.0, math.exp(2.05) / (math.exp(2.05) + 1), 0.0)
    small = {"samples": torch.zeros(1, 128, 1, 32, 32)}
    plain = one(bench, LTXVScheduler, steps=2, stretch=False, latent=small)
    assert close(plain[1:2], math.exp(0.95) / (math.exp(0.95) + 1))
    assert close(one(bench, LTXVScheduler, steps=1), 1.0, 0.0)


def test_a_schedule_is_parted_at_a_step(bench: NodeBench) -> None:
    assert parts(bench, SplitSigmas, sigmas=SIGMAS, step=2) == [[14, 7, 3], [3, 1, 0]]
    assert parts(bench, SplitSigmas, sigmas=SIGMAS, step=9) == [[14, 7, 3, 1, 0], []]


def test_a_schedule_is_parted_by_a_share_of_its_steps(bench: NodeBench) -> None:
    assert parts(bench, SplitSigmasDenoise, sigmas=SIGMAS, denoise=0.25) == [[14, 7, 3, 1], [1, 0]]
    assert parts(bench, SplitSigmasDenoise, sigmas=SIGMAS) == [[14], [14, 7, 3, 1, 0]]


def test_a_schedule_backwards_begins_above_0(bench: NodeBench) -> None:
    assert close(one(bench, FlipSigmas, sigmas=SIGMAS), 1e-4, 1.0, 3.0, 7.0, 14.0)
    assert SIGMAS[-1] == 0
    assert len(one(bench, FlipSigmas, sigmas=torch.empty(0))) == 0


def test_the_first_level_may_be_another(bench: NodeBench) -> None:
    assert one(bench, SetFirstSigma, sigmas=SIGMAS, sigma=5.0).tolist() == [5, 7, 3, 1, 0]
    assert SIGMAS[0] == 14


@pytest.mark.parametrize(
    ("spacing", "part"), [("linear", 0.5), ("cosine", math.sqrt(0.5)), ("sine", 1 - math.sqrt(0.5))]
)
def test_steps_between_two_levels_become_several(
    bench: NodeBench, spacing: str, part: float
) -> None:
    options = {"start_at_sigma": 7.0, "end_at_sigma": 3.0, "spacing": spacing}
    found = one(bench, ExtendIntermediateSigmas, sigmas=SIGMAS, **options)
    assert close(found, 14.0, 7.0, 7 - 4 * part, 3.0, 3 - 2 * part, 1.0, 0.0)
    from_the_first = one(bench, ExtendIntermediateSigmas, sigmas=SIGMAS, end_at_sigma=14.0)
    assert close(from_the_first, 14.0, 10.5, 7.0, 3.0, 1.0, 0.0)


def test_a_part_of_sampling_has_a_level(bench: NodeBench, tiny: Checkpoint) -> None:
    assert tiny.model is not None
    levels = tiny.model.sampling.levels

    def level(percent: float, *, actual: bool = False) -> float:
        options = {"sampling_percent": percent, "return_actual_sigma": actual}
        found: float = one(bench, SamplingPercentToSigma, model=tiny.model, **options)
        return found

    assert level(0.5) == levels.percent_to_sigma(0.5)
    assert level(0.0) > 1e8
    assert level(0.0, actual=True) == float(levels.sigma_max)
    assert (level(1.0), level(1.0, actual=True)) == (0.0, float(levels.sigma_min))


def test_levels_are_read_out_of_a_text(bench: NodeBench) -> None:
    found = one(bench, ManualSigmas, sigmas="1.0, .5 and 0.25; then 0")
    assert found.tolist() == [1.0, 0.5, 0.25, 0.0]
    assert len(one(bench, ManualSigmas, sigmas="none")) == 0
