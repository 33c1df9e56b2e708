"""Nodes that work on the whole list of a training set's images."""

import math
import random

import torch
from torch import Tensor

from hub.errors import Invalid
from hub.nodes.api import FLOAT, IMAGE, INT, STRING, Input, Node, NodeOutput, Schema
from hub.nodes.likeness import distinct
from hub.nodes.pictures import Images
from hub.nodes.resampling import resampled

_CATEGORY, _MODULE = "dataset/image", "comfy_extras.nodes_dataset"


class NoPairs(Invalid):
    """There are not as many texts as images."""

    def __init__(self, images: int, texts: int) -> None:
        super().__init__(f"There are {images} images and {texts} texts. Give one for each.")


class ShuffleDataset(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ShuffleDataset",
            display_name="Shuffle Image Dataset",
            category=_CATEGORY,
            description="Puts images into an order that the seed chooses.",
            inputs=(
                IMAGE.input("images"),
                _seed(),
            ),
            outputs=(IMAGE.output("images", is_list=True),),
            is_experimental=True,
            is_input_list=True,
            takes_pictures=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: list[Images], seed: list[int]) -> NodeOutput:
        return NodeOutput([images[number] for number in shuffled(len(images), seed[0])])


class ShuffleImageTextDataset(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ShuffleImageTextDataset",
            display_name="Shuffle Image-Text Dataset",
            category=_CATEGORY,
            description="Puts images and their texts into one order that the seed chooses.",
            inputs=(
                IMAGE.input("images"),
                STRING.value("texts"),
                _seed(),
            ),
            outputs=(
                IMAGE.output("images", is_list=True),
                STRING.output("texts", is_list=True),
            ),
            is_experimental=True,
            is_input_list=True,
            takes_pictures=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: list[Images], texts: list[str], seed: list[int]) -> NodeOutput:
        if len(images) != len(texts):
            raise NoPairs(len(images), len(texts))
        order = shuffled(len(images), seed[0])
        return NodeOutput([images[number] for number in order], [texts[number] for number in order])


class MergeImageLists(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="MergeImageLists",
            display_name="Merge Image Lists",
            category=_CATEGORY,
            description="Gives all images that come as one list.",
            inputs=(IMAGE.input("images"),),
            outputs=(IMAGE.output("images", is_list=True),),
            is_experimental=True,
            is_input_list=True,
            takes_pictures=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: list[Images]) -> NodeOutput:
        return NodeOutput(images)


class MergeTextLists(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="MergeTextLists",
            display_name="Merge Text Lists",
            category="dataset/text",
            description="Gives all texts that come as one value, a list.",
            inputs=(STRING.value("texts"),),
            outputs=(STRING.output("texts"),),
            is_experimental=True,
            is_input_list=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, texts: list[str]) -> NodeOutput:
        return NodeOutput(texts)


class ImageDeduplication(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageDeduplication",
            display_name="Image Deduplication",
            category=_CATEGORY,
            description="Leaves out images that resemble an earlier one at least so much.",
            inputs=(
                IMAGE.input("images"),
                FLOAT.value("similarity_threshold", default=0.95, minimum=0.0, maximum=1.0),
            ),
            outputs=(IMAGE.output("images", is_list=True),),
            is_experimental=True,
            is_input_list=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: list[Tensor], similarity_threshold: list[float]) -> NodeOutput:
        return NodeOutput(distinct(singles(images), similarity_threshold[0]))


class ImageGrid(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageGrid",
            display_name="Image Grid",
            category=_CATEGORY,
            description="Puts images into a grid on black, row by row, each stretched to its cell.",
            inputs=(
                IMAGE.input("images"),
                INT.value("columns", default=4, minimum=1, maximum=20),
                INT.value("cell_width", default=256, minimum=32, maximum=2048),
                INT.value("cell_height", default=256, minimum=32, maximum=2048),
                INT.value("padding", default=4, minimum=0, maximum=50),
            ),
            outputs=(IMAGE.output("images"),),
            is_experimental=True,
            is_input_list=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        images: list[Tensor],
        columns: list[int],
        cell_width: list[int],
        cell_height: list[int],
        padding: list[int],
    ) -> NodeOutput:
        size = cell_width[0], cell_height[0]
        tiles = [resampled(one[..., :3], *size, "lanczos") for one in singles(images)]
        return NodeOutput(gridded(tiles, columns[0], padding[0]))


def singles(batches: list[Tensor]) -> list[Tensor]:
    """Every image as a batch of its own."""
    return [image for batch in batches for image in torch.split(batch, 1)]


def shuffled(count: int, seed: int) -> list[int]:
    """The numbers below `count` in an order that the seed chooses."""
    return random.Random(seed).sample(range(count), count)  # noqa: S311 - nothing secret


def gridded(tiles: list[Tensor], columns: int, gap: int) -> Tensor:
    """Tiles of one size in rows on black, with `gap` pixels between them."""
    height, width = tiles[0].shape[1:3]
    columns = min(columns, len(tiles))
    rows = math.ceil(len(tiles) / columns)
    sheet = torch.zeros(1, rows * (height + gap) - gap, columns * (width + gap) - gap, 3)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        top, left = row * (height + gap), column * (width + gap)
        sheet[:, top : top + height, left : left + width] = tile
    return sheet


def _seed() -> Input:
    return INT.value("seed", default=0, minimum=0, maximum=2**64 - 1)


NODES: tuple[type[Node], ...] = (
    ShuffleDataset,
    ShuffleImageTextDataset,
    MergeImageLists,
    MergeTextLists,
    ImageDeduplication,
    ImageGrid,
)
