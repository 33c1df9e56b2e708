"""Presents a class of ComfyUI's first node API as one of ours."""

import asyncio
import inspect
from collections.abc import Awaitable
from typing import Any, ClassVar

from hub.nodes.api import Node, NodeOutput, Schema
from hub.nodes.compat.asked import accepted, linked_types, not_offered, verdict
from hub.nodes.compat.running import hidden_values, note_running
from hub.nodes.compat.v1_instances import Instances
from hub.nodes.compat.v1_results import node_output
from hub.nodes.compat.v1_schema import (
    ClassChecks,
    choices_of,
    hidden_tokens,
    is_unchecked,
    read_schema,
)

_INSTANCES = Instances()


class V1Node(Node):
    """The part that all adapters share. `schema` is read once, when the worker loads the class."""

    pack_class: ClassVar[Any]
    schema: ClassVar[Schema]
    hidden: ClassVar[dict[str, str]]

    @classmethod
    def define_schema(cls) -> Schema:
        return cls.schema

    @classmethod
    def fingerprint_inputs(cls, **constants: Any) -> Any:
        """What `IS_CHANGED` says; ComfyUI hands it the hidden inputs too."""
        note_running()
        code = cls.pack_class.IS_CHANGED
        given = constants | accepted(code, cls._hidden())
        return _settled(code(**given))

    @classmethod
    def validate_inputs(cls, **constants: Any) -> Any:
        code = getattr(cls.pack_class, "VALIDATE_INPUTS", None)
        checks = ClassChecks(code)
        for item in cls.schema.inputs:
            if is_unchecked(item) and not checks.covers(item.name):
                offered = choices_of(cls.pack_class, item.name)
                if refused := not_offered(item.name, constants.get(item.name), offered):
                    return refused
        if code is None:
            return True
        given = accepted(code, constants)
        types = {"input_types": linked_types()} if checks.types else {}
        return verdict(
            _settled(code(**given, **types)), given or types.get("input_types", constants)
        )

    @classmethod
    def _call(cls, inputs: dict[str, Any]) -> Any:
        context = note_running()
        instance = _INSTANCES.of(cls.pack_class, context.node, context.prompt)
        return getattr(instance, cls.pack_class.FUNCTION)(**inputs, **cls._hidden())

    @classmethod
    def _hidden(cls) -> dict[str, Any]:
        return cls._as_lists(hidden_values(cls.hidden))

    @classmethod
    def _as_lists(cls, values: dict[str, Any]) -> dict[str, Any]:
        """A class that takes lists takes all of them so."""
        if not cls.schema.is_input_list:
            return values
        return {name: [value] for name, value in values.items()}


class _Plain(V1Node):
    @classmethod
    def execute(cls, **inputs: Any) -> NodeOutput:
        return node_output(cls._call(inputs), len(cls.schema.outputs))


class _Async(V1Node):
    @classmethod
    async def execute(cls, **inputs: Any) -> NodeOutput:
        return node_output(await cls._call(inputs), len(cls.schema.outputs))


class _Lazy(V1Node):
    """For classes that say which of their lazy inputs they need."""

    @classmethod
    def check_lazy_status(cls, **inputs: Any) -> list[str]:
        context = note_running()
        instance = _INSTANCES.of(cls.pack_class, context.node, context.prompt)
        given = inputs | accepted(instance.check_lazy_status, cls._hidden())
        return list(_settled(instance.check_lazy_status(**given)) or ())


def adapted(
    class_type: str, pack_class: Any, module: str, display_name: str | None
) -> type[V1Node]:
    """Our class for theirs. Raises whatever its declaration raises."""
    function = getattr(pack_class, pack_class.FUNCTION)
    kind: type[V1Node] = _Async if inspect.iscoroutinefunction(function) else _Plain
    bases = (_Lazy, kind) if hasattr(pack_class, "check_lazy_status") else (kind,)
    members = {
        "pack_class": pack_class,
        "schema": read_schema(class_type, pack_class, module, display_name),
        "hidden": hidden_tokens(pack_class),
        "__module__": module,
        "__doc__": pack_class.__doc__,
    }
    return type(class_type, bases, members)


def _settled(answer: Any) -> Any:
    """The answer of code that may be asynchronous; the execution thread has no loop of its own."""
    if not inspect.isawaitable(answer):
        return answer

    async def wait(answer: Awaitable[Any]) -> Any:
        return await answer

    return asyncio.run(wait(answer))
