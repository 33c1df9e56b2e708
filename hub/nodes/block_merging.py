"""Nodes that mix two denoisers block by block, with the inputs of each family."""

from collections.abc import Iterator

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.merging import mixed
from hub.nodes.api import MODEL, Node, NodeOutput, Schema
from hub.nodes.model_merging import by_block, merging_schema, part


class ModelMergeSD1(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _by_blocks("ModelMergeSD1", "Stable Diffusion 1", count=12, end=".")

    @classmethod
    def execute(cls, model1: DiffusionModel, model2: DiffusionModel, **ratios: float) -> NodeOutput:
        return NodeOutput(mixed(model1, model2, by_block(ratios)))


class ModelMergeSD2(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _by_blocks("ModelMergeSD2", "Stable Diffusion 2", count=12, end=".")

    @classmethod
    def execute(cls, model1: DiffusionModel, model2: DiffusionModel, **ratios: float) -> NodeOutput:
        return NodeOutput(mixed(model1, model2, by_block(ratios)))


class ModelMergeSDXL(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _by_blocks("ModelMergeSDXL", "Stable Diffusion XL", count=9, end="")

    @classmethod
    def execute(cls, model1: DiffusionModel, model2: DiffusionModel, **ratios: float) -> NodeOutput:
        return NodeOutput(mixed(model1, model2, by_block(ratios)))


def _by_blocks(class_type: str, family: str, *, count: int, end: str) -> Schema:
    return merging_schema(
        class_type,
        f"Mixes two denoisers of {family} with a ratio of its own for each block: so many parts "
        "of the first, the rest of the second.",
        MODEL,
        *map(part, _blocks(count, end)),
        family=True,
    )


def _blocks(count: int, end: str) -> Iterator[str]:
    """The beginnings of names, as the inputs are called."""
    yield from ("time_embed.", "label_emb.")
    yield from (f"input_blocks.{number}{end}" for number in range(count))
    yield from (f"middle_block.{number}{end}" for number in range(3))
    yield from (f"output_blocks.{number}{end}" for number in range(count))
    yield "out."


NODES: tuple[type[Node], ...] = (ModelMergeSD1, ModelMergeSD2, ModelMergeSDXL)
