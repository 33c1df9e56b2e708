"""Nodes for tests that end otherwise than they should."""

import os
import signal
from pathlib import Path
from typing import Any

from torch import Tensor

from hub.nodes.api import IMAGE, STRING, Node, NodeOutput, Schema, context
from hub.records.output import OutputFolder
from tests.engine.text_nodes import CALLS


class Fail(Node):
    """Raises what is asked for by name."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Fail",
            category="test",
            inputs=(
                STRING.value("error", default="ValueError"),
                IMAGE.input("image", optional=True),
            ),
            outputs=(STRING.output(),),
            is_output_node=True,
            light=True,
        )

    @classmethod
    def execute(cls, error: str = "ValueError", image: Tensor | None = None) -> NodeOutput:
        raise {
            "ValueError": ValueError("it was asked to"),
            "SystemExit": SystemExit(3),
            "MemoryError": MemoryError(),
        }[error]


class OutOfMemoryOnce(Node):
    """Begins a file and finds no memory, the first time that it is called by a `name`."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="OutOfMemoryOnce",
            category="test",
            inputs=(STRING.value("name"), STRING.value("after", optional=True)),
            is_output_node=True,
        )

    @classmethod
    def execute(cls, name: str, after: str = "") -> NodeOutput:
        CALLS[name] += 1
        staged = context().stage(prefix=name, suffix=".txt", folder=OutputFolder.OUTPUT)
        if CALLS[name] == 1:
            raise MemoryError
        staged.path.write_text(name)
        return NodeOutput()


class WrongResult(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="WrongResult",
            category="test",
            inputs=(STRING.value("what"),),
            outputs=(STRING.output(), STRING.output()),
            is_output_node=True,
        )

    @classmethod
    def execute(cls, what: str) -> Any:
        return {"one": NodeOutput("just one"), "nothing": NodeOutput()}.get(what, "none at all")


class Die(Node):
    """Kills its process, unless `survived` exists, which it makes before."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Die",
            category="test",
            inputs=(STRING.value("survived", optional=True),),
            is_output_node=True,
            light=True,
        )

    @classmethod
    def execute(cls, survived: str = "") -> NodeOutput:
        if survived and Path(survived).exists():
            return NodeOutput()
        if survived:
            Path(survived).touch()
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")


class NoSchema(Node):
    """Left out of every catalogue, because it declares nothing."""


FAILING = (
    Fail,
    OutOfMemoryOnce,
    WrongResult,
    Die,
    NoSchema,
)
