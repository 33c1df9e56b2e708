"""The node API: one declaration per node, from which schema, check, form and docs come.

A node is a class with `define_schema` and `execute`:

    class Invert(Node):
        @classmethod
        def define_schema(cls) -> Schema:
            return Schema(
                class_type="ImageInvert",
                category="image",
                inputs=(IMAGE.input("image"),),
                outputs=(IMAGE.output(),),
            )

        @classmethod
        def execute(cls, image: Tensor) -> NodeOutput:
            return NodeOutput(1.0 - image)

The shape is that of ComfyUI's third node API; the words are those of its catalogue. This module
imports no torch: the hub reads schemas too.
"""

from collections.abc import Awaitable, Mapping
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import msgspec

from hub.records.output import OutputFolder


class Input(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One input of a node.

    `type` is the type's name on the wire; several types are joined by commas and `*` takes all.
    `options` are the choices of a COMBO; `folder` says instead that they are the files of that
    folder (`input`, `checkpoints` …), which the hub lists anew each time; with both it takes
    either. `extra` holds hints for forms (`multiline`, `tooltip`, `display` …) under ComfyUI's
    names.
    """

    name: str
    type: str
    optional: bool = False
    default: Any = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    step: int | float | None = None
    options: tuple[Any, ...] | None = None
    folder: str | None = None
    lazy: bool = False
    raw_link: bool = False
    extra: dict[str, Any] = {}


class Output(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One output of a node; `is_list` outputs hand on every element of a list by itself."""

    type: str
    name: str
    is_list: bool = False
    tooltip: str | None = None


class Hidden(StrEnum):
    """Values that the engine hands to nodes which ask for them."""

    UNIQUE_ID = "UNIQUE_ID"
    PROMPT = "PROMPT"
    EXTRA_PNGINFO = "EXTRA_PNGINFO"
    DYNPROMPT = "DYNPROMPT"


class Schema(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a node is called, takes, gives and promises.

    `light` nodes hold the interpreter only briefly and keep no process-wide state, so that several
    runs of them may go on side by side. `takes_pictures` says that IMAGEs may come as `Pictures`
    (hub/nodes/pictures.py) too. `checks_inputs` and `fingerprints_inputs` say that the class has
    code of its own for these, which only a worker can carry out. `accepts_all_inputs` says that
    constants are handed over too which the schema does not name.
    """

    class_type: str
    category: str
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    display_name: str | None = None
    description: str = ""
    hidden: tuple[Hidden, ...] = ()
    is_output_node: bool = False
    is_input_list: bool = False
    not_idempotent: bool = False
    is_deprecated: bool = False
    is_experimental: bool = False
    light: bool = False
    takes_pictures: bool = False
    checks_inputs: bool = False
    fingerprints_inputs: bool = False
    accepts_all_inputs: bool = False
    module: str = "nodes"

    def input(self, name: str) -> Input | None:
        """The declared input of that name."""
        return next((item for item in self.inputs if item.name == name), None)


class IoType:
    """A type that links carry; makes inputs and outputs of it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def input(
        self, name: str, *, optional: bool = False, lazy: bool = False, **extra: Any
    ) -> Input:
        """An input that only a link can fill."""
        return Input(name=name, type=self.name, optional=optional, lazy=lazy, extra=extra)

    def output(
        self, name: str | None = None, *, is_list: bool = False, tooltip: str | None = None
    ) -> Output:
        return Output(type=self.name, name=name or self.name, is_list=is_list, tooltip=tooltip)


class ValueType(IoType):
    """A type whose inputs may also hold a constant."""

    def value(
        self,
        name: str,
        *,
        default: Any = None,
        optional: bool = False,
        minimum: float | None = None,
        maximum: float | None = None,
        step: float | None = None,
        **extra: Any,
    ) -> Input:
        """An input with a default; numbers may have limits, both included."""
        return Input(
            name=name,
            type=self.name,
            optional=optional,
            default=default,
            minimum=minimum,
            maximum=maximum,
            step=step,
            extra=extra,
        )


IMAGE = IoType("IMAGE")  # float32 [batch, height, width, 3], 0…1
MASK = IoType("MASK")  # float32 [batch, height, width], 1 where something is masked out
PHOTO_METADATA = IoType("PHOTO_METADATA")  # a file's EXIF, ICC profile and XMP
AUDIO = IoType("AUDIO")  # {"waveform": float32 [batch, channels, samples], -1…1, "sample_rate"}
VIDEO = IoType("VIDEO")  # a `VideoInput` (hub/nodes/video.py)
INT = ValueType("INT")
FLOAT = ValueType("FLOAT")
STRING = ValueType("STRING")
BOOLEAN = ValueType("BOOLEAN")
COMBO = IoType("COMBO")


def choice(
    name: str, options: tuple[str, ...], *, default: str | None = None, **extra: Any
) -> Input:
    """An input that takes one of `options`; the first is the default unless another is named."""
    return Input(
        name=name, type=COMBO.name, options=options, default=default or options[0], extra=extra
    )


def file_choice(name: str, folder: str, **extra: Any) -> Input:
    """An input that takes the name of a file in `folder`, as the folder is at that moment."""
    return Input(name=name, type=COMBO.name, folder=folder, extra=extra)


class ExecutionBlocker:
    """Given as an output's value, keeps whoever reads that output from being called.

    Without a message silently; with one, the first that reads it tells the message as its error.
    The rest of the graph goes on in both cases. Returned instead of a `NodeOutput` it stands for
    every output.
    """

    def __init__(self, message: str | None = None) -> None:
        self.message = message


class NodeOutput:
    """What a call gives: one value per declared output, and what it shows.

    `expand` is a graph that is carried out in the node's place (hub/nodes/graph_builder.py makes
    one); values that are links into it stand for what is found there. `block_execution` blocks
    every output with that message.
    """

    def __init__(
        self,
        *values: Any,
        ui: Mapping[str, list[Any]] | None = None,
        expand: Mapping[str, dict[str, Any]] | None = None,
        block_execution: str | None = None,
    ) -> None:
        self.values = values
        self.ui = dict(ui) if ui else None
        self.expand = expand
        self.block_execution = block_execution


class Node:
    """A kind of operation. Never instantiated; all methods are class methods.

    A subclass writes `execute` with its own inputs as parameters. It may add
    `validate_inputs(**constants) -> True | str`, `fingerprint_inputs(**constants) -> value` and
    `check_lazy_status(**inputs) -> names`, which is asked which of the `lazy` inputs, None until
    they are known, are wanted; again and again, until it names no further ones. All of them may
    be plain or `async`, and are given what their parameters name.
    """

    @classmethod
    def define_schema(cls) -> Schema:
        raise TypeError(f"{cls.__name__} declares no schema: it needs a define_schema method.")

    execute: Any


class StagedFile(Protocol):
    """A file being made. Write to `path`; then `item()` is what `ui` lists."""

    path: Path

    def item(self) -> dict[str, str]:
        """The entry for the node's `ui`: filename, subfolder and type."""

    def describe(self, *, width: int, height: int) -> None:
        """Say how large the picture is, in pixels."""


class Context(Protocol):
    """What a node may ask of the engine while it runs."""

    node: str
    prompt: dict[str, Any]
    extra_pnginfo: dict[str, Any] | None

    def stage(self, *, prefix: str, suffix: str, folder: OutputFolder) -> StagedFile:
        """A new file. Its final name is `prefix` (which may hold folders), a counter and `suffix`.

        Raises `Invalid` if `prefix` leads out of the output folder.
        """

    def input_file(self, name: str) -> Path:
        """The file that an input names: `<sha256>.<ext>` of the input store, or a path below the
        input folder, with an optional annotation ` [input]`, ` [output]` or ` [temp]`.

        Raises `Invalid` for a name that leads out, `NotFound` for a missing file.
        """

    def progress(self, value: float, maximum: float) -> None:
        """Tell how far the node is; also where a cancelled run stops."""

    def check_cancelled(self) -> None:
        """Stop here if the run was cancelled."""

    def new_prefix(self) -> str:
        """What the ids of a graph that this node expands to begin with; another each time."""


current_context: ContextVar[Context] = ContextVar("current_context")


def context() -> Context:
    """The context of the node that is being carried out."""
    return current_context.get()


NodeResult = NodeOutput | Awaitable[NodeOutput]
