"""A pack whose nodes take, give and become other branches."""

from typing import Any, ClassVar

from comfy_execution.graph_utils import (  # type: ignore[import-not-found] # the worker offers it
    ExecutionBlocker,
    GraphBuilder,
)


class PackSwitch:
    INPUT_TYPES = classmethod(
        lambda cls: {
            "required": {
                "first": ("INT", {"lazy": True}),
                "second": ("INT", {"lazy": True}),
                "use_second": ("BOOLEAN",),
            }
        }
    )
    RETURN_TYPES: ClassVar[Any] = ("INT",)
    FUNCTION = "switch"

    def check_lazy_status(self, use_second: bool, **given: Any) -> list[str]:
        return ["second" if use_second else "first"]

    def switch(self, first: Any, second: Any, use_second: bool) -> Any:
        return (second if use_second else first,)


class PackGate:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"value": ("INT",), "message": ("STRING",)}})
    RETURN_TYPES: ClassVar[Any] = ("INT",)
    FUNCTION = "close"

    def close(self, value: int, message: str) -> Any:
        return ExecutionBlocker(message or None)


class PackCountdown:
    """Takes itself away one at a time."""

    INPUT_TYPES = classmethod(lambda cls: {"required": {"value": ("INT",)}})
    RETURN_TYPES: ClassVar[Any] = ("INT",)
    FUNCTION = "count"

    def count(self, value: int) -> Any:
        if value <= 0:
            return (value,)
        graph = GraphBuilder()
        rest = graph.node("PackCountdown", value=value - 1)
        return {"result": (rest.out(0),), "expand": graph.finalize()}


class PackShow:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"value": ("INT",)}})
    RETURN_TYPES: ClassVar[Any] = ()
    FUNCTION = "show"
    OUTPUT_NODE = True

    def show(self, value: int) -> Any:
        return {"ui": {"text": [str(value)]}}


class PackBatch:
    """Takes and gives lists."""

    INPUT_TYPES = classmethod(lambda cls: {"required": {"value": ("INT",)}})
    INPUT_IS_LIST = True
    OUTPUT_IS_LIST = (True,)
    RETURN_TYPES: ClassVar[Any] = ("INT",)
    FUNCTION = "batch"

    @classmethod
    def VALIDATE_INPUTS(cls, value: list[int]) -> bool | str:  # noqa: N802
        return value != [13] or "not that one"

    def batch(self, value: list[int]) -> Any:
        return ([value[0], value[0] + 1, value[0] + 2],)


class PackPicky:
    """Decides itself which types may be linked."""

    INPUT_TYPES = classmethod(lambda cls: {"required": {"value": ("INT",)}})
    RETURN_TYPES: ClassVar[Any] = ("INT",)
    FUNCTION = "take"

    @classmethod
    def VALIDATE_INPUTS(cls, input_types: dict[str, str]) -> bool | str:  # noqa: N802
        return input_types == {"value": "STRING"} or f"no {input_types['value']}"

    def take(self, value: str) -> Any:
        return (len(value),)


class Sealed(type):
    def __setattr__(cls, name: str, value: Any) -> None:
        raise TypeError(f"{name} is not to be set")


class PackSealed(PackShow, metaclass=Sealed):
    """Takes no attributes, and so cannot be told where it is from."""


NODE_CLASS_MAPPINGS = {
    kind.__name__: kind
    for kind in (
        *(PackSwitch, PackGate, PackCountdown, PackShow, PackBatch, PackPicky, PackSealed),
    )
}
