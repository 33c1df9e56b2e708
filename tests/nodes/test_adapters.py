from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from hub.engine.models.checkpoint import Checkpoint
from hub.errors import NotFound
from hub.nodes.adapters import LoraLoader, LoraLoaderModelOnly
from hub.testing.nodes import NodeBench
from tests.engine.models.adapter_files import kohya

LAYER = "down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k"
TEXT_LAYER = "text_model_encoder_layers_1_mlp_fc1"


@pytest.fixture
def lora(bench: NodeBench) -> Path:
    path = bench.folder / "models" / "loras" / "style.safetensors"
    path.parent.mkdir(parents=True)
    text = kohya(f"lora_te_{TEXT_LAYER}", 64, 768)
    save_file(kohya(f"lora_unet_{LAYER}", 64, 768) | text, path)
    return path


def test_a_strength_of_nothing_hands_on_what_came_in(bench: NodeBench, tiny: Checkpoint) -> None:
    nothing = {"lora_name": "missing.safetensors", "strength_model": 0.0, "strength_clip": 0.0}
    found = bench.run(LoraLoader, model=tiny.model, clip=tiny.text, **nothing)
    assert found == (tiny.model, tiny.text)
    (same,) = bench.run(LoraLoaderModelOnly, model=tiny.model, lora_name="", strength_model=0.0)
    assert same is tiny.model


def test_each_strength_is_for_one_part(bench: NodeBench, tiny: Checkpoint, lora: Path) -> None:
    x, sigma, told = torch.randn(1, 4, 8, 8), torch.tensor([2.0]), torch.randn(1, 5, 768)
    assert tiny.text is not None
    for strengths in ((0.0, 2.0), (2.0, 0.0)):
        model, text = bench.run(
            LoraLoader,
            model=tiny.model,
            clip=tiny.text,
            lora_name=lora.name,
            strength_model=strengths[0],
            strength_clip=strengths[1],
        )
        answers = [one.apply_model(x, sigma, c_crossattn=told) for one in (tiny.model, model)]
        assert torch.equal(*answers) == (strengths[0] == 0)
        assert torch.equal(text.encode("cat"), tiny.text.encode("cat")) == (strengths[1] == 0)


def test_a_model_without_text_encoder_is_changed(
    bench: NodeBench, tiny: Checkpoint, lora: Path
) -> None:
    model, text = bench.run(LoraLoader, model=tiny.model, clip=None, lora_name=lora.name)
    assert text is None
    (alone,) = bench.run(LoraLoaderModelOnly, model=tiny.model, lora_name=lora.name)
    x, sigma, told = torch.randn(1, 4, 8, 8), torch.tensor([2.0]), torch.randn(1, 5, 768)
    first, second = (one.apply_model(x, sigma, c_crossattn=told) for one in (model, alone))
    assert torch.equal(first, second)


def test_a_missing_adapter_is_named(bench: NodeBench, tiny: Checkpoint) -> None:
    with pytest.raises(NotFound, match=r"loras 'none\.safetensors'"):
        bench.run(LoraLoaderModelOnly, model=tiny.model, lora_name="none.safetensors")
