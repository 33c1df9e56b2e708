"""Node classes for tests; a worker loads them with `--nodes tests.engine.nodes`.

A gate is a named pipe: a node that opens it waits until the test opens the other end.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar
from weakref import WeakSet

from torch import Tensor

from hub.nodes.api import (
    BOOLEAN,
    IMAGE,
    INT,
    STRING,
    Hidden,
    IoType,
    Node,
    NodeOutput,
    Schema,
    context,
)
from hub.records.output import OutputFolder
from tests.engine.worker.branching_nodes import BRANCHING

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


class Write(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Write",
            category="test",
            inputs=(STRING.value("text"), STRING.value("prefix", default="text")),
            is_output_node=True,
            light=True,
        )

    @classmethod
    def execute(cls, text: str, prefix: str = "text") -> NodeOutput:
        file = context().stage(prefix=prefix, suffix=".txt", folder=OutputFolder.OUTPUT)
        file.path.write_text(text)
        file.describe(width=len(text), height=1)
        return NodeOutput(ui={"texts": [file.item()]})


class StageOnly(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(class_type="StageOnly", category="test", is_output_node=True)

    @classmethod
    def execute(cls) -> NodeOutput:
        context().stage(prefix="never", suffix=".txt", folder=OutputFolder.OUTPUT)
        return NodeOutput()


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


class WrongResult(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="WrongResult",
            category="test",
            inputs=(BOOLEAN.value("output"),),
            outputs=(STRING.output(), STRING.output()),
            is_output_node=True,
        )

    @classmethod
    def execute(cls, output: bool) -> Any:
        return NodeOutput("just one") if output else "none at all"


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


class Later(Node):
    """Asynchronous: waits for `other` Later nodes to have begun, so it cannot run by itself."""

    begun: ClassVar[Counter[str]] = Counter()

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Later",
            category="test",
            inputs=(STRING.value("group"), INT.value("number"), BOOLEAN.value("fails")),
            outputs=(STRING.output(),),
            light=True,
        )

    @classmethod
    async def execute(cls, group: str, number: int, fails: bool = False) -> NodeOutput:
        cls.begun[group] += 1
        while cls.begun[group] < number:  # noqa: ASYNC110 - the others begin by themselves
            await asyncio.sleep(0)
        if fails:
            raise ValueError("later")
        return NodeOutput(f"{group} {context().node}")


class Progress(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Progress",
            category="test",
            inputs=(INT.value("steps"),),
            is_output_node=True,
        )

    @classmethod
    def execute(cls, steps: int) -> NodeOutput:
        for step in range(steps):
            context().progress(step, steps)
        return NodeOutput()


class Gate(Node):
    """Waits at a gate, heedless of anything else."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Gate",
            category="test",
            inputs=(STRING.value("path"),),
            outputs=(STRING.output(),),
            is_output_node=True,
            light=True,
        )

    @classmethod
    def execute(cls, path: str) -> NodeOutput:
        return NodeOutput(Path(path).read_text())


class HeavyGate(Gate):
    """A gate of which only one at a time is waited at."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="HeavyGate",
            category="test",
            inputs=(STRING.value("path"),),
            outputs=(STRING.output(),),
            is_output_node=True,
        )


class Forever(Node):
    """Goes on until it is cancelled; passes a gate first."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Forever",
            category="test",
            inputs=(STRING.value("path"),),
            is_output_node=True,
            light=True,
        )

    @classmethod
    def execute(cls, path: str) -> NodeOutput:
        Path(path).read_text()
        while True:
            context().check_cancelled()
            time.sleep(0.001)


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
    def execute(cls) -> NodeOutput:
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


class NoSchema(Node):
    """Left out of every catalogue, because it declares nothing."""


NODES = (
    Text,
    Words,
    Join,
    Show,
    Write,
    StageOnly,
    Fail,
    WrongResult,
    Hiding,
    ReadFile,
    Later,
    Progress,
    Gate,
    HeavyGate,
    Forever,
    Die,
    Make,
    CountThings,
    NoSchema,
    *BRANCHING,
)
