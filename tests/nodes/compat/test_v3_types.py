"""The types of the third node API, and how their inputs are read."""

from enum import Enum
from typing import Any

import pytest

from hub.config.folders import Folders
from hub.engine.object_info import input_config
from hub.errors import Invalid
from hub.nodes import schema as ours
from hub.nodes.compat.installed import install
from hub.nodes.compat.v3 import io
from hub.nodes.compat.v3.reader import read_schema
from hub.nodes.compat.v3.schema import Schema

LINKED = {
    "Image": "IMAGE",
    "Vae": "VAE",
    "ControlNet": "CONTROL_NET",
    "Load3DCamera": "LOAD3D_CAMERA",
    "LatentUpscaleModel": "LATENT_UPSCALE_MODEL",
    "SEGS": "SEGS",
    "AnyType": "*",
}


class Mood(Enum):
    GOOD = "good"
    BAD = "bad"


@pytest.fixture(autouse=True)
def worker(folders: Folders) -> None:
    """What reads the classes of packs knows its folders."""
    install(folders)


def read(*inputs: io.Input, **more: Any) -> ours.Schema:
    """The schema of a class with these inputs."""

    class Made(io.ComfyNode):
        @classmethod
        def define_schema(cls) -> Schema:
            return Schema(node_id="Made", inputs=list(inputs), **more)

    return read_schema("Made", Made, "custom_nodes.made")


def shown(item: io.Input) -> list[Any]:
    """An input as clients see it."""
    (declared,) = read(item).inputs
    return input_config(declared, lambda folder: [], is_v3=True)


@pytest.mark.parametrize(("name", "wire"), LINKED.items())
def test_each_type_has_inputs_and_outputs_of_its_name(name: str, wire: str) -> None:
    kind: Any = getattr(io, name)
    assert kind.io_type == kind.Input("x").get_io_type() == kind.Output().get_io_type() == wire
    assert isinstance(kind.Input("x"), kind.Input)
    assert kind.Input.Parent is kind


@pytest.mark.parametrize(
    ("item", "spec"),
    [
        (
            io.Int.Input("x", "X", True, "about", False, 5, 1, 9, 2),
            [
                "INT",
                {
                    "default": 5,
                    "min": 1,
                    "max": 9,
                    "step": 2,
                    "display_name": "X",
                    "tooltip": "about",
                },
            ],
        ),
        (
            io.Float.Input("x", round=0.01, display_mode=io.NumberDisplay.color, socketless=True),
            ["FLOAT", {"round": 0.01, "display": "color", "socketless": True}],
        ),
        (
            io.Int.Input("x", control_after_generate=True, force_input=True, raw_link=True),
            ["INT", {"rawLink": True, "control_after_generate": True, "forceInput": True}],
        ),
        (
            io.String.Input("x", placeholder="here", extra_dict={"own": 1}),
            ["STRING", {"multiline": False, "placeholder": "here", "own": 1}],
        ),
        (
            io.Combo.Input("x", options=Mood, default=Mood.BAD),
            ["COMBO", {"multiselect": False, "options": ["good", "bad"], "default": "bad"}],
        ),
        (
            io.Combo.Input("x", remote=io.RemoteOptions(route="/x", refresh_button=True)),
            [
                "COMBO",
                {
                    "multiselect": False,
                    "remote": {
                        "route": "/x",
                        "refresh_button": True,
                        "control_after_refresh": "first",
                    },
                },
            ],
        ),
        (
            io.Combo.Input("x", options=[], upload=io.UploadType.image),
            ["COMBO", {"multiselect": False, "options": [], "image_upload": True}],
        ),
        (
            io.MultiType.Input(io.Float.Input("x", default=1.0), [io.Int, io.Float]),
            ["FLOAT,INT", {"default": 1.0, "widgetType": "FLOAT"}],
        ),
        (io.MultiType.Input("x", types=[io.Image, io.Mask]), ["IMAGE,MASK", {}]),
    ],
)
def test_options_are_told_under_the_names_of_the_catalogue(item: Any, spec: list[Any]) -> None:
    assert shown(item) == spec


def test_a_choice_with_upload_is_one_of_input_files() -> None:
    (item,) = read(io.Combo.Input("x", options=["a.png"], upload=io.UploadType.image)).inputs
    assert item.folder == "input"


def test_a_pack_declares_types_of_its_own() -> None:
    @io.comfytype(io_type="RECIPE")
    class Recipe(io.ComfyTypeIO):
        Type = dict

        class Input(io.Input):
            def __init__(self, id: str, spice: int) -> None:  # noqa: A002
                super().__init__(id)
                self.spice = spice

            def as_dict(self) -> dict[str, Any]:
                return {**super().as_dict(), "spice": self.spice}

    assert shown(Recipe.Input("x", spice=3)) == ["RECIPE", {"spice": 3}]
    assert io.Custom("STEW").Output().get_io_type() == "STEW"


def test_dynamic_inputs_are_read_as_ours() -> None:
    grown = io.Autogrow.TemplatePrefix(io.Image.Input("image"), prefix="image", min=2, max=5)
    inner = io.Autogrow.Input("images", template=grown)
    option = io.DynamicCombo.Option("many", [inner])
    slot = io.DynamicSlot.Input(io.Mask.Input("mask"), [io.Int.Input("grow")])
    combo, mask = read(io.DynamicCombo.Input("way", options=[option]), slot).inputs
    assert combo.options == ("many",)
    assert isinstance(combo.dynamic, ours.DynamicCombo)
    (read_inner,) = combo.dynamic.options[0].inputs
    assert read_inner.dynamic == ours.Autogrow(
        template=ours.Input(name="image", type="IMAGE"), prefix="image", minimum=2, maximum=5
    )
    assert mask.optional
    assert isinstance(mask.dynamic, ours.DynamicSlot)
    assert (mask.name, mask.dynamic.slot) == ("mask", "MASK")


def test_growing_beyond_a_hundred_is_refused() -> None:
    with pytest.raises(ValueError, match="may grow to 100"):
        io.Autogrow.TemplatePrefix(io.Image.Input("image"), prefix="image", max=101)
    with pytest.raises(ValueError, match="3 of 1 inputs are wanted"):
        io.Autogrow.TemplateNames(io.Image.Input("image"), names=["a"], min=3)


def test_a_schema_is_completed() -> None:
    schema = Schema(
        node_id="X",
        outputs=[io.Image.Output(), io.Mask.Output("mask")],
        hidden=[io.Hidden.unique_id],
        is_output_node=True,
        is_api_node=True,
    ).finalized()
    assert [output.id for output in schema.outputs] == ["_0_IMAGE_", "mask"]
    assert [token.name for token in schema.hidden] == [
        "unique_id",
        "prompt",
        "extra_pnginfo",
        "auth_token_comfy_org",
        "api_key_comfy_org",
    ]


@pytest.mark.parametrize(
    "declared",
    [
        {"inputs": [io.Int.Input("a"), io.Mask.Input("a")]},
        {"outputs": [io.Int.Output("a"), io.Mask.Output("a")]},
    ],
)
def test_two_of_one_name_are_refused(declared: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=r"X declares two .* called 'a'"):
        Schema(node_id="X", **declared).finalized()


def test_what_the_hub_lacks_of_it_is_told() -> None:
    with pytest.raises(AttributeError, match=r"io\.File3D is part of ComfyUI"):
        _ = io.File3D
