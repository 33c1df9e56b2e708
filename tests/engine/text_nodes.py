"""Nodes for tests that make, join and show texts, and tell how often they were called."""

from collections import Counter
from pathlib import Path
from typing import Any

from hub.nodes.api import (
    STRING,
    Hidden,
    IoType,
    Node,
    NodeOutput,
    Schema,
    context,
    file_choice,
)

ANY = IoType("*")
CALLS: Counter[str] = Counter()
"""How often nodes were called, by what they say of themselves; for tests in this process."""


class Text(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Text",
            category="test",
            inputs=(STRING.value("text"), STRING.value("more", optional=True)),
            outputs=(STRING.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, text: str, more: str = "") -> NodeOutput:
        CALLS[text] += 1
        return NodeOutput(text + more)


class Words(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Words",
            category="test",
            inputs=(STRING.value("text"),),
            outputs=(STRING.output(is_list=True),),
            light=True,
        )

    @classmethod
    def execute(cls, text: str) -> NodeOutput:
        return NodeOutput(text.split())


class Join(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Join",
            category="test",
            inputs=(STRING.value("texts"), STRING.value("mark")),
            outputs=(STRING.output(),),
            is_input_list=True,
            light=True,
        )

    @classmethod
    def execute(cls, texts: list[str], mark: list[str]) -> NodeOutput:
        return NodeOutput(mark[0].join(texts))


class Show(Node):
    """Shows whatever it is given, linked under any name."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Show",
            category="test",
            inputs=(ANY.input("text", optional=True),),
            outputs=(ANY.output(),),
            is_output_node=True,
            light=True,
        )

    @classmethod
    def execute(cls, **given: Any) -> NodeOutput:
        CALLS["shown"] += 1
        return NodeOutput(given, ui={"text": list(given.values()) or ["nothing"]})


class Hiding(Node):
    """Gives what the engine hands it unasked."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Hiding",
            category="test",
            outputs=(ANY.output(), ANY.output(), ANY.output()),
            hidden=(Hidden.UNIQUE_ID, Hidden.PROMPT, Hidden.EXTRA_PNGINFO),
            is_output_node=True,
        )

    @classmethod
    def execute(cls, unique_id: str, prompt: Any, extra_pnginfo: Any) -> NodeOutput:
        CALLS[unique_id] += 1
        return NodeOutput(ui={"hidden": [unique_id, prompt, extra_pnginfo]})


class ReadFile(Node):
    """Its fingerprint is the file's content, or NaN for a file that does not exist."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ReadFile",
            category="test",
            inputs=(STRING.value("path"),),
            outputs=(STRING.output(),),
            fingerprints_inputs=True,
            checks_inputs=True,
        )

    @classmethod
    def execute(cls, path: str) -> NodeOutput:
        CALLS[path] += 1
        return NodeOutput(Path(path).read_text() if Path(path).exists() else "")

    @classmethod
    def fingerprint_inputs(cls, path: str) -> object:
        return Path(path).read_text() if Path(path).exists() else float("nan")

    @classmethod
    def validate_inputs(cls, path: str) -> bool | str:
        return True if path else "it needs a path"


class ReadModel(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ReadModel",
            category="test",
            inputs=(file_choice("name", "checkpoints"),),
            outputs=(STRING.output(),),
        )

    @classmethod
    def execute(cls, name: str) -> NodeOutput:
        return NodeOutput(context().model_file("checkpoints", name).read_text())


TEXTS = (
    Text,
    Words,
    Join,
    Show,
    Hiding,
    ReadFile,
    ReadModel,
)
