"""The class from which nodes of the third node API derive."""

import inspect
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, ClassVar

from hub.nodes.compat.builtin_view import input_types
from hub.nodes.compat.running import hidden_values
from hub.nodes.compat.v3.output import NodeOutput, normalized
from hub.nodes.compat.v3.reader import read_schema
from hub.nodes.compat.v3.schema import Hidden, Schema


class HiddenHolder:
    """The hidden inputs that a class asks for; all others are None."""

    unique_id: str | None = None
    prompt: dict[str, Any] | None = None
    extra_pnginfo: dict[str, Any] | None = None
    dynprompt: Any = None
    auth_token_comfy_org: str | None = None
    api_key_comfy_org: str | None = None

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    @classmethod
    def of_running_node(cls, asked: Iterable[Hidden]) -> "HiddenHolder":
        return cls(**hidden_values({token.name: token.value for token in asked}))


class _Told:
    """What the schema says, under the name that it has in the first node API."""

    def __init__(self, read: Callable[[Schema], Any]) -> None:
        self._read = read

    def __get__(self, instance: Any, owner: "type[ComfyNode]") -> Any:
        return self._read(owner.GET_SCHEMA())


class ComfyNode:
    """Never instantiated by its author: all methods are class methods.

    Other packs find such a class among those of the first node API, and use it as one of them.
    """

    hidden: ClassVar[HiddenHolder] = HiddenHolder()
    RELATIVE_PYTHON_MODULE: ClassVar[str | None] = None
    FUNCTION = "EXECUTE_NORMALIZED"
    CATEGORY = _Told(lambda schema: schema.category)
    DESCRIPTION = _Told(lambda schema: schema.description)
    OUTPUT_NODE = _Told(lambda schema: schema.is_output_node)
    INPUT_IS_LIST = _Told(lambda schema: schema.is_input_list)
    NOT_IDEMPOTENT = _Told(lambda schema: schema.not_idempotent)
    DEPRECATED = _Told(lambda schema: schema.is_deprecated)
    EXPERIMENTAL = _Told(lambda schema: schema.is_experimental)
    API_NODE = _Told(lambda schema: schema.is_api_node)
    RETURN_TYPES = _Told(lambda schema: tuple(item.get_io_type() for item in schema.outputs))
    RETURN_NAMES = _Told(
        lambda schema: tuple(item.display_name or item.get_io_type() for item in schema.outputs)
    )
    OUTPUT_IS_LIST = _Told(lambda schema: tuple(item.is_output_list for item in schema.outputs))
    OUTPUT_TOOLTIPS = _Told(lambda schema: tuple(item.tooltip or "" for item in schema.outputs))

    @classmethod
    def define_schema(cls) -> Schema:
        raise TypeError(f"{cls.__name__} declares no schema: it needs a define_schema method.")

    execute: ClassVar[Any]

    @classmethod
    def GET_SCHEMA(cls) -> Schema:  # noqa: N802 - ComfyUI's names
        """The complete schema, as it is now: lists of files in it are as old as this call."""
        return cls.define_schema().finalized()

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:  # noqa: N802
        return input_types(read_schema(cls.GET_SCHEMA().node_id, cls, ""))

    @classmethod
    def EXECUTE_NORMALIZED(cls, **inputs: Any) -> Any:  # noqa: N802
        """A `NodeOutput`, or what is to be awaited for one."""
        result = prepared(cls).execute(**inputs)
        return _later(result) if inspect.isawaitable(result) else normalized(result)


def prepared(pack_class: Any, asked: Iterable[Hidden] | None = None) -> Any:
    """A clone of the class for one call, which has the hidden values and takes no others."""
    tokens = pack_class.GET_SCHEMA().hidden if asked is None else asked
    facts = {
        "hidden": HiddenHolder.of_running_node(tokens),
        "__module__": pack_class.__module__,
        "__qualname__": pack_class.__qualname__,
    }
    kind: Any = type(pack_class)
    return _frozen(kind)(pack_class.__name__, (pack_class,), facts)


async def _later(result: Any) -> NodeOutput:
    return normalized(await result)


@cache
def _frozen(kind: type[type]) -> type[type]:
    """The metaclass whose classes cannot be changed."""

    def refuse(cls: type, name: str, value: object) -> None:
        raise AttributeError(
            f"{cls.__name__}.{name} cannot be set while the node is carried out: the class is a"
            " frozen copy. Keep such things outside of it."
        )

    return type("Frozen", (kind,), {"__setattr__": refuse})
