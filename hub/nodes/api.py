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

How many inputs a node has may depend on the graph (`autogrow`, `dynamic_combo`, `dynamic_slot`). A
graph names such an input `images.image0`; `execute` is given a dict, `images={"image0": …}`.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Protocol

import msgspec

from hub.nodes.schema import (
    AUTOGROW,
    DYNAMIC_COMBO,
    MATCH_TYPE,
    Autogrow,
    DynamicCombo,
    Match,
    Option,
)
from hub.nodes.schema import Hidden as Hidden
from hub.nodes.schema import Input as Input
from hub.nodes.schema import Output as Output
from hub.nodes.schema import Schema as Schema
from hub.records.output import OutputFolder


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


class MatchedType(IoType):
    """Whatever type is linked, among `allowed`: the same for all inputs and outputs made of it."""

    def __init__(self, template: str, *allowed: IoType) -> None:
        super().__init__(MATCH_TYPE)
        self.match = Match(template, ",".join(kind.name for kind in allowed) or "*")

    def input(
        self, name: str, *, optional: bool = False, lazy: bool = False, **extra: Any
    ) -> Input:
        declared = super().input(name, optional=optional, lazy=lazy, **extra)
        return msgspec.structs.replace(declared, match=self.match)

    def output(
        self, name: str | None = None, *, is_list: bool = False, tooltip: str | None = None
    ) -> Output:
        declared = super().output(name, is_list=is_list, tooltip=tooltip)
        return msgspec.structs.replace(declared, match=self.match.template)


IMAGE = IoType("IMAGE")  # float32 [batch, height, width, 3], 0…1
MASK = IoType("MASK")  # float32 [batch, height, width], 1 where something is masked out
PHOTO_METADATA = IoType("PHOTO_METADATA")  # a file's EXIF, ICC profile and XMP
AUDIO = IoType("AUDIO")  # {"waveform": float32 [batch, channels, samples], -1…1, "sample_rate"}
VIDEO = IoType("VIDEO")  # a `VideoInput` (hub/nodes/video.py)
SVG = IoType("SVG")  # an `Svg` (hub/nodes/svg.py)
MODEL = IoType("MODEL")  # a `DiffusionModel` (hub/engine/models/diffusion_model.py)
CLIP = IoType("CLIP")  # a `TextEncoder` (hub/engine/models/text_encoder.py)
VAE = IoType("VAE")  # an `AutoEncoder` (hub/engine/models/auto_encoder.py)
CLIP_VISION = IoType("CLIP_VISION")  # a `VisionEncoder` (hub/engine/models/vision_encoder.py)
CLIP_VISION_OUTPUT = IoType("CLIP_VISION_OUTPUT")  # a `VisionOutput` (the same file)
PHOTOMAKER = IoType("PHOTOMAKER")  # a `PhotoMaker` (hub/engine/models/photo_maker.py)
STYLE_MODEL = IoType("STYLE_MODEL")  # a `StyleModel` (hub/engine/models/style_model.py)
CONDITIONING = IoType("CONDITIONING")  # [[states [batch, tokens, width], options], …]
CONTROL_NET = IoType("CONTROL_NET")  # a `Control` (hub/engine/models/controls.py)
GLIGEN = IoType("GLIGEN")  # a `LoadedGligen` (hub/engine/models/grounding.py)
SIGMAS = IoType("SIGMAS")  # float32 [steps + 1] on the CPU, falling; may be empty
NOISE = IoType("NOISE")  # a `NoiseSource` with a seed (hub/engine/models/sampling_run.py)
SAMPLER = IoType("SAMPLER")  # a `Method`, ours a `ChosenSampler` (hub/engine/sampling/samplers)
LATENT = IoType("LATENT")  # {"samples": float32 [batch, channels, height, width], …}
HOOKS = IoType("HOOKS")  # a tuple of `Hook` (hub/engine/models/hooks.py)
HOOK_KEYFRAMES = IoType("HOOK_KEYFRAMES")  # a tuple of `Keyframe` (the same file)
TIMESTEPS_RANGE = IoType("TIMESTEPS_RANGE")  # a part of a sampling, 0 its start and 1 its end
LATENT_OPERATION = IoType("LATENT_OPERATION")  # a function of a latent, by the name `latent`
GUIDER = IoType("GUIDER")  # a `Guider` (hub/engine/models/guiders.py)
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


def autogrow(
    name: str, template: Input, *, prefix: str, minimum: int, maximum: int, **extra: Any
) -> Input:
    """Inputs `name.prefix0`, `name.prefix1` … like `template`, of which a node gets a dict."""
    grown = Autogrow(template=template, prefix=prefix, minimum=minimum, maximum=maximum)
    return Input(name=name, type=AUTOGROW, dynamic=grown, extra=extra)


def dynamic_combo(name: str, options: Mapping[str, tuple[Input, ...]], **extra: Any) -> Input:
    """A choice whose options bring inputs `name.…` of their own.

    A node gets a dict of these, and of the chosen option under `name`.
    """
    made = tuple(Option(key, inputs) for key, inputs in options.items())
    return Input(
        name=name,
        type=DYNAMIC_COMBO,
        options=tuple(options),
        dynamic=DynamicCombo(made),
        extra=extra,
    )


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

    def stage(
        self, *, prefix: str, suffix: str, folder: OutputFolder, counted: bool = True
    ) -> StagedFile:
        """A new file. Its final name is `prefix` (which may hold folders), a counter and `suffix`;
        unless it is `counted` there is a counter only where the name is taken.

        Raises `Invalid` if `prefix` leads out of the output folder.
        """

    def input_file(self, name: str) -> Path:
        """The file that an input names: `<sha256>.<ext>` of the input store, or a path below the
        input folder, with an optional annotation ` [input]`, ` [output]` or ` [temp]`.

        Raises `Invalid` for a name that leads out, `NotFound` for a missing file.
        """

    def input_folder(self, name: str) -> Path:
        """The folder below the input folder that an input names. Raises as `input_file` does."""

    def model_file(self, kind: str, name: str) -> Path:
        """The file of models that an input names, of a kind such as `checkpoints`.

        Raises `NotFound` if no folder of that kind has it.
        """

    def model_folders(self, kind: str) -> tuple[Path, ...]:
        """The folders of that kind, for files that are named in a text such as a prompt."""

    def progress(self, value: float, maximum: float) -> None:
        """Tell how far the node is; also where a cancelled run stops."""

    def preview(self, encoded: Callable[[], tuple[bytes, str]]) -> None:
        """Show what there is so far. `encoded` gives a picture and its MIME type, `image/jpeg` or
        `image/png`; it is called only if the picture is shown (hub/nodes/previews.py has one).
        """

    def show(self, image: bytes, kind: str) -> None:
        """Send such a picture to who watches the run. Unlike a preview none is left out."""

    async def sampled(self, run: Any) -> Any:
        """The latent that comes of a `SamplingRun` (hub/engine/models/sampling_run.py), which is
        sampled together with others. Tells progress, and shows what there is so far."""

    def check_cancelled(self) -> None:
        """Stop here if the run was cancelled."""

    def new_prefix(self) -> str:
        """What the ids of a graph that this node expands to begin with; another each time."""


current_context: ContextVar[Context] = ContextVar("current_context")


def context() -> Context:
    """The context of the node that is being carried out."""
    return current_context.get()


NodeResult = NodeOutput | Awaitable[NodeOutput]
