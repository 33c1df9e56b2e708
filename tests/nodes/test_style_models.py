"""Style models, against torch's own transformer layers with the same weights."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.clip_layers import quick_gelu
from hub.engine.models.style_model import (
    NotAStyleModel,
    OtherVisionEncoder,
    StyleModel,
    load_style_model,
)
from hub.engine.models.vision_encoder import VisionOutput
from hub.nodes.style_models import NoBias, StyleModelApply, StyleModelLoader, StyleOfAnotherFamily
from hub.testing.nodes import NodeBench
from tests.engine.models.seeded_style import LAYERS, WORDS, style_tensors
from tests.nodes.compat.conftest import Offered
from tests.nodes.compat.conftest import folders as folders
from tests.nodes.compat.conftest import offered as offered

WIDTH, TEXT = 32, 12
TENSORS = style_tensors(WIDTH, TEXT)
IN_TORCH = {
    "attn.in_proj_": "self_attn.in_proj_",
    "attn.out_proj.": "self_attn.out_proj.",
    "mlp.c_fc.": "linear1.",
    "mlp.c_proj.": "linear2.",
    "ln_1.": "norm1.",
    "ln_2.": "norm2.",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """As its authors save it."""
    path = tmp_path / "models" / "style_models" / "t2iadapter_style_sd14v1.pth"
    path.parent.mkdir(parents=True)
    torch.save(TENSORS, path)
    return path


@pytest.fixture
def style(file: Path) -> StyleModel:
    return load_style_model(file)


def seen(pictures: int = 2, width: int = WIDTH) -> VisionOutput:
    draw = torch.Generator().manual_seed(pictures)
    return VisionOutput(last_hidden_state=torch.randn(pictures, 5, width, generator=draw))


def reference(states: Tensor) -> Tensor:
    def normed(x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(
            x, (WIDTH,), TENSORS[f"{name}.weight"], TENSORS[f"{name}.bias"]
        )

    asking = TENSORS["style_embedding"].expand(len(states), WORDS, WIDTH)
    x = normed(torch.cat([states, asking], dim=1), "ln_pre")
    for number in range(LAYERS):
        layer = nn.TransformerEncoderLayer(
            *(WIDTH, 8, 4 * WIDTH, 0.0, quick_gelu), batch_first=True, norm_first=True
        )
        prefix = f"transformer_layes.{number}."
        layer.load_state_dict(
            {
                f"{torchs}{kind}": TENSORS[f"{prefix}{own}{kind}"]
                for own, torchs in IN_TORCH.items()
                for kind in ("weight", "bias")
            }
        )
        x = layer.eval()(x)
    return normed(x[:, -WORDS:], "ln_post") @ TENSORS["proj"]


def apply(bench: NodeBench, style: StyleModel, told: Tensor, **other: Any) -> Any:
    given = {"clip_vision_output": seen(), "strength": 1.0, "strength_type": "multiply", **other}
    entry = [told, {"pooled_output": 3}]
    (found,) = bench.run(StyleModelApply, conditioning=[entry], style_model=style, **given)
    return found


def test_the_words_of_all_pictures_stand_behind_the_text(bench: NodeBench, file: Path) -> None:
    (style,) = bench.run(StyleModelLoader, style_model_name=file.name)
    told = torch.randn(1, 3, TEXT)
    ((found, options),) = apply(bench, style, told, strength=0.5)
    with torch.no_grad():
        words = reference(seen().last_hidden_state).reshape(1, 2 * WORDS, TEXT)
    torch.testing.assert_close(found, torch.cat([told, 0.5 * words], dim=1), atol=1e-4, rtol=0)
    assert options == {"pooled_output": 3}


def test_a_strength_in_the_attention_is_refused_but_for_one(
    bench: NodeBench, style: StyleModel
) -> None:
    told = torch.zeros(1, 3, TEXT)
    same = apply(bench, style, told, strength_type="attn_bias")
    assert torch.equal(same[0][0], apply(bench, style, told)[0][0])
    with pytest.raises(NoBias, match=r"strength 0\.5 with strength_type attn_bias"):
        apply(bench, style, told, strength_type="attn_bias", strength=0.5)


def test_the_text_of_another_family_is_refused(bench: NodeBench, style: StyleModel) -> None:
    with pytest.raises(StyleOfAnotherFamily, match="width 12, and the conditioning has 2048"):
        apply(bench, style, torch.zeros(1, 3, 2048))


def test_another_vision_encoder_is_refused(style: StyleModel) -> None:
    with pytest.raises(OtherVisionEncoder, match=r"width 32, and .* one of 48.*ViT-L/14"):
        style.get_cond(seen(width=48))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("redux_up.weight", "Redux, which is for Flux"),
        ("body.0.block1.weight", "a T2I-Adapter that is not for style"),
        ("lora_unet_a.lora_up.weight", "a LoRA"),
        ("a", "no style model"),
    ],
)
def test_another_file_is_refused_by_what_it_holds(name: str, told: str, tmp_path: Path) -> None:
    save_file({name: torch.ones(1)}, tmp_path / "other.safetensors")
    with pytest.raises(NotAStyleModel, match=f"other.safetensors holds {told}"):
        load_style_model(tmp_path / "other.safetensors")


def test_packs_load_one_too_also_with_the_other_names(offered: Offered, tmp_path: Path) -> None:
    named = {f"adapter.{name}": tensor for name, tensor in TENSORS.items()}
    save_file(named, tmp_path / "style.safetensors")
    style = offered("comfy.sd").load_style_model(str(tmp_path / "style.safetensors"))
    assert style.get_cond(seen()).shape == (2, WORDS, TEXT)
