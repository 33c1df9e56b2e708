"""Schemas as clients see them."""

import msgspec
import pytest

from hub.engine.object_info import input_config, object_info
from hub.nodes.api import BOOLEAN, IMAGE, STRING, Hidden, Schema, choice, file_choice
from tests.engine.dynamic_schemas import BY_NAME
from tests.engine.recorded_schemas import CHECKPOINTS, RecordedFiles, recorded_catalogue

FILES = RecordedFiles()


def test_a_sampler_looks_as_recorded() -> None:
    schema = recorded_catalogue().get("KSampler")
    assert schema is not None
    info = object_info(schema, FILES.list_folder)
    assert info["input"]["required"]["seed"] == [
        "INT",
        {"default": 0, "min": 0, "max": 2**64 - 1, "control_after_generate": True},
    ]
    assert info["input"]["required"]["model"] == ["MODEL", {}]
    assert info["input_order"] == {"required": list(info["input"]["required"])}
    assert (info["output"], info["output_is_list"], info["output_name"]) == (
        ["LATENT"],
        [False],
        ["LATENT"],
    )
    assert info["output_tooltips"] == ["The denoised latent."]
    assert info["name"] == info["display_name"] == "KSampler"
    assert "deprecated" not in info


def test_sections_that_are_empty_are_missing() -> None:
    schema = Schema(
        class_type="X",
        category="x",
        inputs=(IMAGE.input("image", optional=True),),
        hidden=(Hidden.PROMPT,),
        is_deprecated=True,
    )
    info = object_info(schema, FILES.list_folder)
    assert info["input"] == {
        "required": {},
        "optional": {"image": ["IMAGE", {}]},
        "hidden": {"prompt": "PROMPT"},
    }
    assert info["deprecated"] is True


def test_choices_are_listed_and_files_as_they_are_now() -> None:
    assert input_config(choice("mode", ("a", "b")), FILES.list_folder) == [
        ["a", "b"],
        {"default": "a"},
    ]
    assert input_config(file_choice("x", "checkpoints"), FILES.list_folder) == [
        ["broken.safetensors", "small.safetensors"],
        {},
    ]
    assert input_config(file_choice("x", "loras"), FILES.list_folder) == [[], {}]


@pytest.mark.parametrize("default", [False, 0, ""])
def test_a_default_that_is_nothing_much_is_shown(default: object) -> None:
    item = (STRING if default == "" else BOOLEAN).value("x", default=default)
    assert input_config(item, FILES.list_folder)[1] == {"default": default}


def test_fixed_options_stand_behind_the_files() -> None:
    item = file_choice("ckpt_name", "checkpoints")
    both = msgspec.structs.replace(item, options=("none",))
    assert input_config(both, FILES.list_folder)[0] == [*CHECKPOINTS, "none"]


def test_dynamic_inputs_look_as_editors_expect_them() -> None:
    info = object_info(BY_NAME["Dynamic"], FILES.list_folder)
    assert info["input"]["required"]["images"] == [
        "COMFY_AUTOGROW_V3",
        {
            "template": {
                "input": {"required": {"image": ["IMAGE", {}]}},
                "prefix": "image",
                "min": 2,
                "max": 4,
            }
        },
    ]
    kind, options = info["input"]["required"]["size"]
    assert kind == "COMFY_DYNAMICCOMBO_V3"
    assert [option["key"] for option in options["options"]] == ["factor", "each", "keep"]
    factor = {"required": {"factor": ["INT", {"default": 2, "min": 1, "max": 8}]}}
    assert options["options"][0]["inputs"] == factor
    assert info["input"]["optional"]["mask"] == [
        "COMFY_DYNAMICSLOT_V3",
        {
            "slotType": "MASK",
            "inputs": {
                "required": {"invert": ["BOOLEAN", {}]},
                "optional": {"note": ["STRING", {}]},
            },
        },
    ]


def test_types_that_agree_name_their_template() -> None:
    info = object_info(BY_NAME["Same"], FILES.list_folder)
    assert info["input"]["required"]["one"] == [
        "COMFY_MATCHTYPE_V3",
        {"template": {"template_id": "same", "allowed_types": "IMAGE,MASK"}},
    ]
    assert (info["output"], info["output_matchtypes"]) == (["COMFY_MATCHTYPE_V3"], ["same"])


def test_a_class_of_the_third_api_has_every_field() -> None:
    mode = msgspec.structs.replace(choice("mode", ("a", "b")), multiselect=True)
    schema = Schema(class_type="X", category="x", inputs=(mode,), is_v3=True)
    info = object_info(schema, FILES.list_folder)
    assert info["input"]["required"]["mode"] == [
        "COMBO",
        {"multiselect": True, "options": ["a", "b"], "default": "a"},
    ]
    assert info["display_name"] is info["output_tooltips"] is info["output_matchtypes"] is None
    assert info["deprecated"] is info["experimental"] is info["api_node"] is False
