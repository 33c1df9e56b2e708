"""ControlNets: what they add inside the U-Net, to which conditions and when."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from hub.engine.models.checkpoint import Checkpoint, load_checkpoint
from hub.engine.models.conditions import both_sides, conditions_of
from hub.engine.models.control_file import NeedsItsModel, NotAControlNet, load_control
from hub.engine.models.control_models import LoadedControlNet
from hub.engine.models.controls import Control, ControlDoesNotFit, NoHint, UnknownControl
from hub.engine.models.diffusers_layout import in_first_names
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Request, evaluated
from hub.engine.models.families import Family
from hub.engine.models.residuals import NO_RESIDUALS, Residuals
from tests.engine.models.seeded_control import SKIPS, control_tensors, in_diffusers_layout
from tests.engine.models.tiny_checkpoints import write_tiny

SHAPE = torch.Size([1, 4, 8, 8])
HINT = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
Saved = Callable[..., Path]


@pytest.fixture
def unet(tiny: Checkpoint) -> dict[str, Tensor]:
    return dict(tiny.model.model.weights.originals)


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    """A file of those tensors."""

    def save(tensors: dict[str, Tensor], name: str = "control.safetensors") -> Path:
        save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, tmp_path / name)
        return tmp_path / name

    return save


@pytest.fixture
def control(saved: Saved, unet: dict[str, Tensor]) -> Control:
    return load_control(saved(control_tensors(unet))).set_cond_hint(HINT)


class Watching(DiffusionModel):
    """The tiny model, which remembers the rows of each call and what was added."""

    def __init__(self, tiny: Checkpoint) -> None:
        super().__init__(tiny.model.model)
        self.calls: list[tuple[int, Residuals]] = []

    def apply_model(self, x: Tensor, sigma: Tensor, **inputs: Any) -> Tensor:
        self.calls.append((len(x), inputs.get("control", NO_RESIDUALS)))
        return super().apply_model(x, sigma, **inputs)


@pytest.fixture
def model(tiny: Checkpoint) -> Watching:
    return Watching(tiny)


def entry(value: float = 1.0, **options: Any) -> Sequence[Any]:
    return [torch.full((1, 77, 768), value), options]


def latent(seed: int = 5) -> Tensor:
    return torch.randn(SHAPE, generator=torch.Generator().manual_seed(seed))


def told(model: DiffusionModel, *entries: Sequence[Any], sigma: float = 2.0) -> list[Tensor]:
    """What the model says under each entry by itself, all asked at once."""
    sides = [conditions_of([one], model, SHAPE) for one in entries]
    (answers,) = evaluated(
        model, [Request(x=latent(), sigma=torch.tensor(sigma), sides=tuple(sides))]
    )
    return answers


def net_of(control: Control) -> LoadedControlNet:
    assert isinstance(control.model, LoadedControlNet)
    return control.model


def test_a_controlnet_before_its_training_changes_nothing(
    model: Watching, saved: Saved, unet: dict[str, Tensor]
) -> None:
    fresh = load_control(saved(control_tensors(unet, gain=0.0))).set_cond_hint(HINT)
    without, steered = told(model, entry(), entry(control=fresh))
    assert torch.equal(told(model, entry())[0], told(model, entry(control=fresh))[0])
    assert torch.allclose(without, steered, atol=1e-5)
    assert model.calls[-1][1].skips.keys() == {0, 1, 2, 3}


def test_a_controlnet_steers(model: Watching, control: Control) -> None:
    without, steered = told(model, entry(), entry(control=control))
    assert not torch.allclose(without, steered, atol=0.01)


def test_the_first_residual_is_latent_and_picture_through_its_convolutions(
    model: Watching, control: Control
) -> None:
    told(model, entry(control=control))
    net = net_of(control).weights.module
    parts = dict(net.named_parameters())
    h = HINT
    for number, stride in enumerate((1, 1, 2, 1, 2, 1, 2, 1)):
        name = f"input_hint_block.{2 * number}"
        h = functional.silu(h) if number else h
        h = functional.conv2d(h, parts[f"{name}.weight"], parts[f"{name}.bias"], stride, 1)
    scaled = latent() / (2.0**2 + 1) ** 0.5
    first = ("input_blocks.0.0.weight", "input_blocks.0.0.bias")
    h = h + functional.conv2d(scaled, parts[first[0]], parts[first[1]], padding=1)
    expected = functional.conv2d(h, parts["zero_convs.0.0.weight"], parts["zero_convs.0.0.bias"])
    assert torch.allclose(model.calls[0][1].skips[0], expected, atol=1e-5)


def test_residuals_are_added_to_what_goes_across_and_to_the_middle(tiny: Checkpoint) -> None:
    unet = tiny.model.model.weights.place(tiny.model.compute)
    x, time, text = latent(), torch.tensor([500]), torch.ones(1, 77, 768)
    shapes = [(1, width, size, size) for width, size in zip(SKIPS, (8, 8, 4, 4), strict=True)]
    skips = {n: torch.full(shape, n + 1.0) for n, shape in enumerate(shapes)}
    entries: dict[int, Tensor] = {}
    hooks = [
        block.register_forward_pre_hook(lambda _, given, n=n: entries.__setitem__(n, given[0]))
        for n, block in enumerate(unet.output_blocks)
    ]
    with torch.no_grad():
        unet(x, time, text)
        plain = dict(entries)
        unet(x, time, text, control=Residuals(skips=skips, middle=torch.full((1, 64, 4, 4), 9.0)))
    for hook in hooks:
        hook.remove()
    change = entries[0] - plain[0]
    assert torch.allclose(change[:, :64], torch.tensor(9.0), atol=1e-5)
    assert torch.allclose(change[:, 64:], torch.tensor(4.0), atol=1e-5)
    assert torch.allclose((entries[3] - plain[3])[:, -32:], torch.tensor(1.0), atol=1e-4)


def test_what_adapters_add_goes_down_and_across(tiny: Checkpoint) -> None:
    unet = tiny.model.model.weights.place(tiny.model.compute)
    last_inputs: list[Tensor] = []
    hook = unet.output_blocks[3].register_forward_pre_hook(
        lambda _, given: last_inputs.append(given[0])
    )
    inputs = {0: torch.ones(1, 32, 8, 8)}
    with torch.no_grad():
        answers = [
            unet(latent(), torch.tensor([500]), torch.ones(1, 77, 768), control=control)
            for control in (NO_RESIDUALS, Residuals(inputs=inputs))
        ]
    hook.remove()
    plain, steered = last_inputs
    assert torch.allclose((steered - plain)[:, -32:], torch.tensor(1.0), atol=1e-4)
    assert not torch.allclose(plain[:, :-32], steered[:, :-32], atol=1e-3)
    assert not torch.allclose(answers[0], answers[1], atol=1e-3)


def test_both_layouts_add_the_same(model: Watching, saved: Saved, unet: dict[str, Tensor]) -> None:
    tensors = control_tensors(unet)
    prefixed = {f"control_model.{name}": tensor for name, tensor in tensors.items()}
    files = [saved(prefixed), saved(in_diffusers_layout(tensors), "diffusers.safetensors")]
    first, second = (load_control(path).set_cond_hint(HINT) for path in files)
    assert torch.equal(*(told(model, entry(control=control))[0] for control in (first, second)))


def test_layers_of_xl_without_attention_find_their_first_names() -> None:
    names = (
        "add_embedding.linear_2.bias",
        "down_blocks.0.resnets.0.norm1.weight",
        "down_blocks.0.resnets.1.conv2.weight",
        "down_blocks.0.downsamplers.0.conv.bias",
        "down_blocks.1.resnets.0.conv_shortcut.weight",
        "down_blocks.1.attentions.0.transformer_blocks.1.attn2.to_k.weight",
        "mid_block.resnets.0.norm1.weight",
        "mid_block.resnets.1.time_emb_proj.weight",
        "controlnet_cond_embedding.conv_out.weight",
    )
    found = in_first_names({name: torch.zeros(1) for name in names})
    assert list(found) == [
        "label_emb.0.2.bias",
        "input_blocks.1.0.in_layers.0.weight",
        "input_blocks.2.0.out_layers.3.weight",
        "input_blocks.3.0.op.bias",
        "input_blocks.4.0.skip_connection.weight",
        "input_blocks.4.1.transformer_blocks.1.attn2.to_k.weight",
        "middle_block.0.in_layers.0.weight",
        "middle_block.1.emb_layers.1.weight",
        "input_hint_block.2.weight",
    ]


def test_a_file_of_differences_is_added_to_its_model(
    model: Watching, saved: Saved, unet: dict[str, Tensor]
) -> None:
    whole = control_tensors(unet)
    differing = {
        name: tensor - unet[name] if name in unet else tensor for name, tensor in whole.items()
    }
    path = saved({**differing, "difference": torch.zeros(1)})
    control = load_control(path, model).set_cond_hint(HINT)
    expected = load_control(saved(whole, "whole.safetensors")).set_cond_hint(HINT)
    assert torch.equal(*(told(model, entry(control=one))[0] for one in (control, expected)))
    with pytest.raises(NeedsItsModel, match="DiffControlNetLoader"):
        load_control(path)


def test_strength_scales_what_is_added(model: Watching, control: Control) -> None:
    half = control.copy().set_cond_hint(HINT, 0.5)
    told(model, entry(control=control))
    told(model, entry(control=half))
    (_, whole), (_, scaled) = model.calls
    assert whole.middle is not None
    assert scaled.middle is not None
    assert torch.allclose(scaled.middle * 2, whole.middle)
    assert torch.allclose(scaled.skips[2] * 2, whole.skips[2])


@pytest.mark.parametrize(("sigma", "counts"), [(14.0, False), (2.0, True), (0.1, False)])
def test_a_control_counts_within_its_part_of_the_sampling(
    sigma: float, counts: bool, model: Watching, control: Control
) -> None:
    part = control.copy().set_cond_hint(HINT, 1.0, (0.2, 0.8))
    told(model, entry(control=part), sigma=sigma)
    assert bool(model.calls[0][1].skips) is counts


def test_a_chain_adds_up(model: Watching, saved: Saved, unet: dict[str, Tensor]) -> None:
    first, second = (
        load_control(saved(control_tensors(unet, seed=seed), f"{seed}.safetensors")).set_cond_hint(
            HINT, 0.7
        )
        for seed in (1, 2)
    )
    chained = second.copy().set_previous_controlnet(first)
    for control in (first, second, chained):
        told(model, entry(control=control))
    one, other, both = (residuals.skips[3] for _, residuals in model.calls)
    assert torch.allclose(one + other, both, atol=1e-5)


def test_conditions_share_a_call_only_if_their_controls_agree(
    model: Watching, control: Control
) -> None:
    other_picture = control.copy().set_cond_hint(HINT.flip(3))
    weaker = control.copy().set_cond_hint(HINT, 0.5)
    entries = [
        entry(control=control),
        entry(2.0, control=other_picture),
        entry(control=weaker),
        entry(2.0),
    ]
    together = told(model, *entries)
    assert [rows for rows, _ in model.calls] == [2, 1, 1]
    apart = [told(model, one)[0] for one in entries]
    for one, alone in zip(together, apart, strict=True):
        assert torch.allclose(one, alone, atol=1e-4)


def test_runs_at_different_levels_keep_their_own_parts(model: Watching, control: Control) -> None:
    part = control.copy().set_cond_hint(HINT, 1.0, (0.0, 0.5))
    sides = (conditions_of([entry(control=part)], model, SHAPE),)
    early, late = (
        Request(x=latent(), sigma=torch.tensor(sigma), sides=sides) for sigma in (10.0, 0.1)
    )
    evaluated(model, [early, late])
    assert [bool(residuals.skips) for _, residuals in model.calls] == [True, False]


def test_every_latent_of_a_batch_has_its_picture(model: Watching, control: Control) -> None:
    two = control.copy().set_cond_hint(torch.cat([HINT, HINT.flip(2)]))
    shape = torch.Size([3, *SHAPE[1:]])
    sides = (conditions_of([entry(control=two)], model, shape),)
    evaluated(model, [Request(x=latent().expand(shape), sigma=torch.tensor(2.0), sides=sides)])
    skips = model.calls[0][1].skips[0]
    assert torch.allclose(skips[0], skips[2], atol=1e-5)
    assert not torch.allclose(skips[0], skips[1], atol=1e-2)


def test_an_area_is_steered_by_the_whole_picture(model: Watching, control: Control) -> None:
    wide = control.copy().set_cond_hint(torch.rand(1, 3, 40, 100))
    told(model, entry(control=wide, area=(4, 8, 0, 0)), entry())
    assert [rows for rows, _ in model.calls] == [1, 1]
    assert model.calls[0][1].skips[0].shape[2:] == (4, 8)


def test_a_shared_control_steers_the_negative_side_too(model: Watching, control: Control) -> None:
    steered = entry(control=control, control_apply_to_uncond=True)
    _, negative = both_sides([steered], [entry()], model, SHAPE)
    assert [one.model for one in negative[0].controls] == [control.model]
    _, negative = both_sides([entry(control=control)], [entry()], model, SHAPE)
    assert negative[0].controls == ()


def test_a_negative_side_with_a_control_keeps_its_own(model: Watching, control: Control) -> None:
    own = control.copy().set_cond_hint(HINT, 0.3)
    steered = entry(control=control, control_apply_to_uncond=True)
    _, negative = both_sides([steered], [entry(control=own), entry()], model, SHAPE)
    assert [[c.strength for c in one.controls] for one in negative] == [[0.3], []]


def test_the_shuffle_model_steers_all_places_alike(
    model: Watching, saved: Saved, unet: dict[str, Tensor]
) -> None:
    path = saved(control_tensors(unet), "control_v11e_sd15_shuffle.safetensors")
    told(model, entry(control=load_control(path).set_cond_hint(HINT)))
    assert (model.calls[0][1].skips[0].std(dim=(2, 3)) < 1e-6).all()


def test_a_controlnet_of_another_family_is_refused(
    model: Watching, saved: Saved, unet: dict[str, Tensor]
) -> None:
    tensors = {
        name: torch.zeros(tensor.shape[0], 1024)
        if ".attn2.to_k." in name or ".attn2.to_v." in name
        else tensor
        for name, tensor in control_tensors(unet).items()
    }
    other = load_control(saved(tensors)).set_cond_hint(HINT)
    with pytest.raises(ControlDoesNotFit, match=r"1024, not 768\. Choose one for Stable"):
        conditions_of([entry(control=other)], model, SHAPE)


def test_what_steers_by_nothing_is_refused(
    model: Watching, saved: Saved, unet: dict[str, Tensor]
) -> None:
    bare = load_control(saved(control_tensors(unet)))
    with pytest.raises(NoHint, match="without a picture"):
        conditions_of([entry(control=bare)], model, SHAPE)
    with pytest.raises(UnknownControl, match="control of the class int"):
        conditions_of([entry(control=3)], model, SHAPE)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("lora_controlnet", "a Control-LoRA"),
        ("lllite_unet_input_blocks_4_1.down.0.weight", "a ControlNet-LLLite"),
        ("controlnet_blocks.0.weight", "a ControlNet for a transformer"),
        ("model.diffusion_model.out.0.weight", "a whole model"),
        ("something", "no ControlNet"),
    ],
)
def test_other_kinds_are_named(name: str, kind: str, saved: Saved) -> None:
    with pytest.raises(NotAControlNet, match=f"control.safetensors holds {kind}"):
        load_control(saved({name: torch.zeros(1)}))


def test_a_text_for_controls_alone_steers_as_if_it_were_the_prompt(
    model: Watching, control: Control
) -> None:
    other = torch.full((1, 154, 768), -0.5)
    plain = told(model, entry(control=control), entry(-0.5, control=control))
    steered = told(
        model,
        entry(control=control, cross_attn_controlnet=other),
        entry(cross_attn_controlnet=other),
        entry(),
    )
    assert not torch.allclose(steered[0], plain[0], atol=1e-3)
    assert torch.allclose(steered[1], steered[2], atol=1e-5)
    of_both, with_other, without = (residuals for _, residuals in model.calls)
    assert with_other.skips.keys() == of_both.skips.keys()
    for number, expected in of_both.skips.items():
        assert torch.allclose(with_other.skips[number], expected[1:], atol=1e-4)
    assert without is NO_RESIDUALS


def test_controls_of_the_large_model_are_told_their_own_pooled_text(
    tmp_path: Path, saved: Saved
) -> None:
    write_tiny(Family.SDXL, tmp_path / "xl.safetensors")
    large = load_checkpoint(tmp_path / "xl.safetensors")
    model = Watching(large)
    tensors = control_tensors(dict(large.model.model.weights.originals))
    steering = load_control(saved(tensors)).set_cond_hint(HINT)
    text, other = (torch.full((1, 77, 2048), value) for value in (1.0, -0.5))
    pooled, other_pooled = (torch.full((1, 1280), value) for value in (1.0, -0.5))
    told(model, [other, {"control": steering, "pooled_output": other_pooled}])
    alone = {"cross_attn_controlnet": other, "pooled_output_controlnet": other_pooled}
    told(model, [text, {"control": steering, "pooled_output": pooled, **alone}])
    told(model, [text, {"control": steering, "pooled_output": pooled}])
    expected, found, without = (residuals.skips for _, residuals in model.calls)
    assert all(torch.allclose(found[number], expected[number], atol=1e-4) for number in expected)
    assert not torch.allclose(without[1], expected[1], atol=1e-3)
