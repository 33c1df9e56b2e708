"""Nodes that take, give and become other branches, and lists."""

from typing import Any

from comfy_api.latest import io  # type: ignore[import-not-found] # the worker offers it
from comfy_execution.graph_utils import (  # type: ignore[import-not-found]
    ExecutionBlocker,
    GraphBuilder,
)


class ThirdSwitch(io.ComfyNode):  # type: ignore[misc]
    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdSwitch",
            inputs=[
                io.Int.Input("first", lazy=True),
                io.Int.Input("second", lazy=True),
                io.Boolean.Input("use_second"),
            ],
            outputs=[io.Int.Output()],
        )

    @classmethod
    def check_lazy_status(cls, use_second: bool, **given: Any) -> list[str]:
        return ["second" if use_second else "first"]

    @classmethod
    def execute(cls, first: Any, second: Any, use_second: bool) -> Any:
        return io.NodeOutput(second if use_second else first)


class ThirdGate(io.ComfyNode):  # type: ignore[misc]
    """Closed in one of the three ways."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdGate",
            inputs=[io.Int.Input("way"), io.String.Input("message")],
            outputs=[io.Int.Output()],
        )

    @classmethod
    def execute(cls, way: int, message: str) -> Any:
        if way == 0:
            return io.NodeOutput(block_execution=message)
        blocker = ExecutionBlocker(message)
        return io.NodeOutput(blocker) if way == 1 else blocker


class ThirdCountdown(io.ComfyNode):  # type: ignore[misc]
    """Takes itself away one at a time."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdCountdown",
            inputs=[io.Int.Input("value")],
            outputs=[io.Int.Output()],
            enable_expand=True,
        )

    @classmethod
    def execute(cls, value: int) -> Any:
        if value <= 0:
            return value
        graph = GraphBuilder()
        rest = graph.node("ThirdCountdown", value=value - 1)
        return io.NodeOutput(rest.out(0), expand=graph.finalize())


class ThirdSecret(ThirdCountdown):
    """Expands without having said so."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdSecret", inputs=[io.Int.Input("value")], outputs=[io.Int.Output()]
        )


class ThirdBatch(io.ComfyNode):  # type: ignore[misc]
    """Takes and gives lists."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdBatch",
            inputs=[io.Int.Input("value")],
            outputs=[io.Int.Output(is_output_list=True)],
            is_input_list=True,
        )

    @classmethod
    def validate_inputs(cls, value: list[int]) -> bool | str:
        return value != [13] or "not that one"

    @classmethod
    def execute(cls, value: list[int]) -> dict[str, Any]:
        return {"result": ([value[0], value[0] + 1, value[0] + 2],)}


class ThirdShow(io.ComfyNode):  # type: ignore[misc]
    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdShow", inputs=[io.AnyType.Input("value")], is_output_node=True
        )

    @classmethod
    def execute(cls, value: Any) -> dict[str, Any]:
        return {"ui": {"text": [str(value)]}}


NODES = [
    *(ThirdSwitch, ThirdGate, ThirdCountdown, ThirdSecret, ThirdBatch, ThirdShow),
]
