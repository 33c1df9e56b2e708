"""Built-in nodes that packs derive from, in order to save in their own way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from hub.config.folders import Folders
from hub.nodes.api import current_context
from hub.nodes.compat.builtin_saving import SavesElsewhere
from hub.nodes.compat.builtin_view import builtin_views
from hub.nodes.compat.installed import install
from hub.records.output import OutputFolder
from hub.testing.nodes import BenchContext

PICTURE = torch.zeros(1, 4, 6, 3)


@pytest.fixture
def context(tmp_path: Path, folders: Folders) -> Iterator[BenchContext]:
    install(folders)
    context = BenchContext(root=tmp_path / "staged")
    token = current_context.set(context)
    yield context
    current_context.reset(token)


def view(name: str) -> Any:
    return builtin_views()[name]


def test_a_derived_node_chooses_the_name(context: BenchContext) -> None:
    class Mine(view("SaveImage")):  # type: ignore[misc] # packs derive so
        FUNCTION = "both"

        def both(self, images: Any) -> Any:
            return self.save_images(images, filename_prefix="mine", prompt={"1": {}})

    ui = Mine().both(PICTURE)["ui"]["images"]
    assert [(item["filename"][:4], item["type"]) for item in ui] == [("mine", "output")]


def test_a_derived_node_turns_saving_into_showing(context: BenchContext) -> None:
    class Mine(view("SaveImage")):  # type: ignore[misc]
        def __init__(self) -> None:
            self.type = "temp"
            self.prefix_append = "_shown"

    (item,) = Mine().save_images(PICTURE)["ui"]["images"]
    assert item["filename"].startswith("ComfyUI_shown")
    assert context.files[0].folder is OutputFolder.TEMP


def test_each_preview_has_letters_of_its_own(context: BenchContext) -> None:
    names = {
        view("PreviewImage")().save_images(PICTURE)["ui"]["images"][0]["filename"] for _ in range(2)
    }
    assert len(names) == 2
    assert all(name.startswith("ComfyUI_temp_") for name in names)


def test_a_folder_below_the_output_folder_is_part_of_the_name(
    context: BenchContext, folders: Folders
) -> None:
    saving = view("SaveImage")()
    saving.output_dir = str(folders.output / "a" / "b")
    (item,) = saving.save_images(PICTURE, "x")["ui"]["images"]
    assert item["subfolder"] == "a/b"


def test_a_folder_elsewhere_is_refused(context: BenchContext) -> None:
    saving = view("SaveImage")()
    saving.output_dir = "/somewhere"
    with pytest.raises(SavesElsewhere, match="saves into /somewhere, which is not in"):
        saving.save_images(PICTURE)
