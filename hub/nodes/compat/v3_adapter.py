"""Presents a class of ComfyUI's third node API as one of ours."""

import inspect
from typing import Any, ClassVar

from hub.nodes.api import Node, NodeOutput, Schema
from hub.nodes.compat.asked import accepted, linked_types, not_offered, verdict
from hub.nodes.compat.running import note_running
from hub.nodes.compat.v1_schema import ClassChecks, is_unchecked
from hub.nodes.compat.v3.node import ComfyNode, prepared
from hub.nodes.compat.v3.output import as_ours
from hub.nodes.compat.v3.reader import options_of, read_schema
from hub.nodes.compat.v3.schema import Hidden


class V3Node(Node):
    """The part that all adapters share. `schema` is read once, when the worker loads the class."""

    pack_class: ClassVar[Any]
    schema: ClassVar[Schema]
    hidden: ClassVar[tuple[Hidden, ...]]
    may_expand: ClassVar[bool]

    @classmethod
    def define_schema(cls) -> Schema:
        return cls.schema

    @classmethod
    def fingerprint_inputs(cls, **constants: Any) -> Any:
        code = cls._prepared().fingerprint_inputs
        return code(**accepted(code, constants))

    @classmethod
    def validate_inputs(cls, **constants: Any) -> Any:
        code = getattr(prepared(cls.pack_class, cls.hidden), "validate_inputs", None)
        checks = ClassChecks(code)
        for item in cls.schema.inputs:
            if is_unchecked(item) and not checks.covers(item.name):
                offered = options_of(cls.pack_class, item.name)
                if refused := not_offered(item.name, constants.get(item.name), offered):
                    return refused
        if code is None:
            return True
        types = {"input_types": linked_types()} if checks.types else {}
        given = accepted(code, constants)
        return verdict(code(**given, **types), given or types.get("input_types", constants))

    @classmethod
    def _prepared(cls) -> Any:
        note_running()
        return prepared(cls.pack_class, cls.hidden)

    @classmethod
    def _as_ours(cls, result: Any) -> NodeOutput:
        return as_ours(result, cls.schema, may_expand=cls.may_expand)


class _Plain(V3Node):
    @classmethod
    def execute(cls, **inputs: Any) -> NodeOutput:
        return cls._as_ours(cls._prepared().execute(**inputs))


class _Async(V3Node):
    @classmethod
    async def execute(cls, **inputs: Any) -> NodeOutput:
        return cls._as_ours(await cls._prepared().execute(**inputs))


class _Lazy(V3Node):
    """For classes that say which of their lazy inputs they need."""

    @classmethod
    def check_lazy_status(cls, **inputs: Any) -> Any:
        code = cls._prepared().check_lazy_status
        return code(**accepted(code, inputs))


def is_v3(pack_class: Any) -> bool:
    return isinstance(pack_class, type) and issubclass(pack_class, ComfyNode)


def adapted(class_type: str, pack_class: Any, module: str) -> type[V3Node]:
    """Our class for theirs. Raises whatever its declaration raises."""
    declared = pack_class.GET_SCHEMA()
    kind: type[V3Node] = _Async if inspect.iscoroutinefunction(pack_class.execute) else _Plain
    bases = (_Lazy, kind) if hasattr(pack_class, "check_lazy_status") else (kind,)
    members = {
        "pack_class": pack_class,
        "schema": read_schema(class_type, pack_class, module),
        "hidden": tuple(declared.hidden),
        "may_expand": declared.enable_expand,
        "__module__": module,
        "__doc__": pack_class.__doc__,
    }
    return type(class_type, bases, members)
