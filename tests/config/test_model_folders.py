"""Which folders models are looked for in."""

from pathlib import Path

import pytest

from hub.config.documents import Documents
from hub.config.model_folders import FurtherFolder, ModelFolder, model_folders
from hub.config.problems import ConfigurationInvalid, Problems
from hub.config.reader import Reader
from hub.config.settings import folders_of, load_settings, read_settings
from tests.config.reading import write


def kinds(*further: FurtherFolder) -> dict[str, ModelFolder]:
    return model_folders(
        models=Path("/m"), output=Path("/o"), packs=[Path("/packs")], further=further
    )


def loaded(config: Path) -> tuple[dict[str, ModelFolder], list[str]]:
    """The folders of each kind, and what there is to say of the configuration."""
    problems = Problems()
    documents = Documents(config)
    folders = folders_of(documents, read_settings(documents, Reader(problems), problems), problems)
    return folders.model_folders, [str(problem) for problem in problems.in_order()]


def make(*folders: Path) -> None:
    for folder in folders:
        folder.mkdir(parents=True)


def test_some_kinds_lie_in_two_folders_and_where_nodes_save_them() -> None:
    found = kinds()
    assert found["text_encoders"].folders == ("/m/text_encoders", "/m/clip", "/o/clip")
    assert found["diffusion_models"].folders[:2] == ("/m/unet", "/m/diffusion_models")
    assert found["controlnet"].folders == ("/m/controlnet", "/m/t2i_adapter")
    assert found["custom_nodes"].folders == ("/packs",)


def test_only_some_endings_count_and_hidden_files_never_do() -> None:
    found = kinds(FurtherFolder("sounds", "/s"))
    names = ["a.safetensors", "b.PTH", "c.txt", "sub/.d.safetensors", "e.yaml"]
    assert [name for name in names if found["loras"].counts(name)] == names[:2]
    assert [name for name in names if found["configs"].counts(name)] == ["e.yaml"]
    assert [name for name in names if found["sounds"].counts(name)] == [*names[:3], "e.yaml"]


def test_further_folders_come_last_unless_they_are_to_be_first() -> None:
    further = (FurtherFolder("vae", "/later"), FurtherFolder("vae", "/first", first=True))
    assert kinds(*further)["vae"].folders == ("/first", "/m/vae", "/o/vae", "/later")


def test_a_name_never_leads_out_of_its_folder(tmp_path: Path) -> None:
    write(tmp_path, {"secret.pt": "", "loras/sub/a.pt": ""})
    folder = ModelFolder((str(tmp_path / "loras"),), (".pt",))
    assert folder.find("sub/../sub/a.pt") == tmp_path / "loras" / "sub" / "a.pt"
    assert folder.has("sub/a.pt")
    for name in ("../secret.pt", "/secret.pt", str(tmp_path / "secret.pt"), "..", "", "x\0y"):
        assert folder.find(name) is None
        assert not folder.has(name)
    assert not folder.has("sub/../sub/a.pt"), "no list has that name"


def test_a_model_of_diffusers_is_a_folder_with_an_index(tmp_path: Path) -> None:
    write(
        tmp_path, {"d/sub/mine/model_index.json": "{}", "d/other/a.pt": "", "model_index.json": ""}
    )
    folder = ModelFolder((str(tmp_path / "d"),), kinds()["diffusers"].suffixes)
    assert folder.has("sub/mine")
    assert folder.find("sub/mine") == tmp_path / "d" / "sub" / "mine" / "model_index.json"
    for name in ("sub", "other", "sub/mine/model_index.json", "", "..", "sub/../sub/mine"):
        assert not folder.has(name)


def test_the_models_of_a_comfyui_are_used_where_they_lie(tmp_path: Path) -> None:
    make(tmp_path / "ComfyUI" / "models" / "loras", tmp_path / "ComfyUI" / "models" / "ipadapter")
    write(tmp_path, {"hub.yaml": "models: {comfyui: ComfyUI}"})
    found, problems = loaded(tmp_path)
    assert problems == []
    assert found["loras"].folders[-1] == str(tmp_path / "ComfyUI" / "models" / "loras")
    assert found["ipadapter"].folders == (str(tmp_path / "ComfyUI" / "models" / "ipadapter"),)
    assert load_settings(tmp_path)[1].packs == (tmp_path / "custom_nodes",)


def test_a_folder_that_is_missing_is_a_warning_at_its_place(tmp_path: Path) -> None:
    write(tmp_path, {"hub.yaml": "models:\n  comfyui: gone\n  folders:\n    loras: [., nas]\n"})
    found, problems = loaded(tmp_path)
    assert problems == [
        "hub.yaml:2:12: warning: there is no folder 'models' in 'gone'",
        "hub.yaml:4:16: warning: there is no folder 'nas'",
    ]
    assert found["loras"].folders[2:4] == (str(tmp_path), str(tmp_path / "nas"))
    load_settings(tmp_path)


def test_extra_model_paths_are_read_as_comfyui_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAS", str(tmp_path / "nas"))
    make(*(tmp_path / "nas" / name for name in ("lo", "clip", "te", "packs", "mine")))
    text = """
anything:
  base_path: $NAS/
  is_default: true
  loras: lo
  clip: |
    clip
    te
  custom_nodes: packs
other:
  mine: nas/mine
empty:
"""
    write(tmp_path, {"extra_model_paths.yaml": text})
    found, problems = loaded(tmp_path)
    assert problems == []
    nas = tmp_path / "nas"
    assert found["loras"].folders[0] == str(nas / "lo")
    assert set(found["text_encoders"].folders[:2]) == {str(nas / "clip"), str(nas / "te")}
    assert found["mine"] == ModelFolder((str(nas / "mine"),))
    assert load_settings(tmp_path)[1].packs[-1] == nas / "packs"


def test_a_mistake_in_extra_model_paths_has_a_place_and_costs_only_itself(tmp_path: Path) -> None:
    text = "a: [1]\nb:\n  is_default: maybe\n  vae: {x: 1}\n  loras: gone\n"
    write(tmp_path, {"extra_model_paths.yaml": text})
    found, problems = loaded(tmp_path)
    assert problems == [
        "extra_model_paths.yaml:1:4: 'a' must be a mapping, not a list",
        "extra_model_paths.yaml:3:15: 'is_default' must be true or false, not 'maybe'",
        "extra_model_paths.yaml:4:8: 'vae' must be a text, not a mapping",
        f"extra_model_paths.yaml:5:10: warning: there is no folder {str(tmp_path / 'gone')!r}",
    ]
    assert found["loras"].folders[-1] == str(tmp_path / "gone")


def test_a_mistake_in_the_models_of_hub_yaml_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"hub.yaml": "models: {folder: {}}"})
    with pytest.raises(ConfigurationInvalid, match="did you mean 'folders'"):
        load_settings(tmp_path)
