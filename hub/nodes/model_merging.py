"""Nodes that mix the weights of two models."""

from collections.abc import Mapping

from hub.engine.models.diffusion_model import PREFIX, DiffusionModel
from hub.engine.models.merging import ShareOf, Shares, mixed, mixed_text
from hub.engine.models.text_encoder import TextEncoder
from hub.nodes.api import CLIP, FLOAT, MODEL, Input, IoType, Node, NodeOutput, Schema
from hub.nodes.prompts import given_encoder

_BLOCKS = ("input", "middle", "out")


class ModelMergeSimple(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return merging_schema(
            "ModelMergeSimple",
            "Mixes two denoisers: `ratio` parts of the first, the rest of the second.",
            MODEL,
            part("ratio"),
        )

    @classmethod
    def execute(cls, model1: DiffusionModel, model2: DiffusionModel, ratio: float) -> NodeOutput:
        return NodeOutput(mixed(model1, model2, _everywhere(ratio, 1 - ratio)))


class ModelMergeAdd(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return merging_schema("ModelMergeAdd", "Adds the weights of the second denoiser.", MODEL)

    @classmethod
    def execute(cls, model1: DiffusionModel, model2: DiffusionModel) -> NodeOutput:
        return NodeOutput(mixed(model1, model2, _everywhere(1, 1)))


class ModelMergeSubtract(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return merging_schema(
            "ModelMergeSubtract",
            "The difference of two denoisers, to be added to a third: what one has learnt more.",
            MODEL,
            _multiplier(),
        )

    @classmethod
    def execute(
        cls, model1: DiffusionModel, model2: DiffusionModel, multiplier: float
    ) -> NodeOutput:
        return NodeOutput(mixed(model1, model2, _everywhere(multiplier, -multiplier)))


class ModelMergeBlocks(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return merging_schema(
            "ModelMergeBlocks",
            "Mixes two denoisers with a ratio of its own for the way down, the middle and the way "
            "up: so many parts of the first, the rest of the second.",
            MODEL,
            *map(part, _BLOCKS),
        )

    @classmethod
    def execute(
        cls,
        model1: DiffusionModel,
        model2: DiffusionModel,
        input: float,  # noqa: A002 - ComfyUI's name
        middle: float,
        out: float,
    ) -> NodeOutput:
        ratios = dict(zip(_BLOCKS, (input, middle, out), strict=True))
        return NodeOutput(mixed(model1, model2, by_block(ratios)))


class CLIPMergeSimple(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return merging_schema(
            "CLIPMergeSimple",
            "Mixes two text encoders: `ratio` parts of the first, the rest of the second.",
            CLIP,
            part("ratio"),
        )

    @classmethod
    def execute(
        cls, clip1: TextEncoder | None, clip2: TextEncoder | None, ratio: float
    ) -> NodeOutput:
        return NodeOutput(
            mixed_text(given_encoder(clip1), given_encoder(clip2), _everywhere(ratio, 1 - ratio))
        )


class CLIPMergeAdd(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return merging_schema("CLIPMergeAdd", "Adds the weights of the second text encoder.", CLIP)

    @classmethod
    def execute(cls, clip1: TextEncoder | None, clip2: TextEncoder | None) -> NodeOutput:
        return NodeOutput(mixed_text(given_encoder(clip1), given_encoder(clip2), _everywhere(1, 1)))


class CLIPMergeSubtract(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return merging_schema(
            "CLIPMergeSubtract",
            "The difference of two text encoders, to be added to a third.",
            CLIP,
            _multiplier(),
        )

    @classmethod
    def execute(
        cls, clip1: TextEncoder | None, clip2: TextEncoder | None, multiplier: float
    ) -> NodeOutput:
        return NodeOutput(
            mixed_text(
                given_encoder(clip1), given_encoder(clip2), _everywhere(multiplier, -multiplier)
            )
        )


def _everywhere(first: float, second: float) -> ShareOf:
    shares = Shares(first, second)
    return lambda name: shares


def by_block(ratios: Mapping[str, float]) -> ShareOf:
    """By the longest of these beginnings that a name has; the first counts for all others."""
    longest = sorted(ratios, key=len, reverse=True)
    others = next(iter(ratios.values()))

    def share(name: str) -> Shares:
        own = name.removeprefix(PREFIX)
        ratio = next((ratios[start] for start in longest if own.startswith(start)), others)
        return Shares(ratio, 1 - ratio)

    return share


def merging_schema(
    class_type: str, description: str, kind: IoType, *inputs: Input, family: bool = False
) -> Schema:
    """Of a node that mixes two of a kind; `family` if it is for one family of models."""
    names = (f"{kind.name.lower()}{number}" for number in (1, 2))
    return Schema(
        class_type=class_type,
        display_name=class_type,
        category="advanced/model_merging" + ("/model_specific" if family else ""),
        description=description,
        inputs=(*(kind.input(name) for name in names), *inputs),
        outputs=(kind.output(),),
        light=True,
        module="comfy_extras.nodes_model_merging" + ("_model_specific" if family else ""),
    )


def part(name: str) -> Input:
    return FLOAT.value(name, default=1.0, minimum=0.0, maximum=1.0, step=0.01)


def _multiplier() -> Input:
    return FLOAT.value("multiplier", default=1.0, minimum=-10.0, maximum=10.0, step=0.01)


NODES: tuple[type[Node], ...] = (
    ModelMergeSimple,
    ModelMergeAdd,
    ModelMergeSubtract,
    ModelMergeBlocks,
    CLIPMergeSimple,
    CLIPMergeAdd,
    CLIPMergeSubtract,
)
