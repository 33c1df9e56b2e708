"""Nodes that read and write photos as photographers expect: upright, with their metadata."""

from torch import Tensor

from hub.nodes.api import (
    BOOLEAN,
    IMAGE,
    INT,
    MASK,
    PHOTO_METADATA,
    STRING,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
    file_choice,
)
from hub.nodes.colours import colour
from hub.nodes.encoding import FORMATS, SUFFIXES, encode, with_alpha
from hub.nodes.fingerprints import file_fingerprint
from hub.nodes.loading import joined_masks
from hub.nodes.naming import filled_prefix
from hub.nodes.photo_metadata import PhotoMetadata
from hub.nodes.photo_reading import read_photo
from hub.nodes.pictures import Images, images_of, pictures_of
from hub.nodes.pixels import mask_of
from hub.records.output import OutputFolder


class LoadPhoto(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoadPhoto",
            display_name="Load Photo",
            category="photo",
            description=(
                "Reads a photo, turned upright as its EXIF says, together with what the file says "
                "of itself: EXIF, colour profile and XMP. The mask is 1 where it is transparent."
            ),
            inputs=(file_choice("image", "input", image_upload=True),),
            outputs=(IMAGE.output(), MASK.output(), PHOTO_METADATA.output("METADATA")),
            light=True,
            fingerprints_inputs=True,
        )

    @classmethod
    def execute(cls, image: str) -> NodeOutput:
        picture, metadata = read_photo(context().input_file(image))
        mask = joined_masks([mask_of(picture)])
        return NodeOutput(images_of([picture]), mask, metadata)

    @classmethod
    def fingerprint_inputs(cls, image: str) -> str:
        return file_fingerprint(image)


class SavePhoto(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SavePhoto",
            display_name="Save Photo",
            category="photo",
            description=(
                "Writes each image as JPEG, WebP, AVIF or PNG, with the photo's metadata. A mask "
                "becomes transparency; JPEG, which has none, gets the background instead."
            ),
            inputs=(
                IMAGE.input("images"),
                STRING.value("filename_prefix", default="photo"),
                choice("format", FORMATS),
                INT.value("quality", default=90, minimum=1, maximum=100, step=1),
                STRING.value("background", default="white", tooltip="For JPEG: a colour."),
                BOOLEAN.value("keep_metadata", default=True),
                PHOTO_METADATA.input("metadata", optional=True),
                MASK.input("mask", optional=True),
            ),
            is_output_node=True,
            light=True,
            takes_pictures=True,
        )

    @classmethod
    def execute(
        cls,
        images: Images,
        filename_prefix: str,
        format: str,  # noqa: A002 - the input's name
        quality: int,
        background: str,
        keep_metadata: bool,
        metadata: PhotoMetadata | None = None,
        mask: Tensor | None = None,
    ) -> NodeOutput:
        items, ground = [], colour(background)
        for number, opaque in enumerate(pictures_of(images)):
            own_mask = None if mask is None else mask[min(number, len(mask) - 1)]
            picture = with_alpha(opaque, own_mask, format, ground)
            size = {"width": picture.width, "height": picture.height}
            prefix = filled_prefix(filename_prefix, **size, number=number)
            file = context().stage(
                prefix=prefix, suffix=SUFFIXES[format], folder=OutputFolder.OUTPUT
            )
            encode(picture, file.path, format, quality, metadata if keep_metadata else None)
            file.describe(**size)
            items.append(file.item())
        return NodeOutput(ui={"images": items})


NODES: tuple[type[Node], ...] = (
    LoadPhoto,
    SavePhoto,
)
