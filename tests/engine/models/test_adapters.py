import logging
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from hub.engine.models.adapter_file import NoAdapter, load_adapter
from hub.engine.models.adapters import AdapterDoesNotFit, adapted
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.compute import Compute
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.text_files import load_text_encoder
from tests.engine.models.adapter_files import change_of, kohya, random, saved
from tests.engine.models.open_clip import save_open_clip

X, SIGMA, TEXT = torch.randn(1, 4, 8, 8), torch.tensor([2.0]), torch.randn(1, 5, 768)
LAYER = "input_blocks.3.1.transformer_blocks.0.attn2.to_k"
KOHYA = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k"
TEXT_LAYER = "text_model.encoder.layers.1.mlp.fc1"


def answer(model: DiffusionModel) -> Tensor:
    return model.apply_model(X, SIGMA, c_crossattn=TEXT)


def with_change(model: DiffusionModel, layer: str, change: Tensor) -> DiffusionModel:
    """The plain way: the difference added to that weight."""
    merged = model.clone()
    name = f"diffusion_model.{layer}.weight"
    assert merged.add_patches({name: [lambda weight: weight + change.reshape(weight.shape)]})
    return merged


def put_on(
    tiny: Checkpoint, folder: Path, tensors: dict[str, Tensor], strength: float = 1.0
) -> tuple[DiffusionModel, TextEncoder | None]:
    return adapted(saved(folder, tensors), tiny.model, tiny.text, strength, strength)


@pytest.mark.parametrize(
    ("up", "down"),
    [
        (f"{KOHYA}.lora_up.weight", f"{KOHYA}.lora_down.weight"),
        (
            f"lora_unet_{LAYER.replace('.', '_')}.lora_up.weight",
            f"lora_unet_{LAYER.replace('.', '_')}.lora_down.weight",
        ),
        *(
            (f"{layer}{up}", f"{layer}{down}")
            for layer in (
                "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k",
                f"diffusion_model.{LAYER}",
                "base_model.model.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k",
            )
            for up, down in (
                (".lora_B.weight", ".lora_A.weight"),
                (".lora_B.default.weight", ".lora_A.default.weight"),
                (".lora.up.weight", ".lora.down.weight"),
            )
        ),
        tuple(
            "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora."
            f"{part}.weight"
            for part in ("up", "down")
        ),
    ],
)
def test_every_spelling_of_a_layer_is_the_same_change(
    up: str, down: str, tiny: Checkpoint, tmp_path: Path
) -> None:
    tensors = {up: random(64, 3), down: random(3, 768)}
    model, _ = put_on(tiny, tmp_path, tensors, 0.7)
    merged = with_change(tiny.model, LAYER, 0.7 * tensors[up] @ tensors[down])
    assert torch.allclose(answer(model), answer(merged), atol=1e-5)
    assert not torch.allclose(answer(model), answer(tiny.model), atol=1e-3)


def test_alpha_and_several_layers_are_as_if_merged(tiny: Checkpoint, tmp_path: Path) -> None:
    out = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_out_0"
    projection = "lora_unet_mid_block_attentions_0_proj_in"
    tensors = kohya(KOHYA, 64, 768) | kohya(out, 64, 64) | kohya(projection, 64, 64)
    model, _ = put_on(tiny, tmp_path, tensors, -1.5)
    merged = tiny.model
    block = "middle_block.1"
    for theirs, ours in (
        (KOHYA, LAYER),
        (out, f"{block}.transformer_blocks.0.attn1.to_out.0"),
        (projection, f"{block}.proj_in"),
    ):
        merged = with_change(merged, ours, -1.5 * change_of(tensors, theirs))
    assert torch.allclose(answer(model), answer(merged), atol=1e-5)


def test_a_layer_may_have_a_bias_besides(tiny: Checkpoint, tmp_path: Path) -> None:
    layer = "lora_unet_time_embedding_linear_1"
    model, _ = put_on(tiny, tmp_path, {f"{layer}.diff_b": random(128)})
    assert not torch.equal(answer(model), answer(tiny.model))


def test_one_and_its_negative_leave_nearly_nothing(tiny: Checkpoint, tmp_path: Path) -> None:
    adapter = saved(tmp_path, kohya(KOHYA, 64, 768))
    there, _ = adapted(adapter, tiny.model, None, 0.8, 0.0)
    back, _ = adapted(adapter, there, None, -0.8, 0.0)
    assert torch.allclose(answer(back), answer(tiny.model), atol=1e-5)
    assert not torch.allclose(answer(there), answer(tiny.model), atol=1e-3)


def test_weights_are_bit_for_bit_as_before_once_it_is_off(tiny: Checkpoint, tmp_path: Path) -> None:
    answer(tiny.model)
    module = tiny.model.model.diffusion_model
    before = {name: value.clone() for name, value in module.state_dict().items()}
    model, _ = put_on(tiny, tmp_path, kohya(KOHYA, 64, 768))
    answer(model)
    weight = f"{LAYER}.weight"
    assert not torch.equal(module.state_dict()[weight], before[weight])
    answer(tiny.model)
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


def test_changes_are_added_before_weights_are_rounded(tiny: Checkpoint, tmp_path: Path) -> None:
    half = Compute(device=torch.device("cpu"), dtype=torch.float32, storage=torch.bfloat16)
    tensors = kohya(KOHYA, 64, 768)
    once = adapted(saved(tmp_path, tensors), DiffusionModel(tiny.model.model, half), None, 0.5, 0)
    twice = adapted(saved(tmp_path, tensors), once[0], None, 0.5, 0)[0]
    answer(tiny.model)
    name = f"{LAYER}.weight"
    original = tiny.model.model.diffusion_model.get_parameter(name).detach().clone()
    answer(twice)
    found = twice.model.diffusion_model.get_parameter(name)
    expected = original + change_of(tensors, KOHYA)
    difference = (found.float() - expected.bfloat16().float()).abs() > 0
    assert difference.float().mean() < 0.01  # where the sum is at the edge of rounding


@pytest.mark.parametrize(
    "layer",
    [
        f"lora_te_{TEXT_LAYER.replace('.', '_')}",
        f"lora_te1_{TEXT_LAYER.replace('.', '_')}",
        f"text_encoder.{TEXT_LAYER}",
    ],
)
def test_text_encoders_are_changed_too(layer: str, tiny: Checkpoint, tmp_path: Path) -> None:
    tensors = kohya(layer, 64, 768)
    model, text = put_on(tiny, tmp_path, tensors, 2.0)
    assert text is not None
    assert tiny.text is not None
    merged, change = tiny.text.clone(), 2.0 * change_of(tensors, layer)
    assert merged.add_patches({f"clip_l.{TEXT_LAYER}.weight": [lambda weight: weight + change]})
    assert torch.allclose(text.encode("a cat"), merged.encode("a cat"), atol=1e-5)
    assert not torch.allclose(text.encode("a cat"), tiny.text.encode("a cat"), atol=1e-3)
    assert torch.equal(answer(model), answer(tiny.model))


def test_of_two_encoders_the_second_has_a_number(tiny: Checkpoint, tmp_path: Path) -> None:
    paths = [save_open_clip(tmp_path / f"{width}.safetensors", width) for width in (768, 1280)]
    text = load_text_encoder(paths)
    layer = "lora_te2_text_model_encoder_layers_0_mlp_fc1"
    _, changed = adapted(saved(tmp_path, kohya(layer, 64, 1280)), tiny.model, text, 1.0, 1.0)
    assert changed is not None
    before, after = text.encode("a cat"), changed.encode("a cat")
    assert torch.equal(before[..., :768], after[..., :768])
    assert not torch.allclose(before[..., 768:], after[..., 768:], atol=1e-3)


def test_what_has_no_use_is_told_but_not_all_of_it(
    tiny: Checkpoint, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    others = {f"bundle_emb.style{number}": random(2) for number in range(7)}
    deeper = kohya(KOHYA.replace("blocks_1", "blocks_9"), 64, 768)
    with caplog.at_level(logging.WARNING):
        put_on(tiny, tmp_path, kohya(KOHYA, 64, 768) | deeper | others)
    assert "style.safetensors has parts without a use here: unet_down_blocks_9" in caplog.text
    assert "and 3 more" in caplog.text


def test_layers_of_the_text_are_no_news_where_there_is_none(
    tiny: Checkpoint, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = f"lora_te_{TEXT_LAYER.replace('.', '_')}"
    adapter = saved(tmp_path, kohya(KOHYA, 64, 768) | kohya(text, 64, 768))
    assert adapted(adapter, tiny.model, None, 1.0, 1.0)[1] is None
    assert caplog.text == ""


def test_an_adapter_of_another_model_is_refused(tiny: Checkpoint, tmp_path: Path) -> None:
    with pytest.raises(AdapterDoesNotFit, match=r"style.safetensors was made for another kind"):
        put_on(tiny, tmp_path, kohya("lora_unet_some_where", 4, 4))


def test_one_that_shares_some_layers_with_the_model_is_refused_for_the_others(
    tiny: Checkpoint, tmp_path: Path
) -> None:
    queries, text = KOHYA.replace("to_k", "to_q"), f"lora_te_{TEXT_LAYER.replace('.', '_')}"
    wider = kohya(queries, 64, 64) | kohya(text, 64, 768) | kohya(KOHYA, 64, 1024)
    with pytest.raises(AdapterDoesNotFit, match=r"layers of it \(unet_down_\w+_attn2_to_k\)"):
        put_on(tiny, tmp_path, wider)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoAdapter, match=r"style.safetensors holds no adapter"):
        saved(tmp_path, {"decoder.weight": random(2)})


@pytest.mark.parametrize("is_pickle", [True, False])
def test_that_of_a_photo_maker_is_found_in_its_file(
    is_pickle: bool, tiny: Checkpoint, tmp_path: Path
) -> None:
    lora, other = kohya(KOHYA, 64, 768), {"fuse_module.layer_norm.weight": torch.ones(3)}
    path = tmp_path / "photomaker-v1.bin"
    if is_pickle:
        torch.save({"id_encoder": other, "lora_weights": lora}, path)
    else:
        path = path.with_suffix(".safetensors")
        named = {f"lora_weights.{name}": tensor for name, tensor in lora.items()}
        save_file(named | {f"id_encoder.{name}": tensor for name, tensor in other.items()}, path)
    found, _ = adapted(load_adapter(path), tiny.model, tiny.text, 1.0, 1.0)
    expected = with_change(tiny.model, LAYER, change_of(lora, KOHYA))
    torch.testing.assert_close(answer(found), answer(expected))


def test_the_last_file_is_kept_until_it_changes(tmp_path: Path) -> None:
    first = saved(tmp_path, kohya(KOHYA, 64, 768))
    assert load_adapter(tmp_path / "style.safetensors") is first
    assert saved(tmp_path, kohya(KOHYA, 64, 768) | kohya("lora_unet_conv_in", 3, 3)) is not first
