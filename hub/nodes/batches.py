"""Nodes that take batches of images apart and make new ones."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import torch
from torch import Tensor

from hub.nodes.api import IMAGE, INT, MASK, Node, NodeOutput, Schema, autogrow
from hub.nodes.resampling import fitted, planes, with_channels

_LARGEST = 4096
_POST_PROCESSING = "comfy_extras.nodes_post_processing"


class BatchImagesNode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        images = autogrow("images", IMAGE.input("image"), prefix="image", minimum=2, maximum=50)
        return Schema(
            class_type="BatchImagesNode",
            display_name="Batch Images",
            category="image",
            description=(
                "Puts batches behind each other, up to fifty. All are brought to the size of the "
                "first, cut to its ratio."
            ),
            inputs=(images,),
            outputs=(IMAGE.output(),),
            is_v3=True,
            light=True,
            module=_POST_PROCESSING,
        )

    @classmethod
    def execute(cls, images: dict[str, Tensor]) -> NodeOutput:
        return NodeOutput(joined(images.values()))


class BatchMasksNode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        masks = autogrow("masks", MASK.input("mask"), prefix="mask", minimum=2, maximum=50)
        return Schema(
            class_type="BatchMasksNode",
            display_name="Batch Masks",
            category="mask",
            description=(
                "Puts masks behind each other, up to fifty. All are brought to the size of the "
                "first, cut to its ratio."
            ),
            inputs=(masks,),
            outputs=(MASK.output(),),
            is_v3=True,
            light=True,
            module=_POST_PROCESSING,
        )

    @classmethod
    def execute(cls, masks: dict[str, Tensor]) -> NodeOutput:
        return NodeOutput(joined(planes(mask)[..., None] for mask in masks.values())[..., 0])


class RebatchImages(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="RebatchImages",
            display_name="Rebatch Images",
            category="image/batch",
            description=(
                "Makes batches of so many images out of all that come, in their order. Where the "
                "size changes a new batch begins."
            ),
            inputs=(
                IMAGE.input("images"),
                INT.value("batch_size", default=1, minimum=1, maximum=_LARGEST),
            ),
            outputs=(IMAGE.output(is_list=True),),
            is_input_list=True,
            light=True,
            module="comfy_extras.nodes_rebatch",
        )

    @classmethod
    def execute(cls, images: list[Tensor], batch_size: list[int]) -> NodeOutput:
        return NodeOutput(list(rebatched(images, batch_size[0])))


class RepeatImageBatch(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="RepeatImageBatch",
            display_name="RepeatImageBatch",
            category="image/batch",
            description="Puts a batch behind itself so many times.",
            inputs=(
                IMAGE.input("image"),
                INT.value("amount", default=1, minimum=1, maximum=_LARGEST),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module="comfy_extras.nodes_images",
        )

    @classmethod
    def execute(cls, image: Tensor, amount: int) -> NodeOutput:
        return NodeOutput(image.repeat(amount, 1, 1, 1))


class ImageFromBatch(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageFromBatch",
            display_name="ImageFromBatch",
            category="image/batch",
            description=(
                "Takes images out of a batch, counted from 0. An index beyond the end means the "
                "last image."
            ),
            inputs=(
                IMAGE.input("image"),
                INT.value("batch_index", default=0, minimum=0, maximum=_LARGEST - 1),
                INT.value("length", default=1, minimum=1, maximum=_LARGEST),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module="comfy_extras.nodes_images",
        )

    @classmethod
    def execute(cls, image: Tensor, batch_index: int, length: int) -> NodeOutput:
        first = min(batch_index, len(image) - 1)
        return NodeOutput(image[first : first + length].clone())


def joined(batches: Iterable[Tensor]) -> Tensor:
    """One batch of the size of the first, with all channels that any of them has."""
    first, *others = batches
    height, width = first.shape[1:3]
    alike = [first, *(fitted(other, width, height, "bilinear") for other in others)]
    channels = max(batch.shape[-1] for batch in alike)
    return torch.cat([with_channels(batch, channels) for batch in alike])


def rebatched(batches: list[Tensor], size: int) -> Iterator[Tensor]:
    """Batches of at most `size` images, each of one width, height and number of channels."""
    for _, alike in groupby(batches, key=lambda batch: batch.shape[1:]):
        yield from torch.split(torch.cat(list(alike)), size)


NODES: tuple[type[Node], ...] = (
    BatchImagesNode,
    BatchMasksNode,
    RebatchImages,
    RepeatImageBatch,
    ImageFromBatch,
)
