"""Nodes that choose."""

from typing import Any

from hub.nodes.api import BOOLEAN, COMBO, STRING, Input, MatchedType, Node, NodeOutput, Schema

_MODULE = "comfy_extras.nodes_logic"
_ANYTHING = MatchedType("switch")


class ComfySwitchNode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ComfySwitchNode",
            display_name="Switch",
            category="logic",
            description="Gives one of two inputs; what only the other needs is not carried out.",
            inputs=(
                BOOLEAN.value("switch"),
                _ANYTHING.input("on_false", lazy=True),
                _ANYTHING.input("on_true", lazy=True),
            ),
            outputs=(_ANYTHING.output("output"),),
            is_experimental=True,
            is_v3=True,
            light=True,
            takes_pictures=True,
            module=_MODULE,
        )

    @classmethod
    def check_lazy_status(
        cls, switch: bool, on_false: Any = None, on_true: Any = None
    ) -> list[str]:
        """Which input is still needed."""
        name, value = ("on_true", on_true) if switch else ("on_false", on_false)
        return [name] if value is None else []

    @classmethod
    def execute(cls, switch: bool, on_false: Any, on_true: Any) -> NodeOutput:
        return NodeOutput(on_true if switch else on_false)


class CustomCombo(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CustomCombo",
            display_name="Custom Combo",
            category="utils",
            description="Gives what was chosen from options that the workflow's author wrote.",
            inputs=(Input(name="choice", type=COMBO.name),),
            outputs=(STRING.output(),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, choice: str) -> NodeOutput:
        return NodeOutput(choice)


NODES: tuple[type[Node], ...] = (
    ComfySwitchNode,
    CustomCombo,
)
