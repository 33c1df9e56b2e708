"""What inputs choose from, besides plain files."""

from pathlib import Path

from hub.config.folders import Folders
from hub.engine.folder_files import TINY_AUTOENCODERS, FolderFiles
from hub.engine.models.tiny_autoencoder import FAMILIES


def test_a_tiny_autoencoder_is_a_choice_once_both_halves_are_there(tmp_path: Path) -> None:
    folders = Folders(config=tmp_path, data=tmp_path)
    for name in ("vae/a.pt", "vae_approx/taesd_decoder.pth", "vae_approx/taesdxl_decoder.pth"):
        (folders.models / name).parent.mkdir(parents=True, exist_ok=True)
        (folders.models / name).touch()
    files = FolderFiles(folders)
    assert files.list_folder("vae") == ["a.pt"]
    (folders.models / "vae_approx" / "taesd_encoder.safetensors").touch()
    assert files.list_folder("vae") == ["a.pt", "taesd"]
    assert [files.folder_has("vae", name) for name in ("taesd", "taesdxl")] == [True, False]
    assert files.model_names("vae") == ["a.pt"]


def test_hub_and_worker_know_the_same_tiny_autoencoders() -> None:
    assert tuple(FAMILIES) == TINY_AUTOENCODERS
