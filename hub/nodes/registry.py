"""The built-in nodes, all of them in one list."""

from hub.errors import Conflict
from hub.nodes.animations import SaveAnimatedPNG, SaveAnimatedWEBP
from hub.nodes.api import Node
from hub.nodes.compositing import ImageBatch, ImageCompositeMasked
from hub.nodes.contact_sheet import ContactSheet
from hub.nodes.filters import ImageBlur, ImageInvert, ImageSharpen
from hub.nodes.fitting import ImageFit
from hub.nodes.generating import EmptyImage
from hub.nodes.loading import LoadImage, LoadImageMask
from hub.nodes.photo import LoadPhoto, SavePhoto
from hub.nodes.saving import PreviewImage, SaveImage
from hub.nodes.scaling import ImageCrop, ImageScale, ImageScaleBy
from hub.nodes.sound_editing import (
    AudioAdjustVolume,
    AudioConcat,
    AudioMerge,
    EmptyAudio,
    JoinAudioChannels,
    SplitAudioChannels,
    TrimAudioDuration,
)
from hub.nodes.sound_files import (
    LoadAudio,
    PreviewAudio,
    RecordAudio,
    SaveAudio,
    SaveAudioMP3,
    SaveAudioOpus,
)
from hub.nodes.titled_card import TitledCard
from hub.nodes.video_nodes import (
    CreateVideo,
    GetVideoComponents,
    LoadVideo,
    SaveVideo,
    VideoScale,
    VideoSlice,
)
from hub.nodes.watermark import ImageWatermark
from hub.nodes.webm import SaveWEBM

BUILTIN: tuple[type[Node], ...] = (
    AudioAdjustVolume,
    AudioConcat,
    AudioMerge,
    ContactSheet,
    CreateVideo,
    EmptyAudio,
    EmptyImage,
    GetVideoComponents,
    ImageBatch,
    ImageBlur,
    ImageCompositeMasked,
    ImageCrop,
    ImageFit,
    ImageInvert,
    ImageScale,
    ImageScaleBy,
    ImageSharpen,
    ImageWatermark,
    JoinAudioChannels,
    LoadAudio,
    LoadImage,
    LoadImageMask,
    LoadPhoto,
    LoadVideo,
    PreviewAudio,
    PreviewImage,
    RecordAudio,
    SaveAnimatedPNG,
    SaveAnimatedWEBP,
    SaveAudio,
    SaveAudioMP3,
    SaveAudioOpus,
    SaveImage,
    SavePhoto,
    SaveVideo,
    SaveWEBM,
    SplitAudioChannels,
    TitledCard,
    TrimAudioDuration,
    VideoScale,
    VideoSlice,
)


class DuplicateNode(Conflict):
    """Two classes claim one name."""

    def __init__(self, name: str, first: type[Node], second: type[Node]) -> None:
        super().__init__(
            f"Node class {name!r} is declared by {first.__module__} and {second.__module__}. "
            "Rename one of them."
        )


def builtin_nodes() -> dict[str, type[Node]]:
    """Every built-in class by its `class_type`. Raises `DuplicateNode`."""
    return by_class_type(BUILTIN)


def by_class_type(nodes: tuple[type[Node], ...]) -> dict[str, type[Node]]:
    """Classes by the names they declare. Raises `DuplicateNode` before any is taken."""
    found: dict[str, type[Node]] = {}
    for node in nodes:
        name = node.define_schema().class_type
        if name in found:
            raise DuplicateNode(name, found[name], node)
        found[name] = node
    return found
