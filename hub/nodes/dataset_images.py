"""Nodes that prepare the images of a training set, one batch after another."""

import random

from torch import Tensor

from hub.nodes.api import FLOAT, IMAGE, INT, Node, NodeOutput, Schema
from hub.nodes.pictures import Images, cut
from hub.nodes.resampling import rescaled
from hub.nodes.target_sizes import scaled_sides

_CATEGORY, _MODULE = "dataset/image", "comfy_extras.nodes_dataset"
_LARGEST = 8192


class ResizeImagesByShorterEdge(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ResizeImagesByShorterEdge",
            display_name="Resize Images by Shorter Edge",
            category=_CATEGORY,
            description="Makes the shorter side of images so long and keeps their ratio.",
            inputs=(
                IMAGE.input("images"),
                INT.value("shorter_edge", default=512, minimum=1, maximum=_LARGEST),
            ),
            outputs=(IMAGE.output("images"),),
            is_experimental=True,
            takes_pictures=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: Images, shorter_edge: int) -> NodeOutput:
        size = scaled_sides(images, shorter_edge / min(images.shape[1:3]))
        return NodeOutput(rescaled(images, *size, "lanczos"))


class ResizeImagesByLongerEdge(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ResizeImagesByLongerEdge",
            display_name="Resize Images by Longer Edge",
            category=_CATEGORY,
            description="Makes the longer side of images so long and keeps their ratio.",
            inputs=(
                IMAGE.input("images"),
                INT.value("longer_edge", default=1024, minimum=1, maximum=_LARGEST),
            ),
            outputs=(IMAGE.output("images"),),
            is_experimental=True,
            takes_pictures=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: Images, longer_edge: int) -> NodeOutput:
        size = scaled_sides(images, longer_edge / max(images.shape[1:3]))
        return NodeOutput(rescaled(images, *size, "lanczos"))


class CenterCropImages(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CenterCropImages",
            display_name="Center Crop Images",
            category=_CATEGORY,
            description="Cuts a rectangle out of the middle of images, no larger than they are.",
            inputs=(
                IMAGE.input("images"),
                INT.value("width", default=512, minimum=1, maximum=_LARGEST),
                INT.value("height", default=512, minimum=1, maximum=_LARGEST),
            ),
            outputs=(IMAGE.output("images"),),
            is_experimental=True,
            takes_pictures=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: Images, width: int, height: int) -> NodeOutput:
        height, width = min(height, images.shape[1]), min(width, images.shape[2])
        top, left = (images.shape[1] - height) // 2, (images.shape[2] - width) // 2
        return NodeOutput(cut(images, left, top, width, height))


class RandomCropImages(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="RandomCropImages",
            display_name="Random Crop Images",
            category=_CATEGORY,
            description="Cuts a rectangle out of images at a place that the seed chooses.",
            inputs=(
                IMAGE.input("images"),
                INT.value("width", default=512, minimum=1, maximum=_LARGEST),
                INT.value("height", default=512, minimum=1, maximum=_LARGEST),
                INT.value("seed", default=0, minimum=0, maximum=2**64 - 1),
            ),
            outputs=(IMAGE.output("images"),),
            is_experimental=True,
            takes_pictures=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: Images, width: int, height: int, seed: int) -> NodeOutput:
        height, width = min(height, images.shape[1]), min(width, images.shape[2])
        chance = random.Random(seed)  # noqa: S311 - nothing secret
        left = chance.randint(0, images.shape[2] - width)
        top = chance.randint(0, images.shape[1] - height)
        return NodeOutput(cut(images, left, top, width, height))


class NormalizeImages(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="NormalizeImages",
            display_name="Normalize Images",
            category=_CATEGORY,
            description="Subtracts a mean from all values and divides by a standard deviation.",
            inputs=(
                IMAGE.input("images"),
                FLOAT.value("mean", default=0.5, minimum=0.0, maximum=1.0),
                FLOAT.value("std", default=0.5, minimum=0.001, maximum=1.0),
            ),
            outputs=(IMAGE.output("images"),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: Tensor, mean: float, std: float) -> NodeOutput:
        return NodeOutput((images - mean) / std)


class AdjustBrightness(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="AdjustBrightness",
            display_name="Adjust Brightness",
            category=_CATEGORY,
            description="Multiplies all values by a factor.",
            inputs=(
                IMAGE.input("images"),
                FLOAT.value("factor", default=1.0, minimum=0.0, maximum=2.0),
            ),
            outputs=(IMAGE.output("images"),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: Tensor, factor: float) -> NodeOutput:
        return NodeOutput((images * factor).clamp_(0, 1))


class AdjustContrast(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="AdjustContrast",
            display_name="Adjust Contrast",
            category=_CATEGORY,
            description="Moves all values away from half grey, or towards it, by a factor.",
            inputs=(
                IMAGE.input("images"),
                FLOAT.value("factor", default=1.0, minimum=0.0, maximum=2.0),
            ),
            outputs=(IMAGE.output("images"),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: Tensor, factor: float) -> NodeOutput:
        return NodeOutput(((images - 0.5) * factor + 0.5).clamp_(0, 1))


NODES: tuple[type[Node], ...] = (
    ResizeImagesByShorterEdge,
    ResizeImagesByLongerEdge,
    CenterCropImages,
    RandomCropImages,
    NormalizeImages,
    AdjustBrightness,
    AdjustContrast,
)
