"""Hypernetworks, against plain networks of torch that are put before keys and values."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.conditions import Condition
from hub.engine.models.cross_attention import CrossAttention
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Request, evaluated
from hub.engine.models.fingerprint import fingerprint
from hub.engine.models.hypernetwork import HypernetworkDoesNotFit
from hub.engine.models.hypernetwork_file import NotAHypernetwork, load_hypernetwork
from hub.engine.models.weights import WeightsDoNotFit
from tests.engine.models.hypernetwork_files import Network, Pairs, pairs_of, plain, save

X, SIGMA, TEXT = torch.randn(2, 4, 8, 8), torch.tensor([2.0, 2.0]), torch.randn(2, 5, 768)


def deep(width: int) -> nn.Sequential:
    """With activations and norms, all but the last; numbers are left to dropout."""
    return nn.Sequential(
        *(nn.Linear(width, width // 2), nn.Hardswish(), nn.LayerNorm(width // 2), nn.Dropout(0.3)),
        *(nn.Linear(width // 2, width), nn.LayerNorm(width)),
    )


def ending_activated(width: int) -> nn.Sequential:
    return nn.Sequential(
        *(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh()),
    )


def answer(model: DiffusionModel) -> Tensor:
    return model.call(X, SIGMA, {"c_crossattn": TEXT}, [0])


@contextmanager
def before_keys_and_values(model: DiffusionModel, pairs: Pairs, strength: float) -> Iterator[None]:
    """The same by hooks of torch on the projections."""

    def hook(side: int) -> Callable[..., Any]:
        def changed(_: nn.Module, inputs: tuple[Tensor]) -> Tensor:
            (x,) = inputs
            pair = pairs.get(x.shape[-1])
            return x if pair is None else x + strength * pair[side](x)

        return changed

    layers = model.model.diffusion_model.modules()
    attentions = [layer for layer in layers if isinstance(layer, CrossAttention)]
    handles = [one.to_k.register_forward_pre_hook(hook(0)) for one in attentions]
    handles += [one.to_v.register_forward_pre_hook(hook(1)) for one in attentions]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@pytest.fixture
def model(tiny: Checkpoint) -> DiffusionModel:
    return tiny.model


@pytest.mark.parametrize(
    ("network", "noted"),
    [
        (plain, {}),
        (plain, {"activation_func": "linear", "activate_output": True}),
        (deep, {"activation_func": "swish", "activate_output": False, "is_layer_norm": True}),
        (ending_activated, {"activation_func": "Tanh"}),
        (ending_activated, {"activation_func": "tanh", "activate_output": True}),
    ],
)
def test_keys_and_values_are_made_of_what_its_networks_add(
    network: Network, noted: dict[str, Any], model: DiffusionModel, tmp_path: Path
) -> None:
    pairs = pairs_of(network)
    changed = load_hypernetwork(save(tmp_path / "a.pt", pairs, **noted)).put_on(model, -0.7)
    before = answer(model)
    with before_keys_and_values(model, pairs, -0.7):
        expected = answer(model)
    assert torch.allclose(answer(changed), expected, atol=1e-5)
    assert not torch.allclose(expected, before, atol=1e-3)
    assert torch.equal(answer(model), before)


def test_the_oldest_names_are_read_and_layers_go_by_their_numbers(
    model: DiffusionModel, tmp_path: Path
) -> None:
    def long(width: int) -> nn.Sequential:
        return nn.Sequential(*(nn.Linear(width, width) for _ in range(11)))

    pairs = pairs_of(long, (64,))
    save(tmp_path / "new.pt", pairs)
    save(tmp_path / "old.pt", pairs, prefix="linear")
    answers = [
        answer(load_hypernetwork(tmp_path / name).put_on(model, 1.0))
        for name in ("new.pt", "old.pt")
    ]
    with before_keys_and_values(model, pairs, 1.0):
        assert torch.allclose(answers[0], answer(model), atol=1e-5)
    assert torch.equal(*answers)


def test_several_change_it_one_after_the_other(model: DiffusionModel, tmp_path: Path) -> None:
    first, second = pairs_of(plain), pairs_of(deep, (768,))
    noted: dict[str, Any] = {"activation_func": "swish", "activate_output": False}
    one = load_hypernetwork(save(tmp_path / "a.pt", first)).put_on(model, 1.0)
    both = load_hypernetwork(save(tmp_path / "b.pt", second, **noted)).put_on(one, 0.5)
    found = answer(both)
    with before_keys_and_values(model, first, 1.0), before_keys_and_values(model, second, 0.5):
        expected = answer(model)  # torch calls what was hooked in first before the other
    assert torch.allclose(found, expected, atol=1e-5)
    assert not torch.allclose(found, answer(one), atol=1e-3)


def test_runs_with_and_without_share_no_call(model: DiffusionModel, tmp_path: Path) -> None:
    loaded = load_hypernetwork(save(tmp_path / "a.pt", pairs_of(plain)))
    changed, other = loaded.put_on(model, 1.0), loaded.put_on(model, 0.5)
    keys = {one.batch_key for one in (model, changed, other)}
    assert len(keys) == 3
    assert changed.batch_key == changed.batch_key
    assert fingerprint(changed) != fingerprint(other)


def test_runs_that_have_it_share_a_call(model: DiffusionModel, tmp_path: Path) -> None:
    changed = load_hypernetwork(save(tmp_path / "a.pt", pairs_of(plain))).put_on(model, 1.0)
    requests = [
        Request(x=X[:1], sigma=SIGMA[0], sides=([Condition(context=text[None])],)) for text in TEXT
    ]
    together = evaluated(changed, requests)
    alone = [evaluated(changed, [one])[0] for one in requests]
    for (found,), (expected,) in zip(together, alone, strict=True):
        assert torch.allclose(found, expected, atol=1e-5)


def test_one_for_another_model_is_refused(model: DiffusionModel, tmp_path: Path) -> None:
    for widths in ((64, 1024), (320,)):
        loaded = load_hypernetwork(save(tmp_path / "a.pt", pairs_of(plain, widths)))
        with pytest.raises(HypernetworkDoesNotFit, match=f"changes what is {widths[0]}.*768"):
            loaded.put_on(model, 1.0)
    both = pairs_of(plain, (768, 1024))  # trainers let people choose for which
    load_hypernetwork(save(tmp_path / "b.pt", both)).put_on(model, 1.0)


def narrow(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, 2), nn.Linear(3, width))


def open_ended(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, 2))


def wrongly_normed(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, width), nn.LayerNorm(2))


@pytest.mark.parametrize(
    ("network", "noted", "reason"),
    [
        (narrow, {}, "its layers for the width 32 do not follow one another"),
        (open_ended, {}, "its layers for the width 32 do not follow one another"),
        (wrongly_normed, {}, "its layers for the width 32 do not follow one another"),
        (plain, {"activation_func": "prelu"}, "its layers are activated by 'prelu'"),
    ],
)
def test_a_form_that_we_do_not_know_is_refused(
    network: Network, noted: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    path = save(tmp_path / "a.pt", pairs_of(network, (32,)), **noted)
    with pytest.raises(NotAHypernetwork, match=rf"a.pt holds no hypernetwork .*{reason}"):
        load_hypernetwork(path)


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ({"emb_params": torch.ones(2, 768)}, "no pair of networks"),
        ({768: ({"linear.0.weight": torch.ones(1)},)}, "no pair of networks"),
        ({768: ({"up": torch.ones(1)}, {})}, "that for the width 768 has 'up'"),
    ],
)
def test_other_files_are_refused(held: dict[Any, Any], reason: str, tmp_path: Path) -> None:
    torch.save(held, tmp_path / "a.pt")
    with pytest.raises(NotAHypernetwork, match=reason):
        load_hypernetwork(tmp_path / "a.pt")


def test_a_file_that_lost_a_tensor_is_refused_by_its_name(tmp_path: Path) -> None:
    pair = tuple({"linear.0.weight": torch.eye(4)} for _ in range(2))
    torch.save({4: pair}, tmp_path / "a.pt")
    with pytest.raises(WeightsDoNotFit, match=r"of_keys.4.0.bias"):
        load_hypernetwork(tmp_path / "a.pt")
