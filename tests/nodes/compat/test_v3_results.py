"""What calls of the third node API give, and what they ask of the engine."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from PIL import Image

from hub.nodes.api import ExecutionBlocker, Schema, StagedFile, current_context
from hub.nodes.compat.v3 import ui
from hub.nodes.compat.v3.api import ComfyAPISync
from hub.nodes.compat.v3.entry_point import extension_classes
from hub.nodes.compat.v3.extension import ComfyExtension
from hub.nodes.compat.v3.node import ComfyNode, HiddenHolder
from hub.nodes.compat.v3.output import NodeOutput, as_ours, normalized
from hub.nodes.compat.v3.widget_types import FolderType
from hub.nodes.schema import Output
from hub.testing.nodes import BenchContext

TWO = Schema(
    class_type="Two",
    category="x",
    outputs=(Output(type="INT", name="a"), Output(type="INT", name="b")),
)


@pytest.mark.parametrize(
    ("result", "values"),
    [
        (NodeOutput(1, 2), (1, 2)),
        (NodeOutput(1), (1, None)),
        (NodeOutput(), ()),
        ((1, 2, 3), (1, 2)),
        (None, ()),
        ({"result": (1, 2)}, (1, 2)),
    ],
)
def test_what_is_returned_fits_the_outputs(result: Any, values: tuple[Any, ...]) -> None:
    assert as_ours(result, TWO, may_expand=False).values == values


def test_a_blocker_stands_for_every_output() -> None:
    blocker = ExecutionBlocker("no")
    assert as_ours(blocker, TWO, may_expand=False).values == (blocker, blocker)
    assert normalized(blocker).block_execution == "no"


def test_only_a_class_that_said_so_may_expand() -> None:
    expanding = NodeOutput(["1", 0], ["1", 0], expand={})
    assert as_ours(expanding, TWO, may_expand=True).expand == {}
    with pytest.raises(TypeError, match="Two expanded to a graph"):
        as_ours(expanding, TWO, may_expand=False)


def test_an_output_may_be_made_from_a_dict() -> None:
    made = NodeOutput.from_dict({"result": (1, 2), "ui": {"text": ["x"]}})
    assert (made.args, made.result, made.ui, made[1]) == ((1, 2), (1, 2), {"text": ["x"]}, 2)
    assert NodeOutput.from_dict({"ui": {}}).result is None


def test_shown_things_have_the_shapes_that_clients_know() -> None:
    file = ui.SavedResult("a.png", "sub", FolderType.output)
    item = {"filename": "a.png", "subfolder": "sub", "type": "output"}
    assert (file, file.filename, file.type) == (item, "a.png", FolderType.output)
    assert ui.SavedImages([file]).as_dict() == {"images": [item]}
    assert ui.SavedImages([file], is_animated=True).as_dict()["animated"] == (True,)
    assert ui.SavedAudios([file]).as_dict() == {"audio": [item]}
    assert ui.PreviewVideo([file]).as_dict() == {"images": [item], "animated": (True,)}
    assert ui.PreviewText("x").as_dict() == {"text": ("x",)}


def test_the_workflow_goes_into_a_picture(tmp_path: Path) -> None:
    class Saving(ComfyNode):
        hidden = HiddenHolder(prompt={"1": {}}, extra_pnginfo={"workflow": 5})

    context = BenchContext(root=tmp_path)
    token = current_context.set(context)
    try:
        saved = ui.ImageSaveHelper.save_images(
            torch.zeros(1, 4, 4, 3), "a/b", FolderType.output, Saving
        )
    finally:
        current_context.reset(token)
    staged: StagedFile = context.files[0]
    assert saved == [staged.item()]
    with Image.open(staged.path) as picture:
        assert picture.info == {"prompt": '{"1": {}}', "workflow": "5"}


def test_outside_of_a_node_one_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.nodes.compat.running._latest", None)
    with pytest.raises(ValueError, match="node_id must be given"):
        ComfyAPISync().execution.set_progress(1, 2)
    ComfyAPISync().execution.set_progress(1, 2, node_id="5")


def test_an_entry_point_may_be_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made(ComfyNode):
        """Has no schema."""

    class Extension(ComfyExtension):
        async def get_node_list(self) -> list[type[Any]]:
            return [Made]

    module = ModuleType("made")
    assert extension_classes(module, None) is None
    module.comfy_entrypoint = Extension  # type: ignore[attr-defined] # as a pack's module has it
    assert extension_classes(module, None) == {"Made": Made}
    module.comfy_entrypoint = dict  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="a dict instead of a ComfyExtension"):
        extension_classes(module, None)
