"""Files of model weights."""

import pickle
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from hub.engine.models.weight_files import HoldsCode, NotWeights, load_weights, metadata_of
from hub.errors import Invalid

TENSORS = {"a.weight": torch.arange(6.0).reshape(2, 3), "a.bias": torch.ones(2)}


class Evil:
    """Carries out a command when it is unpickled."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> Any:
        import os

        return os.system, (self.command,)


def test_safetensors_are_read_with_their_metadata(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file(TENSORS, path, metadata={"format": "pt"})
    assert {name: value.tolist() for name, value in load_weights(path).items()} == {
        name: value.tolist() for name, value in TENSORS.items()
    }
    assert metadata_of(path) == {"format": "pt"}


@pytest.mark.parametrize("zipped", [True, False])
def test_pickles_of_tensors_are_read(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "a.pth"
    torch.save({"params": TENSORS}, path, _use_new_zipfile_serialization=zipped)
    torch.testing.assert_close(load_weights(path)["params"], TENSORS)
    assert metadata_of(path) == {}


@pytest.mark.parametrize("zipped", [True, False])
def test_what_trainers_noted_does_not_keep_a_file_from_being_read(
    tmp_path: Path, zipped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "pytorch_lightning.callbacks.model_checkpoint"
    noted = type("ModelCheckpoint", (), {"__module__": name})
    for part in ("pytorch_lightning", "pytorch_lightning.callbacks", name):
        module = ModuleType(part)
        monkeypatch.setattr(module, "ModelCheckpoint", noted, raising=False)
        monkeypatch.setitem(sys.modules, part, module)
    held = {"state_dict": TENSORS, "callbacks": {noted: {"best": np.float64(0.5)}}}
    torch.save(held, tmp_path / "a.ckpt", _use_new_zipfile_serialization=zipped)
    torch.testing.assert_close(load_weights(tmp_path / "a.ckpt")["state_dict"], TENSORS)
    assert not any("numpy" in str(known) for known in torch.serialization.get_safe_globals())


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_with_code_is_refused_by_name_and_not_carried_out(
    tmp_path: Path, zipped: bool
) -> None:
    path, mark = tmp_path / "evil.pth", tmp_path / "mark"
    held = {**TENSORS, "x": Evil(f"touch {mark}")}
    torch.save(held, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(HoldsCode, match=r"evil.pth holds code .*(posix|nt).system.*\.safetensors"):
        load_weights(path)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.safetensors", b"nothing of the sort"),
        ("a.pth", b""),
        ("a.pth", b"nothing of the sort"),
        ("a.ckpt", pickle.dumps([1, 2], protocol=2)),
        ("a.pt", b"PK\3\4" + bytes(40)),
    ],
)
def test_what_holds_no_weights_is_told_in_a_sentence(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Invalid, match=f"{name} cannot be read as a file of weights") as refused:
        load_weights(path)
    assert len(str(refused.value)) < 200


@pytest.mark.filterwarnings("ignore::")  # torch warns of what it still reads
def test_a_torchscript_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    scripted = torch.jit.trace(torch.nn.Linear(2, 2), torch.zeros(1, 2))  # type: ignore[no-untyped-call]
    scripted.save(str(path))
    with pytest.raises(NotWeights):
        load_weights(path)


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize("content", [b"<html>", pickle.dumps({"a": 1}, protocol=4)])
def test_nobody_is_told_to_carry_out_what_is_in_a_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "page.ckpt"
    path.write_bytes(content)
    with pytest.raises(NotWeights, match=r"that torch's loader for weights alone does not know"):
        load_weights(path)


def test_a_file_that_is_something_else_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "page.ckpt"
    path.write_bytes(b"hello world" * 100)
    with pytest.raises(NotWeights, match=r"page.ckpt cannot be read .* \(it begins like none\)"):
        load_weights(path)
