"""Which files inputs may name."""

from pathlib import Path

import pytest

from hub.config.folders import Folders
from hub.engine.folder_files import FolderFiles
from hub.engine.input_files import InputFiles, InputLeadsOut, InputMissing

HASH = "ab" * 32


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Folders with a file of every sort."""
    folders = Folders(config=tmp_path, data=tmp_path / "data")
    folders.make()
    for path in (
        folders.input / "cat.png",
        folders.input / "sub" / "dog [1].png",
        folders.output / "out.png",
        folders.temp / "temp.png",
        folders.store / HASH[:2] / f"{HASH}.jpg",
        folders.models / "loras" / "sub" / "style.safetensors",
        tmp_path / "secret.png",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folders


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("cat.png", "input/cat.png"),
        ("sub/dog [1].png", "input/sub/dog [1].png"),
        ("cat.png [input]", "input/cat.png"),
        ("out.png [output]", "output/out.png"),
        ("temp.png [temp]", "temp/temp.png"),
        (f"{HASH}.jpg", f"store/ab/{HASH}.jpg"),
    ],
)
def test_finds_files_by_name(folders: Folders, name: str, where: str) -> None:
    assert InputFiles(folders).path(name) == folders.data / where
    assert FolderFiles(folders).folder_has("input", name)


@pytest.mark.parametrize("name", ["../../secret.png", "/etc/passwd", "../store", ".. [output]"])
def test_refuses_names_that_lead_out(folders: Folders, name: str) -> None:
    with pytest.raises(InputLeadsOut):
        InputFiles(folders).path(name)
    assert not FolderFiles(folders).folder_has("input", name)


def test_refuses_links_that_lead_out(folders: Folders) -> None:
    (folders.input / "link.png").symlink_to(folders.config / "secret.png")
    with pytest.raises(InputLeadsOut):
        InputFiles(folders).path("link.png")


@pytest.mark.parametrize("name", ["none.png", "", "sub", "x\0y", "x" * 5000, f"{'cd' * 32}.png"])
def test_says_what_is_missing(folders: Folders, name: str) -> None:
    with pytest.raises(InputMissing):
        InputFiles(folders).path(name)


def test_lists_folders_of_diffusers(folders: Folders) -> None:
    mine = folders.models / "diffusers" / "sub" / "mine"
    (mine / "unet").mkdir(parents=True)
    (mine / "unet" / "model.safetensors").touch()
    (mine / "model_index.json").touch()
    files = FolderFiles(folders)
    assert files.list_folder("diffusers") == ["sub/mine"]
    assert files.folder_has("diffusers", "sub/mine")
    assert not files.folder_has("diffusers", "sub")
    assert InputFiles(folders).model("diffusers", "sub/mine") == mine / "model_index.json"


def test_lists_the_input_folder_itself_and_models_with_folders(folders: Folders) -> None:
    files = FolderFiles(folders)
    assert files.list_folder("input") == ["cat.png"]
    assert files.list_folder("loras") == ["sub/style.safetensors"]
    assert files.list_folder("nothing") == []
    assert files.folder_has("loras", "sub/style.safetensors")
    assert not files.folder_has("loras", "../loras/sub/style.safetensors")
