"""A LoRA that was extracted does again what the one did that was merged in."""

from pathlib import Path
from typing import Any
from weakref import ref

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from hub.engine.models.adapter_file import load_adapter
from hub.engine.models.adapters import adapted
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.extraction import Extraction, Form, NoDifference, factors
from hub.nodes.model_merging import CLIPMergeSubtract, ModelMergeSubtract
from hub.nodes.model_saving import LoraSave
from hub.testing.nodes import NodeBench
from tests.engine.models.adapter_files import RANK, kohya, random, saved
from tests.engine.models.conftest import tiny as tiny
from tests.engine.models.conftest import tiny_file as tiny_file

CPU = torch.device("cpu")
QUERY = "input_blocks.1.1.transformer_blocks.0.attn1.to_q"
CONVOLUTION = "middle_block.0.in_layers.2"
NORM = "out.0"
TEXT = "text_model.encoder.layers.0.self_attn.q_proj"
WEIGHTS = [f"diffusion_model.{name}.weight" for name in (QUERY, CONVOLUTION, NORM)]
VECTORS = [
    f"diffusion_model.{NORM}.weight",
    f"diffusion_model.{QUERY.replace('to_q', 'to_out.0')}.bias",
]


def merged(tiny: Checkpoint, folder: Path) -> Checkpoint:
    """With changes of the rank 3 in a matrix, in a convolution and in a text encoder, and with
    plain ones of two vectors."""
    model, text = tiny.model, tiny.text
    assert text is not None
    convolution = model.weight(WEIGHTS[1], CPU)
    tensors = {
        **kohya(f"diffusion_model.{QUERY}", *model.weight(WEIGHTS[0], CPU).shape),
        f"diffusion_model.{CONVOLUTION}.lora_up.weight": random(len(convolution), RANK, 1, 1),
        f"diffusion_model.{CONVOLUTION}.lora_down.weight": random(RANK, *convolution.shape[1:]),
        f"diffusion_model.{NORM}.diff": random(*model.weight(VECTORS[0], CPU).shape),
        f"{VECTORS[1].removesuffix('.bias')}.diff_b": random(*model.weight(VECTORS[1], CPU).shape),
        **kohya(f"text_encoders.clip_l.transformer.{TEXT}", 768, 768),
    }
    changed, changed_text = adapted(saved(folder, tensors), model, text, 1.0, 1.0)
    return Checkpoint(model=changed, text=changed_text, pictures=None)


def extracted(bench: NodeBench, changed: Checkpoint, tiny: Checkpoint, **inputs: object) -> Path:
    (model,) = bench.run(ModelMergeSubtract, model1=changed.model, model2=tiny.model)
    (text,) = bench.run(CLIPMergeSubtract, clip1=changed.text, clip2=tiny.text)
    given = {"rank": RANK, "lora_type": "standard", "model_diff": model, "text_encoder_diff": text}
    bench.run(LoraSave, **{**given, **inputs})
    return bench.files[-1].path


def put_on(tiny: Checkpoint, path: Path) -> Checkpoint:
    model, text = adapted(load_adapter(path), tiny.model, tiny.text, 1.0, 1.0)
    return Checkpoint(model=model, text=text, pictures=None)


def text_weight(checkpoint: Checkpoint) -> Tensor:
    assert checkpoint.text is not None
    return checkpoint.text.weight(f"clip_l.{TEXT}.weight", CPU)


def is_near(found: Tensor, expected: Tensor) -> bool:
    return torch.allclose(found, expected, atol=2e-3)


@pytest.mark.parametrize("form", ["standard", "full_diff"])
def test_what_was_merged_is_extracted_and_works_as_before(
    form: str, bench: NodeBench, tiny: Checkpoint, tmp_path: Path
) -> None:
    changed = merged(tiny, tmp_path)
    found = put_on(tiny, extracted(bench, changed, tiny, lora_type=form))
    for name in {*WEIGHTS, *VECTORS}:
        own, expected, given = (one.model.weight(name, CPU) for one in (found, changed, tiny))
        assert is_near(own, expected)
        assert not is_near(own, given)
    own, expected, given = (text_weight(one) for one in (found, changed, tiny))
    assert is_near(own, expected)
    assert not is_near(own, given)


def test_the_file_holds_factors_of_what_differs_and_nothing_else(
    bench: NodeBench, tiny: Checkpoint, tmp_path: Path
) -> None:
    path = extracted(bench, merged(tiny, tmp_path), tiny, bias_diff=False)
    assert path.name == "ComfyUI_extracted_lora_00001_.safetensors"
    assert bench.files[-1].subfolder == "loras"
    found = load_file(path)
    layers = [f"diffusion_model.{QUERY}", f"diffusion_model.{CONVOLUTION}"]
    layers += [f"text_encoders.clip_l.transformer.{TEXT}"]
    assert found.keys() == {f"{a}.lora_{b}.weight" for a in layers for b in ("up", "down")}
    up, down = (found[f"{layers[1]}.lora_{part}.weight"] for part in ("up", "down"))
    assert (up.shape[1:], down.shape[0], down.shape[2:]) == ((RANK, 1, 1), RANK, (3, 3))
    assert {value.dtype for value in found.values()} == {torch.float16}
    with safe_open(path, "pt") as file:
        assert file.metadata()["format"] == "pt"


@pytest.mark.parametrize("shape", [(12, 40), (40, 12), (8, 6, 3, 3), (5, 5)])
def test_factors_are_the_nearest_of_their_rank(shape: tuple[int, ...]) -> None:
    change = torch.randn(shape)
    up, down = factors(change, 4)
    lost = change.double().flatten(1) - up.flatten(1) @ down.flatten(1)
    values = torch.linalg.svdvals(change.double().flatten(1))
    assert torch.allclose(lost.square().sum(), values[4:].square().sum())
    assert torch.allclose(up.flatten(1).norm(dim=0), down.flatten(1).norm(dim=1))


def test_a_rank_above_that_of_a_weight_is_all_of_it() -> None:
    change = torch.randn(5, 7)
    up, down = factors(change, 64)
    assert up.shape == (5, 5)
    assert torch.allclose(up @ down, change.double())


def test_models_that_are_the_same_have_no_lora(bench: NodeBench, tiny: Checkpoint) -> None:
    with pytest.raises(NoDifference, match="ModelMergeSubtract gives of two models"):
        extracted(bench, tiny, tiny)
    with pytest.raises(NoDifference):
        bench.run(LoraSave, model_diff=tiny.model)


def test_only_one_difference_at_a_time_is_held_in_full_precision(
    tiny: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = DiffusionModel.weight
    made: list[ref[Tensor]] = []
    held: list[int] = []

    def noted(*asked: Any) -> Tensor:
        found = read(*asked)
        made.append(ref(found))
        return found

    monkeypatch.setattr(DiffusionModel, "weight", noted)
    extraction = Extraction(form=Form.WHOLE, rank=1, has_vectors=True)
    model = merged(tiny, tmp_path).model
    made.clear()
    extraction.tensors(model, None, lambda *_: held.append(sum(one() is not None for one in made)))
    assert held == [1] * 4
