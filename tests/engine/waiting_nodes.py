"""Nodes for tests that take their time.

A gate is a named pipe: a node that opens it waits until the test opens the other end.
"""

import asyncio
import time
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

from hub.engine.worker.context import NodeContext
from hub.nodes.api import BOOLEAN, INT, STRING, Node, NodeOutput, Schema, context


class Later(Node):
    """Asynchronous: waits until so many of its group have begun, so it cannot run by itself."""

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
    async def execute(
        cls, group: str, number: int, fails: bool = False, **given: Any
    ) -> NodeOutput:
        cls.begun[group] += 1
        while cls.begun[group] < number:  # noqa: ASYNC110 - the others begin by themselves
            await asyncio.sleep(0)
        if fails:
            raise ValueError("later")
        return NodeOutput(f"{group} {context().node}")


class CancelItselfLater(Node):
    """Waits until it may, then has its own run cancelled, and goes on for ever."""

    may: ClassVar[asyncio.Event]

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(class_type="CancelItselfLater", category="test", is_output_node=True)

    @classmethod
    async def execute(cls) -> NodeOutput:
        await cls.may.wait()
        running = context()
        assert isinstance(running, NodeContext)
        running.cancel()
        await asyncio.Event().wait()
        return NodeOutput()


class CancelsQuestion(Node):
    """Cancels the task in which its class is asked something."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CancelsQuestion",
            category="test",
            inputs=(STRING.value("question"),),
            outputs=(STRING.output(),),
            is_output_node=True,
            fingerprints_inputs=True,
            checks_inputs=True,
        )

    @classmethod
    async def fingerprint_inputs(cls, question: str) -> str:
        return cls._answer(question, "fingerprint")

    @classmethod
    async def validate_inputs(cls, question: str) -> bool:
        return bool(cls._answer(question, "check"))

    @classmethod
    def execute(cls, question: str) -> NodeOutput:
        return NodeOutput(question)

    @staticmethod
    def _answer(question: str, asked: str) -> str:
        if question == asked:
            raise asyncio.CancelledError
        return asked


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


WAITING = (
    Later,
    CancelItselfLater,
    CancelsQuestion,
    Progress,
    Gate,
    HeavyGate,
    Forever,
)
