"""Nodes that make hooks: changes of a model that count for some conditionings alone."""

from collections.abc import Callable

from hub.engine.models.adapter_file import load_adapter
from hub.engine.models.adapters import AdapterChange
from hub.engine.models.checkpoint import load_checkpoint
from hub.engine.models.hooks import Change, Hook, hooks_of
from hub.engine.models.merging import ModelChange
from hub.nodes.api import (
    FLOAT,
    HOOKS,
    Input,
    Node,
    NodeOutput,
    Schema,
    context,
    file_choice,
)

_CATEGORY = "advanced/hooks/create"
_MODULE = "comfy_extras.nodes_hooks"
_LORA, _CHECKPOINT = file_choice("lora_name", "loras"), file_choice("ckpt_name", "checkpoints")
_BOTH = tuple(
    FLOAT.value(name, default=1.0, minimum=-20.0, maximum=20.0, step=0.01)
    for name in ("strength_model", "strength_clip")
)
_MODEL_ONLY = _BOTH[:1]


class CreateHookLora(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _creating(
            "CreateHookLora",
            "Create Hook LoRA",
            "An adapter (LoRA and its kin) for some conditionings alone.",
            _LORA,
            *_BOTH,
        )

    @classmethod
    def execute(
        cls,
        lora_name: str,
        strength_model: float,
        strength_clip: float,
        prev_hooks: object = None,
    ) -> NodeOutput:
        return _with_adapter(prev_hooks, lora_name, strength_model, strength_clip)


class CreateHookLoraModelOnly(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _creating(
            "CreateHookLoraModelOnly",
            "Create Hook LoRA (MO)",
            "The same, for the denoiser and not for the text encoder.",
            _LORA,
            *_MODEL_ONLY,
        )

    @classmethod
    def execute(
        cls, lora_name: str, strength_model: float, prev_hooks: object = None
    ) -> NodeOutput:
        return _with_adapter(prev_hooks, lora_name, strength_model)


class CreateHookModelAsLora(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _creating(
            "CreateHookModelAsLora",
            "Create Hook Model as LoRA",
            "The weights of another model instead of this one's, for some conditionings alone.",
            _CHECKPOINT,
            *_BOTH,
        )

    @classmethod
    def execute(
        cls,
        ckpt_name: str,
        strength_model: float,
        strength_clip: float,
        prev_hooks: object = None,
    ) -> NodeOutput:
        return _with_model(prev_hooks, ckpt_name, strength_model, strength_clip)


class CreateHookModelAsLoraModelOnly(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _creating(
            "CreateHookModelAsLoraModelOnly",
            "Create Hook Model as LoRA (MO)",
            "The same, for the denoiser and not for the text encoder.",
            _CHECKPOINT,
            *_MODEL_ONLY,
        )

    @classmethod
    def execute(
        cls, ckpt_name: str, strength_model: float, prev_hooks: object = None
    ) -> NodeOutput:
        return _with_model(prev_hooks, ckpt_name, strength_model)


def _creating(name: str, title: str, description: str, *inputs: Input) -> Schema:
    return Schema(
        class_type=name,
        display_name=title,
        category=_CATEGORY,
        description=description,
        inputs=(*inputs, HOOKS.input("prev_hooks", optional=True)),
        outputs=(HOOKS.output(),),
        is_experimental=True,
        module=_MODULE,
    )


def _with_adapter(
    before: object, name: str, strength: float, text_strength: float = 0.0
) -> NodeOutput:
    def made() -> Change:
        return AdapterChange(load_adapter(context().model_file("loras", name)))

    return _after(before, made, strength, text_strength)


def _with_model(
    before: object, name: str, strength: float, text_strength: float = 0.0
) -> NodeOutput:
    def made() -> Change:
        loaded = load_checkpoint(context().model_file("checkpoints", name))
        return ModelChange(loaded.model, loaded.text)

    return _after(before, made, strength, text_strength)


def _after(
    before: object, made: Callable[[], Change], strength: float, text_strength: float
) -> NodeOutput:
    """Hooks with one more, unless it does nothing: then its file need not be there."""
    known = hooks_of(before)
    if not strength and not text_strength:
        return NodeOutput(known)
    return NodeOutput((*known, Hook(change=made(), strength=strength, text_strength=text_strength)))


NODES: tuple[type[Node], ...] = (
    CreateHookLora,
    CreateHookLoraModelOnly,
    CreateHookModelAsLora,
    CreateHookModelAsLoraModelOnly,
)
