import json
from pathlib import Path
from typing import Any

import pytest
import safetensors
import torch
from safetensors.torch import save

from hub.nodes.latent_files import LoadLatent, NotALatent, SaveLatent
from hub.testing.nodes import NodeBench


def test_a_latent_is_read_as_it_was_written(tmp_path: Path) -> None:
    bench = NodeBench(tmp_path, prompt={"1": "ä"}, extra_pnginfo={"workflow": {"a": 1}})
    latent: dict[str, Any] = {"samples": torch.randn(2, 4, 8, 12).transpose(2, 3)}
    bench.run(SaveLatent, samples=latent)
    (file,) = bench.files
    (tmp_path / "new").touch()
    assert file.path.stat().st_mode == (tmp_path / "new").stat().st_mode
    assert bench.ui == {
        "latents": [{"filename": "ComfyUI_00001_.latent", "subfolder": "latents", "type": "output"}]
    }
    with safetensors.safe_open(file.path, framework="pt") as opened:
        found = {name: json.loads(text) for name, text in opened.metadata().items()}
    assert found == {"prompt": {"1": "ä"}, "workflow": {"a": 1}}
    bench.add_input("one.latent", file.path.read_bytes())
    (read,) = bench.run(LoadLatent, latent="one.latent")
    assert torch.equal(read["samples"], latent["samples"])


def test_old_files_are_scaled_to_what_the_autoencoder_gives(bench: NodeBench) -> None:
    bench.add_input("old.latent", save({"latent_tensor": torch.ones(1, 4, 2, 2).half()}))
    (read,) = bench.run(LoadLatent, latent="old.latent")
    assert torch.allclose(read["samples"], torch.tensor(1 / 0.18215))


@pytest.mark.parametrize("content", [b"hello", save({"other": torch.ones(1)})])
def test_other_files_are_refused_in_a_sentence(content: bytes, bench: NodeBench) -> None:
    bench.add_input("other.latent", content)
    with pytest.raises(NotALatent, match=r"other\.latent cannot be read as a latent"):
        bench.run(LoadLatent, latent="other.latent")


def test_another_file_of_the_same_name_has_another_fingerprint(bench: NodeBench) -> None:
    bench.add_input("a.latent", b"one")
    before = bench.fingerprint(LoadLatent, latent="a.latent")
    bench.add_input("a.latent", b"two")
    assert bench.fingerprint(LoadLatent, latent="a.latent") != before
