"""The modules by which packs load models, ask what they are and change them."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from hub.engine.models.adapter_file import load_adapter
from hub.engine.models.adapters import adapted
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.diffusion_model import DiffusionModel, NoSuchPlace
from hub.engine.models.patch_forms import UnknownPatch
from hub.errors import Invalid
from hub.nodes.compat.not_yet import NotOffered
from tests.engine.models.conftest import tiny as tiny
from tests.engine.models.conftest import tiny_file as tiny_file
from tests.nodes.compat.conftest import Offered

LAYER = "input_blocks.1.1.transformer_blocks.0.attn1.to_q"
WEIGHT = f"diffusion_model.{LAYER}.weight"
TEXT_LAYER = "text_model.encoder.layers.0.self_attn.q_proj"


def weight_of(model: DiffusionModel, name: str = WEIGHT) -> Tensor:
    return model.weight(name, torch.device("cpu"))


@pytest.fixture
def lora(tiny: Checkpoint) -> dict[str, Tensor]:
    """An adapter in kohya's spelling, for one layer of the denoiser and one of the text."""
    assert tiny.text is not None
    width = weight_of(tiny.model).shape
    names = {f"lora_unet_{LAYER.replace('.', '_')}": width}
    text = tiny.text.weight(f"clip_l.{TEXT_LAYER}.weight", torch.device("cpu"))
    names[f"lora_te_{TEXT_LAYER.replace('.', '_')}"] = text.shape
    generator = torch.Generator().manual_seed(1)
    made = {}
    for name, (rows, columns) in names.items():
        made[f"{name}.lora_up.weight"] = torch.randn(rows, 4, generator=generator)
        made[f"{name}.lora_down.weight"] = torch.randn(4, columns, generator=generator)
        made[f"{name}.alpha"] = torch.tensor(2.0)
    return made


def test_a_checkpoint_is_loaded_as_its_parts(offered: Offered, tiny_file: Path) -> None:
    sd = offered("comfy.sd")
    model, clip, vae, vision = sd.load_checkpoint_guess_config(str(tiny_file), output_vae=False)
    assert isinstance(model, offered("comfy.model_patcher").ModelPatcher)
    assert isinstance(clip, sd.CLIP)
    assert (vae, vision) == (None, None)
    assert sd.CLIPType.STABLE_DIFFUSION is not sd.CLIPType.SD3


def test_an_autoencoder_is_made_of_weights(
    offered: Offered, tiny: Checkpoint, tiny_file: Path
) -> None:
    sd, utils = offered("comfy.sd"), offered("comfy.utils")
    vae = sd.VAE(sd=utils.load_torch_file(str(tiny_file)))
    assert isinstance(vae, sd.VAE)
    assert tiny.pictures is not None
    picture = torch.rand(1, 16, 16, 3)
    assert torch.equal(vae.encode(picture), tiny.pictures.encode(picture))


def test_a_lora_on_both_models_is_the_same_as_by_the_node(
    offered: Offered, tiny: Checkpoint, lora: dict[str, Tensor], tmp_path: Path
) -> None:
    save_file(lora, tmp_path / "a.safetensors")
    ours, our_text = adapted(
        load_adapter(tmp_path / "a.safetensors"), tiny.model, tiny.text, 0.5, 0.25
    )
    sd = offered("comfy.sd")
    model, clip = sd.load_lora_for_models(tiny.model, tiny.text, lora, 0.5, 0.25)
    assert torch.equal(weight_of(model), weight_of(ours))
    assert not torch.equal(weight_of(model), weight_of(tiny.model))
    assert our_text is not None
    name = f"clip_l.{TEXT_LAYER}.weight"
    cpu = torch.device("cpu")
    assert torch.equal(clip.weight(name, cpu), our_text.weight(name, cpu))
    alone, _ = sd.load_lora_for_models(None, tiny.text, lora, 1.0, 1.0)
    assert alone is None


def test_adapters_by_hand_change_the_same_weights(
    offered: Offered, tiny: Checkpoint, lora: dict[str, Tensor]
) -> None:
    """Packs find the weights by a map, choose among the patches, and add them with a strength."""
    module, sd = offered("comfy.lora"), offered("comfy.sd")
    assert tiny.text is not None
    keys = module.model_lora_keys_unet(tiny.model.model, {})
    keys = module.model_lora_keys_clip(tiny.text.cond_stage_model, keys)
    patches = module.load_lora(lora, keys)
    assert set(patches) == {WEIGHT, f"clip_l.{TEXT_LAYER}.weight"}
    model = tiny.model.clone()
    assert model.add_patches(patches, 0.5) == [WEIGHT]
    expected, _ = sd.load_lora_for_models(tiny.model, None, lora, 0.5, 0.0)
    assert torch.allclose(weight_of(model), weight_of(expected))


def test_patches_of_comfyui_s_kinds_are_understood(tiny: Checkpoint) -> None:
    before = weight_of(tiny.model)
    other = torch.randn(before.shape, generator=torch.Generator().manual_seed(2))

    def changed(patch: Any, *strengths: float) -> Tensor:
        model = tiny.model.clone()
        model.add_patches({WEIGHT: patch}, *strengths)
        return weight_of(model)

    up, down = other[:, :2], other[:2]
    assert torch.allclose(changed((other,), 0.5), before + other * 0.5)
    assert torch.allclose(changed(("diff", (other,)), 1.0, 0.5), before * 0.5 + other)
    assert torch.equal(changed(("set", (other,))), other)
    lora = changed(("lora", (up, down, 4.0, None, None)))
    assert torch.allclose(lora, before + up @ down * 2.0, atol=1e-5)
    assert torch.allclose(changed([torch.zeros_like], 0.25), before * 0.75)
    with pytest.raises(UnknownPatch, match="of the kind 'glora'"):
        changed(("glora", (up, down)))


def test_packs_can_ask_which_family_a_model_is_of(offered: Offered, tiny: Checkpoint) -> None:
    base, formats = offered("comfy.model_base"), offered("comfy.latent_formats")
    assert isinstance(tiny.model.model, base.BaseModel)
    assert not isinstance(tiny.model.model, base.SDXL)
    assert isinstance(tiny.model.latent_format, formats.SD15)
    assert not isinstance(tiny.model.latent_format, formats.SDXL)
    assert formats.SD15().latent_channels == 4


def test_packs_can_ask_of_which_family_a_configuration_is(
    offered: Offered, tiny: Checkpoint
) -> None:
    known = offered("comfy.supported_models")
    config = tiny.model.model.model_config
    assert type(config) is known.SD15
    assert isinstance(config, known.supported_models_base.BASE)
    assert not isinstance(config, (known.SD20, known.SDXL, known.SDXLRefiner, known.Flux))
    with pytest.raises(Invalid, match="SDXL was called to make a model of another architecture"):
        known.SDXL({"in_channels": 4})


def test_only_what_the_hub_asks_for_can_be_exchanged(tiny: Checkpoint) -> None:
    with pytest.raises(NoSuchPlace, match="in the place of the model's 'extra_conds'"):
        tiny.model.clone().add_object_patch("extra_conds", dict)


def test_a_class_that_a_pack_derives_is_no_model_and_cannot_be_made(
    offered: Offered, tiny: Checkpoint
) -> None:
    class Own(offered("comfy.model_patcher").ModelPatcher):  # type: ignore[misc]
        pass

    assert not isinstance(tiny.model, Own)
    with pytest.raises(NotOffered, match=r"called comfy\.model_patcher\.ModelPatcher"):
        Own(None)


def test_attention_takes_what_packs_give_it(offered: Offered) -> None:
    attention = offered("comfy.ldm.modules.attention").optimized_attention
    q, k, v = torch.randn(3, 2, 6, 8, generator=torch.Generator().manual_seed(3))
    heads = [one.unflatten(-1, (2, 4)).transpose(1, 2) for one in (q, k, v)]
    plain = attention(q, k, v, 2)
    assert plain.shape == (2, 6, 8)
    assert torch.equal(attention(*heads, 2, skip_reshape=True), plain)
    raw = attention(q, k, v, 2, skip_output_reshape=True)
    assert torch.equal(raw.transpose(1, 2).flatten(2), plain)
    allowed = torch.ones(6, 6, dtype=torch.bool).tril()
    first = attention(q, k, v, 2, mask=allowed)[:, 0]
    assert torch.allclose(first, v[:, 0])
    assert torch.equal(attention(q, k, v, 2, mask=allowed.expand(2, 6, 6))[:, 0], first)


def test_layers_compute_in_the_type_of_what_comes_in(offered: Offered) -> None:
    ops = offered("comfy.ops")
    layer = ops.manual_cast.Linear(4, 3, dtype=torch.float16)
    torch.nn.init.ones_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    x = torch.rand(2, 4)
    assert torch.allclose(layer(x), x.sum(-1, keepdim=True).expand(2, 3))
    assert layer(x).dtype == torch.float32
    rows = ops.manual_cast.Embedding(5, 2, dtype=torch.float16)
    assert rows(torch.tensor([1, 2])).dtype == torch.float16
    with torch.device("meta"):
        assert isinstance(ops.disable_weight_init.Conv2d(1, 1, 3), torch.nn.Conv2d)


def test_models_are_made_ready(offered: Offered, tiny: Checkpoint) -> None:
    management = offered("comfy.model_management")
    management.load_models_gpu([tiny.model, object()])
    assert tiny.model.model.weights.device is not None


def test_diffusers_names_lead_to_the_weights(offered: Offered, tiny: Checkpoint) -> None:
    config = tiny.model.model.model_config
    names = offered("comfy.utils").unet_to_diffusers(config.unet_config)
    weights = dict(tiny.model.model.diffusion_model.named_parameters())
    assert set(names.values()) == weights.keys()
    assert names["down_blocks.0.resnets.0.conv1.weight"] == "input_blocks.1.0.in_layers.2.weight"
    assert names["conv_in.bias"] == "input_blocks.0.0.bias"
    assert config.unet_config["context_dim"] == 768
    with pytest.raises(Invalid, match="of a loaded model"):
        offered("comfy.utils").unet_to_diffusers({"num_res_blocks": 2})
