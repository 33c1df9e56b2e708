"""Nodes that hold a constant, so that several inputs can share it."""

from hub.nodes.api import BOOLEAN, FLOAT, INT, STRING, Input, Node, NodeOutput, Schema, ValueType

_LARGEST = 2**63 - 1


class PrimitiveString(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _primitive("PrimitiveString", "String", STRING, STRING.value("value"))

    @classmethod
    def execute(cls, value: str) -> NodeOutput:
        return NodeOutput(value)


class PrimitiveStringMultiline(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        value = STRING.value("value", multiline=True)
        return _primitive("PrimitiveStringMultiline", "String (Multiline)", STRING, value)

    @classmethod
    def execute(cls, value: str) -> NodeOutput:
        return NodeOutput(value)


class PrimitiveInt(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        value = INT.value("value", minimum=-_LARGEST, maximum=_LARGEST, control_after_generate=True)
        return _primitive("PrimitiveInt", "Int", INT, value)

    @classmethod
    def execute(cls, value: int) -> NodeOutput:
        return NodeOutput(value)


class PrimitiveFloat(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        value = FLOAT.value("value", minimum=-_LARGEST, maximum=_LARGEST, step=0.1)
        return _primitive("PrimitiveFloat", "Float", FLOAT, value)

    @classmethod
    def execute(cls, value: float) -> NodeOutput:
        return NodeOutput(value)


class PrimitiveBoolean(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _primitive("PrimitiveBoolean", "Boolean", BOOLEAN, BOOLEAN.value("value"))

    @classmethod
    def execute(cls, value: bool) -> NodeOutput:
        return NodeOutput(value)


def _primitive(class_type: str, display_name: str, kind: ValueType, value: Input) -> Schema:
    return Schema(
        class_type=class_type,
        display_name=display_name,
        category="utils/primitive",
        description="Gives the value as it is.",
        inputs=(value,),
        outputs=(kind.output(),),
        light=True,
        module="comfy_extras.nodes_primitive",
    )


NODES: tuple[type[Node], ...] = (
    PrimitiveString,
    PrimitiveStringMultiline,
    PrimitiveInt,
    PrimitiveFloat,
    PrimitiveBoolean,
)
