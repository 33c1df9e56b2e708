"""Networks that torch compiles: calls are filled up, and give the same to rounding."""

import pytest
import torch
from torch import Tensor
from torch._dynamo.utils import counters

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.compiling import filled, has_functions
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.residuals import NO_RESIDUALS, Residuals
from hub.engine.models.unet_blocks import Block

SEEN_BY_TORCH = "eager"  # the backend that takes a network apart, and calls it as it is


def asked(model: DiffusionModel, rows: int, control: Residuals = NO_RESIDUALS) -> Tensor:
    draw = torch.Generator().manual_seed(rows)
    x, text = torch.randn(rows, 4, 8, 8, generator=draw), torch.randn(rows, 77, 768, generator=draw)
    levels = torch.linspace(9.0, 1.0, rows)
    return model.apply_model(x, levels, c_crossattn=text, control=control)


def is_nearly(one: Tensor, other: Tensor) -> bool:
    return float((one - other).abs().max()) < 5e-5 * float(other.std())


@pytest.mark.parametrize(("rows", "full"), [(1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (9, 16)])
def test_rows_are_filled_up_with_the_last_one(rows: int, full: int) -> None:
    part = torch.arange(rows * 2.0).reshape(rows, 2)
    found = filled(part)
    assert len(found) == full
    assert found[:rows].equal(part)
    assert found[rows:].equal(part[-1:].expand(full - rows, 2))


def test_what_nodes_put_into_the_network_is_not_compiled() -> None:
    told = {"cond_or_uncond": [0, 1], "sigmas": torch.ones(2)}
    assert not has_functions({"transformer_options": told, "control": NO_RESIDUALS})
    assert not has_functions({})
    assert has_functions({"transformer_options": {**told, "patches": {}}})


def test_a_layer_that_somebody_changed_is_noticed(tiny: Checkpoint) -> None:
    with tiny.model.placed() as unet:
        handle = unet.middle_block[0].register_forward_hook(lambda layer, inputs, output: output)
        hooked = unet.is_changed
        handle.remove()
        unhooked = unet.is_changed
        unet.out[0].forward = lambda x: x
        replaced = unet.is_changed
        del unet.out[0].forward
        assert (hooked, unhooked, replaced, unet.is_changed) == (True, False, True, False)


@pytest.fixture
def compiling(tiny: Checkpoint) -> DiffusionModel:
    """A model whose blocks are taken apart, with nothing compiled yet."""
    torch.compiler.reset()
    counters.clear()
    model = tiny.model.clone()
    model.compiled_by = SEEN_BY_TORCH
    return model


@pytest.mark.slow
def test_the_blocks_of_a_compiled_network_are_one_graph_each_for_three_and_four_latents(
    tiny: Checkpoint, compiling: DiffusionModel
) -> None:
    expected = [asked(tiny.model, rows) for rows in (3, 4)]
    assert counters["stats"]["unique_graphs"] == 0
    assert is_nearly(asked(compiling, 3), expected[0])
    graphs = counters["stats"]["unique_graphs"]
    with compiling.placed() as unet:
        blocks = [part for part in unet.modules() if isinstance(part, Block)]
    assert 0 < graphs < len(blocks)
    assert is_nearly(asked(compiling, 4), expected[1])
    assert asked(tiny.model, 3).equal(expected[0])
    assert counters["stats"]["unique_graphs"] == graphs
    assert not counters["graph_break"]


@pytest.mark.slow
def test_what_a_control_adds_goes_between_compiled_blocks(
    tiny: Checkpoint, compiling: DiffusionModel
) -> None:
    asked(compiling, 4)
    graphs = counters["stats"]["unique_graphs"]
    draw = torch.Generator().manual_seed(1)
    control = Residuals(middle=torch.randn(3, 64, 4, 4, generator=draw))
    expected = asked(tiny.model, 3, control)
    assert not is_nearly(expected, asked(tiny.model, 3))
    assert is_nearly(asked(compiling, 3, control), expected)
    assert counters["stats"]["unique_graphs"] == graphs


@pytest.mark.slow
def test_a_layer_that_somebody_changed_is_called_as_it_is(compiling: DiffusionModel) -> None:
    before = asked(compiling, 2)
    with compiling.placed() as unet:
        handle = unet.out[2].register_forward_hook(lambda layer, inputs, output: output * 2)
    assert not is_nearly(asked(compiling, 2), before)
    handle.remove()
    assert asked(compiling, 2).equal(before)
