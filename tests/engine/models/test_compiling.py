"""Networks that torch compiles: calls are filled up, and give the same to rounding."""

import pytest
import torch
from torch import Tensor
from torch._dynamo.utils import counters

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.compiling import filled, is_by_itself
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.residuals import NO_RESIDUALS, Residuals

SEEN_BY_TORCH = "eager"  # the backend that takes a network apart, and calls it as it is


def asked(model: DiffusionModel, rows: int) -> Tensor:
    draw = torch.Generator().manual_seed(rows)
    x, text = torch.randn(rows, 4, 8, 8, generator=draw), torch.randn(rows, 77, 768, generator=draw)
    return model.apply_model(x, torch.linspace(9.0, 1.0, rows), c_crossattn=text)


@pytest.mark.parametrize(("rows", "full"), [(1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (9, 16)])
def test_rows_are_filled_up_with_the_last_one(rows: int, full: int) -> None:
    part = torch.arange(rows * 2.0).reshape(rows, 2)
    found = filled(part)
    assert len(found) == full
    assert found[:rows].equal(part)
    assert found[rows:].equal(part[-1:].expand(full - rows, 2))


def test_what_nodes_put_into_the_network_is_not_compiled() -> None:
    told = {"cond_or_uncond": [0, 1], "sigmas": torch.ones(2)}
    assert is_by_itself({"transformer_options": told, "control": NO_RESIDUALS})
    assert not is_by_itself({"transformer_options": {**told, "patches": {}}})
    assert not is_by_itself({"control": Residuals(middle=torch.ones(1))})


@pytest.mark.slow
def test_a_compiled_network_is_one_graph_for_three_and_four_latents(tiny: Checkpoint) -> None:
    model = tiny.model.clone()
    expected = [asked(model, rows) for rows in (3, 4)]
    counters.clear()
    model.compiled_by = SEEN_BY_TORCH
    found = [asked(model, rows) for rows in (3, 4)]
    assert counters["stats"]["unique_graphs"] == 1
    assert not counters["graph_break"]
    for one, other in zip(found, expected, strict=True):
        assert one.shape == other.shape
        assert float((one - other).abs().max()) < 5e-5 * float(other.std())
    model.compiled_by = None
    assert asked(model, 3).equal(expected[0])
    assert counters["stats"]["unique_graphs"] == 1
