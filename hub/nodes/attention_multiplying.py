"""Nodes that multiply the weights of attention layers, to try out what comes of it."""

from collections.abc import Iterable, Mapping, Sequence

from torch import Tensor, nn

from hub.engine.models.diffusion_model import PREFIX, DiffusionModel
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.weights import Patch
from hub.nodes.api import CLIP, FLOAT, MODEL, Input, IoType, Node, NodeOutput, Schema
from hub.nodes.prompts import given_encoder

_PARTS = ("q", "k", "v", "out")
_IN_DENOISERS = ("to_q", "to_k", "to_v", "to_out.0")
_IN_TEXTS = ("q_proj", "k_proj", "v_proj", "out_proj")


class UNetSelfAttentionMultiply(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "UNetSelfAttentionMultiply",
            "Multiplies queries, keys, values and results of the attention within the picture.",
            MODEL,
            "model",
        )

    @classmethod
    def execute(cls, model: DiffusionModel, q: float, k: float, v: float, out: float) -> NodeOutput:
        return _denoiser_multiplied(model, "attn1", (q, k, v, out))


class UNetCrossAttentionMultiply(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "UNetCrossAttentionMultiply",
            "Multiplies queries, keys, values and results of the attention to the text.",
            MODEL,
            "model",
        )

    @classmethod
    def execute(cls, model: DiffusionModel, q: float, k: float, v: float, out: float) -> NodeOutput:
        return _denoiser_multiplied(model, "attn2", (q, k, v, out))


class CLIPAttentionMultiply(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "CLIPAttentionMultiply",
            "Multiplies queries, keys, values and results of the attention in a text encoder.",
            CLIP,
            "clip",
        )

    @classmethod
    def execute(
        cls, clip: TextEncoder | None, q: float, k: float, v: float, out: float
    ) -> NodeOutput:
        endings = _endings("self_attn", _IN_TEXTS, (q, k, v, out))
        changed = given_encoder(clip).clone()
        changed.add_patches(_patches(_names(changed.cond_stage_model), endings))
        return NodeOutput(changed)


def _denoiser_multiplied(model: DiffusionModel, kind: str, factors: Sequence[float]) -> NodeOutput:
    endings = _endings(kind, _IN_DENOISERS, factors)
    names = (f"{PREFIX}{name}" for name in _names(model.model.diffusion_model))
    changed = model.clone()
    changed.add_patches(_patches(names, endings))
    return NodeOutput(changed)


def _endings(kind: str, layers: Sequence[str], factors: Sequence[float]) -> dict[str, float]:
    return {f"{kind}.{layer}": by for layer, by in zip(layers, factors, strict=True)}


def _names(module: nn.Module) -> Iterable[str]:
    return (name for name, _ in module.named_parameters())


def _patches(names: Iterable[str], endings: Mapping[str, float]) -> dict[str, list[Patch]]:
    """For weights and biases of layers with these endings; a factor of 1 changes nothing."""
    return {
        name: [_multiplied(by)]
        for name in names
        for ending, by in endings.items()
        if by != 1 and name.rpartition(".")[0].endswith(f".{ending}")
    }


def _multiplied(by: float) -> Patch:
    def patch(weight: Tensor) -> Tensor:
        return weight * by

    return patch


def _schema(class_type: str, description: str, kind: IoType, name: str) -> Schema:
    return Schema(
        class_type=class_type,
        display_name=class_type,
        category="_for_testing/attention_experiments",
        description=description,
        inputs=(kind.input(name), *map(_factor, _PARTS)),
        outputs=(kind.output(),),
        is_experimental=True,
        light=True,
        module="comfy_extras.nodes_attention_multiply",
    )


def _factor(name: str) -> Input:
    return FLOAT.value(name, default=1.0, minimum=0.0, maximum=10.0, step=0.01)


NODES: tuple[type[Node], ...] = (
    UNetSelfAttentionMultiply,
    UNetCrossAttentionMultiply,
    CLIPAttentionMultiply,
)
