"""The module `folder_paths`."""

from pathlib import Path

import pytest

from hub.config.folders import Folders
from hub.nodes.compat.installed import installed
from tests.nodes.compat.conftest import Offered


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_files_of_both_folders_of_a_kind_are_listed_and_found(
    offered: Offered, folders: Folders
) -> None:
    paths = offered("folder_paths")
    unet, diffusion = folders.models / "unet", folders.models / "diffusion_models"
    touch(unet / "a.safetensors", diffusion / "sub" / "b.gguf", diffusion / "a.safetensors")
    touch(diffusion / "sub" / "c.sft")
    for key in ("diffusion_models", "unet"):
        assert list(paths.get_filename_list(key)) == ["a.safetensors", "sub/c.sft"]
        assert paths.get_full_path(key, "a.safetensors") == str(unet / "a.safetensors")
    assert paths.get_full_path("vae", "a.safetensors") is None
    with pytest.raises(FileNotFoundError, match=r"a\.safetensors"):
        paths.get_full_path_or_raise("vae", "a.safetensors")


def test_what_a_pack_adds_is_searched_and_told_to_the_hub(offered: Offered, tmp_path: Path) -> None:
    paths = offered("folder_paths")
    touch(tmp_path / "mine" / "x.GGUF", tmp_path / "mine" / "y.txt")
    paths.add_model_folder_path("gguf", str(tmp_path / "mine"))
    paths.folder_names_and_paths["gguf"] = (paths.get_folder_paths("gguf"), {".gguf"})
    paths.add_model_folder_path("vae", str(tmp_path / "mine"), is_default=True)
    paths.folder_names_and_paths["odd"] = None
    listed = paths.get_filename_list("gguf")
    assert (list(listed), listed.folder) == (["x.GGUF"], "gguf")
    kinds = installed().kinds()
    assert kinds["gguf"].folders == (str(tmp_path / "mine"),)
    assert kinds["gguf"].suffixes == (".gguf",)
    assert kinds["vae"].folders[0] == str(tmp_path / "mine")
    assert "odd" not in kinds


def test_an_unknown_kind_is_an_error_as_in_comfyui(offered: Offered) -> None:
    with pytest.raises(KeyError):
        offered("folder_paths").get_filename_list("nosuch")


def test_names_are_told_by_what_they_hold(offered: Offered) -> None:
    paths = offered("folder_paths")
    names = ["a.png", "b.webp", "c.mp4", "d.wav", "e.fbx", "f.txt", "g"]
    for kind, wanted in (("image", names[:2]), ("video", ["c.mp4"]), ("model", ["e.fbx"])):
        assert paths.filter_files_content_types(names, [kind]) == wanted


def test_an_annotation_names_a_folder(offered: Offered, folders: Folders) -> None:
    paths = offered("folder_paths")
    assert paths.annotated_filepath("a [output]") == ("a", str(folders.output))
    assert paths.annotated_filepath("a") == ("a", None)
    touch(folders.input / "sub" / "deep" / "a.png")
    assert paths.get_input_subfolders() == ["sub", "sub/deep"]
    assert paths.exists_annotated_filepath("sub/deep/a.png [input]")


def test_the_cache_helper_may_be_used_and_keeps_nothing(offered: Offered) -> None:
    helper = offered("folder_paths").cache_helper
    with helper:
        assert helper.active
        helper.set("a", 1)
        assert helper.get("a") is None
    assert not helper.active
