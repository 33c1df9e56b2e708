import csv
import inspect
import json
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hub.engine.model_free import of_media_and_values
from hub.engine.object_info import input_config
from hub.errors import Conflict
from hub.nodes.api import Input, Node
from hub.nodes.filters import ImageInvert
from hub.nodes.registry import MODULES, builtin_nodes, by_class_type
from hub.nodes.schema import Autogrow, DynamicCombo

DATA = Path(__file__).parents[1] / "data"
NODES = builtin_nodes()
WITH_MODELS = {
    *("CLIPSave", "CheckpointSave", "ModelSave", "VAESave", "LoraSave"),
    *("CLIPVisionLoader", "CLIPVisionEncode", "PhotoMakerLoader", "PhotoMakerEncode"),
    *("StyleModelLoader", "StyleModelApply"),
    *("CheckpointLoader", "CheckpointLoaderSimple", "DiffusersLoader"),
    *("CLIPLoader", "DualCLIPLoader", "UNETLoader", "VAELoader"),
    *("CLIPTextEncode", "CLIPTextEncodeSDXL", "CLIPTextEncodeSDXLRefiner"),
    "CLIPTextEncodeControlnet",
    *("InpaintModelConditioning", "InstructPixToPixConditioning"),
    *("VAEDecode", "VAEDecodeTiled"),
    *("VAEEncode", "VAEEncodeForInpaint", "VAEEncodeTiled"),
    *("KSampler", "KSamplerAdvanced"),
    *("ControlNetLoader", "DiffControlNetLoader"),
    *("LoraLoader", "LoraLoaderModelOnly", "HypernetworkLoader"),
    *("GLIGENLoader", "GLIGENTextBoxApply"),
    *("CreateHookLora", "CreateHookLoraModelOnly"),
    *("CreateHookModelAsLora", "CreateHookModelAsLoraModelOnly"),
    *("KSampler", "KSamplerAdvanced", "SamplerCustom", "SamplerCustomAdvanced"),
    *("ImageUpscaleWithModel", "UpscaleModelLoader"),
}
Facts = list[dict[str, str]]


def facts(name: str) -> list[tuple[str, Facts]]:
    """Recorded lines by class type, of those that we have."""
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        groups = groupby(csv.DictReader(file), lambda line: line["class_type"])
        return [(class_type, list(lines)) for class_type, lines in groups if class_type in NODES]


def number(text: str) -> float | None:
    if not text:
        return None
    return int(text) if text.lstrip("-").isdigit() else float(text)  # a float blurs 2**64 - 1


def declared(item: Input, *, when: str = "") -> Iterator[dict[str, Any]]:
    """What the recorded facts say about an input and those it brings, from our declaration."""
    hints = {**input_config(item, lambda folder: [])[1]}
    if "template" in hints:
        hints["template"] = {k: v for k, v in hints["template"].items() if k != "input"}
    told_apart = ("default", "min", "max", "step", "options", "tooltip")
    # Configurations are files there; the recording had none.
    options = () if item.folder == "configs" else item.options or ()
    yield {
        "name": item.name,
        "type": item.type,
        "section": ("optional" if item.optional else "required") + when,
        "minimum": item.minimum,
        "maximum": item.maximum,
        "step": item.step,
        "options": options,
        "hints": {key: value for key, value in hints.items() if key not in told_apart},
        # Where files may be chosen too, no option is ours to prefer; the recording had no files.
        "default": options[0] if item.folder and options else item.default,
    }
    match item.dynamic:
        case Autogrow(template=template, prefix=prefix):
            yield from declared(replace(template, name=f"{item.name}.{prefix}N"), when="/each")
        case DynamicCombo(options):
            for option in options:
                for inner in option.inputs:
                    below = replace(inner, name=f"{item.name}.{inner.name}")
                    yield from declared(below, when=f"/when {option.key}")


def recorded(line: dict[str, str]) -> dict[str, Any]:
    if line["options"] == "3d":  # the one folder that was in the input folder
        line = {**line, "options": ""}
    hints = dict(flag.split("=", 1) for flag in line["flags"].split(";") if flag)
    return {
        "name": line["name"],
        "type": line["type"],
        "section": line["section_or_index"],
        "minimum": number(line["min"]),
        "maximum": number(line["max"]),
        "step": number(line["step"]),
        "options": tuple(line["options"].split("|")) if line["options"] else (),
        "hints": {key: json.loads(value) for key, value in hints.items()},
        "default": default_of(line),
    }


def default_of(line: dict[str, str]) -> Any:
    """A recorded default; of a choice without one, forms take the first option."""
    if line["options"] and line["type"] == "COMBO":
        return line["default"] or line["options"].split("|")[0]
    if not line["default"]:
        return None
    kinds: dict[str, Callable[[str], Any]] = {
        "INT": int,
        "FLOAT": float,
        "STRING": str,
        "BOOLEAN": "true".__eq__,
        "FLOATS": int,
    }
    return kinds[line["type"]](line["default"])


@pytest.mark.parametrize(("class_type", "lines"), facts("comfyui_node_io.csv"))
def test_inputs_and_outputs_are_those_of_comfyui(class_type: str, lines: Facts) -> None:
    schema = NODES[class_type].define_schema()
    hidden = [line["type"] for line in lines if line["section_or_index"] == "hidden"]
    inputs = [
        line for line in lines if line["dir"] == "in" and line["section_or_index"] != "hidden"
    ]
    outputs = [
        (line["name"], line["type"], line["flags"] == "list")
        for line in lines
        if line["dir"] == "out"
    ]
    ours = [facts for item in schema.inputs for facts in declared(item)]
    assert ours == [recorded(line) for line in inputs]
    assert [(item.name, item.type, item.is_list) for item in schema.outputs] == outputs
    assert schema.is_input_list == any(
        line["section_or_index"] == "INPUT_IS_LIST" for line in lines
    )
    assert [token.value for token in schema.hidden] == hidden


@pytest.mark.parametrize(("class_type", "lines"), facts("comfyui_nodes.csv"))
def test_names_and_places_are_those_of_comfyui(class_type: str, lines: Facts) -> None:
    (line,) = lines
    schema = NODES[class_type].define_schema()
    assert schema.category == line["category"]
    assert schema.display_name == line["display_name"]
    assert schema.is_output_node == (line["output_node"] == "1")
    assert schema.is_deprecated == ("deprecated" in line["flags"])
    assert schema.is_experimental == ("experimental" in line["flags"])
    assert schema.module == line["file"].removesuffix(".py").replace("/", ".")


def test_every_class_of_pictures_sound_video_and_values_is_built_in() -> None:
    wanted = of_media_and_values()
    assert {"ImageScale", "LoadVideo", "SaveAudioMP3", "StringReplace"} <= wanted
    assert not {"KSampler", "EmptyLatentImage"} & wanted
    assert wanted - NODES.keys() == set()


@pytest.mark.parametrize("class_type", NODES)
def test_every_node_without_a_model_is_light_and_all_say_what_they_do(class_type: str) -> None:
    schema = NODES[class_type].define_schema()
    assert schema.class_type == class_type
    assert schema.light is (class_type not in WITH_MODELS)
    assert schema.display_name
    assert schema.description.endswith(".")


@pytest.mark.parametrize("class_type", NODES)
def test_execute_takes_exactly_what_the_schema_declares(class_type: str) -> None:
    node, schema = NODES[class_type], NODES[class_type].define_schema()
    parameters = inspect.signature(node.execute).parameters
    hidden = [token.lower() for token in schema.hidden]
    # A name with a dot in it can be no parameter's, so these come together.
    together = {name for name, one in parameters.items() if one.kind is one.VAR_KEYWORD}
    inputs = [item for item in schema.inputs if not (together and "." in item.name)]
    assert set(parameters) - together == {item.name for item in inputs} | set(hidden)
    for item in inputs:
        expected = item.default if item.optional else inspect.Parameter.empty
        assert parameters[item.name].default == expected


def test_two_classes_of_one_name_are_refused() -> None:
    class Impostor(Node):
        define_schema = ImageInvert.define_schema

    with pytest.raises(Conflict, match=r"'ImageInvert' is declared by .* Rename one"):
        by_class_type((ImageInvert, Impostor))


def test_every_node_class_is_in_the_list_of_its_module() -> None:
    forgotten = [
        member
        for module in MODULES
        for member in vars(module).values()
        if inspect.isclass(member)
        and issubclass(member, Node)
        and member.__module__ == module.__name__
        and member not in module.NODES
    ]
    assert forgotten == []
