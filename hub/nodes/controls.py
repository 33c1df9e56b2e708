"""Nodes that steer a model by pictures: ControlNets."""

from torch import Tensor

from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.control_file import load_control
from hub.engine.models.control_models import LoadedUnion
from hub.engine.models.controls import Control
from hub.engine.models.diffusion_model import DiffusionModel
from hub.nodes.api import (
    CONDITIONING,
    CONTROL_NET,
    FLOAT,
    IMAGE,
    MODEL,
    VAE,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
    file_choice,
)
from hub.nodes.conditionings import Conditioning

_ANY_KIND = "auto"
_KINDS = (  # in the order in which union ControlNets count them
    *("openpose", "depth", "hed/pidi/scribble/ted", "canny/lineart/anime_lineart/mlsd"),
    *("normal", "segment", "tile", "repaint"),
)


class ControlNetLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ControlNetLoader",
            display_name="Load ControlNet Model",
            category="loaders",
            description=(
                "Loads a ControlNet or a T2I-Adapter for Stable Diffusion 1, 2 or XL, in its first "
                "layout or in that of diffusers."
            ),
            inputs=(file_choice("control_net_name", "controlnet"),),
            outputs=(CONTROL_NET.output(),),
        )

    @classmethod
    def execute(cls, control_net_name: str) -> NodeOutput:
        return NodeOutput(load_control(context().model_file("controlnet", control_net_name)))


class DiffControlNetLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="DiffControlNetLoader",
            display_name="Load ControlNet Model (diff)",
            category="loaders",
            description=(
                "Loads a ControlNet from a file that may hold only how it differs from its model."
            ),
            inputs=(MODEL.input("model"), file_choice("control_net_name", "controlnet")),
            outputs=(CONTROL_NET.output(),),
        )

    @classmethod
    def execute(cls, model: DiffusionModel, control_net_name: str) -> NodeOutput:
        path = context().model_file("controlnet", control_net_name)
        return NodeOutput(load_control(path, model))


class SetUnionControlNetType(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SetUnionControlNetType",
            display_name="SetUnionControlNetType",
            category="conditioning/controlnet",
            description=(
                "Tells a union ControlNet the kind of picture. With `auto` it goes by the picture "
                "alone. Other ControlNets stay as they are."
            ),
            inputs=(CONTROL_NET.input("control_net"), choice("type", (_ANY_KIND, *_KINDS))),
            outputs=(CONTROL_NET.output(),),
            light=True,
            module="comfy_extras.nodes_controlnet",
        )

    @classmethod
    def execute(cls, control_net: Control, type: str) -> NodeOutput:  # noqa: A002 - ComfyUI's name
        if not isinstance(control_net.model, LoadedUnion):
            return NodeOutput(control_net)
        told = control_net.copy()
        told.model = control_net.model.of_kind(None if type == _ANY_KIND else _KINDS.index(type))
        return NodeOutput(told)


class ControlNetApply(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ControlNetApply",
            display_name="Apply ControlNet (OLD)",
            category="conditioning/controlnet",
            description=(
                "Steers by a picture. Sampling steers the negative side too, unless it has a "
                "ControlNet of its own."
            ),
            inputs=(
                CONDITIONING.input("conditioning"),
                CONTROL_NET.input("control_net"),
                IMAGE.input("image"),
                _strength(),
            ),
            outputs=(CONDITIONING.output(),),
            is_deprecated=True,
            light=True,
        )

    @classmethod
    def execute(
        cls, conditioning: Conditioning, control_net: Control, image: Tensor, strength: float
    ) -> NodeOutput:
        hinted = control_net.copy().set_cond_hint(image.movedim(-1, 1), strength)
        (steered,) = steered_by(hinted, conditioning)
        if strength:
            steered = [[told, {**rest, "control_apply_to_uncond": True}] for told, rest in steered]
        return NodeOutput(steered)


class ControlNetApplyAdvanced(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ControlNetApplyAdvanced",
            display_name="Apply ControlNet",
            category="conditioning/controlnet",
            description=(
                "Steers both sides by a picture, from one part of the sampling to another, and "
                "besides what steers them already."
            ),
            inputs=(
                *_sides(),
                IMAGE.input("image"),
                _strength(),
                *_parts(),
                VAE.input("vae", optional=True),
            ),
            outputs=(CONDITIONING.output("positive"), CONDITIONING.output("negative")),
            light=True,
        )

    @classmethod
    def execute(
        cls,
        positive: Conditioning,
        negative: Conditioning,
        control_net: Control,
        image: Tensor,
        strength: float,
        start_percent: float,
        end_percent: float,
        vae: AutoEncoder | None = None,
    ) -> NodeOutput:
        hint, part = image.movedim(-1, 1), (start_percent, end_percent)
        hinted = control_net.copy().set_cond_hint(hint, strength, part, vae)
        return NodeOutput(*steered_by(hinted, positive, negative))


class ControlNetApplySD3(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ControlNetApplySD3",
            display_name="Apply Controlnet with VAE",
            category="conditioning/controlnet",
            description="The same as ControlNetApplyAdvanced, with the inputs in another order.",
            inputs=(
                *_sides(),
                VAE.input("vae"),
                IMAGE.input("image"),
                _strength(),
                *_parts(),
            ),
            outputs=(CONDITIONING.output("positive"), CONDITIONING.output("negative")),
            is_deprecated=True,
            light=True,
            module="comfy_extras.nodes_sd3",
        )

    @classmethod
    def execute(
        cls,
        positive: Conditioning,
        negative: Conditioning,
        control_net: Control,
        vae: AutoEncoder,
        image: Tensor,
        strength: float,
        start_percent: float,
        end_percent: float,
    ) -> NodeOutput:
        return ControlNetApplyAdvanced.execute(
            positive, negative, control_net, image, strength, start_percent, end_percent, vae
        )


def steered_by(control: Control, *sides: Conditioning) -> list[Conditioning]:
    """Conditionings whose entries are steered by that control too, after what steered them before.

    Entries that were steered alike before are again. A control without strength changes nothing.
    """
    if control.strength == 0:
        return list(sides)
    copies: dict[Control | None, Control] = {}

    def after(previous: Control | None) -> Control:
        if previous not in copies:
            copies[previous] = control.copy().set_previous_controlnet(previous)
        return copies[previous]

    return [
        [[told, {**rest, "control": after(rest.get("control"))}] for told, rest in side]
        for side in sides
    ]


def _sides() -> tuple[Input, ...]:
    return (
        CONDITIONING.input("positive"),
        CONDITIONING.input("negative"),
        CONTROL_NET.input("control_net"),
    )


def _strength() -> Input:
    return FLOAT.value("strength", default=1.0, minimum=0.0, maximum=10.0, step=0.01)


def _parts() -> tuple[Input, ...]:
    return (
        FLOAT.value("start_percent", default=0.0, minimum=0.0, maximum=1.0, step=0.001),
        FLOAT.value("end_percent", default=1.0, minimum=0.0, maximum=1.0, step=0.001),
    )


NODES: tuple[type[Node], ...] = (
    ControlNetLoader,
    DiffControlNetLoader,
    SetUnionControlNetType,
    ControlNetApply,
    ControlNetApplyAdvanced,
    ControlNetApplySD3,
)
