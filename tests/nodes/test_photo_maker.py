from pathlib import Path

import pytest
import torch

from hub.nodes.photo_maker import PhotoMakerEncode, PhotoMakerLoader
from hub.nodes.prompts import NoTextEncoder
from hub.testing.nodes import NodeBench
from tests.engine.models.seeded_photo_maker import photo_maker_tensors


def test_a_photo_maker_is_loaded_and_wants_a_text_encoder(bench: NodeBench, tmp_path: Path) -> None:
    path = tmp_path / "models" / "photomaker" / "photomaker-v1.bin"
    path.parent.mkdir(parents=True)
    torch.save({"id_encoder": photo_maker_tensors(32, (16, 32)), "lora_weights": {}}, path)
    (maker,) = bench.run(PhotoMakerLoader, photomaker_model_name=path.name)
    assert maker.width == 48
    with pytest.raises(NoTextEncoder):
        bench.run(
            PhotoMakerEncode,
            photomaker=maker,
            image=torch.rand(1, 8, 8, 3),
            clip=None,
            text="a man photomaker",
        )
