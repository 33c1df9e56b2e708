"""Our built-in nodes as packs use them: classes of ComfyUI's first node API.

`nodes.ImageScale().upscale(image, "lanczos", 64, 64, "disabled")` gives a tuple of the outputs, or,
from a node that shows something, `{"ui": …}`.
"""

import inspect
from functools import partial
from typing import Any, ClassVar

from hub.engine.folder_files import FolderFiles
from hub.engine.object_info import object_info
from hub.nodes.api import Node, NodeOutput, Schema
from hub.nodes.compat.builtin_saving import PreviewImageView, SaveImageView
from hub.nodes.compat.installed import installed
from hub.nodes.compat.sampling.waiting import settled
from hub.nodes.compat.v1_results import node_output
from hub.nodes.pictures import Pictures
from hub.nodes.registry import builtin_nodes

_METHODS = {
    "CheckpointLoaderSimple": "load_checkpoint",
    "CLIPLoader": "load_clip",
    "CLIPSetLastLayer": "set_last_layer",
    "CLIPTextEncode": "encode",
    "ConditioningAverage": "addWeighted",
    "ConditioningCombine": "combine",
    "ConditioningConcat": "concat",
    "ConditioningSetArea": "append",
    "ConditioningSetMask": "append",
    "ConditioningZeroOut": "zero_out",
    "ControlNetApply": "apply_controlnet",
    "ControlNetApplyAdvanced": "apply_controlnet",
    "ControlNetLoader": "load_controlnet",
    "DiffControlNetLoader": "load_controlnet",
    "DualCLIPLoader": "load_clip",
    "EmptyImage": "generate",
    "EmptyLatentImage": "generate",
    "ImageBatch": "batch",
    "ImageInvert": "invert",
    "ImagePadForOutpaint": "expand_image",
    "ImageScale": "upscale",
    "ImageScaleBy": "upscale",
    "ImageUpscaleWithModel": "upscale",
    "InpaintModelConditioning": "encode",
    "KSampler": "sample",
    "KSamplerAdvanced": "sample",
    "LatentUpscale": "upscale",
    "LatentUpscaleBy": "upscale",
    "LoadImage": "load_image",
    "LoadImageMask": "load_image",
    "LoraLoader": "load_lora",
    "LoraLoaderModelOnly": "load_lora_model_only",
    "RepeatLatentBatch": "repeat",
    "SetLatentNoiseMask": "set_mask",
    "UNETLoader": "load_unet",
    "UpscaleModelLoader": "load_model",
    "VAEDecode": "decode",
    "VAEDecodeTiled": "decode",
    "VAEEncode": "encode",
    "VAEEncodeForInpaint": "encode",
    "VAELoader": "load_vae",
}
"""What the function of each class is called in ComfyUI; of all others it is `execute`."""
_SAVING: dict[str, type] = {"PreviewImage": PreviewImageView, "SaveImage": SaveImageView}
"""Classes that packs derive from, in order to save in their own way."""


class BuiltinView:
    """A built-in node. Its function takes the node's inputs, by place or by name."""

    node: ClassVar[type[Node]]
    schema: ClassVar[Schema]

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:  # noqa: N802 - ComfyUI's name
        return input_types(cls.schema)


def input_types(schema: Schema) -> dict[str, Any]:
    """What `INPUT_TYPES` of the first node API says, with the files as they are now."""
    list_folder = FolderFiles(installed().folders).list_folder
    sections: dict[str, dict[str, Any]] = object_info(schema, list_folder)["input"]
    return {
        section: {
            name: tuple(spec) if isinstance(spec, list) else spec for name, spec in named.items()
        }
        for section, named in sections.items()
    }


def builtin_views() -> dict[str, type[BuiltinView]]:
    """All built-in nodes, by class type."""
    return {name: _view(node, node.define_schema()) for name, node in builtin_nodes().items()}


def _view(node: type[Node], schema: Schema) -> type[BuiltinView]:
    saving = _SAVING.get(schema.class_type)
    function = "save_images" if saving else _METHODS.get(schema.class_type, "execute")
    methods = {} if saving else {function: _method(node, schema)}
    members = {
        "node": node,
        "schema": schema,
        "FUNCTION": function,
        "execute": staticmethod(partial(_method(node, schema), None)),  # without an instance too
        "CATEGORY": schema.category,
        "DESCRIPTION": schema.description,
        "RETURN_TYPES": tuple(output.type for output in schema.outputs),
        "RETURN_NAMES": tuple(output.name for output in schema.outputs),
        "OUTPUT_IS_LIST": tuple(output.is_list for output in schema.outputs),
        "OUTPUT_NODE": schema.is_output_node,
        "RELATIVE_PYTHON_MODULE": schema.module,
        "INPUT_IS_LIST": schema.is_input_list,
    }
    if schema.fingerprints_inputs:
        members["IS_CHANGED"] = staticmethod(getattr(node, "fingerprint_inputs"))  # noqa: B009 - it is not of every node
    if uploads := tuple(item.name for item in schema.inputs if item.folder == "input"):
        members["VALIDATE_INPUTS"] = staticmethod(_file_check(uploads))
    bases = (saving, BuiltinView) if saving else (BuiltinView,)
    return type(schema.class_type, bases, methods | members)


def _method(node: type[Node], schema: Schema) -> Any:
    """A method that hands everything to the node; what is left out has its default."""
    signature = inspect.signature(node.execute)
    defaults = {item.name: item.default for item in schema.inputs}
    defaults |= {token.lower(): None for token in schema.hidden}
    known = {name: defaults.get(name) for name in signature.parameters}

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        given = signature.bind_partial(*args, **kwargs).arguments
        result = node.execute(**(known | given))
        if inspect.isawaitable(result):
            result = settled(result)
        return _as_v1(node_output(result, len(schema.outputs)))

    return method


def _file_check(names: tuple[str, ...]) -> Any:
    """A `VALIDATE_INPUTS` with a parameter for each of these inputs, which name uploaded files."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    signature = inspect.Signature([inspect.Parameter(n, kind, default=None) for n in names])

    def check(*args: Any, **kwargs: Any) -> Any:
        has = FolderFiles(installed().folders).folder_has
        given = signature.bind(*args, **kwargs).arguments.values()
        missing = [name for name in given if name is not None and not has("input", name)]
        return f"There is no input file {missing[0]!r}." if missing else True

    vars(check)["__signature__"] = signature
    return check


def _as_v1(output: NodeOutput) -> Any:
    values = tuple(v.tensor() if isinstance(v, Pictures) else v for v in output.values)
    return values if output.ui is None else {"ui": output.ui, "result": values}
