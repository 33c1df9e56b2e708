"""GLIGEN, against the paper's formulas in plain functions, put into the network by hand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.conditions import Condition, both_sides, conditions_of
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Request, evaluated
from hub.engine.models.gligen_file import NotAGligen, load_gligen
from hub.engine.models.grounding import (
    GligenDoesNotFit,
    LoadedGligen,
    PhraseDoesNotFit,
    TooManyObjects,
    UnknownGrounding,
    with_box,
)
from hub.engine.models.guiders import DualCfgGuider
from hub.engine.models.unet_blocks import TransformerBlock
from hub.engine.models.weights import WeightsDoNotFit
from tests.engine.models.seeded_control import in_diffusers_layout
from tests.engine.models.seeded_gligen import gligen_tensors

SHAPE, SIGMA = torch.Size([2, 4, 8, 16]), torch.tensor(2.0)
X = torch.randn(SHAPE, generator=torch.Generator().manual_seed(1))
PHRASES = torch.randn(2, 1, 768, generator=torch.Generator().manual_seed(2))
# Height, width, top and left in latent pixels; and the same as the network is told them.
BOXES = ((4, 8, 2, 0), (8, 4, 0, 12))
SIDES = ((0.0, 0.25, 0.5, 0.75), (0.75, 0.0, 1.0, 1.0))
Tensors = dict[str, Tensor]


@pytest.fixture(scope="module")
def tensors(tiny: Checkpoint) -> Tensors:
    return gligen_tensors(tiny.model.model.weights.originals)


@pytest.fixture
def gligen(tensors: Tensors, tmp_path: Path) -> LoadedGligen:
    save_file(tensors, tmp_path / "gligen.safetensors")
    return load_gligen(tmp_path / "gligen.safetensors")


@pytest.fixture
def model(tiny: Checkpoint) -> DiffusionModel:
    return tiny.model


def grounding(gligen: LoadedGligen, count: int = 2) -> object:
    given: object = None
    for phrase, box in list(zip(PHRASES, BOXES, strict=True))[:count]:
        given = with_box(given, gligen, (phrase, *box))
    return given


def entry(**options: Any) -> Sequence[Any]:
    return [torch.linspace(-1, 1, 5 * 768).view(1, 5, 768), options]


def tokens(tensors: Mapping[str, Tensor], phrases: Tensor, sides: Tensor) -> Tensor:
    """Of all 30 objects, as the paper's equations 5 and 6 have them, one after the other."""
    own = {name.removeprefix("position_net."): t for name, t in tensors.items()}
    rows = []
    for number in range(30):
        if number < len(phrases):
            waves = [
                f(100 ** (k / 8) * sides[number]) for k in range(8) for f in (torch.sin, torch.cos)
            ]
            row = torch.cat([phrases[number], *waves])
        else:
            row = torch.cat([own["null_positive_feature"], own["null_position_feature"]])
        for layer in (0, 2):
            row = functional.silu(
                row @ own[f"linears.{layer}.weight"].T + own[f"linears.{layer}.bias"]
            )
        rows.append(row @ own["linears.4.weight"].T + own["linears.4.bias"])
    return torch.stack(rows)[None]


NONE = torch.zeros(0, 768), torch.zeros(0, 4)


def fused(own: Mapping[str, Tensor], x: Tensor, objects: Tensor) -> Tensor:
    """Gated self-attention, with the matrix of attention written out."""

    def layer(name: str, x: Tensor) -> Tensor:
        return functional.linear(x, own[f"{name}.weight"], own.get(f"{name}.bias"))

    def normed(name: str, x: Tensor) -> Tensor:
        return functional.layer_norm(x, x.shape[-1:], own[f"{name}.weight"], own[f"{name}.bias"])

    both = torch.cat([x, layer("linear", objects).expand(len(x), -1, -1)], dim=1)
    both = normed("norm1", both)
    q, k, v = (
        layer(f"attn.to_{n}", both).view(*both.shape[:2], 8, -1).transpose(1, 2) for n in "qkv"
    )
    weights = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5).softmax(dim=-1)
    mixed = layer("attn.to_out.0", (weights @ v).transpose(1, 2).flatten(2))
    x = x + own["alpha_attn"].tanh() * mixed[:, : x.shape[1]]
    value, gate = layer("ff.net.0.proj", normed("norm2", x)).chunk(2, dim=-1)
    return x + own["alpha_dense"].tanh() * layer("ff.net.2", value * functional.gelu(gate))


@contextmanager
def by_hand(model: DiffusionModel, tensors: Tensors, objects: Tensor) -> Iterator[None]:
    """Every transformer with its layer between its attentions."""

    def forward(block: TransformerBlock, own: Tensors) -> Callable[..., Tensor]:
        def transformed(x: Tensor, context: Tensor, _: object) -> Tensor:
            n = block.norm1(x)
            x = fused(own, x + block.attn1(n, n, n), objects)
            x = x + block.attn2(block.norm2(x), context, context)
            made: Tensor = x + block.ff(block.norm3(x))
            return made

        return transformed

    blocks = {
        name: block
        for name, block in model.model.diffusion_model.named_modules()
        if isinstance(block, TransformerBlock)
    }
    for name, block in blocks.items():
        prefix = f"{name}.fuser."
        own = {key.removeprefix(prefix): t for key, t in tensors.items() if key.startswith(prefix)}
        block.forward = forward(block, own)  # type: ignore[method-assign] # put in by hand
    try:
        yield
    finally:
        for block in blocks.values():
            del block.forward


def said(model: DiffusionModel, *sides: Sequence[Condition], x: Tensor = X) -> list[Tensor]:
    return evaluated(model, [Request(x=x, sigma=SIGMA, sides=sides)])[0]


def test_boxes_are_told_between_both_attentions(
    model: DiffusionModel, gligen: LoadedGligen, tensors: Tensors
) -> None:
    plain, told = conditions_of([entry(), entry(gligen=grounding(gligen))], model, SHAPE)
    before = said(model, [plain])[0]
    found = said(model, [told])[0]
    with by_hand(model, tensors, tokens(tensors, PHRASES[:, 0], torch.tensor(SIDES))):
        expected = said(model, [plain])[0]
    assert torch.allclose(found, expected, atol=1e-4)
    assert not torch.allclose(expected, before, atol=1e-2)
    assert torch.equal(said(model, [plain])[0], before)


def test_the_negative_side_is_told_of_no_objects(
    model: DiffusionModel, gligen: LoadedGligen, tensors: Tensors
) -> None:
    sides = both_sides([entry(gligen=grounding(gligen))], [entry()], model, SHAPE)
    positive, negative = said(model, *sides)
    plain = conditions_of([entry()], model, SHAPE)
    with by_hand(model, tensors, tokens(tensors, *NONE)):
        expected = said(model, plain)[0]
    assert torch.allclose(negative, expected, atol=1e-4)
    assert not torch.allclose(negative, positive, atol=1e-2)
    assert not torch.allclose(negative, said(model, plain)[0], atol=1e-2)


def test_it_counts_on_the_negative_side_as_long_as_on_the_positive(
    model: DiffusionModel, gligen: LoadedGligen
) -> None:
    begun = entry(gligen=grounding(gligen), start_percent=0.1, end_percent=0.3)
    more = entry(gligen=grounding(gligen, 1), end_percent=0.4)
    _, (away,) = both_sides([begun, more, entry(start_percent=0.4)], [entry()], model, SHAPE)
    assert away.grounding is not None
    levels = [model.sampling.levels.percent_to_sigma(part) for part in (0.0, 0.4, 0.41)]
    assert [away.grounding.counts_at(level) for level in levels] == [True, True, False]
    plain = conditions_of([entry()], model, SHAPE)
    for level, is_same in ((levels[0], False), (levels[2], True)):
        request = Request(x=X, sigma=torch.tensor(level), sides=([away], plain))
        assert torch.equal(*evaluated(model, [request])[0]) == is_same
    with_own = entry(gligen=grounding(gligen, 1))
    _, (away,) = both_sides([begun], [with_own], model, SHAPE)
    assert away.grounding is not None
    assert len(away.grounding.boxes) == 1


def test_every_further_side_of_a_guider_is_told_of_no_objects(
    model: DiffusionModel, gligen: LoadedGligen
) -> None:
    guider = DualCfgGuider(
        model=model,
        first=[entry(gligen=grounding(gligen))],
        second=[entry()],
        negative=[entry()],
        scale=2.0,
        second_scale=1.0,
        style="regular",
    )
    ready = guider.ready(SHAPE, None)
    counts = [
        [len(one.grounding.boxes) for one in side if one.grounding]
        for side in (ready.first, ready.second, ready.negative)
    ]
    assert counts == [[2], [0], [0]]


def test_in_an_area_boxes_are_cut_to_it(
    model: DiffusionModel, gligen: LoadedGligen, tensors: Tensors
) -> None:
    area = {"area": (8, 8, 0, 4), "strength": 1.0}
    sides = both_sides([entry(gligen=grounding(gligen), **area)], [entry()], model, SHAPE)
    positive, _ = said(model, *sides)
    assert [len(one.grounding.boxes) for one in sides[1] if one.grounding] == [0, 0]
    plain = conditions_of([entry()], model, torch.Size([2, 4, 8, 8]))
    left = torch.tensor([[0.0, 0.25, 0.5, 0.75]])  # of the first box; the other lies outside
    with by_hand(model, tensors, tokens(tensors, PHRASES[:1, 0], left)):
        (expected,) = said(model, plain, x=X[..., 4:12])
    assert torch.allclose(positive[..., 4:12], expected, atol=1e-4)


def test_runs_with_different_boxes_share_a_call_and_those_without_do_not(
    model: DiffusionModel, gligen: LoadedGligen
) -> None:
    told = [entry(gligen=grounding(gligen, 1)), entry(gligen=grounding(gligen)), entry()]
    requests = [
        Request(x=X + number, sigma=SIGMA, sides=[conditions_of([one], model, SHAPE)])
        for number, one in enumerate(told)
    ]
    counting = _Counting(model.model)
    together = evaluated(counting, requests)
    assert counting.rows == [4, 2]
    for request, (found,) in zip(requests, together, strict=True):
        assert torch.allclose(found, evaluated(model, [request])[0][0], atol=1e-4)


class _Counting(DiffusionModel):
    """Notes how many rows each call has."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.rows: list[int] = []

    def apply_model(self, x: Tensor, sigma: Tensor, **inputs: Any) -> Tensor:
        self.rows.append(len(x))
        return super().apply_model(x, sigma, **inputs)


@pytest.mark.parametrize("layout", ["whole", "wrapped", "diffusers"])
def test_every_layout_holds_the_same(
    layout: str, model: DiffusionModel, gligen: LoadedGligen, tensors: Tensors, tmp_path: Path
) -> None:
    unet = dict(model.model.weights.originals)
    held: dict[str, Any] = {f"model.diffusion_model.{n}": t for n, t in (unet | tensors).items()}
    if layout == "wrapped":
        held = {"model": unet | tensors, "autoencoder": {"a": torch.ones(1)}}
    elif layout == "diffusers":
        first = {n: t for n, t in (unet | tensors).items() if not n.startswith(("out", "position"))}
        position = {n: t for n, t in tensors.items() if n.startswith("position")}
        held = in_diffusers_layout(first) | position
    torch.save(held, tmp_path / "a.pth")
    found = load_gligen(tmp_path / "a.pth").weights.originals
    expected = gligen.weights.originals
    names = {n for n in expected if layout != "diffusers" or "output" not in n}
    assert found.keys() == names
    assert all(torch.equal(found[name], expected[name]) for name in names)


def test_other_files_are_refused(tensors: Tensors, tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"lora_unet_a.lora_up.weight": torch.ones(1, 1)}, path)
    with pytest.raises(NotAGligen, match=r"a.safetensors holds no GLIGEN. .*gligen_sd14_textbox"):
        load_gligen(path)
    old, new = "position_net.null_positive_feature", "position_net.null_person_feature"
    save_file({name.replace(old, new): t for name, t in tensors.items()}, path)
    with pytest.raises(NotAGligen, match="a GLIGEN for something else"):
        load_gligen(path)
    save_file(
        {n: t for n, t in tensors.items() if "input_blocks.1.1" not in n or ".ff" not in n}, path
    )
    with pytest.raises(WeightsDoNotFit, match=r"fusers.input_1_0.ff.net.0.proj.weight"):
        load_gligen(path)


def test_what_does_not_go_together_is_refused(
    model: DiffusionModel, gligen: LoadedGligen, tensors: Tensors, tmp_path: Path
) -> None:
    some = {name: t for name, t in tensors.items() if "middle_block" not in name}
    save_file(some, tmp_path / "some.safetensors")
    other = grounding(load_gligen(tmp_path / "some.safetensors"))
    many, wide = (with_box(None, gligen, (torch.zeros(1, w), *BOXES[0])) for w in (768, 1280))
    many[2].extend(many[2] * 30)
    for given, error in (
        (other, GligenDoesNotFit),
        (many, TooManyObjects),
        (wide, PhraseDoesNotFit),
        ("boxes", UnknownGrounding),
    ):
        with pytest.raises(error):
            conditions_of([entry(gligen=given)], model, SHAPE)
