"""Making a .safetensors of another model file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from hub.engine.worker.conversion import AlreadyThere, convert
from hub.errors import HubError


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("/tmp/never",)


def test_tensors_keep_their_names_and_content(tmp_path: Path) -> None:
    shared = torch.arange(6.0)
    content = {"a": shared, "b": shared, "part": shared[2:4], "turned": torch.ones(2, 3).t()}
    torch.save({"state_dict": content, "epoch": 3}, tmp_path / "model.ckpt")
    assert convert(tmp_path / "model.ckpt") == tmp_path / "model.safetensors"
    found = load_file(tmp_path / "model.safetensors")
    assert {name: tensor.tolist() for name, tensor in found.items()} == {
        name: tensor.tolist() for name, tensor in content.items()
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.ckpt", "model.safetensors"]
    rights = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(rights) == 1, "both can be read by the same"
    with pytest.raises(AlreadyThere):
        convert(tmp_path / "model.ckpt")


def test_a_photo_maker_keeps_both_of_its_parts(tmp_path: Path) -> None:
    parts = {"id_encoder": {"a.weight": torch.ones(1)}, "lora_weights": {"b": torch.zeros(1)}}
    torch.save(parts, tmp_path / "photomaker-v1.bin")
    assert load_file(convert(tmp_path / "photomaker-v1.bin")) == {
        "id_encoder.a.weight": torch.ones(1),
        "lora_weights.b": torch.zeros(1),
    }


def test_code_is_refused_by_its_name(tmp_path: Path) -> None:
    torch.save({"state_dict": {"a": torch.ones(1)}, "hook": Evil()}, tmp_path / "evil.pt")
    command = [sys.executable, "-m", "hub.engine.worker.conversion", str(tmp_path / "evil.pt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("evil.pt holds code besides weights (posix.mkdir)")
    assert not (tmp_path / "evil.safetensors").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.pt", "holds no tensors"),
        ("x.safetensors", "is a safetensors file"),
        ("gone.ckpt", "No such file"),
    ],
)
def test_other_files_are_refused_with_a_sentence(tmp_path: Path, name: str, words: str) -> None:
    torch.save({"epoch": 3}, tmp_path / "empty.pt")
    with pytest.raises(HubError, match=words):
        convert(tmp_path / name)
