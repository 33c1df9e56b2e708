"""Node classes for tests of lazy inputs, blockers and expansion."""

import asyncio
from typing import Any

from hub.nodes.api import (
    BOOLEAN,
    INT,
    STRING,
    ExecutionBlocker,
    Input,
    IoType,
    Node,
    NodeOutput,
    Schema,
)
from hub.nodes.graph_builder import GraphBuilder

ANY = IoType("*")


class Choose(Node):
    """Asks for the one of its two values that it gives."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Choose",
            category="test",
            inputs=(
                BOOLEAN.value("first"),
                ANY.input("one", optional=True, lazy=True),
                ANY.input("two", optional=True, lazy=True),
            ),
            outputs=(ANY.output(),),
            light=True,
        )

    @classmethod
    def check_lazy_status(cls, first: bool, one: Any = None, two: Any = None) -> list[str]:
        return ["one"] if first else ["two"]

    @classmethod
    def execute(cls, first: bool, one: Any = None, two: Any = None) -> NodeOutput:
        return NodeOutput(f"{one} {two}")


class OneByOne(Choose):
    """Asks for its first value, and only then for its second; asynchronously."""

    @classmethod
    def define_schema(cls) -> Schema:
        inputs = (ANY.input("one", lazy=True), ANY.input("two", lazy=True))
        return Schema(
            class_type="OneByOne", category="test", inputs=inputs, outputs=(ANY.output(),)
        )

    @classmethod
    async def check_lazy_status(cls, one: Any, two: Any) -> list[str]:  # type: ignore[override] # its own inputs
        await asyncio.sleep(0)
        return ["one"] if one is None else ["one", "two"]

    @classmethod
    def execute(cls, one: Any, two: Any) -> NodeOutput:  # type: ignore[override] # its own inputs
        return NodeOutput(f"{one} {two}")


class NeverAsks(Choose):
    """Declares lazy inputs but no `check_lazy_status`."""

    @classmethod
    def define_schema(cls) -> Schema:
        inputs = (ANY.input("one", lazy=True),)
        return Schema(
            class_type="NeverAsks", category="test", inputs=inputs, outputs=(ANY.output(),)
        )

    check_lazy_status = None  # type: ignore[assignment] # as if it were not there

    @classmethod
    def execute(cls, one: Any) -> NodeOutput:  # type: ignore[override] # its own inputs
        return NodeOutput(str(one))


class Block(Node):
    """Blocks its output if told so: with a message, or silently if that is empty."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Block",
            category="test",
            inputs=(STRING.value("message"), STRING.value("value", optional=True)),
            outputs=(STRING.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, message: str, value: str = "") -> NodeOutput:
        if value == "pass":
            return NodeOutput(value)
        return NodeOutput(ExecutionBlocker(message or None))


class BlockAll(Block):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="BlockAll",
            category="test",
            inputs=(STRING.value("message"),),
            outputs=(STRING.output(), STRING.output(is_list=True)),
        )

    @classmethod
    def execute(cls, message: str, value: str = "") -> NodeOutput:
        if message == "bare":
            return ExecutionBlocker(message)  # type: ignore[return-value] # is allowed
        return NodeOutput(block_execution=message)


class Count(Node):
    """Adds 1 to `value` until it is `until`, each time by expanding to itself; shows each step."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Count",
            category="test",
            inputs=(INT.value("value"), INT.value("until"), BOOLEAN.value("shows", optional=True)),
            outputs=(INT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, value: int, until: int, shows: bool = False) -> NodeOutput:
        if value >= until:
            return NodeOutput(value)
        graph = GraphBuilder()
        more = graph.node("AddOne", value=value)
        if shows:
            graph.node("Show", text=more.out(0))
        again = graph.node("Count", value=more.out(0), until=until, shows=shows)
        return NodeOutput(again.out(0), expand=graph.finalize())


class AddOne(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="AddOne",
            category="test",
            inputs=(INT.value("value"),),
            outputs=(INT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, value: int) -> NodeOutput:
        return NodeOutput(value + 1)


class Length(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Length",
            category="test",
            inputs=(STRING.value("text"),),
            outputs=(INT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, text: str) -> NodeOutput:
        return NodeOutput(len(text))


class Expand(Node):
    """Expands to the graph it is given, and gives the outputs of its node `out`."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Expand",
            category="test",
            inputs=(
                ANY.input("graph"),
                STRING.value("out"),
                Input(name="value", type="*", optional=True, raw_link=True),
            ),
            outputs=(ANY.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, graph: Any, out: str, value: Any = None) -> NodeOutput:
        return NodeOutput([out, 0], expand=graph)


BRANCHING = (Choose, OneByOne, NeverAsks, Block, BlockAll, Count, AddOne, Length, Expand)
