"""Nodes for tests that hand a thing on, to see who holds it for how long."""

from typing import Any, ClassVar
from weakref import WeakSet

from hub.engine.worker.context import NodeContext
from hub.nodes.api import INT, Node, NodeOutput, Schema, context
from hub.nodes.compat.running import note_running
from tests.engine.text_nodes import ANY


class Thing:
    """A value of which it can be told whether anybody still has it."""

    alive: ClassVar[WeakSet["Thing"]] = WeakSet()

    def __init__(self) -> None:
        self.alive.add(self)


class Make(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(class_type="Make", category="test", outputs=(ANY.output(),), light=True)

    @classmethod
    def execute(cls, **given: Any) -> NodeOutput:
        return NodeOutput(Thing())


class CountThings(Node):
    """How many things are alive once `after` is done, of which it is not given anything."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CountThings",
            category="test",
            inputs=(ANY.input("after"),),
            outputs=(INT.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, after: Any) -> NodeOutput:
        return NodeOutput(len(Thing.alive))


class FailWith(Node):
    """Raises while it holds a thing; the error knows the frame that holds it."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="FailWith",
            category="test",
            inputs=(ANY.input("thing"),),
            outputs=(ANY.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, thing: Any) -> NodeOutput:
        error = ValueError("it was asked to")
        raise error


class CancelItself(FailWith):
    """Has its own run cancelled while it holds a thing."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CancelItself",
            category="test",
            inputs=(ANY.input("thing"),),
            outputs=(ANY.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, thing: Any) -> NodeOutput:
        running = context()
        assert isinstance(running, NodeContext)
        running.cancel()
        running.check_cancelled()
        return NodeOutput(thing)


class LikeAPack(Node):
    """Is remembered as the running node, as those of packs are."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(class_type="LikeAPack", category="test", is_output_node=True)

    @classmethod
    def execute(cls) -> NodeOutput:
        note_running()
        return NodeOutput()


THINGS = (
    Make,
    CountThings,
    FailWith,
    CancelItself,
    LikeAPack,
)
