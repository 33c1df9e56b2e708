"""Node classes whose inputs depend on the graph; they tell what they were given."""

from typing import Any

from hub.nodes.api import (
    INT,
    STRING,
    Input,
    IoType,
    Node,
    NodeOutput,
    Schema,
    autogrow,
    dynamic_combo,
)

_ANY = IoType("*")


class Grow(Node):
    """Shows what it is given; refuses a negative `size`."""

    @classmethod
    def define_schema(cls) -> Schema:
        sizes = {"by": (INT.value("by", default=1),), "same": ()}
        return Schema(
            class_type="Grow",
            category="test",
            inputs=(
                autogrow("texts", STRING.value("text"), prefix="text", minimum=1, maximum=9),
                dynamic_combo("size", sizes),
            ),
            is_output_node=True,
            is_v3=True,
            checks_inputs=True,
            fingerprints_inputs=True,
        )

    @classmethod
    def validate_inputs(cls, size: dict[str, Any]) -> bool | str:
        return size.get("by", 0) >= 0 or "it may only grow"

    @classmethod
    def fingerprint_inputs(cls, texts: dict[str, Any]) -> list[str]:
        return sorted(texts)

    @classmethod
    def execute(cls, texts: dict[str, str], size: dict[str, Any]) -> NodeOutput:
        return NodeOutput(ui={"given": [texts, size]})


class FirstWanted(Node):
    """Asks for its inputs one after another, until one is not empty."""

    @classmethod
    def define_schema(cls) -> Schema:
        template = _ANY.input("text", lazy=True)
        return Schema(
            class_type="FirstWanted",
            category="test",
            inputs=(autogrow("texts", template, prefix="text", minimum=2, maximum=9),),
            outputs=(STRING.output(),),
            is_v3=True,
        )

    @classmethod
    def check_lazy_status(cls, texts: dict[str, tuple[Any, str]]) -> list[str]:
        for text, path in texts.values():
            if text is None:
                return [path]
            if text:
                break
        return []

    @classmethod
    def execute(cls, texts: dict[str, Any]) -> NodeOutput:
        return NodeOutput(next(text for text in texts.values() if text))


class RawLinks(Node):
    """Shows the links themselves."""

    @classmethod
    def define_schema(cls) -> Schema:
        template = Input(name="text", type="*", raw_link=True)
        return Schema(
            class_type="RawLinks",
            category="test",
            inputs=(autogrow("texts", template, prefix="text", minimum=0, maximum=9),),
            is_output_node=True,
            is_v3=True,
        )

    @classmethod
    def execute(cls, texts: dict[str, Any]) -> NodeOutput:
        return NodeOutput(ui={"links": [texts]})


DYNAMIC: tuple[type[Node], ...] = (Grow, FirstWanted, RawLinks)
