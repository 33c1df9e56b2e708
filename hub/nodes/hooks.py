"""Nodes that make hooks: changes of a model that count for some conditionings alone."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hub.engine.models.adapter_file import load_adapter
from hub.engine.models.adapters import AdapterChange
from hub.engine.models.checkpoint import load_checkpoint
from hub.engine.models.hooks import Change, Hook, Hooks, hooked_text, hooks_of
from hub.engine.models.merging import ModelChange
from hub.engine.models.text_encoder import TextEncoder
from hub.nodes.api import (
    BOOLEAN,
    CLIP,
    FLOAT,
    HOOK_KEYFRAMES,
    HOOKS,
    Input,
    Node,
    NodeOutput,
    Schema,
    context,
    file_choice,
)
from hub.nodes.hook_keyframes import Keyframes
from hub.nodes.prompts import given_encoder

_CREATE, _COMBINE = "advanced/hooks/create", "advanced/hooks/combine"
_MODULE = "comfy_extras.nodes_hooks"
_PREVIOUS = HOOKS.input("prev_hooks", optional=True)


class CreateHookLora(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _creating(
            "CreateHookLora",
            "Create Hook LoRA",
            "An adapter (LoRA and its kin) for some conditionings alone.",
            (file_choice("lora_name", "loras"), *_strengths("strength_model", "strength_clip")),
        )

    @classmethod
    def execute(
        cls,
        lora_name: str,
        strength_model: float,
        strength_clip: float,
        prev_hooks: object = None,
    ) -> NodeOutput:
        made = partial(_adapter, lora_name)
        return NodeOutput(_after(prev_hooks, made, strength_model, strength_clip))


class CreateHookLoraModelOnly(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _creating(
            "CreateHookLoraModelOnly",
            "Create Hook LoRA (MO)",
            "The same, for the denoiser and not for the text encoder.",
            (file_choice("lora_name", "loras"), *_strengths("strength_model")),
        )

    @classmethod
    def execute(
        cls, lora_name: str, strength_model: float, prev_hooks: object = None
    ) -> NodeOutput:
        return NodeOutput(_after(prev_hooks, partial(_adapter, lora_name), strength_model, 0.0))


class CreateHookModelAsLora(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        names = _strengths("strength_model", "strength_clip")
        return _creating(
            "CreateHookModelAsLora",
            "Create Hook Model as LoRA",
            "The weights of another model instead of this one's, for some conditionings alone.",
            (file_choice("ckpt_name", "checkpoints"), *names),
        )

    @classmethod
    def execute(
        cls,
        ckpt_name: str,
        strength_model: float,
        strength_clip: float,
        prev_hooks: object = None,
    ) -> NodeOutput:
        return NodeOutput(
            _after(prev_hooks, partial(_model, ckpt_name), strength_model, strength_clip)
        )


class CreateHookModelAsLoraModelOnly(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _creating(
            "CreateHookModelAsLoraModelOnly",
            "Create Hook Model as LoRA (MO)",
            "The same, for the denoiser and not for the text encoder.",
            (file_choice("ckpt_name", "checkpoints"), *_strengths("strength_model")),
        )

    @classmethod
    def execute(
        cls, ckpt_name: str, strength_model: float, prev_hooks: object = None
    ) -> NodeOutput:
        return NodeOutput(_after(prev_hooks, partial(_model, ckpt_name), strength_model, 0.0))


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
        category=_COMBINE,
        description="All of these hooks together.",
        inputs=tuple(HOOKS.input(f"hooks_{letter}", optional=True) for letter in letters),
        outputs=(HOOKS.output(),),
        is_experimental=True,
        light=True,
        module=_MODULE,
    )


def _together(*given: object) -> Hooks:
    return tuple(one for hooks in given for one in hooks_of(hooks))


def _creating(name: str, title: str, description: str, inputs: tuple[Input, ...]) -> Schema:
    return Schema(
        class_type=name,
        display_name=title,
        category=_CREATE,
        description=description,
        inputs=(*inputs, _PREVIOUS),
        outputs=(HOOKS.output(),),
        is_experimental=True,
        module=_MODULE,
    )


def _after(
    before: object, made: Callable[[], Change], strength: float, text_strength: float
) -> Hooks:
    """Hooks with one more, unless it does nothing: then its file need not be there."""
    known = hooks_of(before)
    if not strength and not text_strength:
        return known
    return (*known, Hook(change=made(), strength=strength, text_strength=text_strength))


def _adapter(name: str) -> AdapterChange:
    return AdapterChange(load_adapter(context().model_file("loras", name)))


def _model(name: str) -> ModelChange:
    loaded = load_checkpoint(context().model_file("checkpoints", name))
    return ModelChange(loaded.model, loaded.text)


def _strengths(*names: str) -> tuple[Input, ...]:
    return tuple(
        FLOAT.value(name, default=1.0, minimum=-20.0, maximum=20.0, step=0.01) for name in names
    )


NODES: tuple[type[Node], ...] = (
    CreateHookLora,
    CreateHookLoraModelOnly,
    CreateHookModelAsLora,
    CreateHookModelAsLoraModelOnly,
    SetHookKeyframes,
    CombineHooks2,
    CombineHooks4,
    CombineHooks8,
    SetClipHooks,
)
