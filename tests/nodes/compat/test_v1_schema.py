"""What is read from classes of the first node API, and what the check makes of it."""

from typing import Any

import pytest

from hub.config.folders import Folders
from hub.engine.catalogue import Catalogue
from hub.engine.check import check_graph
from hub.engine.folder_files import FolderFiles
from hub.nodes.compat.builtin_view import builtin_views
from hub.nodes.compat.installed import install
from hub.nodes.compat.v1_results import NoTuple, node_output
from hub.nodes.compat.v1_schema import read_schema


class Pick:
    """Chooses among uploaded pictures, or none."""

    INPUT_TYPES = classmethod(
        lambda cls: {"required": {"image": (["a.png", "none"], {"image_upload": True})}}
    )
    OUTPUT_NODE = True


class PickByItself(Pick):
    @classmethod
    def VALIDATE_INPUTS(cls, image: str) -> Any:  # noqa: N802 - ComfyUI's name
        """Is asked in a worker only."""


def faults(folders: Folders, pack_class: type, image: str) -> list[str]:
    install(folders)
    (folders.input / "a.png").touch()
    schema = read_schema("Pick", pack_class, "custom_nodes.x", None)
    (folders.input / "later.png").touch()
    catalogue = Catalogue([schema], FolderFiles(folders))
    checked = check_graph({"1": {"class_type": "Pick", "inputs": {"image": image}}}, catalogue)
    found = [fault for node in checked.node_errors.values() for fault in node["errors"]]
    return [fault["details"] for fault in found]


@pytest.mark.parametrize("image", ["a.png", "later.png", "none"])
def test_an_upload_is_a_file_or_what_the_class_offers_besides(folders: Folders, image: str) -> None:
    assert faults(folders, Pick, image) == []


def test_a_missing_upload_is_refused_unless_the_class_checks_it_itself(folders: Folders) -> None:
    assert faults(folders, Pick, "gone.png") == ["image - Invalid image file: gone.png"]
    assert faults(folders, PickByItself, "gone.png") == []


def test_a_bare_value_is_the_only_output_and_never_one_of_several() -> None:
    assert node_output(5, 1).values == (5,)
    with pytest.raises(NoTuple, match="a int instead of a tuple of its 2 outputs"):
        node_output(5, 2)


def test_a_class_derived_from_a_built_in_loader_checks_and_fingerprints_files_like_it(
    folders: Folders,
) -> None:
    install(folders)
    (folders.input / "a.png").touch()
    loader = builtin_views()["LoadImage"]
    assert loader.VALIDATE_INPUTS("a.png") is True  # type: ignore[attr-defined] # packs ask it
    assert loader.VALIDATE_INPUTS(image="b.png") == "There is no input file 'b.png'."  # type: ignore[attr-defined]
    schema = read_schema("Mine", type("Mine", (loader,), {}), "custom_nodes.x", None)
    assert schema.fingerprints_inputs
    assert schema.checks_inputs
    assert [item.checked_by_class for item in schema.inputs] == [True]
