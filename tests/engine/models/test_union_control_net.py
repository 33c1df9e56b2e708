from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.conditions import conditions_of
from hub.engine.models.control_file import load_control
from hub.engine.models.control_models import LoadedUnion, NoSuchKind
from hub.engine.models.controls import Control
from hub.engine.models.evaluation import Request, evaluated
from hub.engine.models.layers import waves
from hub.engine.models.model_file import Tensors
from hub.engine.models.union_control_net import UnionControlNet
from tests.engine.models.seeded_control import union_tensors

HINT = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
SHAPE = torch.Size([1, 4, 8, 8])


@pytest.fixture
def tensors(tiny: Checkpoint) -> Tensors:
    return union_tensors(tiny.model.model.weights.originals)


@pytest.fixture
def union(tmp_path: Path, tensors: Tensors) -> LoadedUnion:
    path = tmp_path / "union.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)
    loaded = load_control(path).model
    assert isinstance(loaded, LoadedUnion)
    return loaded


def placed(union: LoadedUnion) -> UnionControlNet:
    net = union.weights.place(union.compute)
    assert isinstance(net, UnionControlNet)
    return net


def torch_layer(tensors: Tensors, x: Tensor) -> Tensor:
    """The layer as torch's own attention computes it."""
    own = {
        name.removeprefix("transformer_layes.0."): tensor
        for name, tensor in tensors.items()
        if name.startswith("transformer_layes.0.")
    }
    attention = nn.MultiheadAttention(32, 8, batch_first=True)
    attention.load_state_dict(
        {name.removeprefix("attn."): value for name, value in own.items() if "attn." in name}
    )
    n = nn.functional.layer_norm(x, (32,), own["ln_1.weight"], own["ln_1.bias"])
    x = x + attention(n, n, n, need_weights=False)[0]
    n = nn.functional.layer_norm(x, (32,), own["ln_2.weight"], own["ln_2.bias"])
    h = nn.functional.linear(n, own["mlp.c_fc.weight"], own["mlp.c_fc.bias"])
    h = h * torch.sigmoid(1.702 * h)
    return x + nn.functional.linear(h, own["mlp.c_proj.weight"], own["mlp.c_proj.bias"])


def test_what_it_sees_is_shifted_by_its_kind(union: LoadedUnion, tensors: Tensors) -> None:
    both = torch.randn(2, 2, 32, 4, 4, generator=torch.Generator().manual_seed(3))
    seen, first = both
    picture = seen.mean(dim=(2, 3)) + tensors["task_embedding"][3]
    with torch.no_grad():
        tokens = torch_layer(tensors, torch.stack([picture, first.mean(dim=(2, 3))], dim=1))
        shift = nn.functional.linear(
            tokens[:, 0], tensors["spatial_ch_projs.weight"], tensors["spatial_ch_projs.bias"]
        )
        leaned = placed(union).leaned(seen, first, 3)
    assert torch.allclose(leaned, seen + shift[:, :, None, None], atol=1e-4)


def test_its_blocks_are_told_the_kind(union: LoadedUnion, tensors: Tensors) -> None:
    chosen = waves(torch.tensor([0.0, 0, 1, 0, 0, 0]), 16).flatten()
    name = "control_add_embedding.linear"
    h = tensors[f"{name}_1.weight"] @ chosen + tensors[f"{name}_1.bias"]
    expected = tensors[f"{name}_2.weight"] @ nn.functional.silu(h) + tensors[f"{name}_2.bias"]
    with torch.no_grad():
        told = placed(union).told(2, torch.zeros(1))
    assert torch.allclose(told[0], expected, atol=1e-4)


def test_without_a_kind_it_goes_by_the_picture(union: LoadedUnion) -> None:
    seen = torch.ones(1, 32, 4, 4)
    assert placed(union).leaned(seen, torch.zeros(1, 32, 4, 4), None) is seen


def test_kinds_of_one_model_steer_differently(tiny: Checkpoint, union: LoadedUnion) -> None:
    answers = [steered(tiny, union.of_kind(kind)) for kind in (None, 0, 3)]
    for number, one in enumerate(answers):
        for other in answers[number + 1 :]:
            assert not torch.allclose(one, other, atol=1e-3)


def test_a_kind_that_it_does_not_know_is_refused(union: LoadedUnion) -> None:
    with pytest.raises(NoSuchKind, match="only the first 6 kinds"):
        union.of_kind(6)


def steered(tiny: Checkpoint, model: LoadedUnion) -> Tensor:
    options: dict[str, Any] = {"control": Control(model).set_cond_hint(HINT)}
    sides = (conditions_of([[torch.ones(1, 77, 768), options]], tiny.model, SHAPE),)
    x = torch.randn(SHAPE, generator=torch.Generator().manual_seed(2))
    ((answer,),) = evaluated(tiny.model, [Request(x=x, sigma=torch.tensor(2.0), sides=sides)])
    return answer
