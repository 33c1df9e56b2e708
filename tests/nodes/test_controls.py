from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from hub.engine.models.checkpoint import load_checkpoint
from hub.engine.models.control_models import LoadedControlNet, LoadedUnion
from hub.engine.models.controls import Control
from hub.nodes.controls import (
    ControlNetApply,
    ControlNetApplyAdvanced,
    ControlNetApplySD3,
    ControlNetLoader,
    DiffControlNetLoader,
    SetUnionControlNetType,
)
from hub.nodes.sampling import KSampler
from hub.testing.nodes import NodeBench
from tests.engine.models.seeded_control import control_tensors

IMAGE = torch.rand(1, 16, 24, 3, generator=torch.Generator().manual_seed(3))


@pytest.fixture
def control(bench: NodeBench, tiny_file: Path) -> Control:
    """Loaded from its folder."""
    unet = dict(load_checkpoint(tiny_file).model.model.weights.originals)
    folder = bench.folder / "models" / "controlnet"
    folder.mkdir(parents=True)
    tensors = {name: value.contiguous() for name, value in control_tensors(unet, gain=0.3).items()}
    save_file(tensors, folder / "tiny.safetensors")
    (loaded,) = bench.run(ControlNetLoader, control_net_name="tiny.safetensors")
    assert isinstance(loaded, Control)
    return loaded


@pytest.fixture
def unloaded() -> Control:
    """One whose model nobody asks."""
    return Control(None)  # type: ignore[arg-type] # stands for a model


def entry(value: float = 1.0, **options: Any) -> list[Any]:
    return [torch.full((1, 77, 768), value), options]


def controls(*sides: list[list[Any]]) -> list[list[Any]]:
    return [[options.get("control") for _, options in side] for side in sides]


def test_a_controlnet_is_loaded_with_and_without_a_model(
    bench: NodeBench, control: Control, tiny_file: Path
) -> None:
    assert isinstance(control.model, LoadedControlNet)
    model = load_checkpoint(tiny_file).model
    (same,) = bench.run(DiffControlNetLoader, model=model, control_net_name="tiny.safetensors")
    assert isinstance(same.model, LoadedControlNet)


def test_a_union_is_told_the_kind_of_picture(bench: NodeBench, unloaded: Control) -> None:
    weights: Any = SimpleNamespace(originals={"task_embedding": torch.zeros(8, 4)})
    unloaded.model = LoadedUnion(weights)
    (tiles,) = bench.run(SetUnionControlNetType, control_net=unloaded, type="tile")
    (anything,) = bench.run(SetUnionControlNetType, control_net=tiles, type="auto")
    assert (unloaded.model.kind, tiles.model.kind, anything.model.kind) == (None, 6, None)


def test_other_controlnets_are_told_no_kind(bench: NodeBench, unloaded: Control) -> None:
    given = {"control_net": unloaded, "type": "depth"}
    assert bench.run(SetUnionControlNetType, **given) == (unloaded,)


def test_applying_tells_picture_strength_and_part(bench: NodeBench, unloaded: Control) -> None:
    sides = bench.run(
        ControlNetApplyAdvanced,
        positive=[entry(kept="yes")],
        negative=[entry()],
        control_net=unloaded,
        image=IMAGE,
        strength=0.5,
        start_percent=0.1,
    )
    ((given,), (other,)) = controls(*sides)
    assert given is other
    assert given.cond_hint_original.shape == (1, 3, 16, 24)
    assert (given.strength, given.timestep_percent_range) == (0.5, (0.1, 1.0))
    assert sides[0][0][1]["kept"] == "yes"
    assert unloaded.cond_hint_original is None


def test_entries_that_were_steered_alike_share_a_copy(bench: NodeBench, unloaded: Control) -> None:
    before = unloaded.copy()
    steered = {"positive": [entry(control=before), entry()], "negative": [entry(control=before)]}
    sides = bench.run(ControlNetApplyAdvanced, **steered, control_net=unloaded, image=IMAGE)
    ((chained, alone), (also,)) = controls(*sides)
    assert chained is also
    assert chained is not alone
    assert (chained.previous_controlnet, alone.previous_controlnet) == (before, None)


def test_without_strength_conditionings_stay_as_they_are(
    bench: NodeBench, unloaded: Control
) -> None:
    sides = {"positive": [entry()], "negative": [entry()]}
    given = {"control_net": unloaded, "image": IMAGE, "strength": 0.0}
    assert bench.run(ControlNetApplyAdvanced, **sides, **given) == (
        sides["positive"],
        sides["negative"],
    )
    assert bench.run(ControlNetApply, conditioning=sides["positive"], **given) == (
        sides["positive"],
    )


def test_the_old_node_steers_the_negative_side_too(bench: NodeBench, unloaded: Control) -> None:
    (((_, options),),) = bench.run(
        ControlNetApply, conditioning=[entry()], control_net=unloaded, image=IMAGE
    )
    assert options["control_apply_to_uncond"] is True
    assert options["control"].strength == 1.0


def test_the_node_with_an_autoencoder_does_the_same(bench: NodeBench, unloaded: Control) -> None:
    sides = {"positive": [entry()], "negative": [entry()]}
    found = bench.run(
        ControlNetApplySD3, **sides, control_net=unloaded, vae=None, image=IMAGE, strength=0.2
    )
    assert [control.strength for side in controls(*found) for control in side] == [0.2, 0.2]


def test_sampling_is_steered(bench: NodeBench, control: Control, tiny_file: Path) -> None:
    model = load_checkpoint(tiny_file).model
    plain = {"positive": [entry()], "negative": [entry(0.5)]}
    positive, negative = bench.run(
        ControlNetApplyAdvanced, **plain, control_net=control, image=IMAGE, end_percent=0.5
    )
    without = sampled(bench, model, **plain)
    steered = sampled(bench, model, positive=positive, negative=negative)
    assert not torch.allclose(without, steered, atol=0.05)
    assert torch.equal(steered, sampled(bench, model, positive=positive, negative=negative))


def sampled(bench: NodeBench, model: Any, **sides: Any) -> Tensor:
    latent = {"samples": torch.zeros(1, 4, 8, 8)}
    (made,) = bench.run(
        KSampler,
        model=model,
        seed=1,
        steps=3,
        cfg=4.0,
        sampler_name="euler",
        scheduler="normal",
        latent_image=latent,
        **sides,
    )
    samples: Tensor = made["samples"]
    return samples
