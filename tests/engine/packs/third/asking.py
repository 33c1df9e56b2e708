"""Nodes that ask: for hidden values, about their inputs, for what has changed."""

import asyncio
from enum import Enum
from typing import Any, ClassVar

import folder_paths  # type: ignore[import-not-found] # the worker offers it
from comfy_api.latest import io  # type: ignore[import-not-found]


class Mood(Enum):
    GOOD = "good"
    BAD = "bad"


class ThirdFacts(io.ComfyNode):  # type: ignore[misc]
    """Tells what it was given."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdFacts",
            display_name="Facts",
            category="test",
            inputs=[
                io.String.Input("text", multiline=True, dynamic_prompts=True),
                io.Int.Input(
                    "number", default=3, min=0, max=9, display_mode=io.NumberDisplay.slider
                ),
                io.Boolean.Input("flag", default=True, label_on="yes", label_off="no"),
                io.Combo.Input("mood", options=Mood, default=Mood.GOOD),
                io.MultiCombo.Input("several", options=["a", "b", "c"], optional=True),
                io.Combo.Input("lora", options=["None", *folder_paths.get_filename_list("loras")]),
                io.AnyType.Input("anything", optional=True),
            ],
            outputs=[io.String.Output(display_name="told"), io.AnyType.Output()],
            hidden=[io.Hidden.unique_id, io.Hidden.dynprompt, io.Hidden.auth_token_comfy_org],
            is_output_node=True,
        )

    @classmethod
    def validate_inputs(cls, number: Any) -> bool | str:
        return number != 8 or "eight is too many"

    @classmethod
    def execute(cls, text: str, number: int, mood: str, **others: Any) -> Any:
        hidden = cls.hidden
        told = f"{text} {number} {mood} {others.get('several')} {hidden.unique_id}"
        facts = [
            told,
            sorted(hidden.dynprompt.all_node_ids()),
            sorted(hidden.prompt),
            hidden.auth_token_comfy_org,
        ]
        return io.NodeOutput(told, others.get("anything"), ui={"text": facts})


class ThirdFrozen(io.ComfyNode):  # type: ignore[misc]
    """Tries to change its class."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(node_id="ThirdFrozen", is_output_node=True)

    @classmethod
    def execute(cls) -> None:
        cls.calls = 1


class ThirdChanging(io.ComfyNode):  # type: ignore[misc]
    """Has changed always, or only with its text."""

    calls: ClassVar[list[str]] = []

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdChanging",
            inputs=[io.String.Input("text")],
            outputs=[io.String.Output()],
        )

    @classmethod
    async def fingerprint_inputs(cls, text: str) -> Any:
        await asyncio.sleep(0)
        return float("nan") if text == "always" else text

    @classmethod
    def execute(cls, text: str) -> Any:
        cls.calls.append(text)
        return io.NodeOutput(f"{text} {cls.calls.count(text)}")


class ThirdTogether(io.ComfyNode):  # type: ignore[misc]
    """Goes on once two of its kind have begun."""

    begun: ClassVar[list[str]] = []

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdTogether",
            inputs=[io.String.Input("text")],
            outputs=[io.String.Output()],
            hidden=[io.Hidden.unique_id],
            not_idempotent=True,
        )

    @classmethod
    async def execute(cls, text: str) -> tuple[str]:
        cls.begun.append(text)
        while len(cls.begun) < 2:  # noqa: ASYNC110 - the other one has no event for it
            await asyncio.sleep(0.001)
        return (f"{text} of {cls.hidden.unique_id}",)


class ThirdBroken(io.ComfyNode):  # type: ignore[misc]
    """Declares two inputs of one name."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(node_id="ThirdTwice", inputs=[io.Int.Input("a"), io.Int.Input("a")])


NODES = [ThirdFacts, ThirdFrozen, ThirdChanging, ThirdTogether, ThirdBroken]
