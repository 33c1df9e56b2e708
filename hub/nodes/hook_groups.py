"""Nodes that join hooks, give them keyframes, and have texts encoded with them."""

from dataclasses import replace

from hub.engine.models.hooks import Hooks, hooked_text, hooks_of
from hub.engine.models.text_encoder import TextEncoder
from hub.nodes.api import BOOLEAN, CLIP, HOOK_KEYFRAMES, HOOKS, Node, NodeOutput, Schema
from hub.nodes.hook_keyframes import Keyframes
from hub.nodes.prompts import given_encoder

_MODULE = "comfy_extras.nodes_hooks"


class SetHookKeyframes(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SetHookKeyframes",
            display_name="Set Hook Keyframes",
            category="advanced/hooks/scheduling",
            description="Lets hooks count more or less as sampling goes on.",
            inputs=(HOOKS.input("hooks"), HOOK_KEYFRAMES.input("hook_kf", optional=True)),
            outputs=(HOOKS.output(),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, hooks: object, hook_kf: Keyframes | None = None) -> NodeOutput:
        known = hooks_of(hooks)
        if hook_kf is None:
            return NodeOutput(known)
        return NodeOutput(tuple(replace(hook, keyframes=hook_kf) for hook in known))


class SetClipHooks(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SetClipHooks",
            display_name="Set CLIP Hooks",
            category="advanced/hooks/clip",
            description=(
                "Encodes with hooks: at full strength, or with `schedule_clip` as their keyframes "
                "say. With `apply_to_conds` what is encoded carries them on to the denoiser."
            ),
            inputs=(
                CLIP.input("clip"),
                BOOLEAN.value("apply_to_conds", default=True),
                BOOLEAN.value("schedule_clip", default=False),
                HOOKS.input("hooks", optional=True),
            ),
            outputs=(CLIP.output(),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        clip: TextEncoder | None,
        apply_to_conds: bool,
        schedule_clip: bool,
        hooks: object = None,
    ) -> NodeOutput:
        encoder, known = given_encoder(clip), hooks_of(hooks)
        if not known:
            return NodeOutput(encoder)
        return NodeOutput(
            hooked_text(encoder, known, tells=apply_to_conds, is_scheduled=schedule_clip)
        )


class CombineHooks2(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _combining("AB")

    @classmethod
    def execute(
        cls,
        hooks_A: object = None,  # noqa: N803 - ComfyUI's name
        hooks_B: object = None,  # noqa: N803 - ComfyUI's name
    ) -> NodeOutput:
        return NodeOutput(_together(hooks_A, hooks_B))


class CombineHooks4(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _combining("ABCD")

    @classmethod
    def execute(
        cls,
        hooks_A: object = None,  # noqa: N803 - ComfyUI's name
        hooks_B: object = None,  # noqa: N803 - ComfyUI's name
        hooks_C: object = None,  # noqa: N803 - ComfyUI's name
        hooks_D: object = None,  # noqa: N803 - ComfyUI's name
    ) -> NodeOutput:
        return NodeOutput(_together(hooks_A, hooks_B, hooks_C, hooks_D))


class CombineHooks8(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _combining("ABCDEFGH")

    @classmethod
    def execute(
        cls,
        hooks_A: object = None,  # noqa: N803 - ComfyUI's name
        hooks_B: object = None,  # noqa: N803 - ComfyUI's name
        hooks_C: object = None,  # noqa: N803 - ComfyUI's name
        hooks_D: object = None,  # noqa: N803 - ComfyUI's name
        hooks_E: object = None,  # noqa: N803 - ComfyUI's name
        hooks_F: object = None,  # noqa: N803 - ComfyUI's name
        hooks_G: object = None,  # noqa: N803 - ComfyUI's name
        hooks_H: object = None,  # noqa: N803 - ComfyUI's name
    ) -> NodeOutput:
        return NodeOutput(
            _together(hooks_A, hooks_B, hooks_C, hooks_D, hooks_E, hooks_F, hooks_G, hooks_H)
        )


def _combining(letters: str) -> Schema:
    return Schema(
        class_type=f"CombineHooks{len(letters)}",
        display_name=f"Combine Hooks [{len(letters)}]",
        category="advanced/hooks/combine",
        description="All of these hooks together.",
        inputs=tuple(HOOKS.input(f"hooks_{letter}", optional=True) for letter in letters),
        outputs=(HOOKS.output(),),
        is_experimental=True,
        light=True,
        module=_MODULE,
    )


def _together(*given: object) -> Hooks:
    return tuple(one for hooks in given for one in hooks_of(hooks))


NODES: tuple[type[Node], ...] = (
    SetHookKeyframes,
    CombineHooks2,
    CombineHooks4,
    CombineHooks8,
    SetClipHooks,
)
