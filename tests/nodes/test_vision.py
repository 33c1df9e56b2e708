"""Vision encoders, against torch's own transformer layers with the same weights."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch.nn import functional

from hub.engine.models.clip_layers import quick_gelu
from hub.engine.models.vision_encoder import UnknownVisionEncoder, load_vision_encoder, looked_at
from hub.nodes.vision import CLIPVisionEncode, CLIPVisionLoader
from hub.testing.nodes import NodeBench
from tests.engine.models.seeded_vision import SIZE, reference, vision_tensors
from tests.nodes.compat.conftest import Offered
from tests.nodes.compat.conftest import folders as folders
from tests.nodes.compat.conftest import offered as offered


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "models" / "clip_vision" / "h.safetensors"
    path.parent.mkdir(parents=True)
    save_file(vision_tensors(1280), path)
    return path


@pytest.mark.parametrize(
    ("width", "heads", "activation"),
    [(768, 12, quick_gelu), (1024, 16, quick_gelu), (1280, 16, functional.gelu)],
)
def test_it_computes_what_torchs_layers_do(
    width: int, heads: int, activation: Any, tmp_path: Path
) -> None:
    tensors, picture = vision_tensors(width), torch.rand(2, SIZE, SIZE, 3)
    save_file(tensors, tmp_path / "vision.safetensors")
    encoder = load_vision_encoder(tmp_path / "vision.safetensors")
    with torch.no_grad():
        expected = reference(tensors, looked_at(picture, SIZE), heads, activation)
    found = encoder.encode_image(picture)
    assert encoder.image_size == SIZE
    parts = (found["penultimate_hidden_states"], found.last_hidden_state, found.image_embeds)
    for part, wanted in zip(parts, expected[-3:], strict=True):
        close = 1e-3 * float(wanted.std())
        torch.testing.assert_close(part, wanted, atol=close, rtol=0)


def test_the_middle_of_a_picture_is_looked_at_or_all_of_it() -> None:
    picture = torch.zeros(1, 60, 120, 4)
    picture[:, :, 20:100] = 1
    whole = (picture.new_ones(3) - torch.tensor([0.48145466, 0.4578275, 0.40821073])) / (
        torch.tensor([0.26862954, 0.26130258, 0.27577711])
    )
    middle = looked_at(picture, 30)
    torch.testing.assert_close(middle, whole.view(1, 3, 1, 1).expand(1, 3, 30, 30))
    pressed = looked_at(picture, 30, crop=False)
    assert not torch.equal(pressed[..., 0], middle[..., 0])
    torch.testing.assert_close(pressed[..., 15], middle[..., 15])


def test_nodes_load_one_and_look(bench: NodeBench, file: Path) -> None:
    (encoder,) = bench.run(CLIPVisionLoader, clip_name=file.name)
    picture = torch.rand(1, 40, 50, 3)
    (found,) = bench.run(CLIPVisionEncode, clip_vision=encoder, image=picture, crop="none")
    assert torch.equal(found.image_embeds, encoder.encode_image(picture, False).image_embeds)
    assert not torch.equal(found.image_embeds, encoder.encode_image(picture).image_embeds)


def test_another_file_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    save_file({"a": torch.ones(1)}, tmp_path / "other.safetensors")
    with pytest.raises(UnknownVisionEncoder, match="holds no CLIP vision encoder"):
        load_vision_encoder(tmp_path / "other.safetensors")


def test_packs_load_one_and_make_outputs(offered: Offered, file: Path) -> None:
    module = offered("comfy.clip_vision")
    encoder = module.load(str(file))
    assert isinstance(encoder, module.ClipVisionModel)
    seen = module.clip_preprocess(torch.rand(1, 40, 50, 3), SIZE)
    assert seen.shape == (1, 3, SIZE, SIZE)
    own = module.Output()
    own.image_embeds = 3
    assert own["image_embeds"] == 3
